"""The figures that setrota promises, measured here and now: `python tests/benchmarks/figures.py [speed|quality]`.

Machines differ and are noisy, so speed is given as medians and as ratios of two commands that were run in turn. Nothing
here is a test: it prints, it never fails.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as clock
from itertools import pairwise
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from setrota import planner
from setrota.fairness.shares import HOLIDAYS, Tally, count_tallies, deviations, opening, tally_of
from setrota.files.roster import read_roster
from setrota.reports.explain.explanation import explain
from setrota.reports.explain.remedies import what_would_fill
from setrota.roster import (
    Away,
    Handover,
    Holidays,
    Leave,
    Length,
    Limit,
    Mix,
    Person,
    Pin,
    Roster,
    Rotation,
    Rules,
    Team,
    kind_of,
    seats_named,
)
from setrota.schedule import Schedule
from setrota.schedule.ranges import holes

EXAMPLE = Path(__file__).parents[2] / "rotations.toml"
START = date(2027, 1, 4)
NOW = "2026-11-23T10:00:00-05:00"
WEEK = timedelta(weeks=1)

EMPTY_APP = """
import typer

app = typer.Typer()


@app.command()
def main() -> None:
    pass


app()
"""


def main() -> None:
    wanted = sys.argv[1:] or ["speed", "quality"]
    roster = read_roster(EXAMPLE).roster
    if "speed" in wanted:
        solving("example quarter (13 weeks, look-ahead 4)", roster, 13, runs=9)
        solving("example year (52 weeks, look-ahead 4)", roster, 52, runs=3)
        solving("example quarter with every family of rules", with_every_rule(roster), 13, runs=5)
        answers(roster)
        commands()
    if "quality" in wanted:
        rolling_quarters(roster, 8)
        changing_years(roster, 8)


# Speed


def solving(title: str, roster: Roster, weeks: int, runs: int) -> None:
    """Seconds of solving, by stage, and of building the question, over several runs in this process."""
    stages: dict[str, list[float]] = {}
    whole: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        result = quarter(roster, Schedule(roster.short_name), START, weeks)
        whole.append(time.perf_counter() - began)
        for stage, seconds in {**result.proof.stages, "all stages": result.proof.seconds}.items():
            stages.setdefault(stage, []).append(seconds)
    print(f"\n{title}: {'proven' if result.proof.proven else 'NOT PROVEN'}, {len(result.unfilled)} seats empty")
    for stage, seconds in {**stages, "question, solving and audit": whole}.items():
        print(f"  {stage:<28} {statistics.median(seconds) * 1000:7.0f} ms (median of {runs})")


def answers(roster: Roster) -> None:
    """One explanation of a duty, one of who doesn't have it, and one remedy for an empty seat of a team all away."""
    saved = quarter(roster, Schedule(roster.short_name), START).schedule
    duty = next(each for each in saved.duties() if each.seat == "primary" and each.start > START)
    other = next(each.person for each in saved.duties() if each.start == duty.start + WEEK)
    clocked("explanation of a duty", lambda: explain(roster, saved, duty, None, START, planner.NEVER))
    clocked("explanation why not somebody else", lambda: explain(roster, saved, duty, other, START, planner.NEVER))
    march = (Leave(date(2027, 3, 1), date(2027, 3, 13)),)
    people = {
        handle: replace(person, leave=march) if handle in roster.members_of("lead") else person
        for handle, person in roster.people.items()
    }
    away = replace(roster, people=people)
    result = quarter(away, Schedule(roster.short_name), START)
    seat = result.unfilled[0]
    clocked("what would fill a seat", lambda: what_would_fill(away, result.schedule, seat, START, planner.NEVER))


def clocked(what: str, answer: Callable[[], object]) -> None:
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        answer()
        seconds.append(time.perf_counter() - began)
    print(f"{what}: {statistics.median(seconds) * 1000:.0f} ms (median of 5)")


