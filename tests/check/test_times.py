"""What `check` says of a rota's times: uncovered spans, counts of no use, turns without an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from samples import DAY, ENGINEER, computed, crew, noon, roster, rotation, schedule, week

from setrota.check.finding import Finding
from setrota.check.findings import all_findings
from setrota.check.times import findings, uncovered
from setrota.dates.clock import RotaClock
from setrota.dates.periods import Period
from setrota.files.roster import read_roster
from setrota.roster import ALWAYS, Roster
from setrota.schedule import Schedule

SUN = """
[rota]
name = "Follow the sun"
timezone = "UTC"
handover = "Monday 09:00"
coverage = {{ "{asked}" = ["apac", "emea", "amer"] }}

[rotations.apac]
every = "1 week"
pool = "apac"
seats = ["duty"]
timezone = "Asia/Tokyo"
serves = "09:00-17:00"

[rotations.emea]
every = "1 week"
pool = "emea"
seats = ["duty"]
timezone = "Europe/London"
handover = "Monday 08:00"
serves = "{emea}"

[rotations.amer]
every = "1 week"
pool = "amer"
seats = ["duty"]
timezone = "UTC"
serves = "16:00-00:00"

[teams.a]
apac = ["ana"]
emea = ["bo"]
amer = ["cy"]
"""


def _read(folder: Path, text: str) -> Roster:
    (folder / "rotations.toml").write_text(text, encoding="utf-8")
    return read_roster(folder / "rotations.toml").roster


def _sun(folder: Path, asked: str = "24/7", emea: str = "09:00-17:00") -> RotaClock:
    return RotaClock(_read(folder, SUN.format(asked=asked, emea=emea)), datetime(2027, 1, 6, 12, tzinfo=UTC))


def _found(clock: RotaClock, code: str, held: Schedule | None = None) -> list[Finding]:
    return [each for each in findings(clock, held or schedule()) if each.code == code]


def test_a_gap_of_every_day_is_told_once(tmp_path: Path) -> None:
    """Tokyo ends at 08:00 UTC, London begins at 09:00."""
    [finding] = _found(_sun(tmp_path), "uncovered")
    assert finding.severity == "warning"
    assert finding.message.startswith(
        "`apac`, `emea` and `amer` leave `24/7` uncovered from 2027-01-07 08:00 for 1 hour, and "
    )
    assert finding.message.endswith(" more times within a year")
    assert finding.hint is not None
    assert "the clocks of Asia/Tokyo, Europe/London and UTC don't change on the same days" in finding.hint


def test_the_change_of_clocks_opens_a_gap(tmp_path: Path) -> None:
    """In winter all hours are covered. In summer London's end moves from 16:30 to 15:30 UTC, half an hour too early."""
    clock = _sun(tmp_path, emea="08:00-16:30")
    gaps = uncovered(clock, clock.roster.coverage[0])
    assert gaps[0] == (datetime(2027, 3, 28, 15, 30, tzinfo=UTC), datetime(2027, 3, 28, 16, tzinfo=UTC))
    # From 28 March to 30 October, each day.
    assert len(gaps) == 217
    [finding] = _found(clock, "uncovered")
    assert "uncovered from 2027-03-28 15:30 for 30 minutes, and 216 more times" in finding.message


def test_what_is_covered_is_not_told(tmp_path: Path) -> None:
    assert _found(_sun(tmp_path, emea="08:00-17:30"), "uncovered") == []
    assert _found(_sun(tmp_path, asked="Mon-Fri 10:00-20:00"), "uncovered") == []


def test_days_on_which_the_rota_is_closed_need_no_cover(tmp_path: Path) -> None:
    text = SUN.format(asked="24/7", emea="08:00-17:30")
    closed = "closed = [{ from = 2027-02-01, to = 2027-02-07 }]\n"
    of_rota = RotaClock(_read(tmp_path, text.replace("coverage", f"{closed}coverage")), noon(date(2027, 1, 6)))
    assert _found(of_rota, "uncovered") == []
    of_one = text.replace('serves = "08:00-17:30"', f'serves = "08:00-17:30"\n{closed}')
    [finding] = _found(RotaClock(_read(tmp_path, of_one), noon(date(2027, 1, 6))), "uncovered")
    assert "from 2027-02-01 08:00 for 8 hours, and 6 more times within a year" in finding.message
    assert finding.hint == "`closed` of `emea` is the cause: let another rotation serve then, or don't close it"


def test_a_rotation_alone_meets_no_other(tmp_path: Path) -> None:
    text = SUN.format(asked="24/7", emea="09:00-17:00").replace('["apac", "emea", "amer"] }', '["amer"] }')
    [finding] = _found(RotaClock(_read(tmp_path, text), noon(date(2027, 1, 6))), "uncovered")
    assert finding.message.startswith("`amer` leaves `24/7` uncovered")
    assert finding.hint == "let its `serves` have them all, or shorten the spans of `coverage`"


