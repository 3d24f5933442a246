"""What `setrota plan` reports: the rota, its fairness and proof, wishes and warnings; and the same as JSON.

Plans nothing and saves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from setrota import rules
from setrota.check import absences
from setrota.check.feasibility.overlooked import overlooked
from setrota.check.findings import contradictions, gaps_told
from setrota.dates.clock import RotaClock
from setrota.dates.holidays import uses_holidays
from setrota.dates.periods import DAY, WEEK, later
from setrota.dates.text import days_text
from setrota.fairness.balances import PersonBalance, balances
from setrota.fairness.certificates import CountCertificate, certificates
from setrota.fairness.prices import repaid_in
from setrota.planner import Deadline, Proof, Range, Result, broken_by_pins, kept_schedule, look_ahead_weeks
from setrota.problems import Place, Problem, counted, listed
from setrota.reports import duties, empty_seats
from setrota.reports.check import finding_text, violation_entry, violation_text
from setrota.reports.fairness.distances import Distances, certificate_text, in_each_period
from setrota.reports.fairness.figures import certificate_entry, people_balances
from setrota.reports.show import rota_table
from setrota.roster import Pin, Roster
from setrota.rules.overridden import forced_violations
from setrota.rules.pins import nearest_pin
from setrota.schedule import Duty, Schedule, ranges
from setrota.schedule.wishes import Wish
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import PlanDocument, WishEntry

GOALS = {
    "spacing": "space duties evenly",
    "seats": "share out the kinds of seat evenly",
}
"""What the stages are for that can be unfinished although the plan is proven."""

MOST_AWAY = 10
"""Only so many duties whose holder is away on some days are named."""

# Before the plan


def pin_problems(
    roster: Roster, schedule: Schedule, asked: Range, place_of_pin: Callable[[Pin], Place | None]
) -> list[Problem]:
    """Pins that rule out any plan, because they contradict the rules, each other, or what stays as it is."""
    end = asked.end + WEEK * look_ahead_weeks(roster, asked)
    found = [
        Problem(each.message, each.pin and place_of_pin(each.pin), f"`{each.command}`", code=each.code)
        for each in contradictions(roster, kept_schedule(roster, schedule, asked), asked.today)
        if each.period is None or (each.period.start < end and asked.start < each.period.end)
    ]
    return found or [
        Problem(
            f"the duty that this pin is part of breaks {violation_text(each)}",
            place_of_pin(nearest_pin(roster.pins, each)),
            hint="move or remove the pin",
            code="pin-breaks-rule",
        )
        for each in broken_by_pins(roster, schedule, asked)
    ]


def is_over(span: ranges.AskedRange) -> Problem:
    """No new duties can be planned in a range that is over."""
    hint = "`setrota import csv FILE` records duties that were served"
    return Problem(f"{span.name} is over, so nothing can be planned in it", hint=hint, code="range-is-over")


def nothing_to_plan(roster: Roster, schedule: Schedule, span: ranges.AskedRange, asked: Range) -> str:
    end = ranges.planned_to(schedule)
    if all(rotation.is_voluntary for rotation in roster.rotations.values()):
        return "nothing to do: all seats are optional, and `setrota fill DATE SEAT` proposes people for one"
    if (asked.again or asked.fill) and (end is None or end <= asked.today):
        since = "yet" if end is None else "from today on"
        return f"nothing to do: nothing is planned {since}; `setrota plan` plans the next quarter"
    if asked.again or asked.fill:
        return f"nothing to do: no {'empty seat to fill' if asked.fill else 'crew to recompute'} in {span.name}"
    if _all_turns_are_planned(roster, schedule, span):
        return "nothing to do: all turns are planned; add the day of the next one to `starts` in the roster"
    if len(_without_periods(roster, schedule, span)) == len(roster.rotations):
        return f"nothing to do: nobody has to serve in {span.name}"
    return f"nothing to do: {span.name} is planned already; `setrota plan --again` recomputes it"


def _all_turns_are_planned(roster: Roster, schedule: Schedule, span: ranges.AskedRange) -> bool:
    """Whether every rotation lists its turns, and each of them from the range's start on has a crew."""
    listed_starts = [rotation.starts for rotation in roster.rotations.values() if not rotation.is_voluntary]
    ends = [starts[-1] + DAY for starts in listed_starts if starts]
    return len(ends) == len(listed_starts) and not ranges.holes(roster, schedule, span.start, max(ends))


