"""The `[[plans]]` of `schedule.toml`: they read back as written, go with their crews, and their mistakes are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
import samples

from setrota.dates.periods import DAY, WEEK, Period
from setrota.files.schedule import parse_schedule, schedule_text
from setrota.problems import Refused
from setrota.roster import Roster
from setrota.schedule import Crew, Schedule
from setrota.schedule.plans import PlanRecord
from setrota.schedule.pools import pool_of

ROSTER = samples.roster("bo cy dee", samples.rotation(seats="primary backup"))
AT = datetime.fromisoformat("2026-12-07T09:30:00-05:00")
LATER = datetime.fromisoformat("2027-01-07T09:30:00-05:00")

TEXT = """\
format = 3
rota = "SET"

[[plans]]
at = 2026-12-07T09:30:00-05:00
from = 2027-01-04
to = 2027-01-17
look-ahead = 4
unfairness = 12.5
fairest = 12.48
again = true
filled = { engineer = { 2027-01-11 = ["backup"] } }
settled = { engineer = { bo = -0.333333333, dee = 1.0 } }
assumed = { engineer = { 2027-01-18 = { primary = "dee", backup = "" }, \
2027-01-25 = { primary = "bo", backup = "cy" } } }

[[pools]]
from = 2027-01-04
weeks = { engineer = 1 }
engineer = { bo = 1.0, cy = 1.0, dee = 1.0 }

[engineer.2027-01-04]
primary = "bo"
backup = "cy"
planned = { at = 2026-12-07T09:30:00-05:00, revision = 1, seal = "5e5bd18b" }

