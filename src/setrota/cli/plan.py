"""`setrota plan`."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from setrota import rules, terminal
from setrota.check.findings import contradictions
from setrota.cli.consent import say_kept
from setrota.cli.options import (
    DryRunOption,
    FormatOption,
    FromOption,
    QuarterOption,
    TimeLimitOption,
    ToOption,
    WeeksOption,
)
from setrota.cli.workspace import Workspace, insist_on_calendars, open_workspace
from setrota.dates.periods import DAY, WEEK, first_handover
from setrota.dates.text import on_days, period_name
from setrota.fairness.balances import accounts
from setrota.problems import FOUND, USAGE, Problem, Refused, counted, listed
from setrota.reports import check
from setrota.reports import duties as documents
from setrota.reports import fairness_json as accounts_json
from setrota.rules import eligibility
from setrota.rules.overridden import forced
from setrota.schedule import ranges

MOST_REMEDIED = 3
"""For more empty seats than this nothing is looked for; `setrota explain` does."""

REMEDY_SECONDS = 1.0

if TYPE_CHECKING:
    from setrota.planner import Range, Result
    from setrota.schedule import Duty
    from setrota.schedule.wishes import Wish


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
    from setrota.reports.plan import show_plan

    work = open_workspace(ctx)
    insist_on_calendars(work)
    span = ranges.asked_span(
        work.roster,
        work.schedule,
        work.today,
        start=work.day_meant(first),
        to=work.day_meant(to),
        weeks=weeks,
        quarter=work.quarter(quarter),
        planned=again or fill,
    )
    new = not (again or fill) or any((first, to, weeks, quarter))
    asked = planner.Range(span.start, span.end, work.day, look_ahead, again, fill, new)
    insist_on_pins(work, asked)
    try:
        result = terminal.working(
            lambda progress: planner.plan(
                work.roster, work.schedule, asked, work.now, time_limit=time_limit, progress=progress
            )
        )
    except planner.NoAnswerError:
        problem = Problem("the time limit ended the search before any rota was found", hint="raise `--time-limit`")
        raise Refused(problem, USAGE) from None
    if result is None:
        if span.end <= work.day and not (again or fill):
            message = f"{span.name} is over: nobody can be given duties in it"
            raise Refused(Problem(message, hint="duties that were served come in with `setrota import csv`"))
        terminal.say(_nothing_to_plan(span, again, fill))
        if form == "json":
            terminal.show(json.dumps(_nothing(), indent=2))
        return
    terminal.say(_announcement(work, span, again or fill))
    if again:
        terminal.report_problems(_frozen(work, asked))
    if again or fill:
        terminal.say(_what_changed(work, result))
    if not dry_run:
        work.save(result.schedule)
    if form == "json":
        terminal.show(json.dumps(_document(work, span, result), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        show_plan(work.roster, result)
    terminal.report_problems(_warnings(work, span, result))
    say_kept(work, dry_run)
    if result.unfilled:
        raise typer.Exit(FOUND)


def insist_on_pins(work: Workspace, asked: Range) -> None:
    """Refuse to plan where pins contradict the rules, each other, or what stays."""
    from setrota import planner

    staying = planner.kept(work.roster, work.schedule, asked)
    end = asked.end + WEEK * planner.look_ahead_weeks(work.roster, asked)
    found = [
        Problem(each.message, hint="setrota check")
        for each in contradictions(work.roster, staying, work.day)
        if each.period is None or (each.period.start < end and asked.start < each.period.end)
    ]
    for each in planner.broken_by_pins(work.roster, work.schedule, asked) if not found else ():
        period, message = each.period, f"the pins ask for duties that break `{each.rule}`"
        found.append(Problem(f"{message} in {period.rotation} {period.start}: {each.message}", hint="move a pin"))
    if found:
        raise Refused(found)


def _frozen(work: Workspace, asked: Range) -> list[Problem]:
    """What `--again` leaves as it is because it's near."""
    weeks = work.roster.rules.freeze_weeks
    near = [
        crew
        for crew in work.schedule.crews
        if max(work.day, asked.start - DAY) < crew.period.start < min(work.day + WEEK * weeks, asked.end)
    ]
    if not near:
        return []
    message = f"the next {counted(weeks, 'week')} stay as they are (`freeze`): {counted(len(near), 'crew')}"
    return [Problem(message, severity="note")]


def _nothing_to_plan(span: ranges.Span, again: bool, fill: bool) -> str:
    if again or fill:
        return f"nothing to do: no {'empty seat to fill' if fill else 'crew to recompute'} in {span.name}"
    return f"nothing to do: {span.name} is planned already; `setrota plan --again` recomputes"


def _announcement(work: Workspace, span: ranges.Span, redone: bool) -> str:
    """The first line: what is being planned, and that it continues what is planned already, if it does."""
    before = [crew for crew in work.schedule.crews if work.day < crew.period.end and crew.period.start < span.start]
    what = f"{work.roster.short_name}, {span.name}"
    if redone or not before:
        return what
    return f"{what}, continuing after what is planned (`setrota plan --again` recomputes that)"


def _what_changed(work: Workspace, result: Result) -> str:
    """How many duties are other people's than before."""
    duties = [duty for crew in result.crews for duty in crew.duties()]
    before = set(work.schedule.duties())
    changed = [duty for duty in duties if duty not in before]
    first = f", the first on {changed[0].start}" if changed else ""
    return f"{len(changed)} of {counted(len(duties), 'duty', 'duties')} changed{first}"