def _without_periods(roster: Roster, schedule: Schedule, span: ranges.AskedRange) -> list[str]:
    """The rotations that have no period in a range, planned or not."""
    there = {crew.period.rotation for crew in schedule.between(span.start, span.end)}
    return [
        rotation
        for rotation in roster.rotations
        if rotation not in there and not ranges.unplanned(roster, schedule, rotation, span.start, span.end)
    ]


def heading(roster: Roster, schedule: Schedule, span: ranges.AskedRange, asked: Range) -> str:
    """The first line: what is being planned, and whether it continues an existing plan."""
    before = any(asked.today < crew.period.end and crew.period.start < span.start for crew in schedule.crews)
    what = f"{roster.short_name}, {span.name}"
    if asked.again or asked.fill or not before:
        return what
    return f"{what}, continuing the existing plan (`setrota plan --again` recomputes that one)"


def frozen(roster: Roster, schedule: Schedule, asked: Range) -> list[Problem]:
    """A note about the crews that `--again` leaves alone because they start soon."""
    freeze = roster.rules.freeze
    first, end = max(asked.today, asked.start - DAY), min(later(asked.today, freeze), asked.end)
    near = sum(first < crew.period.start < end for crew in schedule.crews)
    stay = "stays as it is" if freeze.number == 1 else "stay as they are"
    message = f"the next {freeze} {stay} because of `freeze`: {counted(near, 'crew')}"
    return [Problem(message, severity="note", code="frozen")] if near else []


def changes(before: Schedule, result: Result) -> str:
    """How many duties have changed hands."""
    planned, old = _duties(result), set(before.duties())
    changed = [duty for duty in planned if duty not in old]
    first = f", the first on {changed[0].start}" if changed else ""
    return f"{len(changed)} of {counted(len(planned), 'duty', 'duties')} changed{first}"


# The plan as a table


def table(roster: Roster, asked: Range, result: Result, *, verbose: bool) -> str:
    """The rota that was planned, its fairness, its proof and its wishes; `verbose` adds the figures of the proof."""
    span = min(crew.period.start for crew in result.crews), max(crew.period.end for crew in result.crews)
    lines = [
        _fairness(roster, result),
        _verdict(roster, asked, result),
        *([_figures(roster, result)] if verbose and result.proof.covered else []),
        *map(certificate_text, _certificates(roster, asked, result)),
    ]
    lines += _wishes(result, verbose)
    return rota_table(roster, result.schedule, span) + "".join(f"{line}\n" for line in lines)


def _fairness(roster: Roster, result: Result) -> str:
    """How far people get from their fair share, of all seats to fill."""
    found = Distances(result.figures.furthest, result.clipped)
    basis = [f"{rotation} {figure:.2f}" for rotation, figure in found.by_rotation.items()]
    notes = [", ".join(basis)] if len(basis) > 1 else []
    notes += empty_seats.counted_too(result)
    note = f" ({'; '.join(notes)})" if notes else ""
    return folded(f"Fairness: {found.sentence(in_each_period(roster))}{note}.", "  ")


def _verdict(roster: Roster, asked: Range, result: Result) -> str:
    """What is proven about the plan: that no rota covers more, and how much fairer one could be."""
    proof = result.proof
    verdict = _proven(roster, asked, result) if proof.proven else _not_proven(proof)
    if proof.proven and proof.unfinished:
        verdict += f" The time limit left no time to {listed((GOALS[stage] for stage in proof.unfinished), 'or')}."
    return folded(f"{verdict} Solved in {proof.seconds:.2f} s.", "  ")


def _proven(roster: Roster, asked: Range, result: Result) -> str:
    """What no other rota does better, of those that leave the other duties as they are."""
    fairer = f"more than {_percent(result.proof.gap)} fairer" if result.proof.gap else "fairer"
    others = "with all other duties as they are, " if asked.fill or _has_others(asked, result) else ""
    left_out = _left_out(roster, result) if asked.fill else ""
    if not result.unfilled:
        return f"Proven: {others}no rota that {_equals(roster, result)} is {fairer}.{left_out}"
    rules, exceptions = ("the other rules", " with as few exceptions") if result.broken else ("these rules", "")
    return (
        f"Proven: {others}no rota that keeps {rules} leaves fewer or less important seats empty, "
        f"and none that leaves the same seats empty{exceptions} is {fairer}.{left_out}"
    )


def _has_others(asked: Range, result: Result) -> bool:
    """Whether crews stand among the planned ones."""
    planned = {crew.period for crew in result.crews}
    first = min(planned).start
    return any(crew.period not in planned and first <= crew.period.start < asked.end for crew in result.schedule.crews)


