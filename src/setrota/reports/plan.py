"""What `setrota plan` says: the rota, its fairness and proof, wishes and warnings; and the same as JSON.

Reads what the planner found, and asks it what would fill empty seats. Plans nothing, and saves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from setrota import rules
from setrota.check.findings import contradictions
from setrota.dates.holidays import uses_holidays
from setrota.dates.periods import DAY, WEEK
from setrota.dates.text import days_text, on_days, period_name
from setrota.fairness.balances import balances
from setrota.planner import Range, Result, broken_by_pins, kept_schedule, look_ahead_weeks
from setrota.problems import Place, Problem, counted, listed
from setrota.reports import duties
from setrota.reports.check import violation_entry, violation_text
from setrota.reports.explain.remedies import exceptions_line, what_would_fill
from setrota.reports.fairness import fairness_document
from setrota.reports.show import rota_table
from setrota.roster import Pin, Roster
from setrota.rules.eligibility import headcount
from setrota.rules.overridden import forced_violations
from setrota.rules.pins import nearest_pin
from setrota.schedule import Duty, Schedule, ranges
from setrota.schedule.wishes import Wish
from setrota.terminal import folded

MOST_REMEDIED = 3
"""For more empty seats than this nothing is looked for; `setrota explain` does."""

REMEDY_SECONDS = 1.0

# Before the plan


def pin_problems(
    roster: Roster, schedule: Schedule, asked: Range, place_of_pin: Callable[[Pin], Place | None]
) -> list[Problem]:
    """Why pins can't be planned with, at each pin's line: they contradict the rules, each other, or what stays."""
    end = asked.end + WEEK * look_ahead_weeks(roster, asked)
    found = [
        Problem(each.message, each.pin and place_of_pin(each.pin), hint="setrota check")
        for each in contradictions(roster, kept_schedule(roster, schedule, asked), asked.today)
        if each.period is None or (each.period.start < end and asked.start < each.period.end)
    ]
    return found or [
        Problem(
            f"the pins ask for duties that break {violation_text(each)}",
            place_of_pin(nearest_pin(roster.pins, each)),
            hint="move a pin",
        )
        for each in broken_by_pins(roster, schedule, asked)
    ]


def is_over(span: ranges.Span) -> Problem:
    """That no new duties can be planned in a range that is over."""
    message = f"{span.name} is over: nobody can be given duties in it"
    return Problem(message, hint="duties that were served come in with `setrota import csv`")


def nothing_to_plan(span: ranges.Span, asked: Range) -> str:
    if asked.again or asked.fill:
        return f"nothing to do: no {'empty seat to fill' if asked.fill else 'crew to recompute'} in {span.name}"
    return f"nothing to do: {span.name} is planned already; `setrota plan --again` recomputes"


def heading(roster: Roster, schedule: Schedule, span: ranges.Span, asked: Range) -> str:
    """The first line: what is being planned, and that it continues what is planned already, if it does."""
    before = any(asked.today < crew.period.end and crew.period.start < span.start for crew in schedule.crews)
    what = f"{roster.short_name}, {span.name}"
    if asked.again or asked.fill or not before:
        return what
    return f"{what}, continuing after what is planned (`setrota plan --again` recomputes that)"


def frozen(roster: Roster, schedule: Schedule, asked: Range) -> list[Problem]:
    """What `--again` leaves as it is because it's near."""
    weeks = roster.rules.freeze_weeks
    first, end = max(asked.today, asked.start - DAY), min(asked.today + WEEK * weeks, asked.end)
    near = sum(first < crew.period.start < end for crew in schedule.crews)
    message = f"the next {counted(weeks, 'week')} stay as they are (`freeze`): {counted(near, 'crew')}"
    return [Problem(message, severity="note")] if near else []


def changes(before: Schedule, result: Result) -> str:
    """How many duties are other people's than before."""
    planned, old = _duties(result), set(before.duties())
    changed = [duty for duty in planned if duty not in old]
    first = f", the first on {changed[0].start}" if changed else ""
    return f"{len(changed)} of {counted(len(planned), 'duty', 'duties')} changed{first}"


# The plan as a table