[engineer.2027-01-11]
primary = "cy"
backup = "dee"
planned = { at = 2026-12-07T09:30:00-05:00, revision = 1, seal = "d8c947b0" }
"""


def made(start: date, primary: str, backup: str, at: datetime = AT) -> Crew:
    period = Period(start, start + WEEK, "engineer")
    return Crew(period, {"primary": primary, "backup": backup}, pool_of(ROSTER, period)).sealed(at, 1)


def record(at: datetime, start: date, end: date, **facts: object) -> PlanRecord:
    return replace(PlanRecord(at=at, start=start, end=end, look_ahead_weeks=4, unfairness=12.5), **facts)


FIRST, SECOND, THIRD = (date(2027, 1, 4) + WEEK * number for number in range(3))


def example() -> Schedule:
    plan = record(
        AT,
        FIRST,
        THIRD,
        fairest=12.48,
        again=True,
        filled={"engineer": {SECOND: ("backup",)}},
        settled={"engineer": {"bo": -0.333333333, "dee": 1.0}},
        assumed={
            "engineer": {THIRD: {"primary": "dee", "backup": None}, THIRD + WEEK: {"primary": "bo", "backup": "cy"}}
        },
    )
    return Schedule("SET", (made(FIRST, "bo", "cy"), made(SECOND, "cy", "dee")), (plan,))


def parsed(text: str, roster: Roster = ROSTER) -> Schedule:
    return parse_schedule(text.encode(), "schedule.toml", roster)


def test_a_plan_comes_before_its_first_period_and_reads_back() -> None:
    assert schedule_text(example(), ROSTER) == TEXT
    assert parsed(TEXT) == example()


def test_a_plan_that_goes_on_only_appends() -> None:
    more = example().updated([made(THIRD, "dee", "bo", LATER)])
    more = more.recorded([*more.plans, record(LATER, THIRD, THIRD + WEEK)])

    assert schedule_text(more, ROSTER).startswith(
        TEXT + "\n[[plans]]\nat = 2027-01-07T09:30:00-05:00\nfrom = 2027-01-18\n"
    )
    assert [more.plan_of(crew) for crew in more.crews] == [more.plans[0], more.plans[0], more.plans[1]]


def test_a_plan_goes_with_its_last_crew() -> None:
    by_hand = [replace(crew, planned=None) for crew in example().crews]

    assert example().recorded(example().plans).plans
    assert "[[plans]]" in schedule_text(example().updated(by_hand[:1]), ROSTER)
    assert "[[plans]]" not in schedule_text(example().updated(by_hand), ROSTER)
    assert not parsed(TEXT.replace("09:30:00-05:00, revision", "09:31:00-05:00, revision")).plans


def test_two_plans_of_one_moment_have_the_crews_of_their_days() -> None:
    plans = record(AT, FIRST, SECOND), record(AT, SECOND, THIRD)
    both = Schedule("SET", example().crews, plans)

    assert [both.plan_of(crew) for crew in both.crews] == list(plans)
    assert parsed(schedule_text(both, ROSTER)) == both


def test_a_crew_that_a_later_plan_left_as_it_was_belongs_to_that_plan() -> None:
    again = record(LATER, SECOND, THIRD + WEEK, again=True)
    more = example().updated([made(THIRD, "dee", "bo", LATER)])
    more = more.recorded([*example().plans, again])

    assert [more.plan_of(crew) for crew in more.crews] == [example().plans[0], again, again]
    covered = samples.changed(more.crews[1], "primary", "bo")
    by_hand = more.updated([replace(covered, changes=(replace(covered.changes[0], at=AT),))])
    assert by_hand.plan_of(by_hand.crews[1]) == example().plans[0]


def test_former_handles_are_replaced() -> None:
    roster = samples.roster("bo cy dora", samples.rotation(seats="primary backup"))
    roster = replace(roster, people={**roster.people, "dora": replace(roster.people["dora"], formerly=("dee",))})
    assert roster.renamed == {"dee": "dora"}

    [plan] = parsed(TEXT, roster).plans

    assert plan.settled == {"engineer": {"bo": -0.333333333, "dora": 1.0}}
    assert plan.assumed["engineer"][THIRD] == {"primary": "dora", "backup": None}


def test_a_person_whose_balance_was_settled_under_two_handles_has_both() -> None:
    roster = samples.roster("bo cy dora", samples.rotation(seats="primary backup"))
    roster = replace(roster, people={**roster.people, "dora": replace(roster.people["dora"], formerly=("dee",))})

    [plan] = parsed(TEXT.replace("dee = 1.0 }", "dee = 1.0, dora = -0.25 }", 1), roster).plans

    assert plan.settled == {"engineer": {"bo": -0.333333333, "dora": 0.75}}


def test_a_plan_is_read_as_it_is_if_the_roster_may_have_changed_since() -> None:
    """People and seats may be gone, and the periods may start on another day of the week."""
    text = TEXT.replace('2027-01-18 = { primary = "dee"', '2027-01-18 = { lead = "eva"')
    text = text.replace("2027-01-18 =", "2027-01-20 =").replace("2027-01-25 =", "2027-01-27 =")

    [plan] = parsed(text).plans

    assert plan.assumed == {
        "engineer": {
            date(2027, 1, 20): {"lead": "eva", "backup": None},
            date(2027, 1, 27): {"primary": "bo", "backup": "cy"},
        }
    }


def test_many_plans_are_read_without_comparing_each_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    overlaps = PlanRecord.overlaps
    monkeypatch.setattr(PlanRecord, "overlaps", lambda one, other: compared.append(one) or overlaps(one, other))
    monkeypatch.setattr(PlanRecord, "made", lambda *_: pytest.fail("each crew was compared with each plan"))
    days = [FIRST + DAY * number for number in range(400)]
    entry = "[[plans]]\nat = {}\nfrom = {}\nto = {}\nlook-ahead = 4\nunfairness = 1.0\n"
    same = [entry.format(AT.isoformat(), day, day) for day in reversed(days)]
    own = [entry.format(f"2026-12-08T10:{n // 60:02}:{n % 60:02}Z", FIRST, FIRST) for n in range(400)]
    plans = TEXT[: TEXT.index("[[plans]]")] + "".join([*same, *own])

    assert [plan.start for plan in parsed(plans + TEXT[TEXT.index("[[pools]]") :]).plans] == [FIRST, SECOND]
    assert len(compared) <= 2 * len(same)
    with pytest.raises(Refused, match="have days in common"):
        parsed(plans + entry.format(AT.isoformat(), days[0] - WEEK, days[0]))


def test_files_of_format_1_are_read() -> None:
    older = TEXT[: TEXT.index("[[plans]]")] + TEXT[TEXT.index("[[pools]]") :]

    assert parsed(older.replace("format = 3", "format = 1")) == replace(example(), plans=())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[plans]]\n", "plans = 3\n[x]\n", ":4: `plans` should be a list, `[ … ]` [wrong-type]"),
        ("look-ahead = 4\n", "", ":4: `plans.look-ahead` is missing [missing-key]"),
        ("look-ahead = 4", "look-ahead = -1", ":8: `plans.look-ahead` should be a whole number from 0"),
        ("look-ahead = 4", "lookahead = 4", ":8: `plans.lookahead` is not a known key [unknown-key]"),
        ("to = 2027-01-17", "to = 2027-01-01", ":7: this plan ends on 2027-01-01, before it starts"),
        ("fairest = 12.48", "fairest = 13", ":10: `plans.fairest` is above `plans.unfairness`"),
        ("fairest = 12.48", "bound = 13", ":10: `plans.bound` is above `plans.unfairness`"),
        ("fairest = 12.48", "fairest = 12.1\nbound = 12.3", ":11: `plans.bound` is above `plans.fairest`"),
        ("unfairness = 12.5", "unfairness = nan", ":9: `plans.unfairness` should be a number from 0 to 1000"),
        ("unfairness = 12.5", "unfairness = -1.5", ":9: `plans.unfairness` should be a number from 0 to 1000"),
        ("dee = 1.0 } }\nassumed", "dee = 1e308 } }\nassumed", ":13: `plans.settled.engineer.dee` should be a number "
         "of duties, such as `-0.5`, from -1000000 to 1000000 [out-of-range]"),
        ("bo = -0.333333333", "BO = 1.0", ":13: `plans.settled.engineer.BO` has `BO`, but the roster"),
        ("dee = 1.0 } }\nassumed", "dee = true } }\nassumed", ":13: `plans.settled.engineer.dee` should"),
        ("filled = { engineer ", "filled = { enginer ", ":12: `plans.filled.enginer` is neither a rotation"),
        ('["backup"]', '"backup"', ":12: `plans.filled.engineer.2027-01-11` should be a list"),
        ("2027-01-18 = {", "2027-01-11 = {", ":14: `plans.assumed.engineer.2027-01-11` is within the"),
        ("2027-01-18 = {", "2027-02-15 = {", ":14: `plans.assumed.engineer.2027-02-15` is after the plan's look-ahead, "
         "which ends on 2027-02-14 [assumed-beyond-look-ahead]"),
        ("look-ahead = 4", "look-ahead = 0", ":14: `plans.assumed.engineer.2027-01-18` is after the plan's look-ahead"),
        ("2027-01-18 = {", "2027-02-30 = {", ":14: `plans.assumed.engineer.2027-02-30` is not a date"),
        ('primary = "dee", backup = ""', 'primary = 3', ":14: `plans.assumed.engineer.2027-01-18.primary`"),
    ],
)  # fmt: skip
def test_mistakes_in_a_plan(old: str, new: str, said: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(Refused) as caught:
        parsed(TEXT.replace(old, new))

    assert f"error: schedule.toml{said}" in "\n".join(map(str, caught.value.problems))


def test_only_in_older_formats_all_periods_are_whole_weeks_apart() -> None:
    daily = TEXT.replace("2027-01-25 = {", "2027-01-26 = {")
    assert [*parsed(daily).plans[0].assumed["engineer"]] == [date(2027, 1, 18), date(2027, 1, 26)]
    with pytest.raises(Refused) as caught:
        parsed(daily.replace("format = 3", "format = 2"))
    assert str(caught.value.problems[0]) == (
        "error: schedule.toml:14: `plans.assumed.engineer.2027-01-26` is not a whole number of weeks "
        "from 2027-01-18, which the plan assumed as well [assumed-off-grid]\n  hint: name a period by its first day"
    )


def test_two_plans_that_claim_the_same_crews() -> None:
    entry = TEXT[TEXT.index("[[plans]]") : TEXT.index("[[pools]]")]
    with pytest.raises(Refused) as caught:
        parsed(TEXT.replace(entry, entry + entry))

    assert [str(problem) for problem in caught.value.problems] == [
        "error: schedule.toml:16: two `[[plans]]` entries are `at` 2026-12-07T09:30:00-05:00 and have days in common "
        "[plan-twice]\n  hint: keep one of them"
    ]
