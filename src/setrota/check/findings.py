"""The findings of `setrota check`: everything wrong with a roster and its schedule on a given day.

Collects broken rules, empty seats, gaps and shortages, and decides how serious each is. Knows no file and no terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from setrota import rules
from setrota.check import absences, feasibility, fixes, times
from setrota.check.feasibility.overlooked import overlooked
from setrota.check.finding import Finding as Finding
from setrota.dates.clock import RotaClock
from setrota.dates.cuts import day_of, last_day
from setrota.dates.periods import Period, local_date
from setrota.dates.service import served_at
from setrota.dates.text import on_days
from setrota.problems import Severity, counted, listed, listed_quotes
from setrota.roster import Roster
from setrota.rules import Violation
from setrota.rules.evidence import Evidence
from setrota.rules.grid import not_kept
from setrota.rules.overridden import forced_violations
from setrota.rules.pins import clashes
from setrota.schedule import Schedule, is_missing, ranges
from setrota.schedule.openings import never_served
from setrota.schedule.standings import crew_at, held_on, is_served_after


def all_findings(roster: Roster, schedule: Schedule, now: datetime) -> list[Finding]:
    """All findings at a moment; that nobody is on duty then comes first."""
    clock = RotaClock(roster, now)
    broken = rules.violations(roster, schedule)
    found = [
        *_nobody_on_duty(clock, schedule),
        *_broken_rules(clock, schedule, broken),
        *impossible_pins(roster, schedule, clock.day),
        *_empty_seats(clock, schedule),
        *_conflicting_changes(clock, schedule),
        *_gaps(clock, schedule),
        *_never_served(clock, schedule),
        *_end_of_plan(clock, schedule),
        *times.findings(clock, schedule),
        *absences.findings(clock, schedule, broken),
        *_never_serve(roster, schedule, clock.day),
        *(Finding("warning", message, code="fair-shares") for message in feasibility.shortages(roster, clock.day)),
    ]
    return [replace(each, is_over=_has_ended(clock, each.period)) for each in found]


def pressing(roster: Roster, schedule: Schedule, now: datetime) -> list[Finding]:
    """The errors of duties that aren't over, and the gaps: what to mend soon, without what takes `check` longer.

    With them are the rules that such duties break by force.
    """
    clock = RotaClock(roster, now)
    broken = [each for each in rules.violations(roster, schedule) if not _has_ended(clock, each.period)]
    found = [*_broken_rules(clock, schedule, broken), *_empty_seats(clock, schedule), *_gaps(clock, schedule)]
    return [each for each in found if each.severity == "error" or each.code == "gap" or each.forced]


def _has_ended(clock: RotaClock, period: Period | None) -> bool:
    return period is not None and period.end <= clock.point(period.rotation)


def _nobody_on_duty(clock: RotaClock, schedule: Schedule) -> Iterator[Finding]:
    """Rotations that are served now, and have nobody: in a gap, after their plan's end, or in empty seats.

    One that hasn't begun yet, because its first crew is still ahead, isn't expected to have anyone.
    """
    for rotation in clock.roster.rotations.values():
        point, crews = clock.point(rotation.name), schedule.of(rotation.name)
        if rotation.is_voluntary or not crews or crews[0].period.start > point:
            continue
        if not served_at(clock.roster, rotation.name, clock.now):
            continue
        crew = crew_at(clock.roster, schedule, rotation.name, point)
        held = held_on(clock.roster, schedule, rotation.name, point)
        if any(duty.person is not None for duty in held):
            continue
        message = f"nobody is on duty in `{rotation.name}` now"
        empty = next((duty for duty in held if is_missing(clock.roster, duty)), None)
        period, hint = crew.period if crew else None, None
        command: str | None = "setrota plan --from today"
        if empty:
            command = fixes.fill(empty, point, clock.today)
        elif rotation.starts and crews[-1].period.start >= rotation.starts[-1]:
            hint, command = times.add_a_start(rotation.name), None
        yield Finding("error", message, code="nobody-on-duty", period=period, command=command, hint=hint)


def _never_serve(roster: Roster, schedule: Schedule, day: date) -> Iterator[Finding]:
    for each in overlooked(roster, schedule, day, day):
        yield Finding(each.severity, each.sentence, code="never-serves", people=each.people, hint=each.hint)


def repair_hints(roster: Roster, findings: Iterable[Finding]) -> list[str]:
    """Hints for the end of the list: all duties to repair, and people who may only have a new handle."""
    errors = [finding for finding in findings if finding.severity == "error"]
    summary = fixes.summary((duty, finding.command) for finding in errors for duty in finding.duties if finding.command)
    unknown = dict.fromkeys(
        person
        for finding in errors
        for person in finding.people
        if finding.code == "membership" and person not in roster.people
    )
    renamed = [
        f'{person} is not in the roster; if they only have a new handle, add `formerly = "{person}"` to their entry'
        for person in unknown
    ]
    return [*renamed, *([summary] if summary else [])]


def _broken_rules(clock: RotaClock, schedule: Schedule, broken: Iterable[Violation]) -> Iterator[Finding]:
    """Broken rules; those in the past and those that were forced are notes.

    That a person has left the roster since is not reported for the past, and of pins that no plan can keep only why.
    """
    roster, day = clock.roster, clock.day
    ahead = (each for each in impossible_pins(roster, schedule, day) if each.period and each.period.start > day)
    impossible = {not_kept(each.pin) for each in ahead if each.pin}
    found = [each for each in broken if each.message not in impossible]
    forced = forced_violations(roster, schedule, found)
    for violation in found:
        point = clock.point(violation.period.rotation)
        over = _is_over(roster, schedule, violation, point)
        if violation in forced:
            message = f"{violation.message}; forced on {forced[violation]:%Y-%m-%d}"
            yield replace(_about(violation, "note", message), forced=not over)
        elif violation.rule in roster.rules.relax:
            message = f"{violation.message}; the roster lets `{violation.rule}` give way"
            yield _about(violation, "note" if over else "warning", message)
        elif not over:
            duties = fixes.duties_hit(roster, schedule, violation, point)
            command = fixes.command(roster, schedule, violation, point, clock.today)
            yield replace(_about(violation, "error", violation.message), duties=duties, command=command)
        elif violation.rule != "membership" or set(violation.people) & set(roster.people):
            yield _about(violation, "note", violation.message)


def _about(violation: Violation, severity: Severity, message: str) -> Finding:
    return Finding(severity, message, code=violation.rule, period=violation.period, people=violation.people)


def _is_over(roster: Roster, schedule: Schedule, violation: Violation, point: date) -> bool:
    """Whether a violation lies in the past: the period has ended, or the people's duties in it have, or the days of
    their leave on which they had them.

    A pin concerns its own day, so only the end of the period counts.
    """
    if violation.period.end <= point or violation.rule == "pins":
        return violation.period.end <= point
    crew = schedule.crew(violation.period.rotation, violation.period.start)
    theirs = [duty for duty in crew.duties() if duty.person in violation.people] if crew else []
    running = [duty for duty in theirs if duty.end > point]
    if violation.rule == "leave":
        days = [day for duty in running for each in absences.days_away(roster, duty) for day in each.days]
        return bool(theirs) and all(day < day_of(point) for day in days)
    return bool(theirs) and not running


def newly_away(before: Roster, after: Roster, schedule: Schedule, day: date) -> list[Violation]:
    """Duties running or ahead that collide with leave in the changed roster but didn't before, in time order."""
    ahead = replace(schedule, crews=tuple(crew for crew in schedule.crews if crew.period.end > day))
    [rule] = (each for each in rules.RULES if each.name == "leave")
    old = set(rule.check(Evidence(before, ahead)))
    new = rule.check(Evidence(after, ahead))
    return sorted((each for each in new if each not in old), key=lambda each: (each.period, each.people))


