"""In which order overrides are sent, what waits for what, and when what runs begins: no hole, whatever fails."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pager_desk import BEFORE, PEOPLE, Paged, account, moment, opened
from server import Reply, Request

from setrota.publish.calls import MOST_IN_VAIN
from setrota.publish.client import Client

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

NOON = "2027-03-10T12:00"
"""A Wednesday of the plan."""


def covered(paged: Paged, day: str, *more: str) -> str:
    """Somebody covers the primary from a day on, or on the days that `more` says; tells who."""
    holder = paged.holder(day, "primary")
    free = next(each for each in PEOPLE[:6] if each not in (holder, paged.holder(day, "backup")))
    paged.desk.run("cover", holder, day, *more, "--with", free, "--force", now=BEFORE).at(0)
    return free


def test_half_a_cover_leaves_nobody_s_place_empty(paged: Paged) -> None:
    paged.publish().at(0)
    coverer = account(paged.service, covered(paged, "2027-03-10", "--from", "2027-03-10", "--to", "2027-03-14"))

    def refuse(request: Request) -> Reply | None:
        asked = request.method != "DELETE" and coverer in request.content.decode()
        return Reply(422, {"message": "not on a Wednesday"}, described=False) if asked else None

    paged.memory.trouble = refuse
    paged.wrote()
    talk = paged.publish().at(2).talk
    assert "it says: not on a Wednesday" in talk
    assert "left as it is, since its replacement failed [left-as-it-is]" in talk
    turns = paged.memory.paged(paged.schedules["primary"])
    assert all(one[2] == other[1] for one, other in pairwise(turns))
    assert (turns[0][1], turns[-1][2]) == ("03-01 14:00", "03-29 13:00")
    paged.memory.trouble = lambda request: None
    paged.publish().at(0)
    paged.is_as_planned()


def test_a_server_that_wants_peace_is_left_in_peace(paged: Paged, pauses: list[float]) -> None:
    paged.memory.trouble = lambda request: Reply(429, None, {"Retry-After": "60"}, described=False)
    talk = paged.publish().at(2).talk
    assert talk.count("too many requests") == 1
    assert talk.count("\nfailed: ") == MOST_IN_VAIN - 1
    assert talk.count(" [too-many-requests]\n") == MOST_IN_VAIN
    assert f"error: {10 - MOST_IN_VAIN} requests: not tried, since the server is failing [not-tried]\n" in talk
    assert pauses == [60.0]  # a second one would be more than the two minutes of a run


def test_a_window_in_the_past_reaches_nothing(paged: Paged) -> None:
    paged.publish().at(0)
    covered(paged, "2027-03-10")
    paged.wrote()
    assert "nothing to send" in paged.publish("--to", "2027-03-09", now=NOON).at(0).talk
    assert paged.wrote() == []


@pytest.fixture
def time_flies(paged: Paged, monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> Paged:
    """Each request takes four seconds until it arrives, and waiting takes as long as it says."""

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        paged.memory.now += timedelta(seconds=seconds)

    served = paged.memory.served

    def slow(request: Request) -> Reply:
        wait(4)
        return served(request)

    began = moment(NOON)
    paged.memory.served = slow  # type: ignore[method-assign]
    passing = "setrota.publish.oncall.schedule_update.monotonic"
    monkeypatch.setattr(passing, lambda: (paged.memory.now - began).total_seconds())
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "sleep", wait)
    return paged


@pytest.mark.parametrize("waits", [0, 3])
def test_what_runs_begins_when_it_is_sent(time_flies: Paged, waits: int) -> None:
    """A service takes no start in the past, however long the other requests took, or the same one had to wait."""
    left = {"POST": waits}

    def busy(request: Request) -> Reply | None:
        left[request.method] = left.get(request.method, 0) - 1
        return Reply(429, None, {"Retry-After": "35"}, described=False) if left[request.method] >= 0 else None

    time_flies.memory.trouble = busy
    talk = time_flies.publish("--time-limit", "300", now=NOON).at(0).talk
    assert talk.count("done: ") == 3 + 3 + 2
    stored = [min(each.values(), key=lambda one: one.start).start for each in time_flies.memory.schedules.values()]
    assert all(timedelta() < start - moment(NOON) < timedelta(minutes=4) for start in stored)
    time_flies.wrote()
    time_flies.publish(now="2027-03-10T12:05").at(0)
    assert time_flies.wrote() == []


def test_a_change_of_who_runs_now_leaves_no_hole(tmp_path: Path, four_weeks: str) -> None:
    """Jira lets an override be changed: it goes on running, under another's name."""
    with ExitStack() as stack:
        paged = opened("jira", tmp_path, four_weeks, stack)
        paged.publish().at(0)
        coverer = covered(paged, "2027-03-08", "--from", "2027-03-08", "--to", "2027-03-14")
        paged.wrote()
        paged.publish(now=NOON).at(0)
        assert paged.wrote() == ["PUT"]
        assert paged.memory.paged("s-1")[0] == (account("jira", coverer), "03-10 17:00", "03-15 13:00")
