"""The sentences of an explanation, with handles, dates and figures. They never say why someone is away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from setrota.dates.availability import seat_obstacles
from setrota.dates.grid import regular_weeks
from setrota.dates.periods import Period, local_date
from setrota.dates.text import days_text, period_name
from setrota.planner import TOLERANCE, Alternative, Conflict, Effect, Inquiry, NoLongerAllowed, SeatExchange, SoftTerm
from setrota.problems import counted, listed
from setrota.reports.wording import fairness_change
from setrota.roster import Roster, kind_of
from setrota.rules.eligibility import Obstacle
from setrota.rules.evidence import Violation, exempt_run, without_seat
from setrota.rules.onduty import time_on_duty
from setrota.rules.spacing import AskedRest, rest_broken, too_near
from setrota.schedule import Crew, Duty, Run, Schedule, runs
from setrota.schedule.pools import pool_of

MOST_EFFECTS = 3
"""Beyond this number, people and seats are counted instead of named."""

MOST_CHANGES = 2
"""The same for what has changed since."""

LATER = "after this plan"
"""Stands for the days of duties in the look-ahead."""

NOT_ASKED_AGAIN = "The roster no longer has this period, so there is nothing to compare it with."

NOT_PROVEN = "The search ran out of time, so these figures may not be exact."

PLAN_NOT_PROVEN = "When it was planned, the time limit ended the search before a fairer rota was ruled out."

COVERAGE_NOT_PROVEN = (
    "When it was planned, the time limit ended the search before it was known which seats can be filled."
)

SEARCH_LONGER = "`setrota plan --again --time-limit 300` searches longer."

OVERTAKEN = (
    "No rota was fairer when it was planned, but the roster or the schedule has changed since; "
    "`setrota replan --dry-run` says what changes would make it fairer."
)

OUT_OF_TIME = "The time limit was too short to compare it with other rotas."

AGAINST: Mapping[SoftTerm, str] = {
    "holidays": "but would share holidays out less evenly",
    "counts": "but would share out less evenly what the roster counts by itself",
    "wishes": "but would grant fewer wishes",
    "spacing": "but would space duties less evenly",
    "tie-break": "so a tie-break decided, which favours nobody",
}

BONDS = {
    "rest": "the rest of {people}",
    "leave": "the absence of {people}",
    "not-seats": "`not-seats` of {people}",
    "max-duties": "`max-duties` of {people}",
}
"""A rule and the people whom it binds, in words."""

OUTSIDE = {"left": "has left by then", "not joined yet": "has not joined by then"}


def _duties(number: float) -> str:
    return f"{number:.2f} of a duty" if number < 1 else f"{number:.2f} duties"


def against_share(balance: float) -> str:
    """`0.40 of a duty behind their fair share`, for a balance in duties."""
    if abs(balance) < TOLERANCE / 2:
        return "at their fair share"
    return f"{_duties(abs(balance))} {'ahead of' if balance > 0 else 'behind'} their fair share"


def _distance(balance: float) -> str:
    """`0.40 of a duty behind`; `even` at the fair share."""
    if abs(balance) < TOLERANCE / 2:
        return "even"
    return f"{_duties(abs(balance))} {'ahead' if balance > 0 else 'behind'}"


# Who has it


def planned(roster: Roster, duty: Duty, place: str, at: datetime | None, other_days: str) -> str:
    when = f", planned on {local_date(roster, at)}" if at else ""
    return f"{duty.person} has {place}{when}{other_days}."


def planned_again(inquiry: Inquiry, crew: Crew, person: str, found: Alternative | None) -> str:
    """What planning would do with a period that was decided in another way."""
    people = inquiry.people(crew.period)
    if person in people:
        return f"Planning this period again would choose {person} too."
    others = f"would choose {listed(sorted(people))}" if people else "would leave it empty"
    start = f"Planning this period again {others}"
    if found is None:
        return f"{start}: the rules don't allow {person}."
    if found.price is None:
        return f"{start}: with {person}, {_empty_seats(found)} would stay empty." if found.empty else f"{start}."
    if found.price < TOLERANCE:
        return f"{start}; with {person} the rota is just as fair."
    ahead = inquiry.ahead(person, crew.period)
    share = f": this duty leaves {person} {against_share(ahead)}" if ahead >= TOLERANCE else ""
    return f"{start}; with {person} the rota is {fairness_change(found.price)}{share}."


def continued(person: str) -> str:
    return f"It is part of a longer duty of {person}'s, and the rest of that duty is already fixed."


def what_changed(roster: Roster, duty: Duty, crew: Crew, inquiry: Inquiry) -> list[str]:
    """What is known to have changed since a crew was planned, as clauses: who has joined its pool or left it, and other
    duties of the plan that break a rule now."""
    clauses, left = [], frozenset[str]()
    if crew.pool is not None:
        today = pool_of(roster, crew.period).shares
        joined, left = sorted(today.keys() - crew.pool.shares), frozenset(crew.pool.shares.keys() - today)
        for people, what in ((joined, "joined"), (sorted(left), "left")):
            has = "has" if len(people) == 1 else "have"
            clauses += [f"{_named(people)} {has} {what}"] if people else []
    others = (each for each in inquiry.changed if each.duty.person not in left and not _is_about(each, duty))
    near = sorted(others, key=lambda each: (each.violation.period != crew.period, each.violation.period))
    broken = dict.fromkeys(f"{_clause(each.violation)} in {period_name(each.violation.period)}" for each in near)
    clauses += [*broken][:MOST_CHANGES]
    if len(broken) > MOST_CHANGES:
        clauses.append(f"{counted(len(broken) - MOST_CHANGES, 'more duty', 'more duties')} can't be served as planned")
    return clauses


def _is_about(found: NoLongerAllowed, duty: Duty) -> bool:
    """Whether a rule that a plan breaks now is broken by the holder of a duty in its days."""
    return duty.person in found.violation.people and found.violation.period.overlaps(duty.days)


def _clause(violation: Violation) -> str:
    """A checker's sentence without a seat and without details."""
    message = without_seat(violation.message, violation.people[0] if violation.people else "")
    return message.partition("; ")[0].partition(", but ")[0]


