"""What counting alone tells of half a year: each warning with its figures, and the last roster that needs none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from samples import ENGINEER, LEAD, MONDAY, leave, roster, rotation, schedule, with_rules

from setrota.check.feasibility import shortages
from setrota.check.feasibility.overlooked import overlooked
from setrota.roster import Leave, Length, Limit, Mix, Person, Roster, Rules, Team, seats_named

DUTY = rotation("duty", "primary backup", pool="staff")
SIX = "ana bo cy dee eli fay"
TEAMS = {"red": "ana bo", "blue": "cy dee", "green": "eli fay"}


def two_seats(rules: Rules = Rules(), people: str = SIX, **facts: object) -> Roster:  # noqa: B008
    """Two seats a week for six people of three teams."""
    given = roster(people, [replace(DUTY, **facts)], {key: who for key, who in TEAMS.items() if who in people})  # type: ignore[arg-type]
    return replace(given, rules=rules)


def tagged(given: Roster, tag: str, *handles: str) -> Roster:
    return replace(
        given,
        people={
            handle: replace(person, tags=person.tags | {tag}) if handle in handles else person
            for handle, person in given.people.items()
        },
    )


def warned(given: Roster) -> list[str]:
    never = [each.sentence for each in overlooked(given, schedule(), MONDAY, MONDAY)]
    return [*never, *shortages(given, MONDAY)]


def test_nothing_to_warn_of() -> None:
    assert warned(two_seats()) == []


def test_rest_that_the_pool_allows() -> None:
    # Six people for two seats: a duty every third week, two free weeks.
    assert warned(two_seats(rest=Length(2))) == []
    assert warned(two_seats(rest=Length(3))) == [
        "`duty`: on average 6 available people for 2 seats a week leave at most 2 free weeks between duties, but "
        "`rest` asks for 3; "
        "seats will stay empty"
    ]
    assert warned(two_seats(Rules(relax=("rest",)), rest=Length(3)))[0].endswith("`rest` will give way")


def test_rest_of_a_duty_over_two_weeks() -> None:
    """Two seats a week are one duty a week, of two weeks: six people, each busy two weeks of six."""
    pattern = ("primary", "backup")
    assert warned(two_seats(pattern=pattern, rest=Length(4))) == []
    assert (
        "at most 4 free weeks between duties, but `rest` asks for 5"
        in warned(two_seats(pattern=pattern, rest=Length(5)))[0]
    )


def test_optional_seats_need_nobody() -> None:
    seats = seats_named(("primary", "backup", "shadow"))
    assert warned(two_seats(seats=seats, optional=frozenset({"shadow"}), rest=Length(2))) == []
    assert len(warned(two_seats(seats=seats, rest=Length(2)))) == 1


def test_who_works_too_few_days() -> None:
    given = two_seats(leave_tolerance=1)
    people = {**given.people, "cy": Person("cy", works=frozenset({0, 1, 2}))}
    told = "`duty`: cy can never serve: they work only 3 weekdays a week, and `leave-tolerance` is 1"
    assert warned(replace(given, people=people)) == [told]
    assert warned(replace(two_seats(leave_tolerance=2), people=people)) == []
    # Over two weeks four days are missing.
    assert len(warned(replace(two_seats(leave_tolerance=3, every=Length(2)), people=people))) == 1
    # With rest 2 everybody is needed: five are too few.
    assert any(
        "on average 5 available people for 2 seats a week" in each
        for each in warned(replace(two_seats(rest=Length(2)), people=people))
    )


def test_a_rotation_without_people() -> None:
    away = [Person("ana", leave=(leave(MONDAY, days=400),))]
    assert warned(roster(away, [DUTY])) == [
        "`duty`: almost nobody is available in the coming half year; seats will stay empty"
    ]


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        # Two duties begin a week, 52 in half a year: six people have 54 of nine each, 48 of eight each.
        (Limit(9, Length(26)), None),
        (
            Limit(8, Length(26)),
            "with at most 8 duties in 26 weeks, 6 people can start 1.85 duties a week, but 2.00 are needed",
        ),
        # One primary a week.
        (Limit(1, Length(6), frozenset({"primary"})), None),
        (
            Limit(1, Length(7), frozenset({"primary"})),
            "with at most 1 duty in 7 weeks, 6 people can start 0.86 duties a week, but 1.00 are needed",
        ),
        (Limit(1, Length(52), frozenset({"lead"})), None),
    ],
)
def test_limits_of_duties(limit: Limit, told: str | None) -> None:
    found = warned(two_seats(Rules(limits=(limit,))))
    assert (
        [told in each and each.startswith("`duty`: ") for each in found] == [True] * len(found) if told else not found
    )
    assert len(found) == bool(told)


def test_a_duty_over_two_weeks_counts_once() -> None:
    pattern = ("primary", "backup")
    assert warned(two_seats(Rules(limits=(Limit(1, Length(6), frozenset({"primary"})),)), pattern=pattern)) == []
    assert len(warned(two_seats(Rules(limits=(Limit(1, Length(7), frozenset({"primary"})),)), pattern=pattern))) == 1


def test_a_limit_over_all_rotations() -> None:
    """One person a week here, one there: each alone is within four duties in 26 weeks of seven people, both are not."""
    rotations = [rotation("desk", pool="staff"), rotation("phone", pool="staff")]
    given = with_rules(roster([*SIX.split(), "gus"], rotations), limits=(Limit(4, Length(26)),))
    assert warned(given) == [
        "`desk` and `phone`: with at most 4 duties in 26 weeks, 7 people can start 1.08 duties a week, but 2.00 are "
        "needed; seats will stay empty"
    ]


def test_few_who_may_sit_somewhere() -> None:
    teams = {"primary": frozenset({"red"})}
    # Two of six have a fair share of two thirds of a seat; with rest 1 they can just fill it, with rest 2 they can't.
    told = "`duty`: only 2 people are ready for `primary` (1 seat a period), with a fair share of 0.67; "
    assert warned(two_seats(seat_teams=teams, rest=Length(1))) == [told + "they will serve more than the others"]
    assert warned(two_seats(seat_teams=teams, rest=Length(2))) == [
        told + "they can fill 0.67, so seats will stay empty"
    ]
    assert warned(two_seats(seat_teams={"primary": frozenset({"red", "blue"})})) == []


def test_who_can_sit_nowhere() -> None:
    teams = dict.fromkeys(("primary", "backup"), frozenset({"red", "blue"}))
    assert warned(two_seats(seat_teams=teams)) == ["`duty`: eli and fay can never serve: all seats are for other teams"]


def test_caps_of_teams() -> None:
    assert warned(two_seats(max_per_team=1)) == []
    [told] = warned(two_seats(max_per_team=1, people="ana bo"))[:1]
    assert told == "`duty`: 1 team with `max-per-team = 1` can fill 1 of 2 seats; seats will stay empty"
    # A team of one can't send two.
    four = replace(DUTY, seats=seats_named(("engineer",) * 4), max_per_team=2)
    found = warned(roster("ana bo cy dee", [four], {"red": "ana", "blue": "bo cy dee"}))
    assert found[0] == "`duty`: 2 teams with `max-per-team = 2` can fill 3 of 4 seats; seats will stay empty"


def test_a_cap_over_all_rotations() -> None:
    """Four engineers and a lead are five seats; three teams of two may serve three, and with two each five."""
    given = roster([*SIX.split()], [ENGINEER, LEAD], TEAMS)
    told = "with `max-per-team = 1` over all rotations, 3 teams can fill 3 of 5 seats; seats will stay empty"
    assert told in warned(with_rules(given, max_per_team=1))
    assert warned(with_rules(given, max_per_team=2)) == []


def test_a_team_that_rests() -> None:
    # Three teams, one or two of each every second week: 1.5 with a cap, 3 without.
    assert warned(two_seats(team_rest=Length(1))) == []
    assert warned(two_seats(team_rest=Length(1), max_per_team=1)) == [
        "`duty`: with a `team-rest` of 1 week, 3 teams can fill 1.50 of 2 seats a period; seats will stay empty"
    ]


@pytest.mark.parametrize(("of_rota", "of_rotation"), [(1, 2), (2, 1)])
def test_of_two_caps_the_smaller_counts(of_rota: int, of_rotation: int) -> None:
    given = two_seats(Rules(max_per_team=of_rota), "ana bo", max_per_team=of_rotation)
    said = "`duty`: 1 team with `max-per-team = 1` can fill 1 of 2 seats; seats will stay empty"
    assert said in warned(given)


def test_a_team_rests_for_whole_periods() -> None:
    """A week of rest keeps a team from all of the fortnight that follows."""
    assert warned(two_seats(every=Length(2), team_rest=Length(1), max_per_team=1)) == [
        "`duty`: with a `team-rest` of 1 week, 3 teams can fill 1.50 of 2 seats a period; seats will stay empty"
    ]


def test_teams_that_stay_apart() -> None:
    apart = Rules(teams_apart=(frozenset({"red", "blue", "green"}),))
    assert warned(two_seats(apart)) == []
    assert warned(two_seats(apart, max_per_team=1)) == [
        "`duty`: with only one of `blue`, `green` or `red` at a time, at most 1.00 of 2 seats a period can be filled; "
        "seats will stay empty"
    ]


def test_people_who_stay_apart() -> None:
    assert warned(two_seats(Rules(never_together=(frozenset({"ana", "bo", "cy", "dee", "eli"}),)))) == []
    # With rest 1 fay serves every second week only.
    most = Rules(never_together=(frozenset({"ana", "bo", "cy", "dee", "eli"}),))
    assert warned(two_seats(most, rest=Length(1))) == [
        "`duty`: with `never-together`, at most 1.50 of 2 seats a period can be filled; seats will stay empty"
    ]


def mix(**terms: object) -> Rules:
    return Rules(mix=(Mix(tags=frozenset({"senior"}), rotations=frozenset({"duty"}))._replace(**terms),))  # type: ignore[arg-type]


def test_too_few_people_with_a_tag() -> None:
    # One seat a week for seniors: three of six have a fair share of one; two have less, and with rest 2 leave it empty.
    assert warned(tagged(two_seats(mix(at_least=1), rest=Length(2)), "senior", "ana", "bo", "cy")) == []
    two = tagged(two_seats(mix(at_least=1), rest=Length(1)), "senior", "ana", "bo")
    told = "`duty`: `mix` keeps 1 seat a period for 2 people tagged `senior`, with a fair share of 0.67; "
    assert warned(two) == [told + "they will serve more than the others"]
    two = tagged(two_seats(mix(at_least=1), rest=Length(2)), "senior", "ana", "bo")
    assert warned(two) == [told + "they can fill 0.67, so seats will stay empty"]


def test_who_has_the_tag_must_be_ready_too() -> None:
    given = tagged(two_seats(mix(at_least=1, kinds=frozenset({"primary"}))), "senior", "ana", "bo", "cy")
    assert warned(given) == []
    unready = {handle: replace(given.people[handle], not_seats=frozenset({"primary"})) for handle in ("ana", "bo")}
    [told] = warned(replace(given, people={**given.people, **unready}))
    assert told.startswith(
        "`duty`: `mix` keeps 1 seat a period for 1 person tagged `senior`, with a fair share of 0.33"
    )


def test_too_few_without_a_tag() -> None:
    assert warned(tagged(two_seats(mix(at_most=1)), "senior", "ana", "bo", "cy")) == []
    assert warned(tagged(two_seats(mix(at_most=1)), "senior", "ana", "bo", "cy", "dee")) == [
        "`duty`: `mix` lets 1 tagged `senior` serve, which leaves 1 seat a period for 2 other people, with a fair "
        "share of 0.67; they will serve more than the others"
    ]
    assert warned(tagged(two_seats(mix(at_most=2)), "senior", *SIX.split())) == []


def test_too_few_different_tags() -> None:
    given = two_seats(mix(tags=frozenset({"emea", "apac"}), at_least=2, distinct=True))
    assert warned(tagged(tagged(given, "emea", "ana"), "apac", "bo")) == [
        "`duty`: cy, dee, eli and fay can never serve: `mix` leaves no seat for them"
    ]
    assert warned(tagged(given, "emea", "ana"))[1:] == [
        "`duty`: `mix` asks for 2 different tags of `apac` and `emea`, but people have only 1 of them; "
        "seats will stay empty"
    ]


def test_tags_of_several_rotations_together() -> None:
    """One senior among the two on duty and the lead: gus alone, who leads every second week, is half of that."""
    both = frozenset({"duty", "lead"})
    given = two_seats(mix(rotations=both, at_least=1), rest=Length(1))
    lead = rotation("lead", rest=Length(1))
    given = replace(
        given,
        rotations={**given.rotations, "lead": lead},
        teams={**given.teams, "leads": Team("leads", "Leads", {lead.pool: ("gus", "hal")})},
        people={**given.people, "gus": Person("gus"), "hal": Person("hal")},
    )
    assert warned(tagged(given, "senior", "ana", "bo", "gus")) == []
    assert warned(tagged(given, "senior", "gus")) == [
        "`lead`: hal can serve only where a seat stays empty anyway: any crew with them leaves a seat empty "
        "because of `mix`",
        "`mix` keeps 1 seat at a time in `duty` and `lead` together for 1 person tagged `senior`, with a fair share of "
        "0.50; they can fill 0.50, so seats will stay empty",
    ]
    crowded = replace(given, rules=mix(rotations=both, at_most=1))
    assert shortages(tagged(crowded, "senior", *SIX.split()), MONDAY) == [
        "`mix` lets 1 tagged `senior` serve, which leaves 2 seats at a time in `duty` and `lead` together for 2 other "
        "people, with a fair share of 1.00; they can fill 1.00, so seats will stay empty"
    ]


def test_a_week_of_leave_does_not_alarm() -> None:
    given = two_seats(rest=Length(2))
    people = {**given.people, "ana": Person("ana", leave=(Leave(MONDAY, MONDAY.replace(day=18)),))}
    assert warned(replace(given, people=people)) == []


def test_a_share_that_rest_does_not_allow() -> None:
    """ana's share is five of ten: one of two seats a week, and with rest 1 she serves every second week."""
    given = two_seats(rest=Length(1))
    told = (
        "`duty`: the fair share of ana is up to 1.00 duties a period, but `rest` allows only 0.50; "
        "others will serve more"
    )
    assert warned(replace(given, people={**given.people, "ana": Person("ana", shares={"duty": 5.0})})) == [told]
    assert warned(replace(two_seats(), people={**given.people, "ana": Person("ana", shares={"duty": 5.0})})) == []


