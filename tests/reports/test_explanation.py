"""Explanations of duties in rosters with special rules; `test_explain_command.py` has the ordinary ones."""

from dataclasses import replace

import pytest
from planning import TODAY, asked, duties_of, planned
from samples import (
    DAY,
    MONDAY,
    NOW,
    PAIR,
    WEEK,
    changed,
    crew,
    exempt,
    leave,
    roster,
    rotation,
    schedule,
    week,
    with_rules,
)

from setrota.planner import NEVER, Bond, Conflict, Deadline, Inquiry, TimeUp
from setrota.reports.explain.explanation import explain, explain_all
from setrota.reports.explain.formats import document
from setrota.reports.explain.sentences import NOT_PROVEN, PLAN_NOT_PROVEN, prevented_by
from setrota.reports.explain.subject import Explanation
from setrota.roster import Away, Exemption, Person, Pin, Roster, Rules, Team
from setrota.schedule import Change, Crew, Duty, Schedule


def explained(given: Roster, held: Schedule, number: int, seat: str, person: str | None = None) -> Explanation:
    """The explanation of a seat in the week with this number."""
    there = held.crew("engineer", week(number))
    assert there is not None
    [duty] = [each for each in there.duties() if each.seat == seat and each.start <= week(number) < each.end]
    return explain(given, held, duty, person, TODAY, NEVER)


def test_a_pin_is_the_reason() -> None:
    given = roster("ana bo", rotation(), pins=(Pin(MONDAY, "engineer", "engineer", "ana"),))
    # Ana served last week, so without the pin planning would choose bo.
    held = planned(given, schedule(crew(week(-1), {"engineer": "ana"})), asked(0, 3)).schedule

    found = explained(given, held, 0, "engineer")

    assert found.reason == "pinned"
    assert found.sentences == (
        "The roster pins ana to `engineer` on 2027-01-04.",
        "Planning this period again would choose bo; with ana the rota is less fair: this duty leaves ana 1.00 duties "
        "ahead of their fair share.",
    )


def test_a_rest_of_a_duty_begun_before_is_the_reason() -> None:
    given = roster("ana bo cy", rotation(seats="backup primary", pattern=("backup", "primary")))
    held = planned(given, schedule(crew(week(-1), {"backup": "ana", "primary": "bo"})), asked(0, 3)).schedule

    found = explained(given, held, 0, "primary")

    assert (found.duty.person, found.reason) == ("ana", "going-on")


@pytest.mark.parametrize(
    ("rules", "people", "teams", "rule", "clause"),
    [
        ({}, [Person("bo", leave=(leave(MONDAY),))], {}, "leave", "bo is away"),
        ({}, ["bo"], {"away": (Away(MONDAY, week(1)),)}, "team-away", "bo is away with team `green`"),
        ({}, [Person("bo", start=week(1))], {}, "membership", "bo has not joined by then"),
        ({}, [Person("bo", end=MONDAY)], {}, "membership", "bo has left by then"),
        ({}, [Person("bo", not_seats=frozenset({"engineer"}))], {}, "not-seats", "bo is not ready for `engineer`"),
    ],
)
def test_a_rule_that_keeps_a_person_out_is_named(
    rules: dict[str, object], people: list[Person | str], teams: dict[str, tuple[Away, ...]], rule: str, clause: str
) -> None:
    pools = {"engineers": ("ana", "cy")}, {"engineers": ("bo",)}
    green = Team("green", "Green", pools[1], **teams)
    given = roster(["ana", "cy", *people], rotation(), [Team("red", "Red", pools[0]), green])
    held = planned(given, schedule(), asked(0, 1)).schedule

    found = explained(given, held, 0, "engineer", "bo")

    assert [each.rule for each in found.obstacles] == [rule]
    assert found.reason == "rules"
    assert found.sentences == (f"bo can't have `engineer` in the engineer period of 2027-01-04: {clause}.",)


def test_a_rule_that_moving_duties_can_satisfy_is_compared_with_the_rota() -> None:
    """Two duties a week apart: the person who serves the second week has to rest, unless the two people trade weeks."""
    given = roster("ana bo cy", rotation(rest_weeks=1))
    held = planned(given, schedule(), asked(0, 3)).schedule
    second = held.crew("engineer", week(1))
    assert second is not None
    [person] = second.people

    found = explained(given, held, 0, "engineer", person)

    assert [each.rule for each in found.obstacles] == ["rest"]
    assert "serves on 2027-01-11, and duties must have 1 free week between them" in found.sentences[0]
    assert found.alternative is not None
    assert found.sentences[1].startswith(
        f"If other duties moved to make room, a rota with {person} there would be just as fair ("
    )


