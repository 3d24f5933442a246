"""A year of living with a plan, week by week: `python tests/benchmarks/year.py [--runs 100] [--engineers 3]`.

People fall ill, swap, leave, join and go on leave at random (seeded by the run's number); every quarter the next one is
planned, and whatever comes is answered as a manager would, with the first thing that setrota proposes. After each step
it is checked, without the code that proposed it, whether a seat stands empty that somebody could have had, whether
`check` finds an error, and through the year whether `now` agrees with `show`. Nothing here is a test: it prints, it
never fails.
"""

from __future__ import annotations

import statistics
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from itertools import repeat
from random import Random

from figures import EXAMPLE, START, WEEK

from setrota import planner
from setrota.changes.cover.proposals import apply_proposal
from setrota.changes.cover.request import CoverRequest
from setrota.changes.cover.search import find_candidates, propose
from setrota.changes.swap import Swaps, apply_swap
from setrota.check.findings import all_findings
from setrota.fairness.shares import deviations, tally_of
from setrota.files.roster import read_roster
from setrota.planner import repaired, unfit
from setrota.reports.duties import entries
from setrota.roster import Leave, Person, Roster
from setrota.rules.eligibility import obstacles_of
from setrota.schedule import Duty, Schedule, is_missing, ranges
from setrota.schedule.standings import standings_at

DAY = timedelta(days=1)
PLANNED_AHEAD = 6 * WEEK
"""So long before a quarter begins it is planned."""

MOST_MOVES = 3
MOST_SHOWN = 8
INSTANTS = 20
"""So many instants a week at which `now` and `show` are compared: 1040 in a year."""


# What setrota does, as its commands do it


def plan_next_quarter(roster: Roster, schedule: Schedule, moment: datetime) -> Schedule:
    """`setrota plan`."""
    span = ranges.next_quarter(roster, schedule, moment.date())
    result = planner.plan(roster, schedule, planner.Range(start=span.start, end=span.end, today=moment.date()), moment)
    return schedule if result is None else result.schedule


def cover(roster: Roster, schedule: Schedule, duty: Duty, moment: datetime) -> tuple[Schedule, str]:
    """`setrota cover --ripple 3`, or `fill`, with the first proposal; where there is none the seat is left empty."""
    request = CoverRequest(roster, schedule, (duty,), moment.date())
    found = find_candidates(request, MOST_MOVES, MOST_SHOWN).proposals
    proposal = found[0] if found else propose(request, [None])
    if proposal is None or (not found and duty.person is None):
        return schedule, "nobody"
    kind = "steps up" if proposal.steps_up else "direct" if len(proposal.moves) == 1 else "chain"
    return apply_proposal(request, proposal, moment), kind if found else "nobody"


def swap(roster: Roster, schedule: Schedule, duty: Duty, moment: datetime, random: Random) -> Schedule | None:
    """`setrota swap`, with one of the three best partners."""
    swaps = Swaps(roster, schedule, moment)
    mine = next(turn for turn in swaps.turns[duty.person or ""] if duty in turn)
    found = swaps.partners(mine).swaps[:3]
    if not found:
        return None
    return apply_swap(schedule, random.choice(found), moment)


def replan(roster: Roster, schedule: Schedule, moment: datetime) -> tuple[Schedule, int]:
    """`setrota replan`: the schedule, and how many changes that took."""
    span = ranges.asked_span(roster, schedule, moment.date(), planned=True)
    asked = planner.Range(start=span.start, end=span.end, today=moment.date(), again=True, fill=True, new=False)
    found = repaired(roster, schedule, asked, moment)
    return (schedule, 0) if found is None else (found.schedule, found.changes)


# A year


