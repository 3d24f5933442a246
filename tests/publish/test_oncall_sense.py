"""What `setrota publish oncall` doesn't do without asking, and what it must not forget."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from pager_desk import Paged, account, opened
from samples import NOW, roster
from server import Reply

from setrota.publish.oncall.ledger import Ledger
from setrota.publish.oncall.pager import RemoteOverride


@pytest.fixture(params=["jira", "pagerduty"])
def noting(request: pytest.FixtureRequest, tmp_path: Path, four_weeks: str) -> Iterator[Paged]:
    """A service that gives out names of its own, with four weeks published."""
    with ExitStack() as stack:
        paged = opened(request.param, tmp_path, four_weeks, stack)
        paged.publish().at(0)
        paged.wrote()
        yield paged


@pytest.mark.no_cover  # quicker tests run the same lines
def test_most_overrides_don_t_go_unasked(paged: Paged) -> None:
    paged.publish().at(0)
    text = (paged.desk.folder / "schedule.toml").read_text()
    paged.desk.write("schedule.toml", text[: text.index("[desk.2027-03-08]")])
    paged.wrote()
    talk = paged.publish().at(1).talk
    assert "not a terminal, so nothing was sent; the question was " in talk
    assert paged.wrote() == []
    paged.publish("--yes").at(0)
    assert set(paged.wrote()) == {"DELETE"}
    paged.is_as_planned()


@pytest.mark.no_cover  # quicker tests run the same lines
def test_what_is_replaced_goes_unasked(paged: Paged) -> None:
    paged.publish().at(0)
    for week in ("03-01", "03-08", "03-15", "03-22"):
        for seat in ("primary", "backup"):
            paged.desk.seat(f"desk.2027-{week}", seat, {"primary": "gil", "backup": "hal"}[seat])
    paged.publish().at(0)
    paged.is_as_planned()


def test_a_seat_without_its_schedule_pages_nobody(noting: Paged) -> None:
    backup = noting.schedules["backup"]
    noting.desk.edit("rotations.toml", f', backup = "{backup}"', "")
    assert f"done: delete `{backup}` 2027-03-01 09:00 EST to 2027-03-08 09:00 EST: " in noting.publish().at(0).talk
    assert noting.wrote() == ["DELETE"] * 4
    assert noting.memory.paged(backup) == []
    noting.publish().at(0)
    assert noting.wrote() == []


def test_a_seat_with_another_schedule_leaves_none_behind(noting: Paged) -> None:
    backup = noting.schedules["backup"]
    noting.memory.schedules["new"] = {}
    noting.desk.edit("rotations.toml", f'"{backup}"', '"new"')
    noting.publish().at(0)
    assert noting.wrote() == ["POST"] * 4 + ["DELETE"] * 4
    assert noting.memory.paged("new") == noting.planned("backup")
    assert noting.memory.paged(backup) == []


def test_a_schedule_that_is_gone_is_forgotten(noting: Paged) -> None:
    backup = noting.schedules["backup"]
    noting.desk.edit("rotations.toml", f', backup = "{backup}"', "")
    del noting.memory.schedules[backup]
    noting.publish().at(0)
    assert noting.wrote() == []
    assert f'"{backup}"' not in (noting.desk.folder / "schedule.oncall.json").read_text()


def test_what_can_t_be_asked_is_not_forgotten(noting: Paged) -> None:
    backup = noting.schedules["backup"]
    noting.desk.edit("rotations.toml", f', backup = "{backup}"', "")
    served = noting.memory.served
    noting.memory.served = lambda request: (  # type: ignore[method-assign]
        Reply(403, None, described=False) if backup in request.path else served(request)
    )
    assert f"the token may not use the schedule `{backup}`" in noting.publish().at(2).talk
    assert f'"{backup}"' in (noting.desk.folder / "schedule.oncall.json").read_text()


def test_a_service_that_the_roster_forgets_is_told(noting: Paged, tmp_path: Path, four_weeks: str) -> None:
    with ExitStack() as stack:
        other = opened("opsgenie", tmp_path / "other", four_weeks, stack)
        notes = (noting.desk.folder / "schedule.oncall.json").read_text()
        other.desk.write("schedule.oncall.json", notes)
        talk = other.publish().at(0).talk
        name = {"jira": "Jira Service Management", "pagerduty": "PagerDuty"}[noting.service]
        assert (
            f"the roster no longer describes {name}, but setrota left 10 overrides there [overrides-left-behind]\n"
            in talk
        )
        assert (other.desk.folder / "schedule.oncall.json").read_text() == notes


@pytest.mark.parametrize(("before_end", "left"), [(timedelta(seconds=1), 1), (timedelta(), 0)])
def test_an_override_that_is_over_is_not_left_behind(tmp_path: Path, before_end: timedelta, left: int) -> None:
    noted = RemoteOverride("key", "bo", NOW, NOW + timedelta(weeks=1))
    ledger = Ledger(tmp_path / "schedule.oncall.json", notes={("jira", "desk"): {noted.key: noted}})
    assert len(list(ledger.left_behind(roster(), noted.end - before_end))) == left


def test_a_service_that_is_to_have_no_schedule_any_more(noting: Paged) -> None:
    """As the hint says: it needs its section, and no schedule in it."""
    path = noting.desk.folder / "rotations.toml"
    path.write_text(re.sub("schedules = .*", "schedules = {}", path.read_text()))
    noting.publish().at(1)
    assert noting.wrote() == []
    noting.publish("--yes").at(0)
    assert noting.wrote() == ["DELETE"] * 10
    assert all(noting.memory.paged(schedule) == [] for schedule in noting.memory.schedules)
    noting.publish().at(0)
    assert noting.wrote() == []


def test_what_is_there_twice_is_told(paged: Paged) -> None:
    paged.publish().at(0)
    [user, *_], *_ = paged.planned("primary")
    double = paged.memory.put(paged.schedules["primary"], user, "2027-03-01T09:00-05:00", "2027-03-08T09:00-05:00")
    talk = paged.publish().at(1).talk
    assert "has this twice: primary 2027-03-01 09:00 EST to 2027-03-08 09:00 EST: " in talk
    assert f"delete the one that setrota didn't make, `{double}`" in talk
    assert "1 override by someone else conflicts" in talk
    assert user == account(paged.service, paged.holder("2027-03-02", "primary"))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00"),
        ("0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59Z"),
        ("2027-01-01T00:00:00Z", "9999-12-31T23:59:59.999999-12:00"),
    ],
)
def test_an_override_for_ever(paged: Paged, start: str, end: str) -> None:
    user = {"user": {"id": "X", "username": "X"}, "responder": {"id": "X"}}
    entry = {"id": "K", "alias": "K", "start": start, "end": end, "startDate": start, "endDate": end, **user}
    body = {word: [entry] for word in ("values", "data", "overrides")}
    paged.memory.served = lambda request: Reply(200, body, described=False)  # type: ignore[method-assign]
    talk = paged.publish().at(1).talk
    assert talk.count("has an override that setrota didn't make: ") == 3
    assert ": `X`" in talk


@pytest.mark.no_cover  # quicker tests run the same lines
def test_a_list_without_an_end(tmp_path: Path, four_weeks: str) -> None:
    with ExitStack() as stack:
        paged = opened("jira", tmp_path, four_weeks, stack)
        span = {"startDate": "2027-03-01T09:00:00Z", "endDate": "2027-03-02T09:00:00Z"}
        paged.memory.served = lambda request: Reply(  # type: ignore[method-assign]
            200, {"values": [{"alias": request.query.get("offset"), "responder": {}, **span}]}, described=False
        )
        assert "its list of overrides has an unknown format [unexpected-answer]" in paged.publish().at(2).talk
        assert len(paged.server.requests) == 3 * 200


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("end", ["9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59+00:00"])
def test_notes_of_an_override_for_ever(noting: Paged, end: str) -> None:
    path = noting.desk.folder / "schedule.oncall.json"
    path.write_text(path.read_text().replace("2027-03-29T13:00:00+00:00", end))
    noting.server.requests.clear()
    noting.publish()
    assert len(noting.server.requests) < 200
