"""Explanations of duties in rosters with special rules; `test_explain_command.py` has the ordinary ones."""

from dataclasses import replace
from datetime import datetime

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

from setrota.dates.periods import Period
from setrota.planner import (
    NEVER,
    Alternative,
    Bond,
    Conflict,
    Deadline,
    Effect,
    Inquiry,
    SeatExchange,
    TimeUp,
    inquire,
)
from setrota.reports.explain.explanation import explain, explain_all
from setrota.reports.explain.formats import document, person_text
from setrota.reports.explain.person import explain_person
from setrota.reports.explain.sentences import (
    COVERAGE_NOT_PROVEN,
    NOT_PROVEN,
    PLAN_NOT_PROVEN,
    is_overtaken,
    not_in_crew,
    prevented_by,
    seat_in_crew,
)
from setrota.reports.explain.subject import Explanation
from setrota.roster import Away, Exemption, Length, Person, Pin, Roster, Rules, Team
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


def test_a_pin_that_a_replan_kept_says_who_had_the_seat_before() -> None:
    """What the plan would choose says nothing of the rota as it stands, so the balances do."""
    given = roster("ana bo", rotation())
    held = planned(given, schedule(crew(week(-1), {"engineer": "ana"})), asked(0, 3)).schedule
    pinned = replace(given, pins=(Pin(MONDAY, "engineer", "engineer", "ana"),))
    moved = Change(NOW + DAY, "engineer", "bo", "ana", replanned=True)
    held = held.updated([replace(each, changes=(moved,)) for each in held.crews if each.period.start == MONDAY])

    found = explained(pinned, held, 0, "engineer")

    start = (
        "The roster pins ana to `engineer` on 2027-01-04. "
        "ana has `engineer` since the replan of 2026-11-24, in place of bo."
    )
    assert found.reason == "pinned"
    assert found.alternative is None
    assert found.sentences == (
        start,
        "Without the pin, no rule keeps bo from it.",
        "After that period, ana is 1.00 duties ahead of their fair share and bo is 1.00 duties behind their fair "
        "share.",
    )
    assert explained(pinned, held, 0, "engineer", "bo").sentences == (
        start,
        "Without the pin, no rule keeps bo from it.",
    )


def test_a_seat_filled_later_is_not_priced_with_duties_that_are_over() -> None:
    """Planning the whole quarter again could trade past duties; what can be said is how things stand."""
    given = roster("ana bo", rotation())
    held = planned(given, schedule(), asked(0, 4)).schedule
    [third] = [each for each in held.crews if each.period.start == week(2)]
    [holder] = third.people
    [other] = {"ana", "bo"} - {holder}
    changes = Change(NOW + DAY, "engineer", holder, None), Change(NOW + 2 * DAY, "engineer", None, other)
    held = held.updated([replace(third, changes=changes)])

    found = explained(given, held, 2, "engineer")

    assert found.alternative is None
    assert found.sentences[-1] == (f"After that period, {other} is 0.50 of a duty ahead of their fair share.")