def _equals(roster: Roster, result: Result) -> str:
    """What a rota must do as well as the plan before their fairness is compared."""
    if result.broken:
        return "fills as many seats with as few exceptions"
    if any(roster.rotations[crew.period.rotation].optional for crew in result.crews):
        return "keeps these rules and fills as many seats"
    return "keeps these rules"


def _left_out(roster: Roster, result: Result) -> str:
    """Who wasn't considered because someone took them off a seat that was to be filled."""
    released = {
        handle: crew.period.start
        for crew in result.crews
        for handle in sorted(crew.released(crew.period))
        if handle in roster.members_of(crew.period.rotation)
    }
    if not released:
        return ""
    return f" Left out, because they gave their seat up: {listed(f'{who} on {day}' for who, day in released.items())}."


def _not_proven(proof: Proof) -> str:
    if proof.gap is None:
        return "Not proven: the time limit ended the search before it was known which seats can be filled."
    return f"Not proven: the time limit ended the search, and another rota could be up to {_percent(proof.gap)} fairer."


def _percent(gap: float | None) -> str:
    """A gap above 0, rounded up if it is tiny."""
    return f"{max(gap or 0.0, 0.0001):.2%}"


def _figures(roster: Roster, result: Result) -> str:
    """The sum of squares that planning minimises, and what is known about it."""
    proof = result.proof
    first = min(crew.period.start for crew in result.crews)
    details = [f"Unfairness from {first} on {result.figures.unfairness:.2f}"]
    known = []
    if result.look_ahead_weeks:
        known.append(f"with {counted(result.look_ahead_weeks, 'week')} of look-ahead {proof.unfairness:.2f}")
    if proof.fairest is not None:
        known.append(f"fairest possible {proof.fairest:.2f}")
    elif proof.bound is not None:
        known.append(f"no rota is below {proof.bound:.2f}")
    if proof.gap is not None:
        known.append(f"gap {proof.gap:.2%}")
    if proof.given_up >= 0.00005:
        goals = {"even spacing": True, "wishes": bool(result.wishes), "holidays": uses_holidays(roster)}
        known.append(f"{proof.given_up:.2%} given up for {listed(goal for goal, is_one in goals.items() if is_one)}")
    return folded(f"  {'; '.join([*details, ', '.join(known)])}.", "  ")


def _wishes(result: Result, verbose: bool) -> list[str]:
    """Whose wishes are granted and whose are not; `verbose` adds what they cost, or would have cost, in unfairness."""
    if not result.wishes:
        return []
    granted = [_wish(wish) for wish, is_granted in result.wishes if is_granted]
    refused = [_wish(wish) + _price(result, wish, verbose) for wish, is_granted in result.wishes if not is_granted]
    cost = f"; with even spacing they cost {result.wish_prices.cost:.2f} of unfairness" if verbose else ""
    lines = [f"Wishes: {len(granted)} of {len(result.wishes)} granted{cost}."]
    lines += [f"  granted: {', '.join(granted)}"] if granted else []
    lines += [f"  refused: {', '.join(refused)}"] if refused else []
    return [folded(line, "    ") for line in lines]


def _wish(wish: Wish) -> str:
    return f"{wish.person} {wish.kind}s {days_text(wish.start, wish.end)}"


def _price(result: Result, wish: Wish, verbose: bool) -> str:
    prices = dict(result.wish_prices.prices)
    if wish not in prices:
        return ""
    if (price := prices[wish]) is None:
        return " (a seat would stay empty)"
    if price < 0.005:
        another = "another wish, or " if len(result.wishes) > 1 else ""
        return f" (would cost {another}even spacing)"
    return f" (would cost {price:.2f})" if verbose else " (would make the rota less fair)"


# Warnings


def warnings(
    roster: Roster, span: ranges.AskedRange, asked: Range, result: Result, deadline: Deadline
) -> list[Problem]:
    """What is wrong with the plan, or was wrong before it, and what would fill the first few empty seats."""
    gave_way = [
        Problem(violation_text(each, " gave way"), severity="warning", code=each.rule) for each in result.broken
    ]
    found = [*_gaps(roster, span, asked, result), *gave_way, *_broken_before(roster, asked, result)]
    empty = empty_seats.of_plan(roster, result, asked.today, deadline)
    return [*found, *_overlooked(roster, span, result), *_carried_over(roster, span, result), *empty]


