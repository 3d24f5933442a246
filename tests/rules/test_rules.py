"""Each rule alone: both sides of its boundary, duties covered in part, and who is exempt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from samples import DAY, ENGINEER, LEAD, PATTERN, changed, crews, exempt, leave, roster, schedule, week, with_rules

from setrota.roster import (
    ALWAYS,
    ALWAYS_BINDING,
    RELAXABLE,
    Away,
    Length,
    Limit,
    Mix,
    Person,
    Pin,
    Roster,
    Rules,
    Team,
    seats_named,
)
from setrota.rules import RULES, Violation, unfilled, violations
from setrota.rules.evidence import binding
from setrota.rules.spacing import followers
from setrota.schedule import Crew, runs

pytestmark = pytest.mark.quick


def broken(given: Roster, *crews: Iterable[Crew]) -> list[Violation]:
    return violations(given, schedule(*crews))


def breaches(given: Roster, *crews: Iterable[Crew], rule: str) -> list[tuple[date, tuple[str, ...]]]:
    """When and by whom a rule is broken; no other rule is."""
    found = broken(given, *crews)
    assert {each.rule for each in found} <= {rule}, found
    return [(each.period.start, each.people) for each in found]


def test_the_rules_and_their_order() -> None:
    assert " ".join(rule.name for rule in RULES) == (
        "grid one-duty rest membership leave team-away not-seats seat-teams pattern max-per-team team-rest teams-apart "
        "max-duties mix never-together pins"
    )
    assert {rule.name for rule in RULES} == {*RELAXABLE, *ALWAYS_BINDING}
    assert ALWAYS_BINDING == ("grid", "one-duty", "membership", "pattern", "pins")


# grid and empty seats


def test_an_optional_seat_needs_no_line_and_nobody_in_it() -> None:
    shadowed = replace(ENGINEER, seats=seats_named(("primary", "shadow")), optional=frozenset({"shadow"}))
    [crew] = crews("ana", of=shadowed)
    assert broken(roster("ana", [shadowed]), [crew]) == []
    assert broken(roster("ana", [shadowed]), [replace(crew, seats={"primary": "ana"})]) == []
    assert [each.rule for each in broken(roster("ana", [shadowed]), [replace(crew, seats={"shadow": "ana"})])] == [
        "grid"
    ]
    [nobody] = crews("-", of=shadowed)
    empty = unfilled(roster("ana", [shadowed]), schedule([nobody]), week(0))
    assert [duty.seat for _, duty in empty] == ["primary"]
    assert unfilled(roster("ana", [shadowed]), schedule([nobody]), week(1)) == []


def test_an_optional_seat_is_a_duty_like_others() -> None:
    shadowed = replace(
        ENGINEER, seats=seats_named(("primary", "shadow")), optional=frozenset({"shadow"}), rest=Length(1)
    )
    assert breaches(roster("ana", [shadowed]), crews("- ana | ana -", of=shadowed), rule="rest") == [
        (week(1), ("ana",))
    ]


# one-duty


def test_a_long_duty_meets_every_short_one_within_it() -> None:
    """The lead lasts three weeks; the duties of its second and third week are one after the other, not at once."""
    lead = replace(LEAD, every=Length(3))
    held = [*crews("ana", of=lead), *crews("- | ana | ana | ana")]
    assert breaches(roster("ana", [ENGINEER, lead]), held, rule="one-duty") == [
        (week(1), ("ana",)),
        (week(2), ("ana",)),
    ]


# leave, and teams that are away


@pytest.mark.parametrize(("days", "kept"), [(1, True), (2, False)])
def test_leave_is_tolerated_on_so_many_days(days: int, kept: bool) -> None:
    tolerant = replace(ENGINEER, leave_tolerance=1)
    given = roster([Person("ana", leave=(leave(week(0), days=days),))], [tolerant])
    assert breaches(given, crews("ana"), rule="leave") == ([] if kept else [(week(0), ("ana",))])


def test_days_that_somebody_does_not_work_are_like_leave() -> None:
    given = roster([Person("ana", works=frozenset({0, 1, 2, 3}))], [ENGINEER])
    [violation] = broken(given, crews("ana"))
    # Nobody is told whether it is leave.
    assert (violation.rule, violation.message) == ("leave", "ana (primary) is away")
    assert broken(roster(given.people.values(), [replace(ENGINEER, leave_tolerance=1)]), crews("ana")) == []
    # Whoever works on weekends only lacks nothing but working days.
    weekdays = roster([Person("ana", works=frozenset({0, 1, 2, 3, 4}))], [ENGINEER])
    assert broken(weekdays, crews("ana")) == []


def test_what_somebody_else_covers_is_no_day_away() -> None:
    given = roster([Person("ana", leave=(leave(week(0) + 2 * DAY),)), "bo"], [ENGINEER])
    [crew] = crews("ana")
    assert breaches(given, [crew], rule="leave") == [(week(0), ("ana",))]
    assert broken(given, [changed(crew, "primary", "bo", week(0) + 2 * DAY, week(0) + 3 * DAY)]) == []


def test_days_away_add_up_over_the_seats_of_a_period() -> None:
    """Away on Tuesday as primary and on Thursday as backup: two days, one tolerated."""
    person = Person("ana", leave=(leave(week(0) + DAY), leave(week(0) + 3 * DAY)))
    [crew] = crews("ana bo")
    moved = changed(changed(crew, "primary", "bo", week(0) + 2 * DAY), "backup", "ana", week(0) + 2 * DAY)
    for tolerance, times in ((1, 2), (2, 0)):
        given = roster([person, "bo"], [replace(ENGINEER, leave_tolerance=tolerance)])
        assert breaches(given, [moved], rule="leave") == [(week(0), ("ana",))] * times


@pytest.mark.parametrize(("day", "kept"), [(4, False), (5, True), (-1, True)])
def test_nobody_of_a_team_that_is_away_serves(day: int, kept: bool) -> None:
    given = roster("ana bo", [ENGINEER], {"red": "ana", "blue": "bo ana"})
    first = week(0) + DAY * day
    blue = replace(given.teams["blue"], away=(Away(first, first + DAY, owes=True),))
    given = replace(given, teams={**given.teams, "blue": blue})
    # ana is in red too; any team counts.
    found = [] if kept else [(week(0), ("ana",)), (week(0), ("bo",))]
    assert breaches(given, crews("ana bo"), rule="team-away") == found
    for_ana = with_rules(given, exemptions=exempt("team-away", "ana", week(0) + 6 * DAY))
    assert breaches(for_ana, crews("ana bo"), rule="team-away") == found[1:]


# seats


def test_a_seat_of_some_teams() -> None:
    kept = replace(ENGINEER, seat_teams={"primary": frozenset({"red"})})
    given = roster("ana bo cy", [kept], {"red": "ana", "blue": "bo cy"})
    assert breaches(given, crews("ana bo cy", of=kept), rule="seat-teams") == []
    [violation] = broken(given, crews("bo ana cy", of=kept))
    assert (violation.rule, violation.people) == ("seat-teams", ("bo",))
    assert violation.message == "`primary` is only for people of `red`, not for bo"
    assert broken(with_rules(given, exemptions=exempt("seat-teams", "bo", week(0))), crews("bo ana cy", of=kept)) == []


@pytest.mark.parametrize(("day", "kept"), [(-1, False), (0, True), (6, True), (7, False)])
def test_an_exemption_holds_in_the_period_that_has_its_day(day: int, kept: bool) -> None:
    given = roster([Person("ana", not_seats=frozenset({"primary"}))], [ENGINEER])
    given = with_rules(given, exemptions=exempt("not-seats", "ana", week(0) + DAY * day))
    assert (broken(given, crews("ana")) == []) is kept
    assert broken(with_rules(given, exemptions=exempt("rest", "ana", week(0))), crews("ana")) != []


# rest and runs


def test_rest_is_left_out_if_either_duty_is_exempt() -> None:
    given = roster("ana", [replace(ENGINEER, rest=Length(2))])
    held = crews("ana | - | ana")
    assert breaches(given, held, rule="rest") == [(week(2), ("ana",))]
    for number, kept in ((0, True), (1, False), (2, True)):
        exempted = with_rules(given, exemptions=exempt("rest", "ana", week(number)))
        assert (broken(exempted, held) == []) is kept


def test_the_steps_of_a_pattern_are_one_run() -> None:
    given = roster("ana bo cy dee", [PATTERN])
    held = crews("ana dee | bo ana | cy bo | ana cy", of=PATTERN)
    found = runs(given, held)
    assert [(run.start, run.end) for run in found["ana"]] == [(week(0), week(2)), (week(3), week(4))]
    assert [(run.start, run.end) for run in found["bo"]] == [(week(1), week(3))]
    assert found["ana"][0].kinds == {"backup", "primary"}
    assert [period.start for period in found["ana"][0].periods] == [week(0), week(1)]


def test_what_is_no_step_further_is_another_run() -> None:
    given = roster("ana bo", [PATTERN])
    # Primary, then backup: two runs. The same seat twice: two runs. A week between: two runs.
    for weeks in ("- ana | ana -", "ana - | ana -", "ana - | - - | - ana"):
        assert len(runs(given, crews(weeks, of=PATTERN))["ana"]) == 2
    # Without a pattern every stint is a run.
    assert len(runs(roster("ana"), crews("- ana | ana -"))["ana"]) == 2


def test_a_kind_may_occur_twice_in_a_pattern() -> None:
    kinds = ("backup", "backup", "primary")
    long = replace(PATTERN, seats=seats_named(kinds), pattern=kinds)
    given = roster("ana", [long])
    # Backup twice and primary is one run; a third week of backup begins another.
    assert len(runs(given, crews("ana | - ana | - - ana", of=long))["ana"]) == 1
    assert len(runs(given, crews("ana | ana | ana", of=long))["ana"]) == 2
    # Who came for the second step is done after the third.
    assert len(runs(given, crews("ana | - - ana | ana", of=long))["ana"]) == 2


def test_rest_counts_runs() -> None:
    given = roster("ana bo", [replace(PATTERN, rest=Length(2))])
    assert broken(given, crews("ana - | - ana | - - | - - | ana -", of=PATTERN)) == []
    assert breaches(given, crews("ana - | - ana | - - | ana -", of=PATTERN), rule="rest") == [(week(3), ("ana",))]


def test_an_exemption_in_one_week_of_a_run_is_one_of_the_run() -> None:
    given = roster("ana", [replace(PATTERN, rest=Length(2))])
    held = crews("ana - | - ana | - - | ana -", of=PATTERN)
    assert broken(with_rules(given, exemptions=exempt("rest", "ana", week(0))), held) == []


# pattern


def test_who_begins_goes_on() -> None:
    given = roster("ana bo cy", [PATTERN])
    assert breaches(given, crews("ana - | bo ana | - bo", of=PATTERN), rule="pattern") == []
    found = broken(given, crews("ana - | bo cy", of=PATTERN))
    assert [(each.rule, each.period.start, each.people) for each in found] == [("pattern", week(1), ("ana",))]
    assert found[0].message == "ana was `backup` from 2027-01-04 on and should continue as `primary`"
    # Also if nobody has it; not if nothing follows, or a week is missing.
    assert breaches(given, crews("ana - | bo -", of=PATTERN), rule="pattern") == [(week(1), ("ana",))]
    assert breaches(given, crews("ana - ", of=PATTERN), crews("bo cy", 2, PATTERN), rule="pattern") == []


def test_who_cannot_go_on_need_not() -> None:
    people = [Person("ana", leave=(leave(week(1)),)), "bo", "cy"]
    assert broken(roster(people, [PATTERN]), crews("ana - | bo cy", of=PATTERN)) == []
    assert [each.rule for each in broken(roster("bo cy", [PATTERN]), crews("ana - | bo cy", of=PATTERN))] == [
        "membership"
    ]
    # Who may serve although they are away can go on.
    exempted = with_rules(roster(people, [PATTERN]), exemptions=exempt("leave", "ana", week(1)))
    assert breaches(exempted, crews("ana - | bo cy", of=PATTERN), rule="pattern") == [(week(1), ("ana",))]


def test_a_cover_of_some_days_does_not_oblige() -> None:
    """cy is backup on Monday and Tuesday; ana had more of the week, and goes on."""
    given = roster("ana bo cy", [PATTERN])
    first, second = crews("ana - | bo ana", of=PATTERN)
    first = changed(first, "backup", "cy", week(0), week(0) + 2 * DAY)
    assert broken(given, [first, second]) == []
    assert followers(given, first, second.period) == {"ana": frozenset({"primary"})}


def test_any_kind_that_may_follow_will_do() -> None:
    kinds = ("backup", "backup", "primary")
    long = replace(PATTERN, seats=seats_named(kinds), pattern=kinds)
    given = roster("ana bo cy dee eli", [long])
    assert broken(given, crews("ana bo - | dee ana bo | eli dee ana", of=long)) == []
    assert breaches(given, crews("ana bo cy | dee eli bo", of=long), rule="pattern") == [(week(1), ("ana",))]


# max-per-team and team-rest


def test_a_cap_over_all_rotations() -> None:
    given = with_rules(roster("ana bo cy", teams={"red": "ana bo", "blue": "cy"}), max_per_team=1)
    assert breaches(given, crews("ana cy"), rule="max-per-team") == []
    # The lead's two weeks begin in week 0, bo's only in week 1: the later one is flagged.
    found = broken(given, crews("cy | bo"), crews("ana", of=LEAD))
    assert [(each.rule, each.period.rotation, each.period.start) for each in found] == [
        ("max-per-team", "engineer", week(1))
    ]
    assert found[0].people == ("ana", "bo")
    assert (
        found[0].message
        == "2 people of team `red` serve at one time in all rotations together (ana and bo), but at most 1 may"
    )
    assert broken(with_rules(given, max_per_team=2), crews("cy | bo"), crews("ana", of=LEAD)) == []
    assert (
        broken(
            with_rules(given, exemptions=exempt("max-per-team", "ana", week(1))), crews("- | bo"), crews("ana", of=LEAD)
        )
        == []
    )
    # In the lead's second week ana is exempt as well: it is the period that counts.
    assert (
        broken(
            with_rules(given, exemptions=exempt("max-per-team", "ana", week(0))), crews("- | bo"), crews("ana", of=LEAD)
        )
        == []
    )


def test_people_who_replace_each_other_do_not_crowd() -> None:
    capped = replace(ENGINEER, max_per_team=1)
    given = with_rules(roster("ana bo", [capped]), max_per_team=1)
    [crew] = crews("ana")
    assert broken(given, [changed(crew, "primary", "bo", week(0) + 2 * DAY)]) == []
    both = changed(crew, "backup", "bo", week(0) + 6 * DAY)
    assert [each.rule for each in broken(given, [both])] == ["max-per-team", "max-per-team"]


def test_an_exempt_person_is_not_counted_in_a_crew() -> None:
    given = roster("ana bo cy", [replace(ENGINEER, max_per_team=1)])
    exempted = with_rules(given, exemptions=exempt("max-per-team", "bo", week(0)))
    assert broken(exempted, crews("ana bo")) == []
    assert breaches(exempted, crews("ana bo cy"), rule="max-per-team") == [(week(0), ("ana", "cy"))]


@pytest.mark.parametrize(("weeks", "kept"), [("ana | - | bo", False), ("ana | - | - | bo", True), ("ana bo", True)])
def test_a_team_rests(weeks: str, kept: bool) -> None:
    given = roster("ana bo", [replace(ENGINEER, team_rest=Length(2))])
    # A person's own rest is not the team's affair.
    assert broken(given, crews("ana | ana")) == []
    found = breaches(given, crews(weeks), rule="team-rest")
    assert found == ([] if kept else [(week(2), ("bo", "ana"))])


@pytest.mark.parametrize("weeks", [1, 2])
def test_a_team_rests_to_the_day(weeks: int) -> None:
    """Whole weeks are counted in days: a colleague who takes over a day too soon breaks the rest."""
    given = roster("ana bo", [replace(ENGINEER, team_rest=Length(weeks), serves=ALWAYS)])
    [crew] = crews("-", weeks + 1)
    [before] = crews("-", weeks)
    [ana] = crews("ana")
    assert breaches(given, [ana, changed(crew, "primary", "bo", week(weeks + 1))], rule="team-rest") == []
    assert breaches(given, [ana, changed(before, "primary", "bo", week(weeks + 1) - DAY)], rule="team-rest") == [
        (week(weeks), ("bo", "ana"))
    ]


def test_a_teams_rest_is_of_one_rotation_and_one_team() -> None:
    rested = replace(ENGINEER, team_rest=Length(2))
    assert broken(roster("ana bo", [rested, LEAD]), crews("- | ana"), crews("- | bo", of=LEAD)) == []
    assert broken(roster("ana bo", [rested], {"red": "ana", "blue": "bo"}), crews("ana | bo")) == []
    given = with_rules(roster("ana bo", [rested]), exemptions=exempt("team-rest", "ana", week(0)))
    assert broken(given, crews("ana | bo")) == []


def test_who_covers_within_a_period_breaks_no_rest_of_the_team() -> None:
    given = roster("ana bo cy", [replace(ENGINEER, team_rest=Length(1))])
    [crew] = crews("ana")
    covered = changed(crew, "primary", "bo", week(0) + 2 * DAY)
    assert broken(given, [covered]) == []
    # ana's duty ended on Tuesday: twelve days are free until week 2, bo's ended with the week.
    assert breaches(given, [covered], crews("cy", 1), rule="team-rest") == [
        (week(1), ("cy", "ana")),
        (week(1), ("cy", "bo")),
    ]
    assert breaches(given, [covered], crews("cy", 2), rule="team-rest") == []


def test_a_team_rests_after_whole_runs() -> None:
    given = roster("ana bo cy", [replace(PATTERN, team_rest=Length(1))])
    # bo's run overlaps ana's by a week; cy's begins as ana's ends.
    assert broken(given, crews("ana - | bo ana | - bo", of=PATTERN)) == []
    assert breaches(given, crews("ana - | bo ana | cy bo | - cy", of=PATTERN), rule="team-rest") == [
        (week(2), ("cy", "ana"))
    ]


def test_teams_apart() -> None:
    apart = Rules(teams_apart=(frozenset({"red", "blue"}),))
    given = roster("ana bo cy dee", teams={"red": "ana bo", "blue": "cy", "green": "dee"}, rules=apart)
    assert broken(given, crews("ana bo dee | dee"), crews("cy", of=LEAD)) == []
    assert broken(given, crews("ana bo dee | cy dee")) == []
    found = broken(given, crews("ana bo cy"))
    assert [(each.rule, each.people) for each in found] == [
        ("teams-apart", ("ana", "cy")),
        ("teams-apart", ("bo", "cy")),
    ]
    assert found[0].message == "ana and cy serve together, but their teams `red` and `blue` must stay apart"
    exempted = with_rules(given, exemptions=exempt("teams-apart", "cy", week(0)))
    assert broken(exempted, crews("ana bo cy")) == []
    [crew] = crews("ana")
    assert broken(given, [changed(crew, "primary", "cy", week(0) + DAY)]) == []


def test_somebody_of_both_teams_is_apart_from_each() -> None:
    apart = Rules(teams_apart=(frozenset({"red", "blue"}),))
    given = roster("ana bo", teams={"red": "ana bo", "blue": "ana"}, rules=apart)
    assert broken(given, crews("ana")) == []
    assert breaches(given, crews("ana bo"), rule="teams-apart") == [(week(0), ("ana", "bo"))]


# max-duties


@pytest.mark.parametrize(("weeks", "last"), [(4, None), (5, 4)])
def test_so_many_duties_in_so_many_weeks(weeks: int, last: int | None) -> None:
    given = with_rules(roster("ana"), limits=(Limit(2, Length(weeks)),))
    # Weeks 0, 2 and 4: the third begins four weeks after the first.
    found = breaches(given, crews("ana | - | ana | - | ana"), rule="max-duties")
    assert found == ([] if last is None else [(week(last), ("ana",))])


def test_each_further_duty_is_one_too_many() -> None:
    given = with_rules(roster("ana"), limits=(Limit(1, Length(26)),))
    assert breaches(given, crews("ana | ana | ana"), rule="max-duties") == [(week(1), ("ana",)), (week(2), ("ana",))]
    exempted = with_rules(given, exemptions=exempt("max-duties", "ana", week(1)))
    assert breaches(exempted, crews("ana | ana | ana"), rule="max-duties") == [(week(2), ("ana",))]


def test_only_some_seats_count() -> None:
    given = roster("ana")
    held = crews("ana | - ana | - - ana"), crews("ana", 4, of=LEAD)
    for seats, times in (("primary", 0), ("engineer", 2), ("lead", 0), ("engineer/backup primary", 1), ("", 3)):
        limited = with_rules(given, limits=(Limit(1, Length(26), frozenset(seats.split())),))
        assert len(breaches(limited, *held, rule="max-duties")) == times
    [violation] = broken(
        with_rules(given, limits=(Limit(1, Length(26), frozenset({"lead"})),)), crews("ana | ana", of=LEAD)
    )
    assert (
        violation.message
        == "ana has 2 duties in `lead` within 26 weeks (the first on 2027-01-04), but may have at most 1"
    )


def test_a_run_is_one_duty() -> None:
    given = with_rules(roster("ana bo cy", [PATTERN]), limits=(Limit(1, Length(26), frozenset({"primary"})),))
    assert broken(given, crews("ana - | bo ana | - bo", of=PATTERN)) == []
    # It counts if one of its seats does, from its first week on.
    found = breaches(given, crews("ana - | - ana | ana - | - ana", of=PATTERN), rule="max-duties")
    assert found == [(week(2), ("ana",))]


# mix

SENIORS = [Person("ana", tags=frozenset({"senior"})), Person("bo", tags=frozenset({"senior"})), "cy", "dee", "eli"]
ZONES = [
    Person("ana", tags=frozenset({"emea"})),
    Person("bo", tags=frozenset({"apac"})),
    Person("cy", tags=frozenset({"amer"})),
    Person("dee", tags=frozenset({"amer"})),
    "eli",
]
IN_ENGINEER = frozenset({"engineer"})


def mixed(people: list[Person | str], tags: str, **terms: object) -> Roster:
    given = roster(people)
    mix = Mix(tags=frozenset(tags.split()), rotations=IN_ENGINEER)._replace(**terms)  # type: ignore[arg-type]
    return with_rules(given, mix=(mix,))


@pytest.mark.parametrize(
    ("people", "kept"),
    [
        # Four seats, one for a senior: three others fill the rest, a fourth takes the senior's.
        ("cy dee eli", True),
        ("cy dee eli fay", False),
        ("cy dee eli ana", True),
        ("-", True),
    ],
)
def test_at_least_one_keeps_a_seat_free(people: str, kept: bool) -> None:
    given = mixed([*SENIORS, "fay"], "senior", at_least=1)
    found = breaches(given, crews(people), rule="mix")
    assert found == ([] if kept else [(week(0), ("cy", "dee", "eli", "fay"))])


def test_at_least_among_some_kinds_of_seat() -> None:
    given = mixed(SENIORS, "senior", at_least=1, kinds=frozenset({"primary", "backup"}))
    assert broken(given, crews("cy ana | cy - | - - cy dee")) == []
    [violation] = broken(given, crews("cy dee ana bo"))
    assert violation.people == ("cy", "dee")
    assert violation.message == "with cy and dee no seat could go to people tagged `senior`, but at least 1 must"
    assert violation.short == "leaving no seat for senior"


def test_at_least_asks_for_no_more_than_there_are_seats() -> None:
    given = mixed(SENIORS, "senior", at_least=2, kinds=frozenset({"primary"}))
    assert broken(given, crews("ana cy")) == []
    assert breaches(given, crews("cy ana"), rule="mix") == [(week(0), ("cy",))]


def test_optional_seats_are_none_to_keep_free() -> None:
    shadowed = replace(ENGINEER, seats=seats_named(("primary", "shadow")), optional=frozenset({"shadow"}))
    mix = Mix(tags=frozenset({"senior"}), rotations=IN_ENGINEER, at_least=1)
    given = roster(SENIORS, [shadowed], rules=Rules(mix=(mix,)))
    assert breaches(given, crews("cy", of=shadowed), rule="mix") == [(week(0), ("cy",))]
    assert broken(given, crews("ana cy", of=shadowed)) == []
    # At most counts them.
    given = with_rules(given, mix=(mix._replace(at_least=0, at_most=1),))
    assert breaches(given, crews("ana bo", of=shadowed), rule="mix") == [(week(0), ("ana", "bo"))]


def test_an_exempt_person_counts_as_an_empty_seat() -> None:
    given = mixed([*SENIORS, "fay"], "senior", at_least=1)
    exempted = with_rules(given, exemptions=exempt("mix", "cy", week(0)))
    assert broken(exempted, crews("cy dee eli fay")) == []
    crowded = mixed(SENIORS, "senior", at_most=1)
    assert breaches(crowded, crews("ana bo"), rule="mix") == [(week(0), ("ana", "bo"))]
    assert broken(with_rules(crowded, exemptions=exempt("mix", "bo", week(0))), crews("ana bo")) == []


def test_at_most_so_many_at_once() -> None:
    given = mixed(SENIORS, "senior", at_most=1)
    assert broken(given, crews("ana cy | dee"), crews("bo", of=LEAD)) == []
    assert broken(given, crews("ana cy | bo dee")) == []
    [crew] = crews("ana cy")
    assert broken(given, [changed(crew, "primary", "bo", week(0) + DAY)]) == []
    assert breaches(given, [changed(crew, "backup", "bo", week(0) + DAY)], rule="mix") == [(week(0), ("ana", "bo"))]
    assert (
        broken(mixed(SENIORS, "senior", at_most=0), crews("ana"))[0].message
        == "1 person tagged `senior` on duty (ana), but at most 0 may be"
    )


def test_different_tags_at_most() -> None:
    given = mixed(ZONES, "emea apac amer", at_most=2, distinct=True)
    # Two Americans are one tag; who has none doesn't count.
    assert broken(given, crews("ana cy dee eli")) == []
    [violation] = broken(given, crews("ana bo cy"))
    assert violation.people == ("ana", "bo", "cy")
    assert broken(with_rules(given, exemptions=exempt("mix", "bo", week(0))), crews("ana bo cy")) == []


def test_different_tags_at_least() -> None:
    given = mixed(ZONES, "emea apac amer", at_least=2, distinct=True)
    # One tag and one empty seat are enough, one tag and none are not.
    assert broken(given, crews("cy dee eli")) == []
    full = roster([*ZONES, "fay"], rules=given.rules)
    assert breaches(full, crews("cy dee eli fay"), rule="mix") == [(week(0), ("cy", "dee", "eli", "fay"))]
    assert broken(full, crews("cy dee eli ana")) == []
    assert broken(with_rules(full, exemptions=exempt("mix", "fay", week(0))), crews("cy dee eli fay")) == []


def in_both(people: list[Person | str], tags: str, **terms: object) -> Roster:
    """A mix that counts the engineers and the leads, who change every two weeks, together."""
    return mixed(people, tags, rotations=frozenset({"engineer", "lead"}), **terms)


def test_at_most_so_many_at_once_in_several_rotations() -> None:
    given = in_both(SENIORS, "senior", at_most=1)
    assert broken(given, crews("ana cy | dee"), crews("eli", of=LEAD)) == []
    # bo leads in both weeks; ana meets him in the second one.
    [violation] = broken(given, crews("cy dee | ana eli"), crews("bo", of=LEAD))
    assert (violation.period.start, violation.people) == (week(1), ("ana", "bo"))
    assert violation.message == (
        "2 people tagged `senior` on duty in `engineer` and `lead` together (ana and bo), but at most 1 may be"
    )
    exempted = with_rules(given, exemptions=exempt("mix", "ana", week(1)))
    assert broken(exempted, crews("cy dee | ana eli"), crews("bo", of=LEAD)) == []
    # A rotation by itself may have no more than that either.
    assert breaches(given, crews("ana bo"), rule="mix") == [(week(0), ("ana", "bo"))]


def test_at_most_counts_each_day() -> None:
    """The lead's service ends on Friday: the other senior may begin on Saturday, but not on Friday."""
    given = in_both(SENIORS, "senior", at_most=1)
    assert broken(given, crews("bo", of=LEAD), crews("ana cy", 2)) == []
    [before] = crews("cy dee", 1)
    for days, expected in ((2, []), (3, [(week(1), ("ana", "bo"))])):
        other = changed(before, "primary", "ana", week(2) - days * DAY)
        assert breaches(given, crews("bo", of=LEAD), [other], rule="mix") == expected