def test_a_duty_that_rest_does_not_bind_is_not_named_as_in_the_way() -> None:
    """Bo's duty in the week before is exempt, so only the one two weeks later is too near."""
    given = with_rules(roster("ana bo", rotation(rest_weeks=3)), exemptions=exempt("rest", "bo", week(-1)))
    held = schedule(*(crew(week(number), {"engineer": who}) for number, who in ((-1, "bo"), (0, "ana"), (2, "bo"))))

    found = explained(given, held, 0, "engineer", "bo")

    assert [each.rule for each in found.obstacles] == ["rest"]
    assert "bo serves on 2027-01-18, and duties must have 3 free weeks between them" in " ".join(found.sentences)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("not-seats", " and is not ready for `primary`."),
        ("seat-teams", "; `primary` is reserved for other teams."),
    ],
)
def test_a_crew_member_is_kept_from_a_seat_only_without_an_exception(rule: str, said: str) -> None:
    barred = frozenset({"primary"}) if rule == "not-seats" else frozenset[str]()
    teams = {"primary": frozenset({"red"})} if rule == "seat-teams" else {}
    kept = replace(PAIR, seat_teams=teams)
    given = roster(["ana", Person("bo", not_seats=barred)], kept, {"red": "ana", "blue": "bo"})
    held = schedule(crew(MONDAY, "ana bo", of=kept))
    start = "bo has `backup` in that period"

    assert explained(given, held, 0, "primary", "bo").sentences[0] == start + said
    freed = with_rules(given, exemptions=exempt(rule, "bo", MONDAY))
    assert explained(freed, held, 0, "primary", "bo").sentences[0].startswith(f"{start}. Trading seats with ana would ")
    # The exception holds for the whole period, even if only the end of it is asked about.
    covered = schedule(changed(crew(MONDAY, "ana bo", of=kept), "primary", None, end=MONDAY + 3 * DAY))
    [later] = [each for each in covered.crews[0].duties() if each.person == "ana"]
    [said_then] = explain(freed, covered, later, "bo", TODAY, NEVER).sentences
    assert said_then.startswith(f"{start}. Trading seats with ana would ")


