"""Commands where a rotation has optional seats, or a handover, a zone and an anchor of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from command_line import Desk

from setrota.cli import workspace
from setrota.files.roster import RosterFile, read_roster
from setrota.roster import Handover, Length

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

ROSTER = """\
[rota]
name = "Front Desk"
timezone = "America/Toronto"
handover = "Monday 09:00"

[rotations.desk]
every = "1 week"
pool = "staff"
seats = ["primary", "backup"]
rest = "1 week"

[rotations.lead]
every = "2 weeks"
pool = "leads"
seats = ["lead"]
rest = "0 weeks"

[teams.red]
staff = ["ana", "bo", "cy", "dee", "eli", "fay"]
leads = ["gus", "hal", "ivy"]
"""

Own = Callable[..., Desk]


@pytest.fixture
def own(empty: Desk, monkeypatch: pytest.MonkeyPatch) -> Own:
    """A desk whose rotations have something of their own, whatever the file can say."""

    def make(**known: dict[str, object]) -> Desk:
        def read(path: Path) -> RosterFile:
            file = read_roster(path)
            rotations = {
                name: replace(rotation, **known.get(name, {})) for name, rotation in file.roster.rotations.items()
            }
            rules = file.roster.rules._replace(freeze=Length(0))
            return replace(file, roster=replace(file.roster, rotations=rotations, rules=rules))

        monkeypatch.setattr(workspace, "read_roster", read)
        empty.write("rotations.toml", ROSTER)
        return empty

    return make


BERLIN = {"handover": Handover(4, time(15)), "zone": ZoneInfo("Europe/Berlin"), "anchor": date(2027, 1, 15)}


def _starts(desk: Desk, *options: str) -> list[str]:
    return [entry["start"] for entry in desk.run("show", "--format", "json", *options).at(0).json["duties"]]


def test_two_quarters_of_a_rotation_with_its_own_friday(own: Own) -> None:
    desk = own(lead=BERLIN)
    assert "2027-Q1 (2027-01-01 to 2027-03-31)" in desk.run("plan").at(0).talk
    first = desk.schedule
    assert "2027-Q2 (2027-04-02 to 2027-06-30)" in desk.run("plan").at(0).talk
    assert desk.schedule.startswith(first)
    leads = _starts(desk, "--rotation", "lead")
    # Every second Friday from New Year's Day on; Berlin's clocks change on 2027-03-28, before the eighth handover.
    assert leads[0] == "2027-01-01T15:00:00+01:00"
    assert leads[6:8] == ["2027-03-26T15:00:00+01:00", "2027-04-09T15:00:00+02:00"]
    assert len(leads) == len(set(leads)) == 13
    # Mondays from 2027-01-04 on; Toronto's clocks change on 2027-03-14. Two seats each.
    desks = _starts(desk, "--rotation", "desk")
    assert desks[0] == "2027-01-04T09:00:00-05:00"
    assert sorted(set(desks))[9:11] == ["2027-03-08T09:00:00-05:00", "2027-03-15T09:00:00-04:00"]
    assert len(desks) == 2 * len(set(desks)) == 2 * 26
    assert "0 errors, 0 warnings" in desk.run("check", now="2027-01-04T10:00").at(0).out


def test_now_at_a_day_means_whoever_takes_over_on_it(own: Own) -> None:
    # A lead who takes over at 16:00 in Toronto, seven hours after the desk.
    desk = own(lead={"handover": Handover(0, time(16))})
    desk.run("plan").at(0)
    entries = desk.run("now", "--at", "2027-01-18", "--format", "json").at(0).json["duties"]
    assert {entry["start"][:16] for entry in entries} == {"2027-01-18T09:00", "2027-01-18T16:00"}
    assert desk.run("now", "--at", "2027-01-18").at(0).out.startswith("FD on Monday 2027-01-18 16:00 EST")
    morning = desk.run("now", "--at", "2027-01-18T12:00", "--format", "json").at(0).json["duties"]
    assert {entry["start"][:16] for entry in morning} == {"2027-01-18T09:00", "2027-01-04T16:00"}


def test_again_leaves_a_crew_that_has_begun_in_the_east(own: Own) -> None:
    """Sunday 19:30 in Toronto: there the desk hands over tomorrow, in Tokyo the lead has done so on Monday morning."""
    desk = own(lead={"zone": ZoneInfo("Asia/Tokyo")})
    desk.run("plan").at(0)
    begun = desk.run("now", "--at", "2027-01-17T19:30", "--format", "json").at(0).json["duties"][-1]
    assert begun["start"] == "2027-01-18T09:00:00+09:00"
    # Whoever has just begun leaves the rota at the end of next week: planned anew they couldn't serve this fortnight.
    desk.write("rotations.toml", ROSTER + f"\n[people.{begun['person']}]\nend = 2027-01-24\n")
    desk.run("plan", "--again", now="2027-01-17T19:30")
    after = desk.run("now", "--at", "2027-01-17T19:30", "--format", "json").at(0).json["duties"][-1]
    assert (after["start"], after["person"]) == (begun["start"], begun["person"])
    # A minute before the handover nobody has begun.
    desk.run("plan", "--again", now="2027-01-17T18:59")
    after = desk.run("now", "--at", "2027-01-17T19:30", "--format", "json").at(0).json["duties"][-1]
    assert (after["start"], after["person"] == begun["person"]) == (begun["start"], False)


def test_an_optional_seat_that_stays_empty_is_no_failure(own: Own) -> None:
    desk = own(desk={"optional": frozenset({"backup"})})
    desk.run("plan").at(0)
    desk.seat("desk.2027-01-04", "backup", "")
    shown = desk.run("now", "--at", "2027-01-04").at(0).out
    assert "NOBODY" not in shown
    assert [
        entry["person"] is None
        for entry in desk.run("now", "--at", "2027-01-04", "--format", "json").at(0).json["duties"]
    ] == [
        False,
        True,
        False,
    ]
    desk.seat("desk.2027-01-04", "primary", "")
    assert "primary  NOBODY" in desk.run("now", "--at", "2027-01-04").at(1).out


def test_planning_warns_of_seats_that_have_to_be_filled_only(own: Own) -> None:
    """One person for a primary and a backup: one of the two seats stays empty, whichever."""
    optional = frozenset({"primary", "backup"})
    for kinds, status in ((optional, 0), (frozenset[str](), 1)):
        desk = own(desk={"optional": kinds, "rest": Length(0)})
        desk.write("rotations.toml", ROSTER + "".join(f"\n[people.{each}]\nend = 2026-01-01\n" for each in OTHERS))
        result = desk.run("plan", "--weeks", "1", "--dry-run", "--format", "json").at(status)
        assert len(result.json["unfilled"]) == status
        assert ("nobody can have `" in result.talk) is bool(status)


OTHERS = ("bo", "cy", "dee", "eli", "fay")
