"""`setrota publish oncall` against the three services, each on the loopback and held to its own description."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from pager_desk import BEFORE, PEOPLE, Paged, account, opened, person
from pager_servers import nth
from server import HANG_UP, SILENCE, Reply

pytestmark = pytest.mark.quick

DAMAGED = Reply(201, "x", {"Content-Encoding": "br"}, described=False)


@pytest.mark.no_cover  # quicker tests run the same lines
def test_a_quarter_with_its_covers_and_a_leaver(paged: Paged) -> None:
    publish, memory = paged.publish, paged.memory
    # Four weeks of two seats, and two fortnights of a lead.
    assert "nothing was sent; 10 requests would be" in publish("--dry-run").at(0).talk
    assert paged.wrote() == []
    publish().at(0)
    assert paged.wrote() == ["POST"] * 10
    paged.is_as_planned()
    by_hand = memory.put(paged.schedules["primary"], "somebody", "2027-05-03T09:00-04:00", "2027-05-04T09:00-04:00")

    assert "nothing to send: everything is up to date" in publish().at(0).talk
    assert paged.wrote() == []

    # Covered from Wednesday to Friday, when Monday's handover is over and the week runs.
    now = "2027-03-09T12:00"
    paged.at(now)
    holder = paged.holder("2027-03-10", "primary")
    free = next(each for each in PEOPLE[:6] if each not in (holder, paged.holder("2027-03-10", "backup")))
    days = ("--from", "2027-03-10", "--to", "2027-03-12")
    paged.desk.run("cover", holder, "2027-03-10", *days, "--with", free, "--force", now=now).at(0)
    publish(now=now).at(0)
    assert len(paged.wrote()) <= 4
    assert paged.memory.paged(paged.schedules["primary"])[1][0] == account(paged.service, free)
    paged.memory.schedules[paged.schedules["primary"]].pop(by_hand)
    paged.is_as_planned()
    assert publish(now=now).at(0)
    assert paged.wrote() == []

    # Somebody leaves in the middle of it all.
    now = "2027-03-16T08:00"
    paged.at(now)
    leaver = paged.holder("2027-03-24", "primary")
    old = person(paged.service, leaver)
    paged.desk.edit("rotations.toml", old, old.replace("{ email", "{ end = 2027-03-19, email"))
    paged.desk.run("replan", "--yes", now=now)
    publish(now=now).at(0)
    assert 0 < len(paged.wrote()) < 10
    paged.is_as_planned()
    assert account(paged.service, leaver) not in {each[0] for each in memory.paged(paged.schedules["primary"])[2:]}


def test_what_a_dry_run_shows_and_an_export_has_is_what_is_sent(paged: Paged) -> None:
    shown = paged.publish("--dry-run").at(0).out
    exported = paged.desk.run("export", "oncall", "--output", "overrides.json", now=BEFORE).at(0)
    assert exported.out == ""
    paged.publish().at(0)
    sent = [request for request in paged.server.requests if request.method != "GET"]
    blocks = [f"{each.method} {paged.server.url}{{}}\n\n{json.dumps(each.body, indent=2)}\n\n" for each in sent]
    position = 0
    for block in blocks:
        head, _, tail = block.partition("{}")
        position = shown.index(head, position)
        address, _, rest = shown[position + len(head) :].partition("\n")
        assert rest.startswith(tail.removeprefix("\n"))
        assert address.startswith("/")
        position += 1
    entries = json.loads((paged.desk.folder / "overrides.json").read_text())
    assert [entry["seat"].split("/")[-1] for entry in entries] == ["primary", "backup", "lead"]
    assert [each["body"] for entry in entries for each in entry["requests"]] == [each.body for each in sent]
    assert {entry["service"] for entry in entries} == {paged.service}


def test_what_fails_is_told_and_completed_by_the_next_run(paged: Paged) -> None:
    paged.memory.trouble = nth(3, 8, reply=Reply(500, "<html>oops</html>", described=False))
    result = paged.publish().at(2)
    # Its sentence and its hint once, and every override that it kept from being sent.
    unsure = "it may have arrived anyway; the next run checks before it sends"
    hint = "try again later" if paged.service == "opsgenie" else unsure
    assert result.talk.count(f"the server failed with status 500 [server-failing]\n  hint: {hint}\n") == 1
    assert result.talk.count("\nfailed: ") == 1
    assert result.talk.count("[server-failing]\n") == 2
    assert "2 of 10 requests failed; run it again to send the rest" in result.talk
    assert result.talk.count("done: ") == 8
    paged.wrote()
    paged.memory.trouble = nth()
    paged.publish().at(0)
    assert paged.wrote() == ["POST"] * 2
    paged.is_as_planned()


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("carried_out", [False, True])
def test_a_connection_that_breaks_off_makes_nothing_twice(paged: Paged, carried_out: bool) -> None:
    trouble = nth(2, 5)
    if carried_out:
        paged.memory.lost = trouble
    else:
        paged.memory.trouble = trouble
    result = paged.publish().at(2)
    assert "2 of 10 requests failed" in result.talk
    # Opsgenie's were tried again at once, since their names are ours.
    told = result.talk.count("hint: it may have arrived anyway; the next run checks before it sends")
    assert told == (0 if paged.service == "opsgenie" else 1)
    assert result.talk.count(" [no-answer]\n") == 2
    paged.memory.trouble = paged.memory.lost = nth()
    paged.wrote()
    paged.publish().at(0)
    assert paged.wrote() == ([] if carried_out else ["POST"] * 2)
    paged.is_as_planned()


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("reply", [HANG_UP, SILENCE, Reply(502, "x", described=False), DAMAGED])
def test_an_override_that_begins_now_is_made_once(
    pagerduty: Paged, reply: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sent anew if it is refused because its start had passed; but not when it may be there already."""
    # Each request takes a minute.
    passing = "setrota.publish.oncall.schedule_update.monotonic"
    monkeypatch.setattr(passing, lambda: 60.0 * len(pagerduty.server.requests))
    pagerduty.memory.lost = lambda request: reply
    talk = pagerduty.publish("--time-limit", "0.6", "--to", "2027-03-07", now="2027-03-01T10:00").at(2).talk
    assert len(pagerduty.wrote()) == len(set(pagerduty.memory.schedules))
    assert "not sent" not in talk
    assert "hint: it may have arrived anyway; the next run checks before it sends\n" in talk