COUNTS = """
[rota]
name = "Desk"
timezone = "UTC"
handover = "Monday 09:00"

[rules]
counts = {{ weekend = "Sat-Sun", night = "22:00-06:00" }}

[rotations.desk]
every = "{every}"
pool = "p"
seats = ["duty"]
serves = "{serves}"
{handover}

[teams.a]
p = ["ana", "bo"]
"""


@pytest.mark.parametrize(
    ("every", "serves", "useless"),
    [
        ("1 week", "Mon-Sun", {"weekend": "every", "night": "every"}),
        ("1 week", "Mon-Fri 09:00-17:00", {"weekend": "no", "night": "no"}),
        ("1 day", "Mon-Sun", {"night": "every"}),
        ("1 day", "Mon-Sun 09:00-17:00", {"night": "no"}),
    ],
)
def test_a_count_that_every_period_has_or_none_is_of_no_use(
    tmp_path: Path, every: str, serves: str, useless: dict[str, str]
) -> None:
    handover = 'handover = "09:00"' if "day" in every else ""
    read = _read(tmp_path, COUNTS.format(every=every, serves=serves, handover=handover))
    found = _found(RotaClock(read, noon(date(2027, 1, 6))), "count-of-no-use")
    assert {(each.severity, each.message) for each in found} == {
        (
            "note",
            f"the count `{name}` is of no use: {which} period is counted, so it tells nobody's duties apart",
        )
        for name, which in useless.items()
    }


STARTS = (date(2027, 1, 12), date(2027, 2, 23), date(2027, 4, 6))


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2027, 4, 6, 8, 59, tzinfo=UTC), None),
        (datetime(2027, 4, 6, 9, tzinfo=UTC), "it counts as long as the one before, until 2027-05-18"),
        (datetime(2027, 5, 18, 8, 59, tzinfo=UTC), "it counts as long as the one before, until 2027-05-18"),
        (
            datetime(2027, 5, 18, 9, tzinfo=UTC),
            "it counted as long as the one before, until 2027-05-18, and nothing follows it",
        ),
    ],
)
def test_the_last_turn_has_no_end(now: datetime, told: str | None) -> None:
    release = rotation("release", "shepherd", starts=STARTS, serves=rotation().serves)
    given = roster("ana bo", release, zone=ZoneInfo("UTC"))
    held = schedule(crew(STARTS[-1], "ana", of=release, weeks=6))
    found = _found(RotaClock(given, now), "open-turn", held)
    assert [(each.message, each.hint) for each in found] == (
        [
            (
                f"the last turn of `release`, from 2027-04-06, has no end: {told}",
                "add the day on which the next turn begins to `starts` under `[rotations.release]`",
            )
        ]
        if told
        else []
    )
    assert given.handover.time == time(9)


def test_after_the_last_turn_only_another_date_helps() -> None:
    """No command plans a turn that the roster doesn't have."""
    release = rotation("release", "shepherd", starts=STARTS, serves=ALWAYS)
    given = roster("ana bo", release, zone=ZoneInfo("UTC"))
    held = schedule(crew(STARTS[-1], "ana", of=release, weeks=6))
    for moment in (datetime(2027, 5, 18, 8, 59, tzinfo=UTC), datetime(2027, 5, 18, 9, tzinfo=UTC)):
        found = all_findings(given, held, moment)
        # The turn goes on until another one begins, so somebody is on duty.
        assert {each.code for each in found}.isdisjoint({"nobody-on-duty", "plan-ends-soon", "nothing-planned"})
        [last] = [each for each in found if each.code == "open-turn"]
        assert (last.severity, last.command) == ("note", None)
        assert last.hint == "add the day on which the next turn begins to `starts` under `[rotations.release]`"


# Periods cut short


def test_a_block_written_within_a_planned_period_cuts_it() -> None:
    """As read from a file: the planned week ends where the block begins. What was planned as a part is no mistake."""
    given = roster(rotations=ENGINEER)
    whole = computed(week(0), "ana bo")
    rest = Period(week(0) + 2 * DAY, week(1), "engineer")
    part = Period(week(0), rest.start, "engineer")
    by_hand = replace(whole, period=rest, planned=None)
    clock = RotaClock(given, noon(week(0)))
    [finding] = _found(clock, "cut-by-hand", schedule(replace(whole, period=part), by_hand))
    assert finding.severity == "note"
    assert finding.message == (
        "`[engineer.2027-01-06]`, written by hand, cuts the planned period from 2027-01-04 to 2027-01-10 short"
    )
    assert _found(clock, "cut-by-hand", schedule(whole.moved(part), by_hand)) == []
    assert (
        _found(clock, "cut-by-hand", schedule(whole, replace(by_hand, period=Period(week(1), week(2), "engineer"))))
        == []
    )
    assert _found(RotaClock(given, noon(week(1))), "cut-by-hand", schedule(replace(whole, period=part), by_hand)) == []
