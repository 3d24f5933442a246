"""Random questions small enough to be answered by trying everything."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from samples import DAY, NOW, crew, leave, roster, rotation, week

from setrota.roster import Leave, Length, Person, Roster, Rotation, Team, kind_of
from setrota.schedule import Change, Crew, Schedule

HANDLES = ("ana", "bo", "cy", "dee", "eli", "fay")
SEATS = ("primary", "engineer", "primary backup", "primary backup", "engineer engineer", "primary engineer engineer")


@dataclass(frozen=True)
class Question:
    """A roster, what the schedule already holds, and the range: `weeks` from week `first` on."""

    roster: Roster
    before: Schedule
    first: int
    weeks: int
    fill: bool


def tiny_question(seed: int) -> Question:
    """Three to six people over three to six weeks, with everything the rules know."""
    random = Random(f"tiny {seed}")
    weeks = random.randint(3, 6)
    people = HANDLES[: random.randint(3, 6)]
    rotations = _rotations(random, len(people))
    members = [a_person(random, handle, rotations, weeks) for handle in people]
    question = roster(members, rotations, some_teams(random, people, rotations))
    first = random.choice([0, 0, 0, 1])
    crews = some_past(random, question) if random.random() < 0.5 else []
    crews += some_middle(random, question, weeks) if random.random() < 0.25 else []
    crews += some_after(random, question, first + weeks) if random.random() < 0.25 else []
    return Question(question, Schedule("SET", tuple(crews)), first, weeks, random.random() < 0.5)


def _rotations(random: Random, people: int) -> list[Rotation]:
    seats = random.choice(SEATS[:4] if people > 4 else SEATS)
    found = [
        rotation("engineer", seats, rest=Length(random.randint(0, 2)), max_per_team=random.choice([None, 1, 1, 2]))
    ]
    if random.random() < 0.45:
        found.append(
            rotation("lead", every=Length(random.choice([1, 2, 2])), rest=Length(random.randint(0, 2)), seats="lead")
        )
    return found


def a_person(random: Random, handle: str, rotations: list[Rotation], weeks: int) -> Person:
    kinds = [seat.kind for each in rotations for seat in each.seats]
    not_seats = {random.choice([kinds[0], f"engineer/{kinds[-1]}"])} if random.random() < 0.2 else set()
    return Person(
        handle,
        shares={each.name: random.choice([0.5, 0.25, 0.8]) for each in rotations if random.random() < 0.25},
        not_seats=frozenset(not_seats),
        start=week(random.randint(-1, weeks - 1)) + DAY * random.randint(0, 2) if random.random() < 0.15 else None,
        end=week(random.randint(1, weeks)) + DAY * random.randint(4, 6) if random.random() < 0.15 else None,
        leave=_leave(random, weeks),
    )


def _leave(random: Random, weeks: int) -> tuple[Leave, ...]:
    """A few days, or rarely a long leave in two entries with a weekend between them."""
    if random.random() < 0.08:
        monday = week(random.randint(-3, 1))
        return leave(monday, monday + 11 * DAY), leave(
            monday + 14 * DAY, monday + random.choice([25, 27, 28, 30]) * DAY
        )
    if random.random() < 0.4:
        first = week(random.randint(0, weeks - 1)) + DAY * random.randint(0, 6)
        return (leave(first, first + DAY * random.randint(0, 9)),)
    return ()


def some_teams(random: Random, people: tuple[str, ...], rotations: list[Rotation]) -> list[Team]:
    """Two or three teams; one person may be in two, and not everyone is in the second rotation's pool."""
    count = random.randint(2, 3)
    team_of = {handle: {random.randrange(count)} for handle in people}
    if random.random() < 0.2:
        team_of[people[0]].add(random.randrange(count))
    leads = set(random.sample(people, random.randint(1, len(people))))
    found = []
    for number in range(count):
        mine = tuple(handle for handle in people if number in team_of[handle])
        pools = {rotations[0].pool: mine}
        if len(rotations) > 1:
            pools[rotations[1].pool] = tuple(handle for handle in mine if handle in leads)
        found.append(Team(f"team-{number}", f"Team {number}", pools))
    return found


def some_past(random: Random, question: Roster) -> list[Crew]:
    """The last one to four weeks, partly with recorded shares and a former member, once with a cover of some days."""
    found = [
        _crew(random, question, each, -number * each.every.number)
        for each in question.rotations.values()
        for number in range(1, random.randint(2, 5))
    ]
    if random.random() < 0.3:
        latest, seat = found[0], next(iter(found[0].seats))
        cover = Change(
            NOW, seat, latest.seats[seat], random.choice(list(question.people)), start=latest.period.start + 2 * DAY
        )
        found[0] = Crew(latest.period, latest.seats, latest.pool, (cover,))
    return found


def some_middle(random: Random, question: Roster, weeks: int) -> list[Crew]:
    each = random.choice(list(question.rotations.values()))
    return [_crew(random, question, each, random.randrange(0, weeks, each.every.number))]


def some_after(random: Random, question: Roster, end: int) -> list[Crew]:
    return [
        _crew(random, question, each, -(-end // weeks) * weeks + weeks * random.randint(0, 1))
        for each in question.rotations.values()
        for weeks in [each.every.number]
    ]


def _crew(random: Random, question: Roster, each: Rotation, first: int) -> Crew:
    """A crew by hand of people who are ready; seats may be empty, and the recorded shares may differ from today's."""
    known = list(question.members_of(each.name)) + (["former"] if first < 0 else [])
    random.shuffle(known)
    seats: dict[str, str | None] = {}
    for seat in each.seats:
        ready = [handle for handle in known if _is_ready(question, handle, each, kind_of(seat.name))]
        seats[seat.name] = ready[0] if ready and random.random() < 0.8 else None
        known = [handle for handle in known if handle != seats[seat.name]]
    recorded = {handle: random.choice([0.5, 1.0]) for handle in (*question.members_of(each.name), "former")}
    shares = recorded if random.random() < 0.7 else None
    return crew(week(first), seats, of=each, shares=shares)


def _is_ready(question: Roster, handle: str, each: Rotation, kind: str) -> bool:
    """Whether a person may have a kind of seat, apart from seats reserved for teams, which history may disregard."""
    return "not-seats" not in question.usual_seat_obstacles(handle, each.name, kind)