def changed_since(inquiry: Inquiry, crew: Crew, clauses: Sequence[str]) -> str:
    people = listed(sorted(inquiry.people(crew.period))) or "nobody"
    start = f"Since then, {'; '.join(clauses)}: planned" if clauses else "Planned"
    return f"{start} again, the crew here would be {people}."


def without(inquiry: Inquiry, duty: Duty, crew: Crew, found: Alternative) -> list[str]:
    """Why a rota without the holder isn't better."""
    person = str(duty.person)
    if found.price is None:
        return [_not_found(found, f"without {person}") or f"Without {person}, {_left_empty(found)}."]
    share = against_share(inquiry.ahead_without(person, crew.period))
    start = f"Without this duty, {person} would be {share} at the end of the period"
    rota = f"{'the best' if found.exact else 'a'} rota without {person} in that period"
    rota = f"{_as_planned(inquiry, found)}{rota}"
    return [f"{start}.", f"{rota[0].upper()}{rota[1:]} {_compared(inquiry, duty.rotation, found)}."]


def is_overtaken(inquiry: Inquiry, found: Alternative) -> bool:
    """Whether a rota is fairer than any was when the plan was made: what changed since made that possible.

    The plan itself may be less fair than the fairest, because of even spacing, holidays and wishes.
    """
    record = inquiry.record
    if record is None or record.fairest is None or found.price is None:
        return False
    return record.unfairness + found.price <= record.fairest - TOLERANCE


def _as_planned(inquiry: Inquiry, found: Alternative) -> str:
    """Names what a rota is compared with, if people in it have changed duties since the plan was made."""
    if inquiry.record is None or inquiry.changed_since.isdisjoint(each.person for each in found.effects):
        return ""
    day = local_date(inquiry.found.model.instance.roster, inquiry.record.at)
    return f"compared with the plan as it was made on {day}, "


def _not_found(found: Alternative, how: str) -> str | None:
    """That no rota was found in time, and how unfair one would be at least; None if a seat would stay empty."""
    if found.empty or found.exact:
        return None
    least = f"; it would be at least {fairness_change(found.at_least)}" if found.at_least >= TOLERANCE else ""
    return f"In the time given, no rota {how} was found{least}."