def commands() -> None:
    """Whole processes, in turn with the yardstick."""
    python, setrota = sys.executable, [sys.executable, "-m", "setrota"]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(EXAMPLE, folder)
        (Path(folder) / "empty.py").write_text(EMPTY_APP)
        beside(folder, "plan", [*setrota, "plan", "--dry-run"], "import highspy", [python, "-c", "import highspy"])
        subprocess.run([*setrota, "plan"], cwd=folder, env=environment(NOW), capture_output=True, check=True)
        beside(folder, "now", [*setrota, "now"], "an empty Typer app", [python, "empty.py"], "2027-01-12T10:00")
        beside(folder, "alone", setrota, "setrota now", [*setrota, "now"], "2027-01-12T10:00")


def beside(folder: str, name: str, ours: list[str], yardstick: str, theirs: list[str], now: str = NOW) -> None:
    timed(folder, ours, now), timed(folder, theirs, now)
    pairs = [(timed(folder, ours, now), timed(folder, theirs, now)) for _ in range(15)]
    mine, other = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"\nsetrota {name}: {mine:.0f} ms; {yardstick}: {other:.0f} ms; ratio {ratio:.2f} (medians of 15 pairs)")


def timed(folder: str, command: list[str], now: str) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment(now), capture_output=True, check=True)
    return time.perf_counter() - began


def environment(now: str) -> dict[str, str]:
    # An installed program has its bytecode; a machine that forbids writing it would measure the compiler.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"SETROTA_NOW": now}


def with_every_rule(roster: Roster) -> Roster:
    """The example with something of every rule: what a demanding organisation might ask for, all at once."""
    handles = sorted(roster.members_of("engineer"))
    people = {handle: with_ways(person, handles) for handle, person in roster.people.items()}
    engineer = replace(
        roster.rotations["engineer"],
        seats=seats_named(("primary", "backup", "engineer", "engineer", "shadow")),
        optional=frozenset({"shadow"}),
        leave_tolerance=1,
        seat_teams={"primary": frozenset(roster.teams) - {"mobile"}},
    )
    watch = Rotation(
        "watch",
        weeks=1,
        pool="watchers",
        seats=seats_named(("second", "first")),
        rest=Length(3),
        pattern=("second", "first"),
    )
    watch = replace(watch, handover=Handover(4, clock(15)), zone=ZoneInfo("Europe/Berlin"), leave_tolerance=1)
    teams = dict(roster.teams)
    guards = tuple(f"guard-{number}" for number in range(10))
    people |= {handle: Person(handle) for handle in guards}
    teams["guards"] = Team("guards", "Guards", {"watchers": guards})
    teams["calls"] = replace(teams["calls"], away=(Away(date(2027, 2, 1), date(2027, 2, 13), owes=True),))
    lead = replace(roster.rotations["lead"], team_rest=Length(2))
    rules = Rules(
        mix=(
            Mix(tags=frozenset({"senior"}), rotations=frozenset({"engineer"}), at_least=1),
            Mix(
                tags=frozenset({"emea"}),
                rotations=frozenset({"engineer"}),
                kinds=frozenset({"primary", "backup"}),
                at_least=1,
            ),
            Mix(tags=frozenset({"emea", "amer", "apac"}), rotations=frozenset({"engineer"}), at_most=2, distinct=True),
        ),
        never_together=(frozenset({"bo", "ivo"}), frozenset({"cy", "kai", "zoe"})),
        teams_apart=(frozenset({"search", "desktop"}),),
        max_per_team=2,
        limits=(Limit(4, Length(26)), Limit(1, Length(8), frozenset({"primary"}))),
        relax=("rest", "max-per-team"),
    )
    return replace(
        roster,
        people=people,
        teams=teams,
        rotations={"engineer": engineer, "lead": lead, "watch": watch},
        rules=rules,
        pins=(Pin(date(2027, 1, 18), "engineer", "primary", "hugo"), Pin(date(2027, 2, 15), "lead", "lead", "wen")),
        holidays=Holidays("CA-ON", frozenset({date(2026, 12, 24), date(2026, 12, 31)})),
    )


def with_ways(person: Person, handles: list[str]) -> Person:
    """Tags, working days, wishes and holidays, dealt out by the place in the alphabet."""
    number = handles.index(person.handle) if person.handle in handles else 0
    region = ("emea", "amer", "apac")[number % 3]
    monday = START + WEEK * (number % 13)
    wish = (Leave(monday, monday + timedelta(days=5)),)
    return replace(
        person,
        tags=frozenset({region, "senior"} if number % 2 else {region}),
        works=frozenset(range(4)) if number % 11 == 5 else person.works,
        avoid=wish if number % 9 == 1 else (),
        prefer=wish if number % 9 == 4 else (),
        holidays="DE-BY" if region == "emea" else None,
    )


