"""`setrota replan`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from setrota import terminal
from setrota.cli.consent import insist_on_consent, keep, say_kept
from setrota.cli.options import DryRunOption, FormatOption, FromOption, TimeLimitOption, YesOption
from setrota.cli.plan import insist_on_pins
from setrota.cli.workspace import Workspace, insist_on_calendars, open_workspace
from setrota.dates.periods import DAY
from setrota.problems import FOUND, USAGE, Problem, Refused, counted
from setrota.schedule import ranges

if TYPE_CHECKING:
    from setrota.planner import Range
    from setrota.planner.repair import Repair


def replan(
    ctx: typer.Context,
    first: FromOption = None,
    changes: Annotated[
        int | None, typer.Option("--changes", metavar="N", min=0, help="Allow so many changes, for more fairness.")
    ] = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    time_limit: TimeLimitOption = 60.0,
    form: FormatOption = "table",
) -> None:
    """Mend the plan after the roster changed: fill what broke with the fewest changes, and say what more would buy."""
    from setrota.planner import Range
    from setrota.reports import replan_sentences
    from setrota.reports.replan import show_repair

    work = open_workspace(ctx)
    insist_on_calendars(work)
    span = ranges.asked_span(work.roster, work.schedule, work.today, start=work.day_meant(first), planned=True)
    asked = Range(span.start, span.end, work.day, again=True, fill=True, new=False)
    found = _repair(work, asked, changes, time_limit)
    if found is None:
        _nothing_to_mend(work, asked, form)
        return
    new = found.schedule != work.schedule
    if new and yes and not dry_run:
        # Before it's shown: what reads the output may stop reading.
        work.save(found.schedule)
    if form == "json":
        document = replan_sentences.document(work.roster, work.schedule, found, work.today)
        terminal.show(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        show_repair(work.roster, work.schedule, found, work.today)
    terminal.report_problems(replan_sentences.left_to_people(work.schedule, found.left, work.day))
    terminal.report_problems(replan_sentences.stays_broken(work.roster, found, work.day))
    if not new:
        terminal.say("nothing to save: the schedule stays as it is")
    elif yes or dry_run:
        say_kept(work, dry_run)
    else:
        insist_on_consent("Save this?", yes)
        keep(work, found.schedule, dry_run)
    if found.result.unfilled or found.left or found.broken:
        raise typer.Exit(FOUND)


def _repair(work: Workspace, asked: Range, changes: int | None, seconds: float) -> Repair | None:
    from setrota.planner import NoAnswerError
    from setrota.planner.repair import TooFewError, repaired

    insist_on_pins(work, asked)
    try:
        return terminal.working(
            lambda progress: repaired(
                work.roster, work.schedule, asked, work.now, changes=changes, time_limit=seconds, progress=progress
            )
        )
    except NoAnswerError:
        problem = Problem("the time limit ended the search before any rota was found", hint="raise `--time-limit`")
        raise Refused(problem, USAGE) from None
    except TooFewError as error:
        verb = "is" if error.fewest == 1 else "are"
        message = f"{counted(error.fewest, 'change')} {verb} needed, more than `--changes {changes}`"
        raise Refused(Problem(message, hint="leave `--changes` out for the fewest")) from None


def _nothing_to_mend(work: Workspace, asked: Range, form: str) -> None:
    """Where nothing can be planned anew: what is left to people, if anything is. Raises Refused if nothing is ahead."""
    from setrota.planner.repair import unfit
    from setrota.reports import replan_sentences

    left = unfit(work.roster, work.schedule, asked)
    terminal.report_problems(replan_sentences.left_to_people(work.schedule, left, work.day))
    if not left and not any(max(asked.start, work.day + DAY) <= crew.period.start for crew in work.schedule.crews):
        message = "no period that hasn't begun is planned, so there is nothing to mend"
        raise Refused(Problem(message, hint="setrota plan"))
    if form == "json":
        terminal.show(json.dumps(replan_sentences.nothing_mended(work.roster, left), indent=2, ensure_ascii=False))
    terminal.say("nothing to mend: what hasn't begun is frozen, or was made by people; the schedule stays as it is")
    if left:
        raise typer.Exit(FOUND)