@pytest.mark.parametrize(
    ("engineers", "lead", "kept"),
    [
        # Five seats, one for a senior: it may be the lead's, or any of the engineers'.
        ("cy dee eli fay", "ana", True),
        ("cy dee eli ana", "gus", True),
        ("cy dee eli -", "gus", True),
        ("cy dee eli fay", "-", True),
        ("cy dee eli fay", "gus", False),
    ],
)
def test_at_least_one_in_several_rotations(engineers: str, lead: str, kept: bool) -> None:
    given = in_both([*SENIORS, "fay", "gus"], "senior", at_least=1)
    found = breaches(given, crews(engineers), crews(lead, of=LEAD), rule="mix")
    assert found == ([] if kept else [(week(0), ("cy", "dee", "eli", "fay", "gus"))])


def test_where_a_rotation_has_no_crew_its_seats_are_free() -> None:
    given = in_both([*SENIORS, "fay", "gus"], "senior", at_least=1)
    assert broken(given, crews("cy dee eli fay")) == []
    # The lead of the first two weeks ends; in the third nobody is planned yet.
    assert breaches(given, crews("- | - | cy dee eli fay"), crews("gus", of=LEAD), rule="mix") == []


def test_at_least_where_only_the_seats_change() -> None:
    """Of five seats four are kept for seniors; of three all are, though nobody begins a duty on that day."""
    given = in_both([*SENIORS, "gus"], "senior", at_least=4)
    first, second = crews("- - - - | -")
    lead = crews("gus", of=LEAD)
    assert broken(given, [first, second], lead) == []
    fewer = replace(second, seats={"primary": None, "backup": None})
    violation, missing = broken(given, [first, fewer], lead)
    assert missing.rule == "grid"
    assert (violation.period.start, violation.people) == (week(0), ("gus",))
    assert violation.message == (
        "with gus only 2 seats in `engineer` and `lead` together could go to people tagged `senior`, "
        "but at least 3 must"
    )


