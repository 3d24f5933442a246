"""The shapes that other programs offer, and those of rotas kept by hand: the roster of each, checked and planned.

- PagerDuty's three templates: a weekly handover, workweek and weekend, follow the sun.
- Grafana's rotation of every two days on working days.
- A church's Sundays; a hospital's day, evening and night; in-hours support and on-call as teams of gov.uk keep them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from command_line import Desk

pytestmark = pytest.mark.quick

FROM = "2027-01-04"
"""A Monday."""


class Rota:
    """A rota of one shape, planned for some weeks from FROM on; `notes` are codes of what `check` has to say of it."""

    def __init__(self, folder: Path, roster: str, weeks: int, *notes: str, options: Sequence[str] = ()) -> None:
        self.desk = Desk(folder)
        self.desk.write("rotations.toml", roster)
        checked = self.desk.run("check", "--format", "json").at(0).document["problems"]
        assert {problem["code"] for problem in checked} == {"nothing-planned", *notes}
        plan = self.desk.run("plan", "--from", FROM, "--weeks", str(weeks), *options, "--format", "json").at(0).json
        assert plan["unfilled"] == plan["gave_way"] == []
        assert "0 errors" in self.desk.run("check").at(0).out
        self.duties: list[dict[str, Any]] = plan["assignments"]

    def starts(self, rotation: str, seat: str | None = None) -> list[str]:
        """The days on which duties of a rotation start, as its clock has them."""
        own = [duty for duty in self.duties if duty["rotation"] == rotation and seat in (None, duty["seat"])]
        return sorted(duty["start"][:10] for duty in own)

    def served(self, *rotations: str) -> Counter[str]:
        return Counter(duty["person"] for duty in self.duties if duty["rotation"] in rotations)

    def now(self, at: str) -> dict[str, str]:
        """Who is on duty at a moment in which rotation."""
        answer = self.desk.run("now", "--at", at, "--format", "json").at(0).json
        return {duty["rotation"]: duty["person"] for duty in answer["duties"]}

    def apart(self, hours: float, *rotations: str) -> bool:
        """Whether so many hours lie between any two starts of one person's duties."""
        begun: dict[str, list[datetime]] = {}
        for duty in self.duties:
            if not rotations or duty["rotation"] in rotations:
                begun.setdefault(duty["person"], []).append(datetime.fromisoformat(duty["start"]))
        gaps = [later - earlier for times in begun.values() for earlier, later in pairwise(sorted(times))]
        return min(gaps) >= timedelta(hours=hours)


def even(counts: Counter[str]) -> bool:
    """Whether nobody has more than one duty more than anybody else."""
    return max(counts.values()) - min(counts.values()) <= 1


def test_pagerduty_weekly_handoff(tmp_path: Path) -> None:
    rota = Rota(
        tmp_path,
        """\
[rota]
name = "Weekly"
timezone = "America/New_York"
handover = "Monday 09:00"

[rotations.oncall]
every = "1 week"
pool = "users"
seats = ["oncall"]

[teams.one]
users = ["ada", "ben", "cleo", "dov"]
""",
        8,
    )
    assert rota.starts("oncall")[:3] == ["2027-01-04", "2027-01-11", "2027-01-18"]
    assert set(rota.served("oncall").values()) == {2}
    # Somebody is on duty at every hour, until the next one takes over.
    assert rota.now("2027-01-10T03:00-05:00") != rota.now("2027-01-11T09:00-05:00")
    assert rota.now("2027-01-11T08:59-05:00") == rota.now("2027-01-04T09:00-05:00")