def contradictions(roster: Roster, kept: Schedule, day: date) -> list[Finding]:
    """Pins that no plan can keep, since they break rules next to the crews that stay."""
    return [
        Finding(
            "error",
            f"the pin of {pin.person} to `{pin.seat}` on {pin.day} can't be kept: {message}",
            code="conflicting-pins" if rival else "impossible-pin",
            period=period,
            people=(pin.person,),
            command=fixes.unpin(roster, pin),
            pin=pin,
            rival=rival,
        )
        for pin, period, message, rival in clashes(roster, kept, day)
    ]


def impossible_pins(roster: Roster, schedule: Schedule, day: date) -> list[Finding]:
    """Pins that can't be kept together with the periods that `plan --again` leaves alone."""
    stay = (crew for crew in schedule.crews if crew.period.start <= day or crew.by_hand)
    return contradictions(roster, replace(schedule, crews=tuple(stay)), day)


def newly_impossible_pins(before: Roster, after: Roster, schedule: Schedule, day: date) -> list[Finding]:
    """Pins of a changed roster that no plan can keep, without those already reported for the roster before."""
    known = {each.message for each in impossible_pins(before, schedule, day)}
    return [each for each in impossible_pins(after, schedule, day) if each.message not in known]


def _empty_seats(clock: RotaClock, schedule: Schedule) -> Iterator[Finding]:
    for crew, duty in rules.unfilled(clock.roster, schedule, min(clock.day, clock.today)):
        point = clock.point(duty.rotation)
        if duty.end <= point:
            continue
        days = "" if duty.days == crew.period else f" {on_days(duty.start, duty.end)}"
        message, command = f"nobody has `{duty.seat}`{days}", fixes.fill(duty, point, clock.today)
        yield Finding("error", message, code="unfilled", period=crew.period, command=command)


