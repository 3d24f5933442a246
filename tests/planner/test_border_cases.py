"""Each rule alone, on both sides of its boundary: what the planner allows and what the checkers flag must agree."""

from dataclasses import dataclass, replace

import pytest
from planning import asked, planned
from samples import DAY, LEAD, MONDAY, NOW, crew, leave, roster, rotation, schedule, week
from seeds import seeds
from tiny_rosters import tiny_question

from setrota.dates.grid import period_at
from setrota.planner import build_instance
from setrota.planner.problem.instance import Instance, Lane
from setrota.planner.problem.timeslots import Timeslot
from setrota.planner.program.rows import BUILDERS
from setrota.roster import Length, Person, Roster, Team
from setrota.rules import RULES, Violation, violations
from setrota.schedule import Change, Crew, Schedule

pytestmark = pytest.mark.quick

TWO_SEATS = "engineer engineer"


@dataclass(frozen=True)
class Case:
    """May `ana` take the first seat of `of` in the period of week `when`? `broken` names the rule against it."""

    name: str
    question: Roster
    before: Schedule
    broken: str | None
    of: str = "engineer"
    when: int = 0


def resting(rest: int, *crews: Crew, lead_rest: int = 0) -> tuple[Roster, Schedule]:
    rotations = [rotation("engineer", rest=Length(rest)), rotation("lead", every=Length(2), rest=Length(lead_rest))]
    teams = [Team("all", "All", {"engineers": ("ana",), "leads": ("ana",)})]
    return roster("ana", rotations, teams), schedule(*crews)


def engineer(when: int) -> Crew:
    return crew(week(when), {"engineer": "ana"})


def lead(when: int) -> Crew:
    return crew(week(when), {"lead": "ana"}, of=LEAD)


def alone(person: Person) -> tuple[Roster, Schedule]:
    return roster([person], rotation()), schedule()


def unready(kind: str) -> tuple[Roster, Schedule]:
    return roster([Person("ana", not_seats=frozenset({kind}))], rotation("engineer", "primary")), schedule()


def teamed(cap: int | None, teams: dict[str, tuple[str, ...]]) -> tuple[Roster, Schedule]:
    """`bo` and `cy` are already in the crew, and `ana` might join them."""
    there = crew(week(0), {"engineer-1": None, "engineer-2": "bo", "engineer-3": "cy"})
    each = rotation("engineer", "engineer engineer engineer", max_per_team=cap)
    return roster("ana bo cy", each, [Team(k, k, {"engineers": v}) for k, v in teams.items()]), schedule(there)