def test_kinds_of_seat_count_in_each_rotation_that_has_them() -> None:
    given = in_both(SENIORS, "senior", at_most=1, kinds=frozenset({"primary", "lead"}))
    assert broken(given, crews("cy ana"), crews("bo", of=LEAD)) == []
    assert breaches(given, crews("ana cy"), crews("bo", of=LEAD), rule="mix") == [(week(0), ("ana", "bo"))]


def test_different_tags_in_several_rotations() -> None:
    given = in_both(ZONES, "emea apac amer", at_most=2, distinct=True)
    assert broken(given, crews("ana cy dee"), crews("eli", of=LEAD)) == []
    assert breaches(given, crews("ana cy"), crews("bo", of=LEAD), rule="mix") == [(week(0), ("ana", "bo", "cy"))]
    given = in_both([*ZONES, "fay"], "emea apac amer", at_least=2, distinct=True)
    assert broken(given, crews("cy dee eli fay"), crews("ana", of=LEAD)) == []
    assert broken(given, crews("cy dee eli fay"), crews("-", of=LEAD)) == []
    full = in_both([*ZONES, "fay", "gus"], "emea apac amer", at_least=2, distinct=True)
    found = breaches(full, crews("cy dee eli fay"), crews("gus", of=LEAD), rule="mix")
    assert found == [(week(0), ("cy", "dee", "eli", "fay", "gus"))]