def _conflicting_changes(clock: RotaClock, schedule: Schedule) -> Iterator[Finding]:
    """Changes that take a seat from a person who didn't have it: two were made independently; the last one counts."""
    for crew in schedule.crews:
        for number, change in enumerate(() if _has_ended(clock, crew.period) else crew.changes):
            start, end = change.start or crew.period.start, change.end or crew.period.end
            held = replace(crew, changes=crew.changes[:number]).duties()
            there = [duty.person for duty in held if duty.seat == change.seat and duty.start < end and start < duty.end]
            if change.seat in crew.seats and change.was not in there:
                was, had = (each or "nobody" for each in (change.was, there[0]))
                made = local_date(clock.roster, change.at)
                message = f"a change made on {made} takes `{change.seat}` from {was}, but {had} had it then"
                people = tuple(filter(None, (change.was, there[0])))
                yield Finding("warning", message, code="conflicting-changes", period=crew.period, people=people)


def _gaps(clock: RotaClock, schedule: Schedule) -> Iterator[Finding]:
    """Served days without a crew, from today to the last day planned for the rotation."""
    found: dict[tuple[date, date], list[str]] = {}
    for rotation in _expected(clock.roster):
        end = max((crew.period.end for crew in schedule.of(rotation)), default=clock.today)
        for each in ranges.gaps(clock.roster, schedule, rotation, clock.today, end):
            found.setdefault((each.start, each.end), []).append(rotation)
    return gaps_told(found)


def _never_served(clock: RotaClock, schedule: Schedule) -> Iterator[Finding]:
    """Periods ahead in which nobody is on duty, because they were closed after they had been planned."""
    found: dict[str, list[Period]] = {}
    for crew in never_served(clock.roster, schedule, clock.now):
        found.setdefault(crew.period.rotation, []).append(crew.period)
    for rotation, periods in found.items():
        what = counted(len(periods), "planned period")
        message = f"nobody serves {what} of `{rotation}`, from {periods[0].start} on: closed since, or not in `serves`"
        yield Finding("warning", message, code="planned-but-closed", period=periods[0], command=fixes.REPLAN)


def _expected(roster: Roster) -> list[str]:
    """The rotations that ought to have a crew whenever they are served; volunteers need not."""
    return [rotation.name for rotation in roster.rotations.values() if not rotation.is_voluntary]


def gaps_told(gaps: Mapping[tuple[date, date], Sequence[str]]) -> Iterator[Finding]:
    """Findings about stretches [start, end) for which nobody is planned in some rotations.

    What overlaps is one finding, since one command plans it.
    """
    together: dict[tuple[date, date], Sequence[str]] = {}
    for (start, end), rotations in sorted(gaps.items()):
        if together and start >= max(last for _, last in together):
            yield _gap(together)
            together = {}
        together[start, end] = rotations
    if together:
        yield _gap(together)


def _gap(gaps: Mapping[tuple[date, date], Sequence[str]]) -> Finding:
    parts = [f"for {listed_quotes(rotations)} {on_days(*span)}" for span, rotations in gaps.items()]
    start, end = min(first for first, _ in gaps), max(last for _, last in gaps)
    command = f"setrota plan --from {day_of(start)} --to {last_day(end)}"
    return Finding("warning", f"nobody is planned {listed(parts)}", code="gap", command=command)


def ends_of_plan(roster: Roster, schedule: Schedule, today: date) -> dict[str, date]:
    """When the plan of each rotation ends that goes on after it; today, if nothing is planned for it."""
    ends = {
        rotation: max((crew.period.end for crew in schedule.of(rotation)), default=today)
        for rotation in _expected(roster)
    }
    return {rotation: end for rotation, end in ends.items() if is_served_after(roster, rotation, end)}


def _end_of_plan(clock: RotaClock, schedule: Schedule) -> Iterator[Finding]:
    end = ranges.planned_to(schedule)
    if end is None or end <= clock.today:
        if not any(is_served_after(clock.roster, each, end or clock.today) for each in _expected(clock.roster)):
            return
        yield Finding("note", "nothing is planned from today on", code="nothing-planned", command="setrota plan")
        return
    for rotation, last in ends_of_plan(clock.roster, schedule, clock.today).items():
        if last >= clock.today + ranges.SHORT_OF_PLAN:
            continue
        command = fixes.plan_on(clock.roster, schedule, rotation, max(last, clock.today), clock.today)
        if last <= clock.today:
            message = f"nothing is planned for `{rotation}` from today on"
            yield Finding("warning", message, code="nothing-planned", command=command)
        else:
            message = f"the plan for `{rotation}` ends on {last}"
            yield Finding("warning", message, code="plan-ends-soon", command=command)