CASES = [
    # Rest 2: a duty in week -3 leaves weeks -2 and -1 free, one in week -2 only week -1.
    Case("two free weeks before", *resting(2, engineer(-3)), None),
    Case("one free week before", *resting(2, engineer(-2)), "rest"),
    Case("two free weeks after", *resting(2, engineer(3)), None),
    Case("one free week after", *resting(2, engineer(2)), "rest"),
    Case("no rest asked", *resting(0, engineer(-1), engineer(1)), None),
    # A lead in weeks -6 and -5 leaves four weeks free; the longer rest of the two rotations counts.
    Case("four weeks after lead, lead asks four", *resting(0, lead(-6), lead_rest=4), None),
    Case("four weeks after lead, lead asks five", *resting(0, lead(-6), lead_rest=5), "rest"),
    Case("four weeks after lead, engineer asks four", *resting(4, lead(-6)), None),
    Case("four weeks after lead, engineer asks five", *resting(5, lead(-6)), "rest"),
    # The engineer of week 0 ends one week before the lead of week 2 starts.
    Case("one week before lead, lead asks one", *resting(0, lead(2), lead_rest=1), None),
    Case("one week before lead, lead asks two", *resting(0, lead(2), lead_rest=2), "rest"),
    Case("right after lead", *resting(0, lead(-2)), None),
    Case("in lead's second week", *resting(0, lead(0)), "one-duty", when=1),
    Case("lead around an engineer's week", *resting(0, engineer(1)), "one-duty", of="lead"),
    Case("lead right after an engineer's week", *resting(0, engineer(-1)), None, of="lead"),
    # `ana` served Monday and Tuesday of week -2 only: 12 days are free then.
    Case(
        "twelve days after a part, one week asked",
        *resting(1, replace(engineer(-2), changes=(Change(NOW, "engineer", "ana", None, start=week(-2) + 2 * DAY),))),
        None,
    ),
    Case(
        "twelve days after a part, two weeks asked",
        *resting(2, replace(engineer(-2), changes=(Change(NOW, "engineer", "ana", None, start=week(-2) + 2 * DAY),))),
        "rest",
    ),
    # Membership: from the period's first day to its last working day; `end` is the first day after.
    Case("starts on the first day", *alone(Person("ana", start=MONDAY)), None),
    Case("starts a day later", *alone(Person("ana", start=MONDAY + DAY)), "membership"),
    Case("last day is Friday", *alone(Person("ana", end=MONDAY + 5 * DAY)), None),
    Case("last day is Thursday", *alone(Person("ana", end=MONDAY + 4 * DAY)), "membership"),
    Case(
        "feeds the other rotation only",
        roster(
            "ana bo",
            [rotation("engineer"), rotation("lead")],
            [Team("all", "All", {"engineers": ("bo",), "leads": ("ana",)})],
        ),
        schedule(crew(week(0), {"lead": None}, of=rotation("lead"))),
        "membership",
    ),
    # Leave: any working day of the period.
    Case("away on Friday", *alone(Person("ana", leave=(leave(MONDAY + 4 * DAY),))), "leave"),
    Case("away on the weekend", *alone(Person("ana", leave=(leave(MONDAY + 5 * DAY, MONDAY + 6 * DAY),))), None),
    Case("away the week before", *alone(Person("ana", leave=(leave(week(-1), MONDAY - DAY),))), None),
    Case("away until Monday", *alone(Person("ana", leave=(leave(week(-1), MONDAY),))), "leave"),
    Case("away from next Monday", *alone(Person("ana", leave=(leave(week(1), week(2)),))), None),
    # Readiness for the only seat, `primary`, by kind alone or by rotation and kind.
    Case("not ready for it", *unready("primary"), "not-seats"),
    Case("not ready for it here", *unready("engineer/primary"), "not-seats"),
    Case("not ready for it elsewhere", *unready("lead/primary"), None),
    Case("not ready for another", *unready("backup"), None),
    # Two of the team are already in the crew.
    Case("third of three allowed", *teamed(3, {"all": ("ana", "bo", "cy")}), None),
    Case("third of two allowed", *teamed(2, {"all": ("ana", "bo", "cy")}), "max-per-team"),
    Case("no cap", *teamed(None, {"all": ("ana", "bo", "cy")}), None),
    Case("of another team", *teamed(2, {"all": ("bo", "cy"), "own": ("ana",)}), None),
    Case("full in one of two teams", *teamed(2, {"all": ("bo", "cy", "ana"), "own": ("ana",)}), "max-per-team"),
    Case("second of each of two teams", *teamed(2, {"one": ("bo", "ana"), "two": ("cy", "ana")}), None),
    Case("second of a team of one allowed", *teamed(1, {"one": ("bo", "ana"), "two": ("cy",)}), "max-per-team"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_planner_keeps_the_rule_and_no_more(case: Case) -> None:
    length = case.question.rotations[case.of].every.number
    fill = case.before.crew(case.of, week(case.when)) is not None
    result = planned(case.question, alone_asked(case, length), asked(case.when, length, look_ahead=0, fill=fill))

    there = result.schedule.crew(case.of, week(case.when))
    assert there is not None
    assert ("ana" in there.people) == (case.broken is None)


def alone_asked(case: Case, length: int) -> Schedule:
    """The schedule with the other rotation's periods planned empty, so that they don't take `ana`."""
    nobody = [
        Crew(period, {seat.name: None for seat in other.seats})
        for other in case.question.rotations.values()
        if other.name != case.of
        for period in {period_at(case.question, other.name, week(case.when + number)) for number in range(length)}
        if case.before.crew_on(other.name, period.start) is None
    ]
    return case.before.updated(nobody)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_checkers_flag_the_same(case: Case) -> None:
    found = new_violations(case.question, case.before, case.of, case.when, "ana")

    assert {violation.rule for violation in found} == ({case.broken} if case.broken else set())
    assert all("ana" in violation.people for violation in found)


def new_violations(question: Roster, before: Schedule, of: str, when: int, who: str) -> list[Violation]:
    """What is flagged once a person is put into the first empty seat of a period."""
    start = week(when)
    there = before.crew(of, start)
    empty: dict[str, str | None] = {seat.name: None for seat in question.rotations[of].seats}
    seats = {**empty, **there.seats} if there else empty
    seats[next(seat for seat, person in seats.items() if person is None)] = who
    old = violations(question, before)
    forced = before.updated([Crew(period_at(question, of, start), seats)])
    return [violation for violation in violations(question, forced) if violation not in old]


def test_every_rule_has_a_builder() -> None:
    assert list(BUILDERS) == [rule.name for rule in RULES]


def test_two_new_duties_keep_their_rest_from_each_other() -> None:
    """One person, rest 2, six weeks: duties three weeks apart, so two of the six, and never three."""
    result = planned(roster("ana", rotation(rest=Length(2))), schedule(), asked(0, 6, look_ahead=0))

    served = [each.period.start for each in result.crews if each.people]
    assert len(served) == 2
    assert served[1] - served[0] >= week(3) - week(0)


def test_a_team_cap_of_one_seats_one_of_two() -> None:
    """Two seats, two people in one team: with a cap of 1, one seat stays empty every week, with 2 none does."""
    for cap, empty in ((1, 3), (2, 0)):
        result = planned(roster("ana bo", rotation("engineer", TWO_SEATS, max_per_team=cap)), schedule(), asked(0, 3))
        assert len(result.unfilled) == empty


def test_nobody_is_in_two_rotations_at_once() -> None:
    """Two people, one seat a week and one a fortnight: each serves one of them at a time, and nothing stays empty."""
    rotations = [rotation("engineer"), rotation("lead", every=Length(2))]
    result = planned(roster("ana bo", rotations), schedule(), asked(0, 4))

    assert not result.unfilled
    for fortnight in (0, 2):
        leads = result.schedule.crew("lead", week(fortnight))
        engineers = [result.schedule.crew("engineer", week(fortnight + number)) for number in (0, 1)]
        assert leads is not None
        assert all(each is not None and not each.people & leads.people for each in engineers)


def test_the_period_running_at_the_start_is_planned_if_nobody_is() -> None:
    """From week 1 on: the fortnight of week 0 is already running; the engineers' week 0 is over."""
    rotations = [rotation("engineer"), rotation("lead", every=Length(2))]
    question = roster("ana bo cy", rotations)

    result = planned(question, schedule(), asked(1, 1))

    starts = {(each.period.rotation, each.period.start) for each in result.crews}
    assert starts == {("lead", week(0)), ("engineer", week(1))}
    stands = planned(question, schedule(crew(week(0), {"lead": "ana"}, of=LEAD)), asked(1, 1))
    assert [each.period.rotation for each in stands.crews] == ["engineer"]


def test_a_week_before_the_range_that_nobody_serves_counts_for_nobody() -> None:
    """`ana` served week -1 and nobody week 0, which isn't requested: `bo` is behind, so `bo` gets week 1.

    Both are then exactly at par, as `cy`, the only lead, always is.
    """
    rotations = [rotation("engineer"), rotation("lead", every=Length(2))]
    teams = [Team("all", "All", {"engineers": ("ana", "bo"), "leads": ("cy",)})]
    before = schedule(crew(week(-1), {"engineer": "ana"}, shares={"ana": 1.0, "bo": 1.0}))

    result = planned(roster("ana bo cy", rotations, teams), before, asked(1, 1, look_ahead=0))

    there = result.schedule.crew("engineer", week(1))
    assert there is not None
    assert there.people == {"bo"}
    assert result.proof.unfairness == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("seed", seeds(120))
def test_builders_and_checkers_agree_about_everybody(seed: int) -> None:
    """On random rosters, anyone who may take an open seat by the planner's table breaks no rule by the checkers."""
    given = tiny_question(seed)
    wanted = asked(given.first, given.weeks, look_ahead=0, fill=given.fill)
    instance = build_instance(given.roster, given.before, wanted)
    for lane in instance.lanes:
        for t, timeslot in enumerate(lane.timeslots):
            if timeslot.open:
                for p, handle in enumerate(lane.people):
                    assert bool(lane.allowed[p, t]) == allowed_by_checkers(instance, lane, timeslot, handle), handle


def allowed_by_checkers(instance: Instance, lane: Lane, timeslot: Timeslot, handle: str) -> bool:
    """Whether one of the open seats can be given without a new violation; team caps are rows, not in the table."""
    seats = timeslot.crew.seats if timeslot.crew else {seat.name: None for seat in lane.rotation.seats}
    old = violations(instance.roster, instance.kept)
    for empty in [seat for seat, person in seats.items() if person is None]:
        forced = instance.kept.updated([Crew(timeslot.period, {**seats, empty: handle}, timeslot.tally.pool)])
        new = [each for each in violations(instance.roster, forced) if each not in old]
        if not [each for each in new if each.rule != "max-per-team"]:
            return True
    return False
