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
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as clock
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from setrota import planner
from setrota.fairness import deviations, opening, turn_of
from setrota.files.roster import read_roster
from setrota.horizon import holes
from setrota.roster import (
    Away,
    Handover,
    Holidays,
    Leave,
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
        commands()
    if "quality" in wanted:
        rolling_quarters(roster, 8)


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


def commands() -> None:
    """Whole processes, in turn with the yardstick."""
    python, setrota = sys.executable, [sys.executable, "-m", "setrota"]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(EXAMPLE, folder)
        (Path(folder) / "empty.py").write_text(EMPTY_APP)
        beside(folder, "plan", [*setrota, "plan", "--dry-run"], "import highspy", [python, "-c", "import highspy"])
        subprocess.run([*setrota, "plan"], cwd=folder, env=environment(NOW), capture_output=True, check=True)
        beside(folder, "now", [*setrota, "now"], "an empty Typer app", [python, "empty.py"], "2027-01-12T10:00")


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
    watch = Rotation("watch", 1, "watchers", seats_named(("second", "first")), 3, pattern=("second", "first"))
    watch = replace(watch, handover=Handover(4, clock(15)), zone=ZoneInfo("Europe/Berlin"), leave_tolerance=1)
    teams = dict(roster.teams)
    guards = tuple(f"guard-{number}" for number in range(10))
    people |= {handle: Person(handle) for handle in guards}
    teams["guards"] = Team("guards", "Guards", {"watchers": guards})
    teams["calls"] = replace(teams["calls"], away=(Away(date(2027, 2, 1), date(2027, 2, 13), owes=True),))
    lead = replace(roster.rotations["lead"], team_rest_weeks=2)
    rules = Rules(
        mix=(
            Mix(frozenset({"senior"}), frozenset({"engineer"}), at_least=1),
            Mix(frozenset({"emea"}), frozenset({"engineer"}), frozenset({"primary", "backup"}), at_least=1),
            Mix(frozenset({"emea", "amer", "apac"}), frozenset({"engineer"}), at_most=2, distinct=True),
        ),
        never_together=(frozenset({"bo", "ivo"}), frozenset({"cy", "kai", "zoe"})),
        teams_apart=(frozenset({"search", "desktop"}),),
        max_per_team=2,
        limits=(Limit(4, 26), Limit(1, 8, frozenset({"primary"}))),
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
    asked = planner.Range(start, start + weeks * WEEK, start - WEEK)
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


def balances(roster: Roster, schedule: Schedule, rotation: str) -> None:
    turns = [turn_of(crew, roster) for crew in schedule.of(rotation)]
    trails = deviations(turns, {})
    full = {person for person in trails if roster.people[person].share(rotation) == 1}
    worst = max((abs(figure), person) for person, trail in trails.items() for figure in trail if person in full)
    last = [abs(balance) for balance in opening(turns).values()]
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
    due = sum(turn_of(crew, roster).accrued()[steady[0]] for crew in crews) / len(crews)
    ideal = roster.rotations[rotation].weeks / due
    print(f"  {rotation}: weeks between starts: 10% {tenths[0]:.0f}, 50% {statistics.median(between):.0f}, ", end="")
    print(f"90% {tenths[8]:.0f}; ideal {ideal:.1f}; {len(steady)} people who were there all the time")


def primaries(roster: Roster, schedule: Schedule) -> None:
    crews = schedule.of("engineer")
    steady = [
        person
        for person in roster.members_of("engineer")
        if all(crew.pool and crew.pool.shares.get(person) == 1 for crew in crews)
        and roster.ready_for(person, "engineer", "primary")
    ]
    held = Counter(duty.person for crew in crews for duty in crew.duties() if kind_of(duty.seat) == "primary")
    spread = Counter(held[person] for person in steady)
    heads = ", ".join(f"{people} people {number}" for number, people in sorted(spread.items()))
    print(f"  primaries a head (full-timers ready for it, there all the time): {heads}")


if __name__ == "__main__":
    main()
