"""What would fill an empty seat: never more rules waived than needed, compared with trying every possible exemption."""

from dataclasses import replace

import exhaustive
import pytest
from planning import asked, planned
from samples import MONDAY, crew, exempt, roster, rotation, schedule, week, with_rules
from seeds import seeds
from tiny_rules import tiny_ruled_question

from setrota.planner import NEVER, Waiver, build_instance, find_remedies
from setrota.roster import RELAXABLE, Exemption, Length, Roster
from setrota.schedule import Duty, Schedule

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too

TRIED = 480
CASES = [57, 74, 95, 108, 124, 125, 191, 236, 257, 260, 278, 299, 444, 479]
"""The questions in which one seat stays empty that one or two exemptions may fill."""


def _with(roster: Roster, new: set[Exemption]) -> Roster:
    return replace(roster, rules=roster.rules._replace(exemptions=roster.rules.exemptions | new))


def empty_after(roster: Roster, before: Schedule, seed: int) -> int:
    given = tiny_ruled_question(seed)
    wanted = asked(given.first, given.weeks, look_ahead=0, fill=given.fill)
    return exhaustive.best(roster, before, wanted.start, wanted.end, fill=given.fill).empty


def is_case(seed: int) -> bool:
    """Whether a question has one kind of seat, one rotation without a pattern, and a seat that stays empty."""
    given = tiny_ruled_question(seed)
    [first, *others] = given.roster.rotations.values()
    if others or len(first.kinds) > 1 or first.pattern or given.roster.pins:
        return False
    wanted = asked(given.first, given.weeks, look_ahead=0, fill=given.fill)
    return bool(planned(given.roster, given.before, wanted).unfilled)


@pytest.mark.parametrize("seed", seeds(CASES, every=3))
def test_no_fewer_exemptions_would_do(seed: int) -> None:
    given = tiny_ruled_question(seed)
    wanted = asked(given.first, given.weeks, look_ahead=0, fill=given.fill)
    result = planned(given.roster, given.before, wanted)
    seat = result.unfilled[0]
    instance = build_instance(given.roster, given.before, wanted)
    empty = empty_after(given.roster, given.before, seed)
    people = given.roster.members_of(seat.rotation)
    every = [(rule, person) for rule in RELAXABLE for person in people]

    found = find_remedies(instance, seat, 3, NEVER)

    alone = [
        waiver for waiver in every if empty_after(_with(given.roster, _new([waiver], seat)), given.before, seed) < empty
    ]
    for remedy in found:
        waived = [(waiver.rule, waiver.person) for waiver in remedy.waivers]
        assert empty_after(_with(given.roster, _new(waived, seat)), given.before, seed) < empty
        assert len(waived) == 1 or not alone
    assert bool(found) or not alone


def _new(waived: list[tuple[str, str]], seat: Duty) -> set[Exemption]:
    return {Exemption(rule, person, seat.start) for rule, person in waived}


def test_the_cases_are_all_there() -> None:
    tried = seeds(TRIED)
    assert [seed for seed in tried if is_case(seed)] == [seed for seed in CASES if seed in tried]


def test_rest_is_shortened_only_towards_duties_that_it_binds() -> None:
    """Ana served last week, which is exempt, and two weeks before that: two of four weeks' rest are missing."""
    given = with_rules(roster("ana", rotation(rest=Length(4))), exemptions=exempt("rest", "ana", week(-1)))
    held = schedule(*(crew(week(number), {"engineer": who}) for number, who in ((-3, "ana"), (-1, "ana"), (0, None))))
    instance = build_instance(given, held, asked(0, 1, look_ahead=0, fill=True))

    shortest = find_remedies(instance, held.crews[-1].duties()[0], 3, NEVER)[0]

    assert shortest.waivers == (Waiver("rest", "ana", MONDAY, 2),)