def test_what_opsgenie_was_told_twice_is_there_once(tmp_path: Path, four_weeks: str) -> None:
    """The answer to a new override is lost; tried again, the name is taken, and what has it is replaced."""
    with ExitStack() as stack:
        paged = opened("opsgenie", tmp_path, four_weeks, stack)
        lost = iter([HANG_UP])
        paged.memory.lost = lambda request: next(lost, None)
        paged.publish().at(0)
        assert paged.wrote() == ["POST", "POST", "PUT", *["POST"] * 9]
        paged.is_as_planned()


def test_what_is_gone_already_is_deleted(paged: Paged) -> None:
    """The answer to a deletion is lost; tried again, it finds nothing."""
    paged.publish().at(0)
    paged.desk.seat("desk.2027-03-22", "backup", "")
    lost = iter([HANG_UP])
    paged.memory.lost = lambda request: next(lost, None)
    paged.wrote()
    assert "done before: delete backup 2027-03-22 09:00 EDT to 2027-03-29 09:00 EDT: " in paged.publish().at(0).talk
    assert paged.wrote() == ["DELETE", "DELETE"]
    paged.is_as_planned()


@pytest.mark.no_cover  # quicker tests run the same lines
def test_what_cant_be_replaced_stays_until_it_can(paged: Paged) -> None:
    paged.publish().at(0)
    holder = paged.holder("2027-03-24", "backup")
    free = next(each for each in PEOPLE[:6] if each not in (holder, paged.holder("2027-03-24", "primary")))
    paged.desk.run("cover", holder, "2027-03-24", "--with", free, "--force", now=BEFORE).at(0)
    before = paged.memory.paged(paged.schedules["backup"])
    paged.memory.trouble = lambda request: None if request.method == "GET" else Reply(503, described=False)
    paged.publish().at(2)
    assert paged.memory.paged(paged.schedules["backup"]) == before
    paged.memory.trouble = nth()
    paged.publish().at(0)
    paged.is_as_planned()


def test_single_items_of_a_success_may_have_failed(pagerduty: Paged) -> None:
    [duty, *_] = pagerduty.planned("primary")
    handle = duty[0].removeprefix("P").lower()
    pagerduty.desk.edit("rotations.toml", f'"{duty[0]}"', '"PGONE"')
    result = pagerduty.publish().at(2)
    assert (
        f": {handle}: PagerDuty: the request was refused (it says: User not found) [request-refused]\n" in result.talk
    )
    pagerduty.desk.edit("rotations.toml", '"PGONE"', f'"{duty[0]}"')
    pagerduty.publish().at(0)
    pagerduty.is_as_planned()