def away_on_duty(clock: RotaClock, result: Result, *, saved: bool) -> list[Problem]:
    """Notes on who is planned although they are away on some days.

    Once the plan is saved, each has the command that finds somebody for these days.
    """
    found = list(absences.away_on_duty(clock, result.schedule, result.crews, result.broken))
    told = [(finding_text(each), each.command) for each in found[:MOST_AWAY]]
    if len(found) > MOST_AWAY:
        told.append((f"{counted(len(found) - MOST_AWAY, 'other')} planned like that", "setrota check"))
    return [
        Problem(message, hint=f"`{command}`" if saved else None, severity="note", code="away-on-duty")
        for message, command in told
    ]


def _gaps(roster: Roster, span: ranges.AskedRange, asked: Range, result: Result) -> list[Problem]:
    """What nobody is planned for from today on, before the range and in it."""
    found = gaps_told(ranges.gaps_around(roster, result.schedule, asked.today, span.start))
    return [Problem(each.message, hint=f"`{each.command}`", severity=each.severity, code=each.code) for each in found]


def _broken_before(roster: Roster, asked: Range, result: Result) -> list[Problem]:
    """Rules that the schedule breaks outside this plan, unless that was forced; the plan itself breaks none."""
    found = rules.violations(roster, result.schedule)
    known = {*result.broken, *forced_violations(roster, result.schedule, found)}
    broken = [each for each in found if each.period.end > asked.today and each not in known]
    if not broken:
        return []
    first, what = broken[0], "a rule" if len(broken) == 1 else f"{len(broken)} rules"
    start = f"{'on' if len(broken) == 1 else 'first on'} {first.period.start}"
    message = f"the schedule also breaks {what} outside this plan, {start}: {first.message}"
    return [Problem(message, hint="`setrota check`", severity="warning", code="broken-rules")]


def _overlooked(roster: Roster, span: ranges.AskedRange, result: Result) -> Iterator[Problem]:
    """People who owe a share of this plan, but whom the rules give no duty in it."""
    for each in overlooked(roster, result.schedule, span.start, span.end):
        yield Problem(each.sentence, hint=each.hint, severity=each.severity, code="never-serves")


def _carried_over(roster: Roster, span: ranges.AskedRange, result: Result) -> Iterator[Problem]:
    """Opening balances too large to settle in one plan, and what becomes of them in this one."""
    if not result.clipped:
        return
    ends = {(each.rotation, each.person): each.balance for each in _balances(roster, span, result)}
    for (rotation, handle), start in result.clipped.items():
        end = ends.get((rotation, handle), start)
        starts = f"{handle} starts {_ahead(start)} in `{rotation}` and ends this plan {_ahead(end)}"
        message = f"{starts}; it aims to make up for {repaid_in(roster, rotation, result.repay_limit):.1f}"
        yield Problem(message, severity="note", code="carried-over")


def _ahead(balance: float) -> str:
    """`1.5 duties behind`."""
    return f"{abs(balance):.1f} duties {'ahead' if balance > 0 else 'behind'}"


def _balances(roster: Roster, span: ranges.AskedRange, result: Result) -> list[PersonBalance]:
    return balances(result.schedule, roster, span.start, span.end)


def _certificates(roster: Roster, span: ranges.AskedRange | Range, result: Result) -> list[CountCertificate]:
    return certificates(result.schedule, roster, span.start, span.end)


# The plan as JSON


def document(roster: Roster, span: ranges.AskedRange, result: Result, *, saved: bool) -> PlanDocument:
    """Assignments, fairness, proof, empty seats, rules that gave way, wishes."""
    proof, figures = result.proof, result.figures
    found = _balances(roster, span, result)
    return {
        "saved": saved,
        "assignments": duties.entries(roster, _duties(result)),
        # Balances share out the seats that were filled; these distances count all seats to fill.
        "fairness": {
            **people_balances(span.start, span.end, found),
            "within_to_fill": dict(figures.within),
            "count_proofs": [certificate_entry(each) for each in _certificates(roster, span, result)],
        },
        "proof": {
            "status": "time-limit" if proof.unfinished else "optimal",
            "objective": proof.unfairness,
            "unproven": list(proof.unfinished),
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


def nothing_planned() -> PlanDocument:
    """The same document when there was nothing to plan."""
    return {
        "saved": False,
        "assignments": [],
        "fairness": None,
        "proof": None,
        "unfilled": [],
        "gave_way": [],
        "wishes": [],
    }


def _duties(result: Result) -> list[Duty]:
    return [duty for crew in result.crews for duty in crew.duties()]


def _wish_entry(result: Result, wish: Wish, granted: bool) -> WishEntry:
    return {
        "person": wish.person,
        "wish": wish.kind,
        "from": f"{wish.start}",
        "to": f"{wish.end - DAY}",
        "granted": granted,
        "price": None if granted else dict(result.wish_prices.prices).get(wish),
    }