def table(roster: Roster, result: Result) -> str:
    """The rota that was planned, its fairness, its proof and its wishes."""
    span = min(crew.period.start for crew in result.crews), max(crew.period.end for crew in result.crews)
    lines = [_fairness(result), _proof(roster, result), *_wishes(result)]
    return rota_table(roster, result.schedule, span) + "".join(f"{line}\n" for line in lines)


def _fairness(result: Result) -> str:
    within = result.figures.within
    basis = [", ".join(f"{rotation} {figure:.2f}" for rotation, figure in within.items())]
    if result.unfilled:
        basis.append(f"of all {sum(len(crew.seats) for crew in result.crews)} seats, the empty ones too")
    if result.clipped:
        basis.append(f"counting {result.repay_limit:g} of the duties that people open ahead or behind")
    worst = max(within.values(), default=0.0)
    text = f"Fairness: everyone is within {worst:.2f} of a duty of their fair share in every week"
    return f"{text}\n{folded('  (' + '; '.join(basis) + ').', '  ')}"


def _proof(roster: Roster, result: Result) -> str:
    proof = result.proof
    if proof.proven and not proof.gap:
        verdict = "Proven: no rota that keeps these rules is fairer."
    elif proof.proven:
        verdict = f"Proven: no rota that keeps these rules is more than {proof.gap:.2%} fairer."
    else:
        verdict = f"Not proven: the time limit ended the search, up to {proof.gap:.2%} could be gained."
    if proof.proven and proof.unfinished:
        verdict += f" The time limit cut {listed(proof.unfinished)} short."
    details = f"  Unfairness {result.figures.unfairness:.2f}; "
    if result.look_ahead_weeks:
        details += f"with {counted(result.look_ahead_weeks, 'week')} of look-ahead {proof.unfairness:.2f}, "
    best = f"no rota is below {proof.bound:.2f}" if proof.fairest is None else f"fairest possible {proof.fairest:.2f}"
    details += f"{best}, gap {proof.gap:.2%}"
    if proof.given_up >= 0.00005:
        goals = {"even spacing": True, "wishes": bool(result.wishes), "holidays": uses_holidays(roster)}
        details += f", {proof.given_up:.2%} given up for {listed(goal for goal, is_one in goals.items() if is_one)}"
    return f"{verdict} Solved in {proof.seconds:.2f} s.\n{folded(f'{details}.', '  ')}"


def _wishes(result: Result) -> list[str]:
    """Whose wishes are granted and whose are not, with the fairness they cost or would have cost."""
    if not result.wishes:
        return []
    prices = dict(result.wish_prices.prices)
    granted = [_wish(wish) for wish, is_granted in result.wishes if is_granted]
    refused = [_wish(wish) + _price(prices, wish) for wish, is_granted in result.wishes if not is_granted]
    cost = f"with even spacing they cost {result.wish_prices.cost:.2f} of unfairness"
    lines = [f"Wishes: {len(granted)} of {len(result.wishes)} granted; {cost}."]
    lines += [f"  granted: {', '.join(granted)}"] if granted else []
    lines += [f"  refused: {', '.join(refused)}"] if refused else []
    return [folded(line, "    ") for line in lines]


def _wish(wish: Wish) -> str:
    return f"{wish.person} {wish.kind}s {days_text(wish.start, wish.end)}"


def _price(prices: Mapping[Wish, float | None], wish: Wish) -> str:
    if wish not in prices:
        return ""
    if (price := prices[wish]) is None:
        return " (a seat would stay empty)"
    return f" (would cost {price:.2f})" if price >= 0.005 else " (would cost another wish, or even spacing)"


# Warnings


def warnings(roster: Roster, span: ranges.Span, asked: Range, result: Result) -> list[Problem]:
    """What is wrong with the plan, or was before it; of the first empty seats also what would fill them."""
    gave_way = [Problem(violation_text(each, " gave way"), severity="warning") for each in result.broken]
    found = [*_gaps(roster, span, asked, result), *gave_way, *_broken_before(roster, asked, result)]
    empty = [_empty_seat(roster, result, seat) for seat in result.unfilled]
    return [*found, *_carried_over(result), *empty]


