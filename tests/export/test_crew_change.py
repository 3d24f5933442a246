"""What a chat is told at a handover: which crews, and since when, also where clocks change at that moment."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import samples
from samples import week

from setrota.dates.periods import handover_on
from setrota.export.channel.crew_change import change_since, last_crew_change
from setrota.export.channel.header import header
from setrota.roster import Handover
from setrota.schedule import Change, Schedule

OLD, NEW = "bo cy dee eli", "fay gus hal ivy"


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Europe/Berlin", time(3), date(2027, 3, 28)),
        ("Europe/Berlin", time(3), date(2027, 10, 31)),
        ("America/Toronto", time(3), date(2027, 3, 14)),
        ("America/Santiago", time(0), date(2027, 9, 5)),
        ("America/Santiago", time(0), date(2027, 4, 4)),
        ("Europe/Berlin", time(9), date(2027, 1, 10)),
    ],
)
def test_a_handover_while_clocks_change_has_both_crews(zone: str, at: time, day: date) -> None:
    """02:00 becomes 03:00 in Berlin and Toronto, 00:00 becomes 01:00 in Santiago; a second before is the old crew's."""
    roster = samples.roster(zone=ZoneInfo(zone), handover=Handover(0, at), rotations=[samples.ENGINEER])
    schedule = samples.schedule(samples.computed(day - timedelta(7), OLD), samples.computed(day, NEW))
    change = handover_on(roster, "engineer", day).astimezone(UTC)
    moment = change + timedelta(hours=5)
    found = last_crew_change(roster, schedule, moment)
    assert found is not None
    assert (found.comes, found.goes, found.since) == (NEW.split(), OLD.split(), change)
    told = header(roster, schedule, change - timedelta(days=1))
    assert change_since(roster, schedule, moment, told) == found


def test_a_handover_in_an_hour_that_clocks_show_twice_is_over_when_they_show_it_again() -> None:
    """At 01:10 of the second time it is later than at 01:30 of the first, when the crew changed."""
    roster = samples.roster(handover=Handover(0, time(1, 30)), rotations=[samples.ENGINEER])
    day = date(2027, 11, 7)
    schedule = samples.schedule(samples.computed(day - timedelta(7), OLD), samples.computed(day, NEW))
    again = datetime(2027, 11, 7, 1, 10, tzinfo=roster.zone, fold=1)
    found = last_crew_change(roster, schedule, again)
    assert found is not None
    assert (found.comes, found.goes) == (NEW.split(), OLD.split())
    assert change_since(roster, schedule, again, header(roster, schedule, again - timedelta(days=1))) == found


def covered(*changes: Change) -> Schedule:
    return samples.schedule(samples.computed(week(0), OLD), samples.computed(week(1), NEW, changes=changes))


def test_a_cover_of_the_whole_running_duty_is_a_change_of_the_crew() -> None:
    """Whoever is ill on Monday morning has no day of the week; the header told them at the handover."""
    roster = samples.roster(rotations=[samples.ENGINEER])
    nine, ten, later = (datetime(2027, 1, 11, hour, 0, 30, tzinfo=roster.zone) for hour in (9, 10, 11))
    told = header(roster, covered(), nine)
    first = Change(ten, "primary", "fay", "ana")
    second = Change(later, "primary", "ana", "bo")
    for changes, comes, goes in (((first,), ["ana"], ["fay"]), ((first, second), ["bo"], ["fay"])):
        found = change_since(roster, covered(*changes), later, told)
        assert found is not None
        assert (found.comes, found.goes) == (comes, goes)
    between = header(roster, covered(first), ten)
    found = change_since(roster, covered(first, second), later, between)
    assert found is not None
    assert (found.comes, found.goes) == (["bo"], ["ana"])
    # A week later nobody has published anything since: the header still is one of this schedule's, as it was.
    found = change_since(roster, covered(first), datetime(2027, 1, 18, 10, tzinfo=roster.zone), told)
    assert found is not None
    assert found.goes == NEW.split()
    assert change_since(roster, covered(first), datetime(2027, 4, 1, tzinfo=roster.zone), told) is None