def _compared(inquiry: Inquiry, rotation: str, found: Alternative) -> str:
    """`would be slightly less fair: …` or `would be just as fair (…), but …`."""
    moves = _effects(inquiry, rotation, found.effects)
    if found.decided is None:
        change = fairness_change(found.price or 0.0)
        if not found.exact and (found.price or 0.0) > 0:
            return f"would at worst be {change} (the time limit ended the search for a fairer one): {moves}"
        return f"would be {change}: {moves}"
    return f"would be just as fair ({moves}), {AGAINST[found.decided]}"


def _effects(inquiry: Inquiry, rotation: str, found: Sequence[Effect]) -> str:
    """Who would serve when instead, those who pay most first; changes that lie wholly after the plan are left out."""
    shown = [each for each in found if min((*each.gained, *each.lost)) < inquiry.end]
    days = [_days(each, inquiry.end) for each in shown]
    if len(shown) == 2 and days[0] == days[1][::-1]:
        return _exchange(rotation, shown[0], shown[1], *days[0])
    clauses = [_effect(rotation, each, *theirs) for each, theirs in zip(shown[:MOST_EFFECTS], days, strict=False)]
    if len(shown) > MOST_EFFECTS:
        clauses.append(f"{counted(len(shown) - MOST_EFFECTS, 'more person', 'more people')} would change places")
    return "; ".join(clauses) or "nobody else's duties would change"


def _days(effect: Effect, end: date) -> tuple[str, str]:
    """The days gained and lost: `2027-02-01 and 2027-03-01`; those after the plan only if there are no others."""
    gained, lost = (listed(f"{day}" for day in days if day < end) for days in (effect.gained, effect.lost))
    return gained or (LATER if effect.gained else ""), lost or (LATER if effect.lost else "")


def _when(days: str) -> str:
    return days if days == LATER else f"on {days}"


def _exchange(rotation: str, one: Effect, other: Effect, gained: str, lost: str) -> str:
    """Two people who would change places, or one who would take over the other's duty."""
    if gained and lost:
        text = f"{one.person} would serve {_when(gained)}{_in(rotation, one)} and {other.person} {_when(lost)}"
    else:
        taker, giver = (one, other) if gained else (other, one)
        days = _when(gained or lost)
        text = f"{taker.person} would serve {days}{_in(rotation, one)} in place of {giver.person}"
    share = f"leaving {one.person} {against_share(one.deviation)}"
    return f"{text}, {share}" if one.price >= TOLERANCE else text


def _effect(rotation: str, effect: Effect, gained: str, lost: str) -> str:
    where = _in(rotation, effect)
    text = f"{effect.person} would serve {_when(gained)}{where} {f'instead of {lost}' if lost else 'as well'}"
    if not gained:
        text = f"{effect.person} would not serve {_when(lost)}{where}"
    return f"{text}, and be {against_share(effect.deviation)}" if effect.price >= TOLERANCE else text


def _in(rotation: str, effect: Effect) -> str:
    return "" if effect.rotation == rotation else f" in {effect.rotation}"


def _left_empty(found: Alternative) -> str:
    """`X would stay empty`, `X would stay empty instead of Y`."""
    instead = f" instead of {_seats(found.filled, more=' others')}" if found.filled else ""
    return f"{_empty_seats(found)} would stay empty{instead}"


def _empty_seats(found: Alternative) -> str:
    return _seats(found.empty) or "a seat"


def _seats(found: Sequence[tuple[Period, str]], more: str = " seats") -> str:
    """The seats one by one, or, if they are many, their number and the first of them."""
    named = [f"`{kind}` in {period_name(period)}" for period, kind in sorted(found)]
    return listed(named) if len(named) < MOST_EFFECTS else f"{len(named)}{more} (the first: {named[0]})"


# What several rules prevent together