def _warnings(work: Workspace, span: ranges.Span, result: Result) -> list[Problem]:
    found = [*_holes(work, span, result), *_gave_way(result), *_broken(work, result), *_clipped(result)]
    return [*found, *(_nobody(work, result, number, seat) for number, seat in enumerate(result.unfilled))]


def _nobody(work: Workspace, result: Result, number: int, seat: Duty) -> Problem:
    """An empty seat: what keeps everybody from it, and for the first few what would fill it."""
    from setrota.reports.explain import what_would_fill
    from setrota.reports.explain.sentences import exceptions

    reasons = eligibility.headcount(work.roster, result.schedule, seat)
    counts = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
    pool = len(work.roster.members_of(seat.rotation))
    message = f"nobody for `{seat.seat}` in {period_name(seat.days)}: of {pool}, {counts}"
    if "coverage" in result.proof.unfinished:
        message += "; the time limit ended the search, so somebody might be found"
    hint = f"setrota explain {seat.start} {seat.rotation}/{seat.seat}"
    if number < MOST_REMEDIED:
        remedies, command = what_would_fill(work.roster, result.schedule, seat, REMEDY_SECONDS)
        lines = "".join(f"\n    {exceptions(remedy)}" for remedy in remedies)
        if remedies:
            hint = f"one of these lines in `exceptions = [ … ]` under `[rules]`, then `{command}`, fills it:{lines}"
    return Problem(message, hint=hint, severity="warning")


def _holes(work: Workspace, span: ranges.Span, result: Result) -> list[Problem]:
    """Stretches between today and the range that nobody is planned for."""
    rotations: dict[tuple[date, date], list[str]] = {}
    for rotation in work.roster.rotations:
        # Other rotations may hand over, for the first time in the range, some days after it begins.
        start = first_handover(work.roster.handover_of(rotation), span.start)
        for gap in ranges.gaps(result.schedule, rotation, work.day, start):
            rotations.setdefault((gap.start, gap.end), []).append(f"`{rotation}`")
    return [
        Problem(
            f"nobody is planned for {listed(names)} {on_days(start, end)}",
            hint=f"setrota plan --from {start} --to {end - DAY}",
            severity="warning",
        )
        for (start, end), names in rotations.items()
    ]


def _gave_way(result: Result) -> list[Problem]:
    """Rules that gave way to fill seats, as the roster lets them: each with its period and people."""
    return [
        Problem(
            f"`{each.rule}` gave way in {each.period.rotation} {each.period.start}: {each.message}", severity="warning"
        )
        for each in result.broken
    ]


def _broken(work: Workspace, result: Result) -> list[Problem]:
    """Broken rules that stand in the schedule already, unless they were forced; what was planned now breaks none."""
    found = rules.violations(work.roster, result.schedule)
    known = {*result.broken, *forced(work.roster, result.schedule, found)}
    broken = [each for each in found if each.period.end > work.day and each not in known]
    if not broken:
        return []
    first, times = broken[0], counted(len(broken), "time")
    message = f"apart from this plan the schedule breaks rules {times}, first on {first.period.start}: {first.message}"
    return [Problem(message, hint="setrota check", severity="warning")]


def _clipped(result: Result) -> list[Problem]:
    return [
        Problem(
            f"{handle} opens {rotation} {abs(balance):.1f} duties {'ahead' if balance > 0 else 'behind'}; "
            f"{result.settles:.1f} of that is settled in this range, the rest is carried over",
            severity="note",
        )
        for (rotation, handle), balance in result.clipped.items()
    ]


def _nothing() -> dict[str, Any]:
    return {"assignments": [], "fairness": None, "proof": None, "unfilled": [], "gave_way": [], "wishes": []}


def _document(work: Workspace, span: ranges.Span, result: Result) -> dict[str, Any]:
    """The plan as JSON: assignments, fairness, proof, empty seats."""
    proof, figures = result.proof, result.figures
    duties = [duty for crew in result.crews for duty in crew.duties()]
    found = accounts(result.schedule, work.roster, span.start, span.end)
    return {
        "assignments": documents.entries(work.roster, duties),
        # The accounts divide the seats that were filled; how far anyone gets from par counts all seats to fill.
        "fairness": accounts_json.document(span.start, span.end, found) | {"within_to_fill": dict(figures.within)},
        "proof": {
            "status": "time limit" if proof.unfinished else "optimal",
            "objective": proof.unfairness,
            "bound": proof.bound,
            "gap": proof.gap,
            "unfairness": figures.unfairness,
            "fairest": proof.fairest,
            "seconds": proof.seconds,
        },
        "unfilled": documents.entries(work.roster, result.unfilled),
        "gave_way": [check.entry(each) for each in result.broken],
        "wishes": [_wish_entry(result, wish, granted) for wish, granted in result.wishes],
    }


def _wish_entry(result: Result, wish: Wish, granted: bool) -> dict[str, Any]:
    days = {"from": f"{wish.start}", "to": f"{wish.end - DAY}"}
    price = None if granted else dict(result.wishing.prices).get(wish)
    return {"person": wish.person, "kind": wish.kind, **days, "granted": granted, "would_cost": price}
