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