def prevented_by(found: Conflict, what: str) -> str:
    """The rules that together prevent something, with the people whom they bind."""
    people: dict[str, list[str]] = {}
    for rule, person in found.bonds:
        people.setdefault(rule, []).append(person)
    named = listed(_bonds(rule, sorted(each)) for rule, each in people.items())
    if len(found.bonds) == 1:
        return f"What prevents {what} is {named}."
    if not found.minimal:
        return f"Together, these prevent {what}: {named}; whether fewer of them do is not known in the time given."
    return f"Together, these prevent {what}, and any fewer of them would not: {named}."


def _bonds(rule: str, people: Sequence[str]) -> str:
    """A rule and the people whom it binds: `the rest of ana and bo`."""
    return BONDS.get(rule, "`{rule}` for {people}").format(rule=rule, people=_named(people))


def _named(people: Sequence[str]) -> str:
    more = len(people) - MOST_EFFECTS
    return listed([*people[:MOST_EFFECTS], counted(more, "more person", "more people")] if more > 0 else people)


# Seats within a crew


def seat_in_crew(duty: Duty, found: Sequence[SeatExchange]) -> str:
    """Why the holder, rather than someone else in the crew, has this kind of seat."""
    kind = kind_of(duty.seat)
    if not found:
        return ""
    if len(found) == 1:
        return f"Nobody else in that crew can trade seats with {duty.person} for `{kind}`."
    other = found[1]
    if other.price < TOLERANCE:
        return f"{duty.person} got `{kind}` by a tie-break: trading seats with {other.person} would be just as even."
    return f"{duty.person} is `{kind}` because trading seats with {other.person} {_less_even(duty, found, other)}."


def _less_even(duty: Duty, found: Sequence[SeatExchange], other: SeatExchange) -> str:
    kind = kind_of(duty.seat)
    if found[0].balance > other.balance - TOLERANCE:
        return "would share the seats out less evenly over the whole plan"
    one, two = (_distance(each.balance) for each in (found[0], other))
    before = f"{found[0].person} was {one} and {other.person} {two} before that period"
    return f"would share the seats out less evenly: counting only `{kind}`, {before}"


def same_kind(duty: Duty, theirs: Duty) -> str:
    if theirs.seat == duty.seat:
        days = days_text(theirs.start, theirs.end)
        return f"{theirs.person} has `{theirs.seat}` on other days of that period, {days}."
    return f"{theirs.person} has `{theirs.seat}` in that period, the same kind of seat with another number."


def other_seat(roster: Roster, seat: Duty, theirs: Duty, found: Sequence[SeatExchange]) -> str:
    """Why someone in the crew has a different kind of seat than `seat`, which spans the whole period."""
    person, kind = str(theirs.person), kind_of(seat.seat)
    start = f"{person} has `{theirs.seat}` in that period"
    obstacles = seat_obstacles(roster, person, seat.days, kind)
    if "not-seats" in obstacles:
        return f"{start} and is not ready for `{kind}`."
    if "seat-teams" in obstacles:
        return f"{start}; `{kind}` is reserved for other teams."
    exchange = next((each for each in found if each.person == person), None)
    if exchange is None:
        theirs_kind = kind_of(theirs.seat)
        barred = seat.person and seat_obstacles(roster, seat.person, seat.days, theirs_kind)
        why = f": {seat.person} is not ready for `{theirs_kind}`" if barred else ""
        if barred == ("seat-teams",):
            why = f": `{theirs_kind}` is reserved for other teams than {seat.person}'s"
        return f"{start}, and they can't trade seats{why}."
    if exchange.price < TOLERANCE:
        return f"{start}. Trading seats with {seat.person} would be just as even: it was a tie."
    return f"{start}. Trading seats with {seat.person} {_less_even(seat, found, exchange)}."


# Why not someone else