def _gaps(roster: Roster, span: ranges.Span, asked: Range, result: Result) -> list[Problem]:
    """Stretches between today and the range that nobody is planned for."""
    problems = []
    for (start, end), rotations in ranges.gaps_before(roster, result.schedule, asked.today, span.start).items():
        message = f"nobody is planned for {listed(f'`{each}`' for each in rotations)} {on_days(start, end)}"
        hint = f"setrota plan --from {start} --to {end - DAY}"
        problems.append(Problem(message, hint=hint, severity="warning"))
    return problems


def _broken_before(roster: Roster, asked: Range, result: Result) -> list[Problem]:
    """Broken rules that stand in the schedule already, unless they were forced; what was planned now breaks none."""
    found = rules.violations(roster, result.schedule)
    known = {*result.broken, *forced_violations(roster, result.schedule, found)}
    broken = [each for each in found if each.period.end > asked.today and each not in known]
    if not broken:
        return []
    first, times = broken[0], counted(len(broken), "time")
    message = f"apart from this plan the schedule breaks rules {times}, first on {first.period.start}: {first.message}"
    return [Problem(message, hint="setrota check", severity="warning")]


def _carried_over(result: Result) -> Iterator[Problem]:
    """Opening balances too large to be settled at once."""
    rest = f"{result.repay_limit:.1f} of that is settled in this range, the rest is carried over"
    for (rotation, handle), balance in result.clipped.items():
        way = "ahead" if balance > 0 else "behind"
        yield Problem(f"{handle} opens {rotation} {abs(balance):.1f} duties {way}; {rest}", severity="note")


def _empty_seat(roster: Roster, result: Result, seat: Duty) -> Problem:
    """What keeps everybody from an empty seat, and what would fill it if that is soon found."""
    counts = ", ".join(f"{count} {reason}" for reason, count in headcount(roster, result.schedule, seat).items())
    pool = len(roster.members_of(seat.rotation))
    message = f"nobody for `{seat.seat}` in {period_name(seat.days)}: of {pool}, {counts}"
    if "coverage" in result.proof.unfinished:
        message += "; the time limit ended the search, so somebody might be found"
    hint = f"setrota explain {seat.start} {seat.rotation}/{seat.seat}"
    remedied = seat in result.unfilled[:MOST_REMEDIED]
    remedies, command = what_would_fill(roster, result.schedule, seat, REMEDY_SECONDS) if remedied else ([], None)
    if remedies:
        lines = "".join(f"\n    {exceptions_line(remedy)}" for remedy in remedies)
        hint = f"one of these lines in `exceptions = [ … ]` under `[rules]`, then `{command}`, fills it:{lines}"
    return Problem(message, hint=hint, severity="warning")


# The plan as JSON


def document(roster: Roster, span: ranges.Span, result: Result) -> dict[str, Any]:
    """Assignments, fairness, proof, empty seats, rules that gave way, wishes."""
    proof, figures = result.proof, result.figures
    found = balances(result.schedule, roster, span.start, span.end)
    return {
        "assignments": duties.entries(roster, _duties(result)),
        # The balances divide the seats that were filled; how far anyone gets from par counts all seats to fill.
        "fairness": fairness_document(span.start, span.end, found) | {"within_to_fill": dict(figures.within)},
        "proof": {
            "status": "time limit" if proof.unfinished else "optimal",
            "objective": proof.unfairness,
            "bound": proof.bound,
            "gap": proof.gap,
            "unfairness": figures.unfairness,
            "fairest": proof.fairest,
            "seconds": proof.seconds,
        },
        "unfilled": duties.entries(roster, result.unfilled),
        "gave_way": [violation_entry(each) for each in result.broken],
        "wishes": [_wish_entry(result, wish, granted) for wish, granted in result.wishes],
    }


def nothing_planned() -> dict[str, Any]:
    """The same where there was nothing to plan."""
    return {"assignments": [], "fairness": None, "proof": None, "unfilled": [], "gave_way": [], "wishes": []}


def _duties(result: Result) -> list[Duty]:
    return [duty for crew in result.crews for duty in crew.duties()]


def _wish_entry(result: Result, wish: Wish, granted: bool) -> dict[str, Any]:
    days = {"from": f"{wish.start}", "to": f"{wish.end - DAY}"}
    price = None if granted else dict(result.wish_prices.prices).get(wish)
    return {"person": wish.person, "kind": wish.kind, **days, "granted": granted, "would_cost": price}
