"""`setrota plan`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from setrota import terminal
from setrota.cli.consent import say_saved
from setrota.cli.options import (
    DryRunOption,
    FormatOption,
    FromOption,
    QuarterOption,
    TimeLimitOption,
    ToOption,
    WeeksOption,
)
from setrota.cli.solving import check_pins, solved
from setrota.cli.workspace import Workspace, check_calendars, open_workspace
from setrota.problems import FOUND, Refused
from setrota.schedule import ranges

if TYPE_CHECKING:
    from setrota.planner import Range, Result

MOST_REMEDIED = 3
"""For more empty seats than this nothing is looked for; `setrota explain` does."""

REMEDY_SECONDS = 1.0


def plan(
    ctx: typer.Context,
    first: FromOption = None,
    to: ToOption = None,
    weeks: WeeksOption = None,
    quarter: QuarterOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Recompute periods not begun yet that nobody changed by hand.")
    ] = False,
    fill: Annotated[bool, typer.Option("--fill", help="Try again to fill seats that were saved empty.")] = False,
    dry_run: DryRunOption = False,
    look_ahead: Annotated[
        int | None,
        typer.Option(
            "--look-ahead",
            metavar="WEEKS",
            min=0,
            max=52,
            help="How far to see beyond the range (default: the longest rest, 4 at least).",
        ),
    ] = None,
    time_limit: TimeLimitOption = 60.0,
    form: FormatOption = "table",
) -> None:
    """Compute the fairest rota for the next quarter, prove it, show it and save it."""
    from setrota import planner

    work = open_workspace(ctx)
    check_calendars(work)
    replanned = again or fill
    span = ranges.asked_span(
        work.roster,
        work.schedule,
        work.today,
        start=work.day_meant(first),
        to=work.day_meant(to),
        weeks=weeks,
        quarter=work.quarter(quarter),
        planned=replanned,
    )
    asked = planner.Range(
        start=span.start,
        end=span.end,
        today=work.day,
        look_ahead_weeks=look_ahead,
        again=again,
        fill=fill,
        new=not replanned or any((first, to, weeks, quarter)),
    )
    check_pins(work, asked)
    result = solved(
        lambda progress: planner.plan(
            work.roster, work.schedule, asked, work.now, time_limit=time_limit, progress=progress
        )
    )
    if result is None:
        _nothing_to_plan(span, asked, form)
    else:
        _planned(work, span, asked, result, dry_run, form)


def _nothing_to_plan(span: ranges.Span, asked: Range, form: str) -> None:
    from setrota.reports import plan as report

    if span.end <= asked.today and not (asked.again or asked.fill):
        raise Refused(report.is_over(span))
    terminal.say(report.nothing_to_plan(span, asked))
    if form == "json":
        terminal.show(json.dumps(report.NOTHING_PLANNED, indent=2))


def _planned(work: Workspace, span: ranges.Span, asked: Range, result: Result, dry_run: bool, form: str) -> None:
    """Save the plan and show it."""
    from setrota.reports import plan as report
    from setrota.reports.explain.remedies import what_would_fill

    terminal.say(report.heading(work.roster, work.schedule, span, asked))
    if asked.again:
        terminal.report_problems(report.frozen(work.roster, work.schedule, asked))
    if asked.again or asked.fill:
        terminal.say(report.changes(work.schedule, result))
    if not dry_run:
        work.save(result.schedule)
    if form == "json":
        document = report.document(work.roster, span, result)
        terminal.show(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        terminal.write(report.table(work.roster, result))
    remedies = {
        seat: what_would_fill(work.roster, result.schedule, seat, REMEDY_SECONDS)
        for seat in result.unfilled[:MOST_REMEDIED]
    }
    terminal.report_problems(report.warnings(work.roster, span, asked, result, remedies))
    say_saved(work, dry_run)
    if result.unfilled:
        raise typer.Exit(FOUND)