def not_in_crew(
    inquiry: Inquiry | None,
    seat: Duty,
    person: str,
    obstacles: Sequence[str],
    found: Alternative | None,
    otherwise: str = NOT_ASKED_AGAIN,
) -> list[str]:
    """Why someone outside a crew does not have a seat in it; `obstacles` are the rules in the way, as clauses;
    `otherwise` is said if there is nothing to compare with."""
    place = f"`{seat.seat}` in {period_name(seat.days)}"
    if obstacles:
        barred = [f"{'As things stand, ' if found else ''}{person} can't have {place}: {'; '.join(obstacles)}."]
        start = f"If other duties moved to make room, a rota with {person} there"
    else:
        fairer = found is not None and found.price is not None and found.price < 0
        barred, start = [], f"{person} could have {place}, {'and' if fairer else 'but'} a rota with them there"
    if inquiry is None:
        return [*barred, otherwise]
    if found is None:
        return barred or [f"Every rota in which {person} has {place} breaks a rule."]
    if is_overtaken(inquiry, found):
        return [*(barred or [f"{person} could have {place}."]), OVERTAKEN]
    if found.price is None:
        return [*barred, _not_found(found, f"with {person} there") or f"With {person} there, {_left_empty(found)}."]
    if found.decided and not obstacles:
        start = f"{person} could have {place}: a rota with them there"
    return [*barred, f"{start} {_compared(inquiry, seat.rotation, found)}."]


def obstacle_clause(
    roster: Roster, schedule: Schedule, crew: Crew, days: Period, person: str, obstacle: Obstacle
) -> str:
    """A rule that keeps someone from serving on these days of a crew, as a clause: the checker's sentence without the
    seat, which is clear here."""
    if obstacle.rule == "rest":
        held = runs(roster, schedule.crews).get(person, [])
        others = [run for run in held if crew.period not in run.periods]
        bound = [run for run in others if not exempt_run(roster, "rest", person, run)]
        near = [run for run in bound if too_near(roster, run, days)]
        near_days = listed(dict.fromkeys(f"{run.periods[0].start}" for run in near))
        return f"{person} serves on {near_days}, and {_rest_asked(roster, near, days)} between them"
    if obstacle.rule == "membership":
        return f"{person} {OUTSIDE.get(obstacle.phrase, f'is {obstacle.phrase}')}"
    return without_seat(obstacle.clause, person)


def _rest_asked(roster: Roster, near: Sequence[Run], days: Period) -> str:
    """The longest rest that a duty on these days would break: `duties must have 2 free weeks`."""
    wanted, rests = time_on_duty(roster, days), list[AskedRest]()
    for held in (time_on_duty(roster, run) for run in near):
        first, second = sorted((held, wanted), key=lambda each: each.begins)
        if (rest := rest_broken(roster, first, second)) is not None:
            rests.append(rest)
    longest = max(rests, key=lambda rest: rest.weeks or regular_weeks(roster, rest.rotation), default=None)
    if longest is None or longest.length is None:
        return f"one whole period of `{longest.rotation if longest else days.rotation}` must lie"
    return f"duties must have {counted(longest.length.number, f'free {longest.length.unit[:-1]}')}"


def broken_rule(roster: Roster, violation: Violation, person: str, forced: datetime | None) -> str:
    """A rule that a duty breaks as things stand; `forced` is when people decided to break it, if they did."""
    clause = without_seat(violation.message, person).partition("; ")[0]
    then = " then" if violation.rule in ("leave", "team-away") else ""
    agreed = ", as the roster allows" if violation.rule in roster.rules.relax else ""
    agreed = f", which was forced on {local_date(roster, forced)}" if forced else agreed
    return f"{clause}{then}, so this duty breaks `{violation.rule}`{agreed}."


# Nobody


def empty_seat(roster: Roster, seat: Duty, counts: Mapping[str, int], *, is_over: bool) -> str:
    """An empty seat, how many people could take it, and what keeps the others from it."""
    reasons = ", ".join(f"{count} {reason}" for reason, count in counts.items())
    optional = ", an optional seat," if roster.is_optional(seat.rotation, seat.seat) else ""
    pool, barred = len(roster.members_of(seat.rotation)), sum(counts.values())
    could, cannot = ("could have taken", "couldn't") if is_over else ("could take", "can't")
    why = f"of {counted(pool, 'person', 'people')}, {reasons}"
    if barred < pool:
        others = f", and {barred} {cannot} ({reasons})" if barred else ""
        why = f"{counted(pool - barred, 'person', 'people')} {could} it{others}"
    return f"Nobody has `{seat.seat}`{optional} in {period_name(seat.days)}: {why}."


def picks_the_fairest(people: Sequence[str]) -> str:
    return f"`setrota plan --fill` gives it to the fairest choice among {listed(people)}."