def test_proposed_exceptions_fill_the_seat() -> None:
    """One seat and a rest of two weeks: with two people the third week stays empty."""
    given = roster("ana bo", rotation(rest_weeks=2))
    held = planned(given, schedule(), asked(0, 3, look_ahead=0)).schedule
    [empty] = [each for each in held.crews if not each.people]

    found = explained(given, held, (empty.period.start - MONDAY) // WEEK, "engineer")

    assert found.counts == {"resting": 2}
    assert found.command == "setrota plan --fill"
    for remedy in found.remedies:
        exemptions = frozenset(Exemption(each.rule, each.person, empty.period.start) for each in remedy.waivers)
        freed = replace(given, rules=Rules(freeze_weeks=0, exemptions=exemptions))
        again = planned(freed, held, asked(0, 3, look_ahead=0, fill=True))
        assert {each.person for each in remedy.waivers} == again.crews[0].people
        assert not again.unfilled


def test_nothing_fills_a_seat_of_a_period_that_the_roster_no_longer_has() -> None:
    given = roster("ana", rotation(rest_weeks=2))
    held = schedule(crew(MONDAY, {"engineer": "ana"}), crew(week(1) + DAY, {"engineer": None}))
    found = explain(given, held, held.crews[1].duties()[0], None, TODAY, NEVER)
    assert (found.reason, found.remedies) == ("empty", ())


def test_nothing_fills_a_seat_that_is_over() -> None:
    given = roster("ana bo", rotation(rest_weeks=2))
    held = schedule(*(crew(week(n), {"engineer": who}) for n, who in enumerate(["ana", "bo", None])))
    empty = held.crews[2].duties()[0]

    assert explain(given, held, empty, None, week(3), NEVER).remedies == ()
    assert explain(given, held, empty, None, week(2), NEVER).remedies != ()


def test_the_reason_of_a_change_is_not_shown() -> None:
    given = roster("ana bo", rotation())
    change = Change(NOW, "engineer", "ana", "bo", reason="a funeral")
    held = schedule(crew(MONDAY, {"engineer": "ana"}, changes=[change]))

    found = explained(given, held, 0, "engineer")

    assert found.sentences[0] == (
        "bo has `engineer` in the engineer period of 2027-01-04 since the cover of 2026-11-23, in place of ana."
    )
    assert "funeral" not in str(document(given, found))


def test_an_answer_cut_short_by_time_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    given = roster("ana bo", rotation())
    held = planned(given, schedule(), asked(0, 3)).schedule
    assert NOT_PROVEN not in explained(given, held, 0, "engineer").sentences
    monkeypatch.setattr(Inquiry, "proven", False)
    assert explained(given, held, 0, "engineer").sentences[-1] == NOT_PROVEN


def test_many_duties_are_explained_as_each_alone() -> None:
    given = roster("ana bo cy", rotation(seats="primary backup"))
    held = planned(given, schedule(), asked(0, 4)).schedule
    mine = [duty for duty in held.duties() if duty.person == "ana"]
    assert duties_of("ana", held.crews) == len(mine) >= 2

    together = explain_all(given, held, mine, TODAY, NEVER)

    assert [each.sentences for each in together] == [
        explain(given, held, duty, None, TODAY, NEVER).sentences for duty in mine
    ]


def test_a_rotation_that_the_roster_no_longer_has_is_not_asked_about() -> None:
    given = roster("ana bo", rotation())
    held = schedule(crew(MONDAY, {"lead": "ana"}, of=rotation("lead")))
    found = explain(given, held, Duty(MONDAY, week(1), "lead", "lead", "ana"), None, TODAY, NEVER)
    assert found.sentences[0].startswith("ana has `lead` in the lead period of 2027-01-04, which was set by hand")
    assert found.reason == "by-hand"


def test_a_crew_by_hand_is_compared_with_what_planning_would_do() -> None:
    given = roster("ana bo", rotation())
    held = schedule(*(crew(week(n), {"engineer": "ana"}) for n in range(2)))
    assert isinstance(held.crews[1], Crew)

    found = explained(given, held, 1, "engineer")

    assert found.reason == "by-hand"
    assert found.sentences[1].startswith("Planning this period again would choose bo; with ana the rota is ")


def test_where_others_must_move_planning_again_fills_the_seat() -> None:
    """Only ana can be engineer, but is needed as the lead while cy is away; with cy there she is free for it."""
    given = roster(
        ["ana", Person("cy", leave=(leave(MONDAY),))],
        [rotation("lead"), rotation()],
        [Team("all", "All", {"engineers": ("ana",), "leads": ("ana", "cy")})],
    )
    held = planned(given, schedule(), asked(0, 1, look_ahead=0)).schedule

    found = explained(given, held, 0, "engineer")

    assert found.duty.person is None
    assert found.command == "setrota plan --again"
    assert [[(each.rule, each.person) for each in remedy.waivers] for remedy in found.remedies] == [[("leave", "cy")]]


def test_a_crew_member_may_not_be_ready_or_in_the_right_team() -> None:
    pools = {"engineers": ("ana",)}, {"engineers": ("bo",)}
    teams = [Team("red", "Red", pools[0]), Team("green", "Green", pools[1])]
    two = rotation(seats="primary backup")
    cases = [
        (roster(["ana", Person("bo", not_seats=frozenset({"primary"}))], two, teams), "and is not ready for `primary`"),
        (
            roster("ana bo", replace(two, seat_teams={"primary": frozenset({"red"})}), teams),
            "`primary` is reserved for other teams",
        ),
        (
            roster([Person("ana", not_seats=frozenset({"backup"})), "bo"], two, teams),
            ", and they can't trade seats",
        ),
    ]
    for given, clause in cases:
        held = planned(given, schedule(), asked(0, 1, look_ahead=0)).schedule
        found = explained(given, held, 0, "primary", "bo")
        assert found.reason == "seats"
        assert clause in found.sentences[0]


def test_a_trade_of_seats_that_would_be_less_even_shows_both_balances() -> None:
    given = roster("ana bo", rotation(seats="primary backup"))
    held = planned(given, schedule(crew(week(-1), {"primary": "ana", "backup": "bo"})), asked(0, 1)).schedule

    assert explained(given, held, 0, "primary").sentences[-1] == (
        "bo is `primary` because trading seats with ana would share the seats out less evenly: counting only "
        "`primary`, bo was 0.50 of a duty behind and ana 0.50 of a duty ahead before that period."
    )
    assert "Trading seats with bo would share" in explained(given, held, 0, "primary", "ana").sentences[0]


def test_a_duty_that_would_leave_another_seat_empty_is_explained() -> None:
    """Both rest for two weeks after a duty, so one of three weeks stays empty."""
    given = roster("ana bo", rotation(rest_weeks=2))
    held = planned(given, schedule(), asked(0, 3, look_ahead=0)).schedule
    [empty] = [each for each in held.crews if not each.people]

    found = explained(given, held, (empty.period.start - MONDAY) // WEEK, "engineer", "ana")

    assert found.obstacles[0].rule == "rest"
    assert found.alternative is not None


def test_without_the_only_one_a_seat_would_stay_empty() -> None:
    given = roster("ana", rotation())
    held = planned(given, schedule(), asked(0, 1, look_ahead=0)).schedule

    found = explained(given, held, 0, "engineer")

    assert found.reason == "coverage"
    assert found.sentences[1] == "Without ana, `engineer` in the engineer period of 2027-01-04 would stay empty."


# What several rules prevent together


def test_rules_that_together_keep_a_person_out_are_named() -> None:
    """Ana rests after a duty, and bo is away in the second week, so only bo can have the first one."""
    given = roster(["ana", Person("bo", leave=(leave(week(1)),))], rotation(rest_weeks=1))
    held = planned(given, schedule(), asked(0, 2, look_ahead=0)).schedule

    found = explained(given, held, 0, "engineer", "ana")

    assert found.sentences == (
        "As things stand, ana can't have `engineer` in the engineer period of 2027-01-04: ana serves on 2027-01-11, "
        "and duties must have 1 free week between them.",
        "With ana there, `engineer` in the engineer period of 2027-01-11 would stay empty.",
        "Together, these prevent a rota with ana there that leaves no further seat empty, and any fewer of them would "
        "not: the rest of ana and the absence of bo.",
    )
    assert document(given, found)["conflict"] == {
        "rules": [{"rule": "rest", "person": "ana"}, {"rule": "leave", "person": "bo"}],
        "is_smallest": True,
    }


def test_remedies_are_named_even_if_there_is_no_time_for_the_rules_that_prevent_filling(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = roster("ana bo", rotation(rest_weeks=2))
    held = planned(given, schedule(), asked(0, 3, look_ahead=0)).schedule
    [empty] = [each for each in held.crews if not each.people]
    number = (empty.period.start - MONDAY) // WEEK
    expected = explained(given, held, number, "engineer")
    assert expected.conflict is not None

    def too_late(*_: object) -> None:
        raise TimeUp

    monkeypatch.setattr("setrota.reports.explain.vacancy.fewest_empty", too_late)
    found = explained(given, held, number, "engineer")
    assert found.conflict is None
    assert found.remedies == expected.remedies != ()


def test_rules_that_together_keep_a_seat_empty_are_named() -> None:
    """Two weeks of rest, two people, three weeks."""
    given = roster("ana bo", rotation(rest_weeks=2))
    held = planned(given, schedule(), asked(0, 3, look_ahead=0)).schedule
    [empty] = [each for each in held.crews if not each.people]

    found = explained(given, held, (empty.period.start - MONDAY) // WEEK, "engineer")

    assert found.sentences[1] == (
        "Together, these prevent filling it without leaving another seat empty, and any fewer of them would not: "
        "the rest of ana and bo."
    )


def test_one_rule_that_makes_a_person_needed() -> None:
    given = roster(["ana", Person("bo", leave=(leave(MONDAY),))], rotation())
    held = planned(given, schedule(), asked(0, 1, look_ahead=0)).schedule

    found = explained(given, held, 0, "engineer")

    assert (found.reason, found.sentences[1:]) == (
        "coverage",
        (
            "Without ana, `engineer` in the engineer period of 2027-01-04 would stay empty.",
            "What prevents a rota without ana that leaves no further seat empty is the absence of bo.",
        ),
    )


def test_many_people_are_counted() -> None:
    bonds = tuple(Bond("rest", person) for person in ["fay", "bo", "ana", "cy", "dee"])
    assert prevented_by(Conflict((*bonds, Bond("mix", "eli")), minimal=False), "that") == (
        "Together, these prevent that: the rest of ana, bo, cy and 2 more people and `mix` for eli; whether fewer of "
        "them do is not known in the time given."
    )


def test_a_less_important_seat_that_is_filled_instead_is_named() -> None:
    """Ana is alone, and the lead comes first in the roster."""
    everyone = Team("all", "All", {"engineers": ("ana",), "leads": ("ana",)})
    given = roster("ana", [rotation("lead"), rotation()], [everyone])
    held = planned(given, schedule(), asked(0, 1, look_ahead=0)).schedule

    found = explained(given, held, 0, "engineer", "ana")

    assert found.sentences[1:] == (
        "With ana there, `lead` in the lead period of 2027-01-04 would stay empty instead of `engineer` in the "
        "engineer period of 2027-01-04.",
    )


# Time


def test_a_plan_that_was_not_proven_says_so() -> None:
    given = roster("ana bo", rotation())
    held = planned(given, schedule(), asked(0, 3)).schedule
    cut_short = replace(held, plans=tuple(replace(each, fairest=None, bound=0.0) for each in held.plans))
    said = explained(given, cut_short, 0, "engineer").sentences
    assert said[-1] == PLAN_NOT_PROVEN
    assert said[2].startswith("A rota without ")
    assert PLAN_NOT_PROVEN not in explained(given, held, 0, "engineer").sentences


def test_without_time_the_rules_are_named_all_the_same() -> None:
    given = roster("ana bo", rotation(rest_weeks=1))
    held = planned(given, schedule(), asked(0, 2)).schedule
    duty = held.crews[0].duties()[0]
    [other] = {"ana", "bo"} - {duty.person}

    found = explain(given, held, duty, other, TODAY, Deadline.within(0.0))

    assert [each.rule for each in found.obstacles] == ["rest"]
    assert f"{other} serves on 2027-01-11" in found.sentences[0]


# What changed


def test_a_holder_who_is_away_since_is_replaced_in_a_plan_of_today() -> None:
    given = roster("ana bo", rotation())
    held = planned(given, schedule(), asked(0, 2)).schedule
    [holder] = held.crews[0].people
    [other] = {"ana", "bo"} - {holder}
    gone = replace(given.people[holder], leave=(leave(MONDAY),))

    found = explained(replace(given, people={**given.people, holder: gone}), held, 0, "engineer")

    assert found.reason == "changed-since"
    assert found.sentences == (
        f"{holder} is away then, so this duty breaks `leave`.",
        f"{holder} has `engineer` in the engineer period of 2027-01-04, planned on 2026-11-23.",
        f"Planned again, the crew here would be {other}.",
    )


def test_a_colleague_who_has_left_since_changes_nothing_that_need_be_said() -> None:
    given = roster("ana bo cy", rotation())
    held = planned(given, schedule(), asked(0, 3)).schedule
    last = max(held.crews, key=lambda each: each.period)
    [leaver] = last.people
    left = replace(given.people[leaver], end=last.period.start)

    found = explained(replace(given, people={**given.people, leaver: left}), held, 0, "engineer")

    assert found.reason in ("tie", "fairness")
    assert "changed" not in " ".join(found.sentences)


def test_a_seat_that_a_replan_filled() -> None:
    given = roster("ana bo", rotation())
    changes = [
        Change(NOW, "engineer", "ana", None),
        Change(NOW + DAY, "engineer", None, "bo", replanned=True),
    ]
    held = schedule(crew(MONDAY, {"engineer": "ana"}, changes=changes))

    assert explained(given, held, 0, "engineer").sentences[:2] == (
        "bo has `engineer` in the engineer period of 2027-01-04 since the replan of 2026-11-24; it was empty before.",
        "ana had it before that.",
    )
    emptied = schedule(crew(MONDAY, {"engineer": "ana"}, changes=changes[:1]))
    assert explained(given, emptied, 0, "engineer").sentences[1] == "ana had it until a change of 2026-11-23."


def test_a_swap_is_explained_to_both() -> None:
    given = roster("ana bo", rotation())
    crews = [
        crew(week(number), {"engineer": was}, changes=[Change(NOW, "engineer", was, now)])
        for number, (was, now) in enumerate([("ana", "bo"), ("bo", "ana")])
    ]
    held = schedule(*crews)
    start = (
        "bo has `engineer` in the engineer period of 2027-01-04 since the swap of 2026-11-23 with ana, who took "
        "`engineer` in engineer from 2027-01-11 to 2027-01-17 instead."
    )

    assert explained(given, held, 0, "engineer").sentences[0] == start
    assert explained(given, held, 0, "engineer", "ana").sentences[0] == start
