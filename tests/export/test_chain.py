"""Twenty edits, one after the other: readers take each of them right, also those that compare only revision marks."""

from __future__ import annotations

from collections.abc import Iterator

import icalendar
import pytest
from chain import EDITS, ChainStep, steps
from readers import ReadEvent, by_icalendar, differences

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too


class MarkReader:
    """What Evolution Data Server shows of a calendar at an address, which it reads again and again.

    It keeps an event that it has unless its DTSTAMP, LAST-MODIFIED or SEQUENCE differs (`ecc_dup_component_revision`
    in its e-cal-cache.c), and keeps all events when a calendar has none (`ecb_http_get_changes_sync` in its
    e-cal-backend-http.c). Debian's real one reads the same chain in `.ci/interop`.
    """

    def __init__(self) -> None:
        self.events: dict[str, tuple[str, ReadEvent]] = {}

    def refresh(self, text: str) -> list[ReadEvent]:
        found = dict(_marked(text))
        if found:
            kept = {uid: self.events[uid] for uid, (mark, _) in found.items() if self._mark(uid) == mark}
            self.events = found | kept
        return [event for _, event in self.events.values()]

    def _mark(self, uid: str) -> str | None:
        return self.events[uid][0] if uid in self.events else None


def _marked(text: str) -> Iterator[tuple[str, tuple[str, ReadEvent]]]:
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    for event, read in zip(events, by_icalendar(text), strict=True):
        mark = "-".join(str(event[name].to_ical()) for name in ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE"))
        yield read.uid, (mark, read)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> list[ChainStep]:
    return list(steps(tmp_path_factory.mktemp("chain")))


def test_each_edit_changes_what_calendars_show(chain: list[ChainStep]) -> None:
    assert len(EDITS) == len(chain) - 1 >= 20
    shown = [{place: sorted(by_icalendar(text)) for place, text in step.calendars.items()} for step in chain]
    assert [
        step.name for step, before, after in zip(chain[1:], shown, shown[1:], strict=False) if before == after
    ] == []


def test_a_subscription_that_compares_marks_shows_every_edit(chain: list[ChainStep]) -> None:
    subscriptions = {place: MarkReader() for step in chain for place in step.calendars}
    wrong = [
        f"{step.name}: {place}: {each}"
        for step in chain
        for place, text in step.calendars.items()
        for each in differences({"file": by_icalendar(text), "subscription": subscriptions[place].refresh(text)})
    ]
    assert wrong == []
