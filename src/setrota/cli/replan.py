"""`setrota replan`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from setrota import terminal
from setrota.cli.consent import confirm, say_saved
from setrota.cli.options import DryRunOption, FormatOption, FromOption, TimeLimitOption, VerboseOption, YesOption
from setrota.cli.workspace import Workspace, check_calendars, open_workspace
from setrota.dates.periods import DAY
from setrota.problems import FOUND, Refused
from setrota.schedule import Schedule, ranges
from setrota.schedule.openings import without_never_served
from setrota.terminal.progress import with_progress

if TYPE_CHECKING:
    from setrota.planner import Range, Repair


def replan(
    ctx: typer.Context,
    first: FromOption = None,
    changes: Annotated[
        int | None, typer.Option("--changes", metavar="N", min=0, help="Allow this many changes, for a fairer plan.")
    ] = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    time_limit: TimeLimitOption = 60.0,
    verbose: VerboseOption = False,
    form: FormatOption = "table",
) -> None:
    """Repair the plan after the roster changed, with the fewest changes.

    Example: setrota replan --dry-run
    """
    from setrota import planner
    from setrota.reports import replan as report
    from setrota.reports.plan import pin_problems

    work = open_workspace(ctx)
    check_calendars(work)
    span = ranges.asked_span(work.roster, work.schedule, work.today, start=work.day_meant(first), planned=True)
    asked = planner.Range(
        start=span.start,
        end=span.end,
        today=work.day,
        look_ahead_weeks=work.schedule.look_ahead_weeks(span.end),
        again=True,
        fill=True,
        new=False,
        since=span.since,
    )
    if problems := pin_problems(work.roster, work.schedule, asked, work.place_of_pin):
        raise Refused(problems)
    deadline = planner.Deadline.within(time_limit)
    # What is closed by now needs nobody, so its crews are neither kept nor counted as changes.
    open_still = without_never_served(work.roster, work.schedule, work.now, span.start)
    try:
        found = with_progress(
            lambda progress: planner.repaired(
                work.roster, open_still, asked, work.now, changes=changes, deadline=deadline, progress=progress
            )
        )
    except planner.TooFewError as error:
        raise Refused(report.too_few_changes(changes, error.fewest)) from None
    if found is None:
        _nothing_to_replan(work, open_still, asked, dry_run, yes, form)
    else:
        _repaired(work, found, dry_run, yes, form, verbose)


def _nothing_to_replan(
    work: Workspace, open_still: Schedule, asked: Range, dry_run: bool, yes: bool, form: str
) -> None:
    """Show what people have to decide, if anything, and drop what is closed. Raises Refused if there is no period
    ahead."""
    from setrota.planner import unfit
    from setrota.reports import replan as report

    new = open_still != work.schedule
    left = unfit(work.roster, open_still, asked)
    terminal.report_problems(report.left_to_people(open_still, left, work.day))
    if not left and not any(max(asked.start, work.day + DAY) <= crew.period.start for crew in work.schedule.crews):
        raise Refused(report.NOTHING_AHEAD)
    if new and form != "json":
        terminal.write(report.closed_table(work.roster, work.schedule, open_still, work.today))
    elif form != "json":
        terminal.say(report.NOTHING_TO_REPLAN)
    saved = new and not dry_run
    if saved:
        confirm("Save this?", yes)
        work.save(open_still)
    if form == "json":
        work.invocation.answer(
            report.nothing_replanned(work.roster, work.schedule, open_still, left, work.today, saved=saved)
        )
    if new:
        say_saved(work, dry_run)
    if left:
        raise typer.Exit(FOUND)


def _repaired(work: Workspace, found: Repair, dry_run: bool, yes: bool, form: str, verbose: bool) -> None:
    """Show the repair, and save it with the user's consent."""
    from setrota.reports import replan as report

    new = found.schedule != work.schedule
    saved = new and yes and not dry_run
    if saved:
        # Save before printing, because the reader of the output may close it.
        work.save(found.schedule)
    if form == "json":
        work.invocation.answer(report.document(work.roster, work.schedule, found, work.today, saved=saved))
    else:
        table = report.table(work.roster, work.schedule, found, work.today, verbose=verbose)
        terminal.write(work.invocation.complete(table))
    terminal.report_problems(report.left_to_people(work.schedule, found.left, work.day))
    terminal.report_problems(report.unfilled(work.roster, found))
    terminal.report_problems(report.newcomers(work.roster, found))
    terminal.report_problems(report.stays_broken(work.roster, found, work.day))
    if not new:
        terminal.say("nothing to save: the schedule stays as it is")
    else:
        if not (yes or dry_run):
            confirm("Save this?", yes)
            work.save(found.schedule)
            if form == "json":
                work.invocation.answer(report.document(work.roster, work.schedule, found, work.today, saved=True))
        say_saved(work, dry_run)
    if found.result.unfilled or found.left or found.broken:
        raise typer.Exit(FOUND)
