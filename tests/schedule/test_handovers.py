"""Which rotations change crews at the next handover."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest
from samples import DAY, LEAD, PAIR, crew, roster, schedule, week

from setrota.roster import Handover
from setrota.schedule.handovers import next_handover


@pytest.mark.parametrize(("hour", "incoming", "staying"), [(8, ["engineer", "lead"], []), (9, ["engineer"], ["lead"])])
def test_a_handover_a_whole_day_later_is_another_one(hour: int, incoming: list[str], staying: list[str]) -> None:
    """Engineers hand over on Monday at 09:00, leads on Tuesday."""
    given = roster("ana bo cy", [PAIR, replace(LEAD, handover=Handover(1, time(hour)))])
    plan = schedule(
        *(crew(week(number), "ana bo", of=PAIR) for number in range(3)),
        *(crew(week(number) + DAY, "cy", of=LEAD) for number in (-1, 1)),
    )
    found = next_handover(given, plan, datetime(2027, 1, 8, 12, tzinfo=given.zone))
    assert [each.period.rotation for each in found.incoming] == incoming
    assert [each.period.rotation for each in found.staying] == staying


def test_no_handover_is_known_while_the_last_turn_goes_on() -> None:
    """Also after the end that it was judged to have."""
    release = replace(PAIR, starts=(week(0), week(2), week(4)))
    given = roster("ana bo cy", release)
    plan = schedule(*(crew(week(number), "ana bo", of=release, weeks=2) for number in (0, 2, 4)))
    for day, known in ((week(3), True), (week(4) + DAY, False), (week(9), False)):
        found = next_handover(given, plan, datetime.combine(day, time(12), given.zone))
        assert found.is_known(given) is known
        assert [each.period.start for each in found.staying] == ([] if known else [week(4)])
