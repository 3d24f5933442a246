"""How balances are written, and what is said of how near people are to their fair share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from rich.text import Text
from samples import MONDAY, PAIR, PLANNED_AT, computed, crew, roster, rotation, schedule, week

from setrota.dates.periods import Period
from setrota.fairness.balances import BalanceAfter, PersonBalance, TeamBalance
from setrota.fairness.proofs import PlanProof, PlanProofs
from setrota.reports.fairness.bars import people_bars, team_bars, trail_bars
from setrota.reports.fairness.distances import Distances
from setrota.reports.fairness.figures import rounded, signed
from setrota.reports.fairness.formats import fairness_csv, fairness_document, fairness_markdown, fairness_text
from setrota.reports.fairness.verdict import fairness_summary, proof_sentences
from setrota.roster import Roster
from setrota.schedule import Schedule
from setrota.schedule.plans import PlanRecord


@pytest.mark.parametrize(
    ("figure", "text"), [(0.0, "+0.00"), (-0.0, "+0.00"), (-0.004, "+0.00"), (-0.006, "-0.01"), (1.5, "+1.50")]
)
def test_no_balance_is_a_negative_zero(figure: float, text: str) -> None:
    assert signed(figure) == text


def test_in_json_neither() -> None:
    assert [str(rounded(figure)) for figure in (-0.0, -1e-9, -1e-6)] == ["0.0", "0.0", "-1e-06"]


@pytest.mark.parametrize(
    ("furthest", "sentence"),
    [
        # In several rotations a person's largest distance counts.
        (
            {"desk": {"ana": 0.2, "bo": 0.3}, "lead": {"ana": 0.9}},
            "everyone is within 0.90 of a duty of their fair share",
        ),
        ({"desk": {"ana": 1.004, "bo": 0.3}}, "everyone is within 1.00 of a duty of their fair share"),
        # A few who get further hide nobody else.
        (
            {"desk": {"ana": 3.2, "bo": 0.3, "cy": 0.1}},
            "everyone but ana (up to 3.20 duties off) is within 0.30 of a duty of their fair share",
        ),
        (
            {"desk": {"ana": 1.5, "bo": 2.5, "cy": 0.1, "dee": 3.5}},
            "everyone but dee (up to 3.50 duties off), bo (up to 2.50 duties off) and ana (up to 1.50 duties off) "
            "is within 0.10 of a duty of their fair share",
        ),
        # More than a few are counted.
        (
            {"desk": {"ana": 1.5, "bo": 2.5, "cy": 1.01, "dee": 3.5, "eli": 1.0}},
            "everyone is within 3.50 duties of their fair share; 1 of 5 people stays within one duty",
        ),
        (
            {"desk": {"ana": 1.5, "bo": 2.5}},
            "everyone is within 2.50 duties of their fair share; nobody stays within one duty",
        ),
        ({"desk": {"ana": 2.5}}, "ana is within 2.50 duties of their fair share"),
    ],
)
def test_how_near_everyone_is(furthest: dict[str, dict[str, float]], sentence: str) -> None:
    said, _, rest = sentence.partition(" of their fair share")
    assert Distances(furthest).sentence("now") == f"{said} of their fair share now{rest}"


def test_a_balance_too_large_to_settle_is_nobodys_nearness() -> None:
    """Only a part of it is counted in the distances, so people who carry one over are left out of them, and named."""
    furthest = {"desk": {"ana": 1.0, "bo": 0.4}, "lead": {"ana": 0.1, "cy": 0.2}}
    one = Distances(furthest, {("desk", "ana"): 5.0})
    assert one.sentence("now") == (
        "everyone but ana (starts 5.0 duties ahead in desk) is within 0.40 of a duty of their fair share now"
    )
    assert one.by_rotation == {"desk": 0.4, "lead": 0.2}
    two = Distances(furthest, {("desk", "ana"): 5.0, ("lead", "cy"): -3.25})
    assert "but ana (starts 5.0 duties ahead in desk) and cy (starts 3.2 duties behind in lead) is" in two.sentence(
        "now"
    )
    assert two.by_rotation == {"desk": 0.4}

    many = Distances({"desk": dict.fromkeys("abcde", 0.5)}, {("desk", each): 2.0 for each in "abcd"})
    assert many.sentence("now") == (
        "everyone but the 4 people who start too far ahead or behind is within 0.50 of a duty of their fair share now"
    )
    everyone = Distances({"desk": {"ana": 1.0}}, {("desk", "ana"): 5.0})
    assert everyone.sentence("now") == "everyone starts too far from their fair share for one plan to settle"
    assert everyone.by_rotation == {}


# The verdict


PROVEN = PlanRecord(at=PLANNED_AT, start=week(0), end=week(13), look_ahead_weeks=4, unfairness=20.0, fairest=20.0)
ROSTER = roster("ana bo cy", PAIR, {"red": "ana bo", "blue": "cy"})
NOTHING_IS_PROVEN = "Nothing is proven: no plan is recorded for these days."


def planned(*weeks: str) -> Schedule:
    made = [
        computed(week(number), people, of=PAIR, shares=dict.fromkeys(("ana", "bo", "cy"), 1.0))
        for number, people in enumerate(weeks)
    ]
    return schedule(made).recorded([PROVEN])


def verdict(given: Schedule, known: Roster = ROSTER, **only: str) -> tuple[str, ...]:
    return fairness_summary(known, given, MONDAY, week(13), **only).sentences


def test_the_verdict_says_how_near_everyone_is_and_what_is_proven() -> None:
    # 2/3 of a duty is due each week: ana and bo are 1/3 ahead, cy 2/3 behind.
    assert verdict(planned("ana bo")) == (
        "Everyone is within 0.67 of a duty of their fair share after every period.",
        "Proven for the plan made on 2026-12-01: no rota that keeps the rules and fills as many seats is fairer.",
    )
    [one, *_] = verdict(planned("ana bo"), person="cy")
    assert one == "cy is within 0.67 of a duty of their fair share after every period."


def test_empty_seats_stand_out() -> None:
    assert verdict(planned("ana bo", "cy -"))[2:] == (
        "1 seat is empty, and counts for nobody here; plans count it too.",
    )
    assert verdict(planned("ana -", "cy -"))[2:] == (
        "2 seats are empty, and count for nobody here; plans count them too.",
    )


def test_a_team_stands_out_if_it_is_more_than_a_duty_and_a_quarter_for_each_member_off() -> None:
    # Red serves 2, 4, 5 of 4/3, 8/3, 4: it is 2/3, then 4/3, then 1 duty ahead, and blue as far behind.
    assert verdict(planned("ana bo", "ana bo"))[2:] == (
        "As a whole, a team can still be off its fair share: "
        "in engineer, red has served 1.3 duties more and blue 1.3 fewer.",
    )
    assert verdict(planned("ana bo", "ana bo", "ana cy"))[2:] == ()
    assert verdict(planned("ana bo", "ana bo"), team="red")[2:] == ()


def test_nobody_owes_a_share_of_what_people_volunteer_for() -> None:
    open_to_all = roster("ana bo", rotation("desk", "primary", optional=frozenset({"primary"})))
    given = schedule(crew(MONDAY, "ana", of=open_to_all.rotations["desk"]))
    summary = fairness_summary(open_to_all, given, MONDAY, week(1))
    assert (summary.sentences, summary.verdict) == ((), "")
    assert fairness_text(summary) == (
        "Fairness, 2027-01-04 to 2027-01-10, in duties.\n\n"
        "desk, of which nobody owes a share\n"
        "person  served  gap\n"
        "───────────────────\n"
        "ana          1\n"
    )
    assert "Nobody owes a share.\n\n| Person | Balance |" in fairness_markdown(open_to_all, summary)


def proof(*plans: PlanProof, unrecorded: int = 0, changed: int = 0) -> str:
    return " ".join(proof_sentences(PlanProofs(plans, unrecorded, changed)))


def test_what_is_said_of_proofs() -> None:
    best = PlanProof(PROVEN, 13)
    nearly = PlanProof(replace(PROVEN, fairest=19.9), 13)
    bounded = PlanProof(replace(PROVEN, fairest=None, bound=19.0), 13)
    unknown = PlanProof(replace(PROVEN, at=PLANNED_AT + timedelta(days=1), fairest=None), 13)
    rule = "no rota that keeps the rules and fills as many seats is"

    assert proof() == NOTHING_IS_PROVEN
    assert proof(best) == f"Proven for the plan made on 2026-12-01: {rule} fairer."
    assert proof(nearly) == f"Proven for the plan made on 2026-12-01: {rule} more than 0.50% fairer."
    assert proof(best, nearly).startswith("Proven for the 2 plans made on 2026-12-01: ")
    assert proof(bounded) == (
        "It isn't proven that no rota is fairer: not for the plan made on 2026-12-01, where another could be up to"
        " 5.00% fairer."
    )
    assert proof(unknown, best) == (
        f"Proven for the plan made on 2026-12-01: {rule} fairer; "
        "not for the plan made on 2026-12-02, whose search the time limit ended early."
    )
    assert proof(best, unrecorded=3).endswith(" Nothing is proven about 3 other periods, which no recorded plan made.")
    assert proof(best, changed=1).endswith(" 1 period was changed after that.")
    assert proof(best, changed=2).endswith(" 2 periods were changed after that.")
    assert proof(unrecorded=3, changed=2) == NOTHING_IS_PROVEN


# Bars


def balance(person: str, ahead: float, *after: float, opening: float = 0.0) -> PersonBalance:
    trail = tuple(
        BalanceAfter(Period(week(number), week(number + 1), "engineer"), each) for number, each in enumerate(after)
    )
    return PersonBalance(
        person=person,
        rotation="engineer",
        opening=opening,
        served=2.0,
        entitled=2.0 + opening - ahead,
        worst_deviation=ahead,
        trail=trail,
        shortest_gap_weeks=None,
        gap_unit="weeks",
        by_seat={},
        counts={},
    )


def drawing(lines: list[Text]) -> list[str]:
    return [line.plain.rstrip() for line in lines]


def test_a_bar_goes_right_if_ahead_and_left_if_behind() -> None:
    people = [balance("ana", 1.0), balance("bo", 0.25), balance("cy", 0.001), balance("dee", -0.02), balance("eli", -1)]
    assert drawing(people_bars(people, 60)) == [
        "person  -1     behind │ ahead      +1  balance  served  fair",
        "ana                   │██████████████    +1.00       2  1.00",
        "bo                    │███▌              +0.25       2  1.75",
        "cy                    │                  +0.00       2  2.00",
        "dee                  ▐│                  -0.02       2  2.02",
        "eli     ██████████████│                  -1.00       2  3.00",
    ]


def test_a_balance_of_more_than_a_duty_widens_the_scale_and_is_in_a_colour_of_its_own() -> None:
    lines = people_bars([balance("ana", 2.5), balance("bo", -1)], 60)
    assert drawing(lines)[1:] == [
        "ana                  │███████████      +2.50       2  -0.50",
        "bo              ▐████│                 -1.00       2   3.00",
    ]
    assert "-3 " in lines[0].plain
    assert [{str(span.style) for span in line.spans} for line in lines[1:]] == [{"bold red"}, {"cyan"}]


def test_what_was_before_is_shown_if_anybody_has_it() -> None:
    [heading, ana, bo] = drawing(people_bars([balance("ana", 0.5, opening=-1.5), balance("bo", 0.0)], 100))
    assert heading.endswith("  balance  served  fair  before")
    assert ana.endswith("    +0.50       2  0.00   -1.50")
    assert bo.endswith("    +0.00       2  2.00   +0.00")


def test_a_long_handle_stands_in_a_line_above_its_bar() -> None:
    who = "bartholomew.alexander-the-third"
    lines = drawing(people_bars([balance(who, 1.0), balance("bo", 0.5)], 60))
    assert lines[1] == who
    assert "+1.00" in lines[2]
    assert all(len(line) <= 60 for line in lines)


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 120])
def test_bars_are_no_wider_than_the_terminal(width: int) -> None:
    people = [balance("ana", 1.0, 0.5, -1.5), balance("bartholomew.alexander", -0.5, opening=10.0)]
    teams = [TeamBalance(team="a-long-name-of-a-team", rotation="engineer", people=3, served=12.5, entitled=14.25)]
    for lines in (people_bars(people, width), trail_bars(people[0], width), team_bars(teams, width)):
        assert max(len(line) for line in lines) <= width


def test_a_teams_bar_is_what_it_served_with_a_tick_at_its_fair_share() -> None:
    facts = {"rotation": "engineer", "people": 3}
    teams = [
        TeamBalance(team="red", served=6.0, entitled=4.0, **facts),
        TeamBalance(team="blue", served=3.0, entitled=6.0, **facts),
        # What was open before is due as well.
        TeamBalance(team="green", opening=-2.0, served=3.0, entitled=4.0, **facts),
        TeamBalance(team="grey", opening=9.0, served=0.0, entitled=4.0, **facts),
    ]
    lines = drawing(team_bars(teams, 70))
    places = [(line.count("█"), line.index("│")) for line in lines[1:]]
    whole = places[0][0]
    assert [bar for bar, _ in places[1:]] == [pytest.approx(whole / 2, abs=1)] * 2 + [0]
    ticks = [tick - 7 for _, tick in places]
    assert ticks[1] == ticks[2]
    assert ticks[0] == pytest.approx(ticks[1] * 2 / 3, abs=1)
    assert ticks[3] == 0


def test_a_person_over_time() -> None:
    assert drawing(trail_bars(balance("ana", 0.0, 0.5, -0.5, 0.0), 50)) == [
        "period of   -1     behind │ ahead      +1  balance",
        "2027-01-04                │███████           +0.50",
        "2027-01-11         ███████│                  -0.50",
        "2027-01-18                │                  +0.00",
    ]


def test_in_ascii_bars_are_of_number_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("setrota.reports.fairness.bars.only_ascii", lambda: True)
    people = [balance("ana", 1.0), balance("bo", 0.25), balance("dee", -0.02), balance("eli", -1)]
    assert drawing(people_bars(people, 60))[1:] == [
        "ana                   |##############    +1.00       2  1.00",
        "bo                    |####              +0.25       2  1.75",
        "dee                  #|                  -0.02       2  2.02",
        "eli     ##############|                  -1.00       2  3.00",
    ]
    teams = [TeamBalance(team="red", rotation="engineer", people=3, served=4.0, entitled=6.0)]
    assert all(line.plain.isascii() for line in team_bars(teams, 60))


# Formats


def test_each_format_has_the_same_people_and_figures() -> None:
    summary = fairness_summary(ROSTER, planned("ana bo", "cy ana"), MONDAY, week(2))
    found = [(each["person"], each["balance"]) for each in fairness_document(summary)["balances"]]
    assert found == [("ana", 0.666667), ("bo", -0.333333), ("cy", -0.333333)]
    assert fairness_csv(ROSTER, summary) == (
        "rotation,person,name,teams,opening,served,entitled,balance,worst_deviation,shortest_gap_weeks\n"
        "engineer,ana,ana,red,0.0,2.0,1.333333,0.666667,0.666667,0.0\n"
        "engineer,bo,bo,red,0.0,1.0,1.333333,-0.333333,0.333333,\n"
        "engineer,cy,cy,blue,0.0,1.0,1.333333,-0.333333,-0.666667,\n"
    )
    assert fairness_markdown(ROSTER, summary) == (
        "**2027-01-04 to 2027-01-17.** Everyone is within 0.67 of a duty of their fair share after every period. "
        "Proven for the plan made on 2026-12-01: no rota that keeps the rules and fills as many seats is fairer.\n"
        "\n### engineer\n"
        "\n| Team | Balance | Served | Fair share |\n| --- | ---: | ---: | ---: |\n"
        "| Red | +0.33 | 3 | 2.67 |\n| Blue | -0.33 | 1 | 1.33 |\n"
        "\n| Person | Behind | Ahead | Balance | Served | Fair share |\n| --- | ---: | :--- | ---: | ---: | ---: |\n"
        "| ana |  | ███████ | +0.67 | 2 | 1.33 |\n"
        "| bo | ███ |  | -0.33 | 1 | 1.33 |\n"
        "| cy | ███ |  | -0.33 | 1 | 1.33 |\n"
    )


def test_the_trail_is_the_balance_after_each_period() -> None:
    summary = fairness_summary(ROSTER, planned("ana bo", "cy ana"), MONDAY, week(2))
    [ana, _, cy] = fairness_document(summary)["balances"]
    assert ana["trail"] == [
        {"period_start": "2027-01-04", "balance": 0.333333},
        {"period_start": "2027-01-11", "balance": 0.666667},
    ]
    assert [each["balance"] for each in cy["trail"]] == [-0.666667, -0.333333]