def test_former_members_are_held_against_nobody() -> None:
    given = mixed([*SENIORS, "fay"], "senior", at_least=1)
    found = broken(given, crews("cy dee eli gone"))
    assert {each.rule for each in found} == {"membership"}


# people, pins


def test_never_together_in_any_rotations() -> None:
    given = with_rules(roster("ana bo cy dee"), never_together=(frozenset({"ana", "bo", "cy"}),))
    assert broken(given, crews("ana dee | bo | cy")) == []
    # The lead's period of week 0 still runs when bo begins.
    found = broken(given, crews("- | bo"), crews("ana", of=LEAD))
    assert [(each.rule, each.period.start, each.people) for each in found] == [
        ("never-together", week(1), ("ana", "bo"))
    ]
    assert len(breaches(given, crews("ana bo cy"), rule="never-together")) == 3
    exempted = with_rules(given, exemptions=exempt("never-together", "bo", week(0)))
    assert breaches(exempted, crews("ana bo cy"), rule="never-together") == [(week(0), ("ana", "cy"))]


def test_who_takes_over_does_not_meet() -> None:
    given = with_rules(roster("ana bo"), never_together=(frozenset({"ana", "bo"}),))
    [crew] = crews("ana")
    assert broken(given, [changed(crew, "primary", "bo", week(0) + 3 * DAY)]) == []
    assert breaches(given, [changed(crew, "backup", "bo", week(0) + 6 * DAY)], rule="never-together") == [
        (week(0), ("ana", "bo"))
    ]