def test_of_many_shares_that_rest_does_not_allow_few_are_named() -> None:
    """Five of seventeen people owe most of the two seats."""
    handles = [f"p{number:02}" for number in range(17)]
    given = roster(
        [Person(each, shares={"duty": 1.0 if each < "p05" else 0.1}) for each in handles],
        [replace(DUTY, rest=Length(3))],
        {"red": " ".join(handles)},
    )
    assert warned(given) == [
        "`duty`: the fair share of p00, p01, p02 and 2 others is up to 0.32 duties a period, but `rest` allows only "
        "0.25; others will serve more"
    ]


def test_a_rest_too_long_for_the_pool_is_said_once() -> None:
    """Everyone but ana owes more than `rest` allows, which is no reason to list them all."""
    given = two_seats(rest=Length(30))
    given = replace(given, people={**given.people, "ana": Person("ana", shares={"duty": 0.01})})
    assert warned(given) == [
        "`duty`: on average 6 available people for 2 seats a week leave at most 2 free weeks between duties, but "
        "`rest` asks for 30; "
        "seats will stay empty"
    ]


def test_sets_that_overlap_are_counted_once() -> None:
    """Of ana, bo, cy and dee one may serve, of dee, eli and fay too; only the first is sure to leave 3 people.

    With dee, who is in both, nobody may serve.
    """
    sets = (frozenset({"ana", "bo", "cy", "dee"}), frozenset({"dee", "eli", "fay"}))
    assert warned(two_seats(Rules(never_together=sets))) == [
        "`duty`: dee can serve only where a seat stays empty anyway: any crew with them leaves a seat empty "
        "because of `never-together`"
    ]