def test_pagerduty_workweek_and_weekend(tmp_path: Path) -> None:
    rota = Rota(
        tmp_path,
        """\
[rota]
name = "Workweek and weekend"
timezone = "America/New_York"
handover = "Monday 09:00"
coverage = { "24/7" = ["workweek", "weekend"] }

[rotations.workweek]
every = "1 week"
serves = "Mon 09:00 - Fri 17:00"
pool = "users"
seats = ["workweek"]
rest = "2 days"

[rotations.weekend]
every = "1 week"
handover = "Friday 17:00"
serves = "Fri 17:00 - Mon 09:00"
pool = "users"
seats = ["weekend"]
rest = "2 days"

[teams.one]
users = ["ada", "ben", "cleo", "dov"]

[people]
ben = { leave = [{ from = 2027-01-16 }] }
""",
        8,
    )
    # Monday morning at 00:00 belongs to the weekend before.
    assert rota.starts("weekend")[:2] == ["2027-01-08", "2027-01-15"]
    assert even(rota.served("workweek"))
    assert even(rota.served("weekend"))
    # Leave on one Saturday keeps Ben from that weekend and from no week.
    assert rota.now("2027-01-16T12:00-05:00")["weekend"] != "ben"
    # On Friday at 17:00 the week ends and the weekend begins.
    assert list(rota.now("2027-01-15T16:59-05:00")) == ["workweek"]
    assert list(rota.now("2027-01-15T17:00-05:00")) == ["weekend"]


SUN = """\
[rota]
name = "Follow the sun"
timezone = "UTC"
handover = "Monday 08:00"
coverage = {{ "24/7" = ["apac", "emea", "amer"] }}

[rotations.apac]
every = "1 week"
timezone = "Asia/Tokyo"
serves = "08:00-17:00"
pool = "apac"
seats = ["apac"]

[rotations.emea]
every = "1 week"
timezone = "Europe/London"
serves = "08:00-17:00"
pool = "emea"
seats = ["emea"]

[rotations.amer]
every = "1 week"
timezone = "America/Los_Angeles"
serves = "08:00-{end}"
pool = "amer"
seats = ["amer"]

[teams.all]
apac = ["aki", "bun", "chie"]
emea = ["una", "vic", "wil"]
amer = ["ray", "sue", "tom"]
"""


def test_pagerduty_follow_the_sun(tmp_path: Path) -> None:
    rota = Rota(tmp_path, SUN.format(end="17:00"), 6)
    assert {duty["start"][11:] for duty in rota.duties} == {"08:00:00+09:00", "08:00:00+00:00", "08:00:00-08:00"}
    # Nine in the morning in London is six in the evening in Tokyo, and one at night in California.
    assert list(rota.now("2027-01-12T09:00Z")) == ["emea"]
    # At half past four in London California has begun.
    assert list(rota.now("2027-01-12T16:30Z")) == ["emea", "amer"]
    assert list(rota.now("2027-01-12T23:30Z")) == ["apac", "amer"]


def test_follow_the_sun_has_a_gap_that_only_a_change_of_the_clocks_opens(tmp_path: Path) -> None:
    """Until 15:00, winter in California ends at 23:00 UTC, when Tokyo begins; summer ends an hour before."""
    desk = Desk(tmp_path)
    desk.write("rotations.toml", SUN.format(end="15:00"))
    found = [each for each in desk.run("check", "--format", "json").document["problems"] if "cover" in each["code"]]
    assert len(found) == 1
    assert "2027-03-14" in found[0]["message"]


def test_grafana_two_working_days(tmp_path: Path) -> None:
    """Whoever has Friday has Monday, too; nobody has a weekend, and holidays move no turn."""
    rota = Rota(
        tmp_path,
        """\
[rota]
name = "Two working days"
timezone = "Europe/Berlin"
handover = "Monday 09:00"

[rotations.desk]
every = "2 days"
serves = "Mon-Fri 09:00-18:00"
pool = "users"
seats = ["desk"]

[teams.one]
users = ["ada", "ben", "cleo"]

[people]
cleo = { leave = [{ from = 2027-01-09, to = 2027-01-10 }] }
""",
        3,
        "leave-without-effect",
    )
    assert rota.starts("desk") == [
        "2027-01-04", "2027-01-06", "2027-01-08", "2027-01-12", "2027-01-14", "2027-01-18", "2027-01-20", "2027-01-22",
    ]  # fmt: skip
    assert even(rota.served("desk"))
    assert rota.now("2027-01-08T10:00+01:00") == rota.now("2027-01-11T10:00+01:00")
    assert rota.now("2027-01-09T10:00+01:00") == {}
    assert rota.now("2027-01-08T18:00+01:00") == {}


