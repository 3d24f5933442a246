"""`setrota plan`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from setrota import terminal
from setrota.cli import options
from setrota.cli.consent import say_saved
from setrota.cli.workspace import Workspace, check_calendars, open_workspace
from setrota.dates.clock import RotaClock
from setrota.problems import FOUND, Refused
from setrota.schedule import ranges
from setrota.terminal.progress import with_progress

if TYPE_CHECKING:
    from setrota.planner import Deadline, Range, Result


def plan(
    ctx: typer.Context,
    first: options.FromOption = None,
    to: options.ToOption = None,
    weeks: options.WeeksOption = None,
    quarter: options.QuarterOption = None,
    again: Annotated[
        bool,
        typer.Option("--again", help="Plan again the periods that haven't started and that nobody changed by hand."),
    ] = False,
    fill: Annotated[bool, typer.Option("--fill", help="Try again to fill seats that were left empty.")] = False,
    dry_run: options.DryRunOption = False,
    look_ahead: Annotated[
        int | None,
        typer.Option(
            "--look-ahead",
            metavar="WEEKS",
            min=0,
            max=52,
            help="How many weeks beyond the range to consider. Default: the longest rest, but at least 4.",
        ),
    ] = None,
    time_limit: options.TimeLimitOption = 60.0,
    verbose: options.VerboseOption = False,
    form: options.FormatOption = "table",
) -> None:
    """Plan the next quarter as fairly as possible, and save it.

    Example: setrota plan --quarter 2027-Q1
    """
    from setrota import planner
    from setrota.reports import plan as report

    work = open_workspace(ctx)
    check_calendars(work)
    replanned = again or fill
    start, last = work.when(first), work.when(to)
    span = ranges.asked_span(
        work.roster,
        work.schedule,
        work.today,
        start=start and start.earliest(work.roster),
        to=last and last.day,
        weeks=weeks,
        quarter=work.quarter(quarter),
        planned=replanned,
        moments=(start and start.moment, last and last.moment),
    )
    new = not replanned or any((first, to, weeks, quarter))
    asked = planner.Range(
        start=span.start,
        end=span.end,
        today=work.day,
        look_ahead_weeks=look_ahead,
        again=again,
        fill=fill,
        new=new,
        since=span.since,
        moments=span.moments,
    )
    if problems := report.pin_problems(work.roster, work.schedule, asked, work.place_of_pin):
        raise Refused(problems)
    deadline = planner.Deadline.within(time_limit)
    result = with_progress(
        lambda progress: planner.plan(work.roster, work.schedule, asked, work.now, deadline=deadline, progress=progress)
    )
    if result is None:
        _nothing_to_plan(work, span, asked, form)
    else:
        _planned(work, span, asked, result, dry_run, form, verbose, deadline)


def _nothing_to_plan(work: Workspace, span: ranges.AskedRange, asked: Range, form: str) -> None:
    from setrota.reports import plan as report

    if span.end <= asked.today and not (asked.again or asked.fill):
        raise Refused(report.is_over(span))
    terminal.say(work.invocation.complete(report.nothing_to_plan(work.roster, work.schedule, span, asked)))
    if form == "json":
        work.invocation.answer(report.nothing_planned())


def _planned(
    work: Workspace,
    span: ranges.AskedRange,
    asked: Range,
    result: Result,
    dry_run: bool,
    form: str,
    verbose: bool,
    deadline: Deadline,
) -> None:
    """Save the plan and show it."""
    from setrota.reports import plan as report

    terminal.say(work.invocation.complete(report.heading(work.roster, work.schedule, span, asked)))
    if asked.again:
        terminal.report_problems(report.frozen(work.roster, work.schedule, asked))
    if asked.again or asked.fill:
        terminal.say(report.changes(work.schedule, result))
    new = result.schedule != work.schedule
    if new and not dry_run:
        work.save(result.schedule)
    if form == "json":
        work.invocation.answer(report.document(work.roster, span, result, saved=new and not dry_run))
    else:
        terminal.write(work.invocation.complete(report.table(work.roster, asked, result, verbose=verbose)))
    terminal.report_problems(report.warnings(work.roster, span, asked, result, deadline))
    clock = RotaClock(work.roster, work.now)
    terminal.report_problems(report.away_on_duty(clock, result, saved=new and not dry_run))
    if new:
        say_saved(work, dry_run)
    else:
        terminal.say("nothing to save: the schedule stays as it is")
    if result.unfilled:
        raise typer.Exit(FOUND)
