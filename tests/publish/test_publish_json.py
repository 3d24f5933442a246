"""`publish … --format json`: what was sent or would be, in the envelope of all answers, and no secret in it."""

from __future__ import annotations

import pytest
from calendars import PASSWORD, CalendarDesk
from chat_server import TOKEN, Office, error
from pager_desk import Paged
from server import HANG_UP, Reply

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

JSON = ("--format", "json")


def test_a_run_and_a_second_one(office: Office) -> None:
    done = office.publish(*JSON).at(0)
    [call] = done.json["calls"]
    assert call == {
        "description": "header of eng/set",
        "method": "PUT",
        "url": f"{office.server.url}/api/v4/channels/channel-id/patch",
        "outcome": "done",
        "code": None,
    }
    assert done.json["call_counts"] == {"done": 1, "done-before": 0, "failed": 0, "not-sent": 0, "would-be-sent": 0}
    assert done.json["remarks"] == []
    assert (done.document["command"], done.document["problems"]) == ("publish mattermost", [])
    assert done.talk == "done: header of eng/set\n"

    again = office.publish(*JSON).at(0)
    assert again.json["calls"] == []
    assert again.json["remarks"] == ["nothing to send: everything is up to date"]


def test_a_dry_run_sends_nothing_and_prints_nothing_else(office: Office) -> None:
    dry = office.publish("--dry-run", *JSON).at(0)
    assert [call["outcome"] for call in dry.json["calls"]] == ["would-be-sent"]
    assert dry.json["call_counts"]["would-be-sent"] == 1
    assert dry.json["remarks"] == ["nothing was sent; 1 request would be"]
    assert office.chat.header == ""


def test_a_failure_has_the_code_of_its_problem(office: Office) -> None:
    office.chat.trouble = lambda request: error(403) if request.path.endswith("/patch") else None
    done = office.publish(*JSON).at(2)
    [call], [problem] = done.json["calls"], done.document["problems"]
    assert (call["outcome"], call["code"], problem["code"]) == ("failed", "not-allowed", "not-allowed")
    assert problem["message"].startswith("header of eng/set: Mattermost: the token's user may not change the channel's")
    assert done.json["call_counts"]["failed"] == 1
    assert done.json["remarks"] == ["1 of 1 request failed"]


def test_a_refusal_before_anything_is_sent_has_no_answer(office: Office) -> None:
    office.chat.trouble = lambda request: Reply(500, "", described=False)
    done = office.publish(*JSON).at(2)
    assert (done.json, [each["code"] for each in done.document["problems"]]) == (None, ["server-failing"])


def test_a_server_that_shows_the_token_does_not_show_it_here(office: Office) -> None:
    office.chat.trouble = lambda request: error(400, TOKEN) if request.path.endswith("/patch") else None
    done = office.publish(*JSON).at(2)
    assert TOKEN not in done.out
    assert "•••" in done.document["problems"][0]["message"]


def test_every_event_of_a_calendar(two_weeks: CalendarDesk) -> None:
    done = two_weeks.desk.run("publish", "caldav", *JSON, SETROTA_CALDAV_PASSWORD=PASSWORD).at(0)
    assert done.json["call_counts"] == {"done": 4, "done-before": 0, "failed": 0, "not-sent": 0, "would-be-sent": 0}
    assert {(call["method"], call["description"][:4]) for call in done.json["calls"]} == {("PUT", "add ")}
    assert PASSWORD not in done.out


def test_overrides_and_what_was_done_before(paged: Paged) -> None:
    done = paged.publish(*JSON).at(0)
    assert done.json["call_counts"]["done"] == 10
    assert done.json["calls"][0]["description"].startswith("primary 2027-03-01 09:00 EST to 2027-03-08 09:00 EST: ")

    paged.desk.seat("desk.2027-03-22", "backup", "")
    lost = iter([HANG_UP])
    paged.memory.lost = lambda request: next(lost, None)
    again = paged.publish(*JSON).at(0)
    assert [call["outcome"] for call in again.json["calls"]] == ["done-before"]
    assert [each["code"] for each in again.document["problems"]][-1] == "unfilled"


def test_somebody_s_override_is_a_remark(pagerduty: Paged) -> None:
    pagerduty.publish().at(0)
    [user, *_], *_ = pagerduty.planned("primary")
    pagerduty.memory.put(pagerduty.schedules["primary"], user, "2027-03-01T09:00-05:00", "2027-03-08T09:00-05:00")
    done = pagerduty.publish(*JSON).at(1)
    assert done.json["remarks"] == ["1 override by someone else conflicts"]
    assert [each["code"] for each in done.document["problems"]] == ["duplicate-override"]
    assert pagerduty.publish("--dry-run", *JSON).at(1).json == {
        "calls": [],
        "call_counts": {"done": 0, "done-before": 0, "failed": 0, "not-sent": 0, "would-be-sent": 0},
        "remarks": ["nothing to send", "1 override by someone else conflicts"],
    }


@pytest.mark.parametrize("token", ["1", "e", "null"])
def test_a_short_token_leaves_the_document_whole(office: Office, token: str) -> None:
    done = office.publish(*JSON, SETROTA_MATTERMOST_TOKEN=token)
    assert done.document["setrota"]["format"] == 1
    assert done.document["command"] == "publish mattermost"
    assert [each["severity"] for each in done.document["problems"]] == ["error"] * (done.status == 2)
    assert token not in "".join(each["message"] for each in done.document["problems"])


def test_a_day_without_a_crew_is_a_problem(office: Office) -> None:
    done = office.publish("--at", "2027-12-06", *JSON).at(1)
    [problem] = done.document["problems"]
    assert (problem["code"], problem["hint"]) == ("nobody-planned", "`setrota plan --from 2027-12-06`")