def test_a_church_s_sundays(tmp_path: Path) -> None:
    """Readers and stewards, each Sunday morning; who is away on a Wednesday can serve on Sunday."""
    rota = Rota(
        tmp_path,
        """\
[rota]
name = "Sundays"
timezone = "Europe/London"
handover = "Sunday 08:00"

[rotations.service]
every = "1 week"
serves = "Sun 09:30-12:00"
pool = "volunteers"
seats = ["reader", "steward", "steward"]
rest = "1 week"

[rules]
never-together = [["abi", "bob"]]

[teams.parish]
volunteers = ["abi", "bob", "cath", "dan", "eve", "finn", "gail"]

[people]
abi = { works = ["sun"], leave = [{ from = 2027-01-31 }] }
bob = { leave = [{ from = 2027-02-02, to = 2027-02-06 }] }
eve = { not-seats = ["reader"] }
""",
        8,  # The Sunday of the first week is over.
        "leave-without-effect",
    )
    assert rota.starts("service", "reader")[:2] == ["2027-01-10", "2027-01-17"]
    # Seven Sundays with three seats, for seven people: three each.
    assert set(rota.served("service").values()) == {3}
    assert "abi" not in {duty["person"] for duty in rota.duties if duty["start"].startswith("2027-01-31")}
    assert rota.apart(14 * 24)


def test_a_hospital_s_day_evening_and_night(tmp_path: Path) -> None:
    """Three shifts of eight hours, eleven hours of rest between two of a person, five shifts in seven days at most."""
    shift = """
[rotations.{name}]
every = "1 day"
handover = "{start}"
serves = "{start}-{end}"
pool = "nurses"
seats = ["nurse"]
rest = "11 hours"
"""
    shifts = [("day", "07:00", "15:00"), ("evening", "15:00", "23:00"), ("night", "23:00", "07:00")]
    roster = """\
[rota]
name = "Ward"
timezone = "Europe/Stockholm"
handover = "Monday 07:00"
coverage = { "24/7" = ["day", "evening", "night"] }

[rules]
max-duties = "5 per 7 days"
counts = { weekend = "Sat-Sun" }

[teams.ward]
nurses = ["ane", "bea", "cis", "dot", "elsa", "frid"]
"""
    rota = Rota(
        tmp_path,
        roster + "".join(shift.format(name=n, start=s, end=e) for n, s, e in shifts),
        2,
        options=("--look-ahead", "0"),
    )
    assert len(rota.duties) == 3 * 14
    for name in ("day", "evening", "night"):
        assert even(rota.served(name))
    # Whoever begins a shift has had eleven hours since the end of one that lasted eight.
    assert rota.apart(8 + 11)
    assert list(rota.now("2027-01-06T03:00+01:00")) == ["night"]


def test_gov_uk_in_hours_and_on_call(tmp_path: Path) -> None:
    """In hours a primary and a secondary of different teams; out of hours another pair, never in adjacent weeks."""
    rota = Rota(
        tmp_path,
        """\
[rota]
name = "In hours and on call"
timezone = "Europe/London"
handover = "Wednesday 09:30"
coverage = { "24/7" = ["inhours", "oncall"] }

[rotations.inhours]
every = "1 week"
serves = "Mon-Fri 09:30-17:30"
pool = "developers"
seats = ["primary", "secondary"]
rest = "1 week"
max-per-team = 1

[rotations.oncall]
every = "1 week"
serves = ["Mon-Thu 17:30-09:30", "Fri 17:30 - Mon 09:30"]
pool = "oncall"
seats = ["primary", "secondary"]
rest = "1 week"

[holidays]
calendar = "GB-ENG"

[teams.publishing]
developers = ["ada", "ben", "cleo", "dov"]
oncall = ["ada", "ben", "cleo"]

[teams.platform]
developers = ["eli", "flo", "gus", "hal"]
oncall = ["eli", "flo", "gus"]
""",
        4,
    )
    team = dict.fromkeys(("ada", "ben", "cleo", "dov"), "publishing")
    for start in set(rota.starts("inhours")):
        pair = [each for each in rota.duties if each["rotation"] == "inhours" and each["start"].startswith(start)]
        assert len({team.get(each["person"], "platform") for each in pair}) == 2
    assert rota.apart(14 * 24)
    assert list(rota.now("2027-01-13T12:00Z")) == ["inhours"]
    assert list(rota.now("2027-01-13T20:00Z")) == ["oncall"]