# Quality


def quarter(roster: Roster, schedule: Schedule, start: date, weeks: int = 13) -> planner.Result:
    asked = planner.Range(start=start, end=start + weeks * WEEK, today=start - WEEK)
    result = planner.plan(roster, schedule, asked, datetime.fromisoformat(NOW))
    assert result is not None
    return result


def rolling_quarters(roster: Roster, number: int) -> None:
    """Quarter after quarter on top of what was planned, as a team would; then what came of it."""
    schedule, proven = Schedule(roster.short_name), True
    for index in range(number):
        result = quarter(roster, schedule, START + 13 * index * WEEK)
        schedule, proven = result.schedule, proven and result.proof.proven
    end = START + 13 * number * WEEK
    empty = sum(duty.person is None for duty in schedule.duties())
    print(f"\n{number} rolling quarters: {'all proven' if proven else 'NOT ALL PROVEN'}, {empty} seats empty, ", end="")
    print(f"{len(holes(roster, schedule, START, end))} periods left out")
    for rotation in roster.rotations.values():
        balances(roster, schedule, rotation.name)
        gaps(roster, schedule, rotation.name)
    primaries(roster, schedule)


def changing_years(roster: Roster, number: int) -> None:
    """The same with people who join, leave and go on leave, quarter after quarter, and public holidays to share out."""
    random, schedule, proven = Random("changing years"), Schedule(roster.short_name), True
    roster = replace(roster, holidays=Holidays("CA-ON"))
    joined: dict[str, date] = {}
    for index in range(number):
        start = START + 13 * index * WEEK
        roster = next_quarter(random, roster, start, joined)
        result = quarter(roster, schedule, start)
        schedule, proven = result.schedule, proven and result.proof.proven
    empty = sum(duty.person is None for duty in schedule.duties())
    print(f"\n{number} quarters with joiners, leavers and leave: ", end="")
    print(f"{'all proven' if proven else 'NOT ALL PROVEN'}, {empty} seats empty, {len(joined)} joined")
    for rotation in roster.rotations:
        tallies = [tally_of(crew, roster) for crew in schedule.of(rotation)]
        full = {
            handle
            for handle in {handle for tally in tallies for handle in tally.pool.shares}
            if all(tally.pool.shares.get(handle, 1) == 1 for tally in tallies)
        }
        spread(f"{rotation}: balance of full-timers after any week", deviations(tallies, {}, full))
        heavy = deviations(count_tallies(HOLIDAYS, tallies, roster), {}, full)
        spread(f"{rotation}: holiday periods against the fair share, after any week", heavy)
        for kind in roster.rotations[rotation].kinds:
            spread(f"{rotation}: {kind}, after any week", by_kind(tallies, kind, full))
        news = {handle: day for handle, day in joined.items() if handle in roster.members_of(rotation)}
        trails = deviations(tallies, {}, news)
        first = {
            handle: [
                deviation
                for tally, deviation in zip(tallies, trails[handle], strict=True)
                if day <= tally.period.start < day + 13 * WEEK
            ]
            for handle, day in news.items()
        }
        most = sorted(max(trail) for trail in first.values() if trail)
        if most:
            print(f"  {rotation}: {len(most)} newcomers, furthest above par in their first quarter {most[-1]:.2f}")