def test_duties_set_by_hand_are_compared_with_what_can_still_be_chosen() -> None:
    """The second week would be as fair with either if they traded the first one, but nobody can once that has begun."""
    given = roster("ana bo", rotation())
    held = planned(given, schedule(), asked(0, 4)).schedule
    second = held.crews[1]
    [other] = {"ana", "bo"} - second.people
    held = held.updated([replace(second, seats={"engineer": other}, planned=None)])
    [duty] = held.crews[1].duties()
    assert explain(given, held, duty, None, TODAY, NEVER).alternative is not None

    later = explain(given, held, duty, None, week(0), NEVER)

    assert later.alternative is None
    assert later.sentences[1:] == (f"After that period, {other} is 1.00 duties ahead of their fair share.",)


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
    given = roster("ana bo cy", rotation(rest=Length(1)))
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
    given = with_rules(roster("ana bo", rotation(rest=Length(3))), exemptions=exempt("rest", "bo", week(-1)))
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
    given = roster("ana bo", rotation(rest=Length(2)))
    held = planned(given, schedule(), asked(0, 3, look_ahead=0)).schedule
    [empty] = [each for each in held.crews if not each.people]

    found = explained(given, held, (empty.period.start - MONDAY) // WEEK, "engineer")

    assert found.counts == {"resting": 2}
    assert found.command == "setrota plan --fill"
    for remedy in found.remedies:
        exemptions = frozenset(Exemption(each.rule, each.person, empty.period.start) for each in remedy.waivers)
        freed = replace(given, rules=Rules(freeze=Length(0), exemptions=exemptions))
        again = planned(freed, held, asked(0, 3, look_ahead=0, fill=True))
        assert {each.person for each in remedy.waivers} == again.crews[0].people
        assert not again.unfilled


def test_nothing_fills_a_seat_of_a_period_that_the_roster_no_longer_has() -> None:
    given = roster("ana", rotation(rest=Length(2)))
    held = schedule(crew(MONDAY, {"engineer": "ana"}), crew(week(1) + DAY, {"engineer": None}))
    found = explain(given, held, held.crews[1].duties()[0], None, TODAY, NEVER)
    assert (found.reason, found.remedies) == ("empty", ())


def test_nothing_fills_a_seat_that_is_over() -> None:
    given = roster("ana bo", rotation(rest=Length(2)))
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


def test_a_change_has_the_date_of_the_rota_s_zone() -> None:
    """As in `setrota log`: 23:30 in Toronto, where the rota is, is the next day where the change was written down."""
    given = roster("ana bo", rotation())
    change = Change(datetime.fromisoformat("2026-11-24T05:30+01:00"), "engineer", "ana", "bo")
    held = schedule(crew(MONDAY, {"engineer": "ana"}, changes=[change]))

    assert "since the cover of 2026-11-23, in place of ana." in explained(given, held, 0, "engineer").sentences[0]


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
            ", and they can't trade seats: ana is not ready for `backup`.",
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


def test_a_trade_of_seats_gives_no_figures_that_are_no_reason() -> None:
    duty = Duty(MONDAY, week(1), "engineer", "primary", "bo")
    for ana, reason in (
        (0.3, "counting only `primary`, bo was even and ana 0.30 of a duty ahead before that period"),
        (0.0, None),
        (-0.3, None),
    ):
        said = seat_in_crew(duty, [SeatExchange("bo", 0.0, 0.0), SeatExchange("ana", ana, 2.0)])
        how = f": {reason}" if reason else " over the whole plan"
        assert said == f"bo is `primary` because trading seats with ana would share the seats out less evenly{how}."


def test_the_days_before_a_cover_name_it() -> None:
    """The period's first day means the days before it, in every explanation of that day."""
    given = roster("ana bo cy", PAIR)
    held = planned(given, schedule(), asked(0, 3)).schedule
    first = held.crews[0]
    primary, backup = str(first.seats["primary"]), str(first.seats["backup"])
    [third] = {"ana", "bo", "cy"} - first.people
    wednesday, at = MONDAY + 2 * DAY, NOW + DAY
    steps = (
        Change(at, "primary", primary, backup, start=wednesday),
        Change(at, "backup", backup, third, start=wednesday),
    )
    held = held.updated([replace(first, changes=steps)])

    for seat, before, after, mate in (("primary", primary, backup, backup), ("backup", backup, third, primary)):
        said = explained(given, held, 0, seat).sentences
        assert said[0] == (
            f"{before} has `{seat}` from 2027-01-04 to 2027-01-05, planned on 2026-11-23; {after} has it from "
            "2027-01-06 to 2027-01-10 since the cover of 2026-11-24."
        )
        assert f"trading seats with {mate} would" in said[-1]
    assert explained(given, held, 0, "backup", primary).sentences == (
        f"{primary} has `primary` from 2027-01-04 to 2027-01-05 in that period.",
    )


def test_a_seat_that_someone_took_over_is_not_one_they_could_trade() -> None:
    given = roster("ana bo cy", PAIR)
    held = planned(given, schedule(), asked(0, 3)).schedule
    first = held.crews[0]
    backup = str(first.seats["backup"])
    [third] = {"ana", "bo", "cy"} - first.people
    held = held.updated([replace(first, changes=(Change(NOW + DAY, "backup", backup, third),))])

    assert explained(given, held, 0, "primary", third).sentences == (
        f"{third} has `backup` in the engineer period of 2027-01-04 since the cover of 2026-11-24, "
        f"in place of {backup}.",
    )
    assert f"trading seats with {backup} would" in explained(given, held, 0, "primary").sentences[-1]


def test_a_duty_that_would_leave_another_seat_empty_is_explained() -> None:
    """Both rest for two weeks after a duty, so one of three weeks stays empty."""
    given = roster("ana bo", rotation(rest=Length(2)))
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
    given = roster(["ana", Person("bo", leave=(leave(week(1)),))], rotation(rest=Length(1)))
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
    given = roster("ana bo", rotation(rest=Length(2)))
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
    given = roster("ana bo", rotation(rest=Length(2)))
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
    assert said[-2:] == (PLAN_NOT_PROVEN, "`setrota plan --again --time-limit 300` searches longer.")
    assert said[2].startswith("A rota without ")
    assert PLAN_NOT_PROVEN not in explained(given, held, 0, "engineer").sentences


def test_an_empty_seat_of_a_plan_that_time_cut_short_says_so() -> None:
    given = roster("ana bo", rotation(rest=Length(2)))
    held = planned(given, schedule(), asked(0, 3, look_ahead=0)).schedule
    [empty] = [each for each in held.crews if not each.people]
    number = (empty.period.start - MONDAY) // WEEK
    assert COVERAGE_NOT_PROVEN not in explained(given, held, number, "engineer").sentences

    cut_short = replace(held, plans=tuple(replace(each, fairest=None, bound=None) for each in held.plans))
    assert explained(given, cut_short, number, "engineer").sentences[1:3] == (
        COVERAGE_NOT_PROVEN,
        "`setrota plan --again --time-limit 300` searches longer.",
    )


def test_a_fairer_rota_with_someone_is_no_objection() -> None:
    """Ana serves three weeks in a row although bo is there; that plan was never proven."""
    given = roster("ana bo", rotation())
    away = Person("bo", leave=(leave(week(0), week(3) - DAY),))
    held = planned(roster(["ana", away], rotation()), schedule(), asked(0, 6)).schedule
    cut_short = replace(held, plans=tuple(replace(each, fairest=None, bound=0.0) for each in held.plans))

    said = explained(given, cut_short, 1, "engineer", "bo").sentences[0]
    start = (
        "bo could have `engineer` in the engineer period of 2027-01-11, and a rota with them there would be fairer: "
    )
    assert said.startswith(start)


def test_without_time_the_rules_are_named_all_the_same() -> None:
    given = roster("ana bo", rotation(rest=Length(1)))
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


def test_a_plan_that_was_the_fairest_is_not_compared_with_what_came_later() -> None:
    """Bo took leave back: a fairer rota is possible now, but that is no reason why ana has her duty."""
    given = roster("ana bo", rotation())
    away = Person("bo", leave=(leave(week(0), week(3) - DAY),))
    held = planned(roster(["ana", away], rotation()), schedule(), asked(0, 6)).schedule
    overtaken = (
        "No rota was fairer when it was planned, but the roster or the schedule has changed since; "
        "`setrota replan --dry-run` says what changes would make it fairer."
    )

    mine, other = explained(given, held, 1, "engineer"), explained(given, held, 1, "engineer", "bo")

    assert mine.sentences[1:] == (overtaken,)
    assert other.sentences == ("bo could have `engineer` in the engineer period of 2027-01-11.", overtaken)
    assert [(each.reason, each.alternative) for each in (mine, other)] == [("changed-since", None)] * 2


def test_what_a_plan_gave_up_for_its_spacing_is_no_change_since() -> None:
    """The plan is 0.20 less fair than the fairest rota: one that is 0.20 fairer was there when it was made."""
    given = roster("ana bo cy", rotation())
    held = planned(given, schedule(), asked(0, 4)).schedule
    inquiry = inquire(given, held, held.crews[0], NEVER)
    assert inquiry is not None
    assert inquiry.record is not None
    plan = replace(inquiry, record=replace(inquiry.record, unfairness=75.0, fairest=74.8))
    assert not is_overtaken(plan, Alternative(price=-0.2))
    assert is_overtaken(plan, Alternative(price=-0.22))


def test_a_comparison_with_duties_that_have_changed_since_says_so() -> None:
    given = roster("ana bo", rotation())
    held = planned(given, schedule(), asked(0, 3)).schedule
    assert explained(given, held, 0, "engineer").sentences[2].startswith("The best rota without ")
    [last] = [each for each in held.crews if each.period.start == week(2)]
    [holder] = last.people
    [taker] = {"ana", "bo"} - {holder}
    covered = held.updated([replace(last, changes=(Change(NOW + DAY, "engineer", holder, taker),))])

    assert (
        explained(given, covered, 0, "engineer")
        .sentences[2]
        .startswith("Compared with the plan as it was made on 2026-11-23, the best rota without ")
    )


def test_who_can_never_serve_is_told_why() -> None:
    given = roster(["ana", "bo", "cy", Person("dee", not_seats=frozenset({"engineer"}))], rotation())
    held = planned(given, schedule(), asked(0, 13)).schedule
    days = (week(0), week(13))
    found = explain_person(given, held, "dee", days, TODAY, NEVER)
    assert " ".join(person_text(found).split()).endswith(
        "dee has no duties from 2027-01-04 to 2027-04-04. "
        "`engineer`: dee can never serve: they are not ready for any seat. To change that, shorten their "
        "`not-seats` or take them out of the pool `engineers`."
    )
    assert explain_person(given, held, "ana", days, TODAY, NEVER).never == ()


def test_many_empty_seats_are_counted() -> None:
    empty = tuple((Period(week(n), week(n + 1), "engineer"), "primary") for n in range(4))
    filled = tuple((Period(week(n), week(n + 1), "engineer"), "backup") for n in range(4, 9))
    seat = Duty(MONDAY, week(1), "engineer", "primary", "ana")
    held = planned(roster("ana bo", rotation()), schedule(), asked(0, 3)).schedule
    inquiry = inquire(roster("ana bo", rotation()), held, held.crews[0], NEVER)
    said = not_in_crew(inquiry, seat, "bo", [], Alternative(price=None, empty=empty, filled=filled))
    assert said == [
        "With bo there, 4 seats (the first: `primary` in the engineer period of 2027-01-04) would stay empty instead "
        "of 5 others (the first: `backup` in the engineer period of 2027-02-01)."
    ]


@pytest.mark.parametrize(
    ("gained", "lost", "said"),
    [
        ((0,), (9,), "bo would serve on 2027-01-04 and ana after this plan"),
        ((9,), (0,), "bo would serve after this plan and ana on 2027-01-04"),
        ((0,), (), "bo would serve on 2027-01-04 in place of ana"),
    ],
)
def test_duties_after_the_plan_have_no_days(gained: tuple[int, ...], lost: tuple[int, ...], said: str) -> None:
    given = roster("ana bo", rotation())
    held = planned(given, schedule(), asked(0, 3)).schedule
    inquiry = inquire(given, held, held.crews[0], NEVER)
    days = tuple(map(week, gained)), tuple(map(week, lost))
    bo, ana = (
        Effect(person=who, rotation="engineer", price=0.0, gained=more, lost=less, deviation=0.0, day=MONDAY)
        for who, more, less in (("bo", *days), ("ana", *days[::-1]))
    )
    seat = Duty(MONDAY, week(1), "engineer", "engineer", "ana")
    [sentence] = not_in_crew(inquiry, seat, "bo", [], Alternative(price=1.0, effects=(bo, ana)))
    assert sentence.endswith(f": {said}.")


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