@dataclass
class Year:
    """One run: what there is, what happened and what came of it."""

    roster: Roster
    random: Random
    schedule: Schedule
    tally: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    joined: int = 0

    def live(self, weeks: int) -> None:
        """Plan the first quarter, then live through so many weeks."""
        self.plan(START - PLANNED_AHEAD)
        for monday in (START + number * WEEK for number in range(weeks)):
            if ranges.planned_to(self.schedule) <= monday + PLANNED_AHEAD + WEEK:
                self.plan(monday)
            for day, event in sorted(self.events(monday), key=lambda each: each[0]):
                event(day)
                self.mend(day)
                self.verify(day, event.__name__)
            self.compare_now_and_show()

    def moment(self, day: date) -> datetime:
        """Noon, when every crew of the day is on duty."""
        return datetime.combine(day, clock(12), self.roster.zone)

    def plan(self, day: date) -> None:
        self.schedule = plan_next_quarter(self.roster, self.schedule, self.moment(day))
        self.tally["plans"] += 1
        self.mend(day)
        self.verify(day, "plan")

    def events(self, monday: date) -> Iterator[tuple[date, object]]:
        """What happens in a week: published rotas see a third of their duties change."""
        often = [
            (self.illness, 0.4),
            (self.call_off, 0.4),
            (self.exchange, 0.5),
            (self.leaver, 0.1),
            (self.joiner, 0.1),
        ]
        for event, chance in often:
            if self.random.random() < chance:
                yield monday + self.random.randrange(5) * DAY, event
        for _ in range(self.random.randrange(4)):
            yield monday + self.random.randrange(5) * DAY, self.leave

    # What happens

    def illness(self, today: date) -> None:
        """Somebody on duty is ill from today on, for some days or for long: it is covered to the end of either."""
        duty = self.chosen(each for each in self.held() if each.start <= today < each.end)
        if duty is not None:
            back = today + self.random.choice([1, 2, 3, 5, 12]) * DAY
            self.away(duty.person, today, back)
            self.cover(replace(duty, start=today, end=min(back, duty.end)), today)

    def call_off(self, today: date) -> None:
        """Somebody who is due in the next three weeks can't, for all of that duty."""
        duty = self.chosen(each for each in self.held() if today < each.start <= today + 3 * WEEK)
        if duty is not None:
            self.away(duty.person, duty.start, duty.end)
            self.cover(duty, today)

    def exchange(self, today: date) -> None:
        duty = self.chosen(each for each in self.held() if each.start > today)
        found = duty and swap(self.roster, self.schedule, duty, self.moment(today), self.random)
        self.tally["swaps" if found else "swaps without partner"] += duty is not None
        self.schedule = found or self.schedule

    def leave(self, today: date) -> None:
        """Somebody takes a week or two off, two to twelve weeks ahead."""
        first = today + self.random.randrange(14, 84) * DAY
        self.away(self.random.choice(sorted(self.roster.people)), first, first + self.random.choice([5, 12]) * DAY)

    def leaver(self, today: date) -> None:
        """Somebody leaves, with some weeks' notice or at once: then they are taken out of the roster."""
        rotation = "lead" if self.random.random() < 0.1 else "engineer"
        handles = [each for each in self.roster.members_of(rotation) if self.roster.people[each].end is None]
        if len(handles) < 6:
            return
        handle = self.random.choice(sorted(handles))
        self.tally["leavers"] += 1
        if self.random.random() < 0.5:
            last = today + self.random.randrange(7, 42) * DAY
            self.person(replace(self.roster.people[handle], end=last))
            return
        people = {name: person for name, person in self.roster.people.items() if name != handle}
        teams = {
            key: replace(team, pools={pool: tuple(m for m in ms if m != handle) for pool, ms in team.pools.items()})
            for key, team in self.roster.teams.items()
        }
        self.roster = replace(self.roster, people=people, teams=teams)

    def joiner(self, today: date) -> None:
        """Somebody joins a team, some week."""
        self.joined += 1
        handle, pool = f"new-{self.joined}", "leads" if self.random.random() < 0.1 else "engineers"
        key = self.random.choice(sorted(self.roster.teams))
        team = self.roster.teams[key]
        team = replace(team, pools={**team.pools, pool: (*team.pools.get(pool, ()), handle)})
        self.roster = replace(self.roster, teams={**self.roster.teams, key: team})
        self.person(Person(handle, start=today + self.random.randrange(35) * DAY))
        self.tally["joiners"] += 1

    # What is done about it

    def mend(self, today: date) -> None:
        """What `check` would tell a manager to do: replan what hasn't begun, cover what has, fill what is empty."""
        if any(duty.start > today for duty in self.unfit(today)):
            self.schedule, changes = replan(self.roster, self.schedule, self.moment(today))
            self.tally["replans"] += 1
            self.tally["changes by replan"] += changes
        for duty in self.unfit(today):
            self.cover(replace(duty, start=max(duty.start, today)), today)
        for duty in self.empty(today):
            self.cover(duty, today)

    def cover(self, duty: Duty, today: date) -> None:
        self.schedule, how = cover(self.roster, self.schedule, duty, self.moment(today))
        if how != "nobody" or duty.person is not None:
            self.tally[f"covers: {how}"] += 1

    # What there is

    def held(self) -> list[Duty]:
        return [duty for duty in self.schedule.duties() if duty.person is not None]

    def unfit(self, today: date) -> list[Duty]:
        return unfit(self.roster, self.schedule, planner.Range(start=today, end=date.max, today=today))

    def empty(self, today: date) -> list[Duty]:
        """Seats without anybody from today on; of one that is empty already, what is left of it."""
        duties = (duty for duty in self.schedule.duties() if is_missing(self.roster, duty) and duty.end > today)
        return [replace(duty, start=max(duty.start, today)) for duty in duties]

    def chosen(self, duties: Iterable[Duty]) -> Duty | None:
        found = sorted(duties)
        return self.random.choice(found) if found else None

    def away(self, handle: str | None, first: date, end: date) -> None:
        if handle in self.roster.people:
            person = self.roster.people[handle]
            self.person(replace(person, leave=(*person.leave, Leave(first, end))))

    def person(self, person: Person) -> None:
        self.roster = replace(self.roster, people={**self.roster.people, person.handle: person})

    # Whether it is right

    def verify(self, today: date, step: str) -> None:
        """Try everybody in every empty seat, and have everything checked."""
        self.tally["steps"] += 1
        for duty in self.empty(today):
            free = [
                handle
                for handle in self.roster.members_of(duty.rotation)
                if not obstacles_of(self.roster, self.schedule, handle, duty)
            ]
            self.tally["empty, nobody free"] += not free
            if free:
                self.complain("empty, somebody free", f"{today} {step}: {duty} for {', '.join(free)}")
        for finding in all_findings(self.roster, self.schedule, datetime.combine(today, clock(12), self.roster.zone)):
            if finding.severity == "error" and finding.code != "unfilled":
                self.complain("errors of check", f"{today} {step}: {finding.message} [{finding.code}]")
        if any(change.forced for crew in self.schedule.crews for change in crew.changes):
            self.complain("forced", f"{today} {step}: a change is marked as forced")

    def compare_now_and_show(self) -> None:
        """Who is on duty at random instants, half of them about handovers: by `now`, and by the rows of `show`."""
        rows = [
            (datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"]), row)
            for row in entries(self.roster, self.schedule.duties())
        ]
        first, last = min(start for start, _, _ in rows), max(end for _, end, _ in rows)
        for number in range(INSTANTS):
            instant = first + self.random.random() * (last - first)
            if number % 2:
                start, end, _ = self.random.choice(rows)
                instant = self.random.choice([start, end]) + self.random.choice([-1, 0, 1]) * timedelta(seconds=1)
            shown = {_who(row) for start, end, row in rows if start <= instant < end}
            moment = instant.astimezone(self.random.choice([UTC, self.roster.zone]))
            standing = standings_at(self.roster, self.schedule, moment)
            now = {_who(row) for each in standing for row in entries(self.roster, each.duties)}
            self.tally["instants"] += 1
            if now != shown:
                self.complain("now and show differ", f"{moment.isoformat()}: {now ^ shown}")

    def complain(self, what: str, sentence: str) -> None:
        self.tally[what] += 1
        self.wrong.append(f"{what}: {sentence}")


def _who(row: dict[str, object]) -> tuple[object, ...]:
    return row["rotation"], row["seat"], row["person"], row["start"], row["end"]


# What came of it


@dataclass(frozen=True)
class Outcome:
    """A run's figures; `balances` are the largest after any week, by rotation."""

    run: int
    tally: Counter[str]
    balances: dict[str, float]
    seconds: float
    wrong: tuple[str, ...]


def lived(run: int, weeks: int, engineers: int) -> Outcome:
    """The outcome of a run, with at most so many engineers in each team at the beginning."""
    roster = shortened(read_roster(EXAMPLE).roster, engineers)
    year = Year(roster, Random(f"year {run}"), Schedule(roster.short_name))
    began = time.perf_counter()
    year.live(weeks)
    seconds = time.perf_counter() - began
    year.tally.update(what_changed(year.schedule, START + weeks * WEEK))
    balances = {name: largest_balance(year, name, START + weeks * WEEK) for name in roster.rotations}
    return Outcome(run, year.tally, balances, seconds, tuple(year.wrong))


def shortened(roster: Roster, engineers: int) -> Roster:
    """The roster with only the first so many engineers of each team: with few of them seats stay empty."""
    teams = {
        key: replace(team, pools={**team.pools, "engineers": team.pools["engineers"][:engineers]})
        for key, team in roster.teams.items()
    }
    kept = {handle for team in teams.values() for pool in team.pools.values() for handle in pool}
    people = {handle: person for handle, person in roster.people.items() if handle in kept}
    return replace(roster, teams=teams, people=people)


def what_changed(schedule: Schedule, end: date) -> Counter[str]:
    """Of the duties that are over: how many there were, changed hands since they were planned, and were left empty."""
    found: Counter[str] = Counter()
    for crew in (crew for crew in schedule.crews if crew.period.end <= end):
        duties = crew.duties()
        for seat, person in crew.seats.items():
            served = [duty.person for duty in duties if duty.seat == seat]
            found["duties"] += 1
            found["duties that changed hands"] += served != [person]
            found["duties left empty in part or whole"] += None in served
    return found


def largest_balance(year: Year, rotation: str, end: date) -> float:
    """How far anybody with a full share ever was from their fair share of a rotation, at the end of a period."""
    tallies = [tally_of(crew, year.roster) for crew in year.schedule.of(rotation) if crew.period.end <= end]
    shares: dict[str, set[float]] = {}
    for tally in tallies:
        for handle, share in tally.pool.shares.items():
            shares.setdefault(handle, set()).add(share)
    full = [handle for handle, found in shares.items() if found == {1.0}]
    return max(abs(each) for trail in deviations(tallies, {}, full).values() for each in trail)


MUST_BE_NONE = ("empty, somebody free", "errors of check", "forced", "now and show differ")
COVERS = ("covers: direct", "covers: steps up", "covers: chain")
COLUMNS = (
    "plans",
    *COVERS,
    "covers: nobody",
    "swaps",
    "swaps without partner",
    "leavers",
    "joiners",
    "replans",
    "changes by replan",
    "duties",
    "duties that changed hands",
    "duties left empty in part or whole",
    "empty, nobody free",
    "steps",
    "instants",
)


def tell(outcome: Outcome) -> None:
    """One run in one line, and what was wrong with it."""
    tally, wrong = outcome.tally, sum(outcome.tally[each] for each in MUST_BE_NONE)
    balances = ", ".join(f"{name} {balance:.2f}" for name, balance in outcome.balances.items())
    print(
        f"run {outcome.run:3}: {sum(tally[each] for each in COVERS)} covers, {tally['swaps']} swaps, "
        f"{tally['replans']} replans with {tally['changes by replan']} changes; "
        f"{tally['duties that changed hands']} of {tally['duties']} duties changed hands, "
        f"{tally['duties left empty in part or whole']} left empty; "
        f"largest balance {balances}; {wrong} wrong; {outcome.seconds:.0f} s",
        flush=True,
    )
    for sentence in outcome.wrong[:5]:
        print(f"    {sentence}")


def table(outcomes: Sequence[Outcome]) -> None:
    """Every figure over all runs."""
    print(f"\n{len(outcomes)} years\n  {'':<36}{'least':>9}{'median':>9}{'most':>9}{'sum':>9}")
    for what in COLUMNS:
        row(what, [outcome.tally[what] for outcome in outcomes], total=True)
    for rotation in outcomes[0].balances:
        row(f"largest balance, {rotation}", [outcome.balances[rotation] for outcome in outcomes])
    row("seconds", [outcome.seconds for outcome in outcomes])
    print("must be none:")
    for what in MUST_BE_NONE:
        row(what, [outcome.tally[what] for outcome in outcomes], total=True)


def row(what: str, figures: Sequence[float], total: bool = False) -> None:
    cells = [min(figures), statistics.median(figures), max(figures), *([sum(figures)] if total else [])]
    print(f"  {what:<36}" + "".join(f"{cell:9.0f}" if total else f"{cell:9.2f}" for cell in cells))


def main() -> None:
    parser = ArgumentParser(description="Live through random years with setrota.")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--engineers", type=int, default=99, help="at most so many in each team when it begins")
    parser.add_argument("--first", type=int, default=0, help="number of the first run, to see one again")
    given = parser.parse_args()
    runs = range(given.first, given.first + given.runs)
    outcomes = []
    with ProcessPoolExecutor(2) as processes:
        for outcome in processes.map(lived, runs, repeat(given.weeks), repeat(given.engineers)):
            tell(outcome)
            outcomes.append(outcome)
    table(outcomes)


if __name__ == "__main__":
    main()