def test_others_overrides_stay_and_are_told(paged: Paged) -> None:
    schedule = paged.schedules["primary"]
    theirs = paged.memory.put(
        schedule, account(paged.service, "hal"), "2027-03-02T18:00-05:00", "2027-03-02T23:00-05:00"
    )
    result = paged.publish().at(1)
    assert (
        "has an override that setrota didn't make: primary 2027-03-02 18:00 EST to 2027-03-02 23:00 EST: hal"
        in result.talk
    )
    assert result.talk.endswith("1 override by someone else conflicts\n")
    assert ("goes on top of it" in result.talk) == (paged.service == "pagerduty")
    assert (
        " [conflicting-override]\n  hint: if it should stay, enter it with `setrota cover PERSON DATE`" in result.talk
    )
    assert theirs in paged.memory.schedules[schedule]
    paged.wrote()
    assert "goes on top of it" not in paged.publish().at(1).talk
    assert paged.wrote() == []
    assert theirs in paged.memory.schedules[schedule]


@pytest.mark.parametrize("service", ["pagerduty", "jira"])
def test_without_its_notes_setrota_deletes_nothing(service: str, tmp_path: Path, four_weeks: str) -> None:
    with ExitStack() as stack:
        paged = opened(service, tmp_path, four_weeks, stack)
        assert "wrote schedule.oncall.json" in paged.publish().at(0).talk
        notes = tmp_path / "schedule.oncall.json"
        kept = notes.read_text()
        notes.unlink()
        # What is exactly as planned is taken over again, byte for byte.
        paged.publish().at(0)
        assert notes.read_text() == kept
        notes.unlink()
        holder = paged.holder("2027-03-24", "backup")
        free = next(each for each in PEOPLE[:6] if each not in (holder, paged.holder("2027-03-24", "primary")))
        paged.desk.run("cover", holder, "2027-03-24", "--with", free, "--force", now=BEFORE).at(0)
        paged.wrote()
        assert "an override that setrota didn't make" in paged.publish().at(1).talk
        assert paged.wrote() == ["POST"]


def test_what_somebody_changed_is_theirs(tmp_path: Path, four_weeks: str) -> None:
    with ExitStack() as stack:
        paged = opened("jira", tmp_path, four_weeks, stack)
        paged.publish().at(0)
        stored = paged.memory.schedules["s-1"]
        key, first = min(stored.items(), key=lambda entry: entry[1].start)
        paged.memory.put("s-1", "557058:hal", f"{first.start}", f"{first.end}")
        stored[key] = stored.pop(f"K{paged.memory.made:04}")
        stored[key] = type(first)(key, "557058:hal", first.start, first.end)
        paged.wrote()
        assert "didn't make: primary 2027-03-01 09:00 EST to 2027-03-08 09:00 EST: hal" in paged.publish().at(1).talk
        assert paged.wrote() == ["POST"]
        assert stored[key].user == "557058:hal"


@pytest.mark.no_cover  # quicker tests run the same lines
def test_only_some_days(paged: Paged) -> None:
    paged.publish("--from", "2027-03-08", "--to", "2027-03-14").at(0)
    assert paged.wrote() == ["POST"] * 3
    assert [each[1] for each in paged.memory.paged(paged.schedules["primary"])] == ["03-08 14:00"]
    # The clocks change in that week: 09:00 is another hour in UTC at its end.
    assert [each[2] for each in paged.memory.paged(paged.schedules["primary"])] == ["03-15 13:00"]
    paged.publish("--to", "2027-03-07").at(0)
    assert paged.wrote() == ["POST"] * 2
    paged.publish().at(0)
    paged.is_as_planned()


def test_what_runs_begins_now(paged: Paged) -> None:
    now = "2027-03-03T12:00:30"
    paged.publish(now=now).at(0)
    first = paged.memory.paged(paged.schedules["primary"])[0]
    assert first[1] == "03-03 17:00"
    paged.is_as_planned()
    paged.wrote()
    paged.publish(now="2027-03-04T12:00").at(0)
    assert paged.wrote() == []


def test_the_last_hour_of_the_plan_is_one_of_it(paged: Paged) -> None:
    paged.publish(now="2027-03-29T08:00").at(0)
    assert paged.wrote() == ["POST"] * 3
    paged.publish(now="2027-03-29T09:00").at(2)


def test_a_plan_that_shrinks_takes_its_overrides_along(paged: Paged) -> None:
    paged.publish().at(0)
    text = (paged.desk.folder / "schedule.toml").read_text()
    last = text.index("[desk.2027-03-22]")
    paged.desk.write("schedule.toml", text[:last])
    paged.wrote()
    paged.publish().at(0)
    assert paged.wrote() == ["DELETE"] * 2
    paged.is_as_planned()