@pytest.mark.parametrize(
    ("seat", "weeks", "kept"),
    [
        ("primary", "ana", True),
        ("primary", "bo ana", False),
        ("engineer", "- - bo ana", True),
        ("engineer-2", "- - bo ana", True),
        ("engineer-2", "- - ana bo", False),
        ("engineer", "ana", False),
    ],
)
def test_pins(seat: str, weeks: str, kept: bool) -> None:
    given = replace(roster("ana bo"), pins=(Pin(week(0) + 3 * DAY, "engineer", seat, "ana"),))
    assert breaches(given, crews(weeks), rule="pins") == ([] if kept else [(week(0), ("ana",))])
    # Before the period is planned, nothing is broken.
    assert broken(given, crews("bo", 1)) == []


def test_a_pin_is_of_one_day() -> None:
    given = replace(roster("ana bo"), pins=(Pin(week(0) + 3 * DAY, "engineer", "primary", "ana"),))
    [crew] = crews("bo")
    assert broken(given, [changed(crew, "primary", "ana", week(0) + 3 * DAY)]) == []
    assert breaches(given, [changed(crew, "primary", "ana", week(0) + 4 * DAY)], rule="pins") == [(week(0), ("ana",))]


def test_taking_somebody_off_a_seat_breaks_nothing() -> None:
    """All rules but `pattern` and `pins` look at who is there, never at who isn't."""
    rules = Rules(
        mix=(
            Mix(tags=frozenset({"senior"}), rotations=IN_ENGINEER, at_least=2),
            Mix(tags=frozenset({"senior"}), rotations=IN_ENGINEER, at_most=1),
        ),
        never_together=(frozenset({"ana", "cy"}),),
        max_per_team=2,
        limits=(Limit(1, Length(4)),),
    )
    given = roster(SENIORS, [replace(ENGINEER, rest=Length(1), max_per_team=3, team_rest=Length(1)), LEAD], rules=rules)
    held = crews("ana cy dee eli | bo ana cy") + crews("dee", of=LEAD)
    before = {(each.rule, each.period, each.people) for each in broken(given, held)}
    assert len({rule for rule, _, _ in before}) >= 6
    for number, crew in enumerate(held):
        for seat in crew.seats:
            fewer = [*held[:number], replace(crew, seats={**crew.seats, seat: None}), *held[number + 1 :]]
            for each in broken(given, fewer):
                assert any(
                    each.rule == rule and each.period == period and set(each.people) <= set(people)
                    for rule, period, people in before
                )


def test_teams_have_members_of_every_pool() -> None:
    """Somebody is of a team whichever pool they feed."""
    given = roster("ana bo", teams={"red": "bo", "blue": "bo"})
    lends = Team("red", "red", {"leads": ("ana",), "engineers": ("bo",)})
    given = with_rules(replace(given, teams={**given.teams, "red": lends}), max_per_team=1)
    assert breaches(given, crews("bo"), crews("ana", of=LEAD), rule="max-per-team") == [(week(0), ("ana", "bo"))]


def test_whom_a_rule_binds() -> None:
    given = with_rules(roster("ana bo"), exemptions=exempt("max-per-team", "ana", week(0)))
    first, second = (crew.period for crew in crews("ana | ana"))
    assert binding(given, "max-per-team", ("ana", "bo"), first) == {"bo"}
    assert binding(given, "max-per-team", ("ana", "bo"), second) == {"ana", "bo"}
    assert binding(given, "rest", ("ana", "bo"), first) == {"ana", "bo"}