def next_quarter(random: Random, roster: Roster, start: date, joined: dict[str, date]) -> Roster:
    """Two engineers join some week, two leave, a third of all take a week or two off, and one goes on long leave."""
    people, teams = dict(roster.people), dict(roster.teams)
    engineers = [handle for handle in roster.members_of("engineer") if people[handle].end is None]
    for handle in random.sample([each for each in engineers if each not in joined], 2):
        people[handle] = replace(people[handle], end=start + random.randrange(13) * WEEK)
    for each in range(2):
        handle, day = f"new-{start}-{each}", start + random.randrange(13) * WEEK
        joined[handle] = day
        people[handle] = Person(handle, start=day)
        key = random.choice(sorted(teams))
        pools = {**teams[key].pools, "engineers": (*teams[key].pools["engineers"], handle)}
        teams[key] = replace(teams[key], pools=pools)
    for handle in random.sample(sorted(people), len(people) // 3):
        monday = start + random.randrange(13) * WEEK
        leave = Leave(monday, monday + timedelta(days=random.choice([5, 12])))
        people[handle] = replace(people[handle], leave=(*people[handle].leave, leave))
    away = random.choice(engineers)
    long = Leave(start, start + random.randrange(5, 13) * WEEK)
    people[away] = replace(people[away], leave=(*people[away].leave, long))
    return replace(roster, people=people, teams=teams)


def by_kind(tallies: list[Tally], kind: str, people: set[str]) -> dict[str, list[float]]:
    """Duties served in a kind of seat less the fair share of them, after each tally."""
    running, trails = dict.fromkeys(people, 0.0), {handle: list[float]() for handle in people}
    for tally in tallies:
        due = tally.accrued_by_kind()
        for handle in people:
            running[handle] += tally.served.get((handle, kind), 0.0) - due.get((handle, kind), 0.0)
            trails[handle].append(running[handle])
    return trails


def spread(what: str, trails: dict[str, list[float]]) -> None:
    """The largest distance from zero anybody ever had, and how far out nine in ten people ever were."""
    worst = sorted(max(abs(each) for each in trail) for trail in trails.values())
    last = sorted(trail[-1] for trail in trails.values())
    tenth = worst[int(0.9 * len(worst))]
    print(f"  {what}: largest {worst[-1]:.2f}, 90% of {len(worst)} people within {tenth:.2f}; ", end="")
    print(f"at the end {last[0]:+.2f} to {last[-1]:+.2f}")


def balances(roster: Roster, schedule: Schedule, rotation: str) -> None:
    tallies = [tally_of(crew, roster) for crew in schedule.of(rotation)]
    trails = deviations(tallies, {})
    full = {person for person in trails if roster.people[person].share(rotation) == 1}
    worst = max((abs(figure), person) for person, trail in trails.items() for figure in trail if person in full)
    last = [abs(balance) for balance in opening(tallies).values()]
    print(f"  {rotation}: largest balance of a full-timer after any week {worst[0]:.2f} ({worst[1]}); ", end="")
    print(f"at the end {max(last):.2f}")


def gaps(roster: Roster, schedule: Schedule, rotation: str) -> None:
    """Weeks from start to start of full-timers who are there all the time, against the ideal."""
    crews = schedule.of(rotation)
    steady = [
        person
        for person in roster.members_of(rotation)
        if all(crew.pool and crew.pool.shares.get(person) == 1 for crew in crews)
    ]
    starts = {person: [crew.period.start for crew in crews if person in crew.people] for person in steady}
    between = [(b - a) / WEEK for days in starts.values() for a, b in pairwise(days)]
    tenths = statistics.quantiles(between, n=10)
    due = sum(tally_of(crew, roster).accrued()[steady[0]] for crew in crews) / len(crews)
    ideal = roster.rotations[rotation].every.weeks / due
    print(f"  {rotation}: weeks between starts: 10% {tenths[0]:.0f}, 50% {statistics.median(between):.0f}, ", end="")
    print(f"90% {tenths[8]:.0f}; ideal {ideal:.1f}; {len(steady)} people who were there all the time")


def primaries(roster: Roster, schedule: Schedule) -> None:
    crews = schedule.of("engineer")
    steady = [
        person
        for person in roster.members_of("engineer")
        if all(crew.pool and crew.pool.shares.get(person) == 1 for crew in crews)
        and not roster.usual_seat_obstacles(person, "engineer", "primary")
    ]
    held = Counter(duty.person for crew in crews for duty in crew.duties() if kind_of(duty.seat) == "primary")
    spread = Counter(held[person] for person in steady)
    heads = ", ".join(f"{people} people {number}" for number, people in sorted(spread.items()))
    print(f"  primaries a head (full-timers ready for it, there all the time): {heads}")


if __name__ == "__main__":
    main()
