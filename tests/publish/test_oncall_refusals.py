"""What stops `setrota publish oncall`, or a part of it, and how it says so."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from command_line import Desk
from pager_desk import BEFORE, ROSTER, TOKENS, Paged, opened, person
from server import Reply


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "the token isn't accepted (it says: sorry) [login-refused]"),
        (403, "the token may not use the schedule"),
        (404, "(it says: sorry) [no-such-schedule]"),
        (422, "the request was refused with status 422 (it says: sorry) [request-refused]"),
        (429, "too many requests"),
    ],
)
def test_refusals_in_words(paged: Paged, status: int, words: str) -> None:
    paged.memory.served = lambda request: Reply(  # type: ignore[method-assign]
        status, {"message": "sorry", "took": 0.1, "requestId": "r"}, {"Retry-After": "300"}, described=False
    )
    result = paged.publish().at(2)
    assert words in result.talk
    assert "s3cret" not in result.talk + result.out
    if status == 401:
        assert f"it comes from the environment variable `SETROTA_{paged.service.upper()}_TOKEN`" in result.talk
        assert result.talk.count("the token isn't accepted") == 1
    if status == 404:
        name = "lead/lead" if paged.service == "pagerduty" else "lead"
        assert f"`publish.{paged.service}.schedules` gives it to `{name}`" in result.talk
    assert paged.wrote() == []


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (
            422,
            {"message": "Not processable", "errors": {"user": "unknown"}, "took": 0.1},
            "Not processable; user: unknown",
        ),
        (
            400,
            {"error": {"code": 2001, "message": "Invalid", "errors": ["Too long", "Too late"]}},
            "Invalid; Too long; Too late",
        ),
        (
            400,
            {"errors": [{"title": "No responder", "detail": "Nobody has this id"}]},
            "No responder; Nobody has this id",
        ),
        (402, {"message": "a\n \x1b[31mred"}, r"a \x1b[31mred"),
        (409, {"message": "x" * 400}, "x" * 300 + "…"),
    ],
)
def test_what_each_service_says_of_a_refusal(pagerduty: Paged, status: int, body: object, said: str) -> None:
    pagerduty.memory.trouble = lambda request: Reply(status, body, described=False)
    assert (
        f"PagerDuty: the request was refused with status {status} (it says: {said}) [request-refused]\n"
        in pagerduty.publish("--to", "2027-03-07").at(2).talk
    )


def test_one_schedule_that_is_missing_holds_up_no_other(paged: Paged) -> None:
    paged.memory.schedules = {
        name: stored for name, stored in paged.memory.schedules.items() if name != paged.schedules["backup"]
    }
    result = paged.publish().at(2)
    assert "there is no schedule" in result.talk
    assert paged.wrote() == ["POST"] * 6


def test_whoever_has_no_account_is_named_before_anything_is_sent(paged: Paged) -> None:
    for handle in ("bo", "eli"):
        paged.desk.edit(
            "rotations.toml", person(paged.service, handle), f'{handle} = {{ name = "{handle.title()}" }}\n'
        )
    paged.wrote()
    result = paged.publish().at(2)
    assert paged.server.requests == []
    assert result.talk.count(f" has no {paged.service} account, but ") == 2
    line = (paged.desk.folder / "rotations.toml").read_text().splitlines().index('bo = { name = "Bo" }') + 1
    assert f"rotations.toml:{line}: `people.bo` has no {paged.service} account, but " in result.talk
    assert f'accounts = {{ {paged.service} = "…" }}' in result.talk
    assert paged.desk.run("export", "oncall", now=BEFORE).at(2).talk == result.talk


def test_a_schedule_has_one_person_at_a_time(pagerduty: Paged) -> None:
    pagerduty.desk.edit("rotations.toml", '"PBAC"', '"PPRI"')
    result = pagerduty.publish().at(2)
    assert "`publish.pagerduty.schedules` sends `desk/primary` and `desk/backup` to `PPRI`, which has" in result.talk
    pagerduty.desk.edit("rotations.toml", '"PPRI", backup = "PPRI"', '"PPRI"')
    pagerduty.desk.edit("rotations.toml", '["primary", "backup"]', '["primary", "primary"]')
    assert "sends `desk/primary-1` and `desk/primary-2` to `PPRI`" in pagerduty.publish().at(2).talk
    assert pagerduty.server.requests == []


def test_nothing_planned_deletes_nothing(paged: Paged) -> None:
    paged.publish().at(0)
    paged.wrote()
    (paged.desk.folder / "schedule.toml").unlink()
    assert "nothing is planned from now on, so nothing was sent [nothing-planned]" in paged.publish().at(2).talk
    assert paged.server.requests == []
    result = paged.desk.run("export", "oncall", now=BEFORE).at(0)
    assert [entry["requests"] for entry in result.document] == [[], [], []]
    assert "so there is nothing to send [nothing-to-send]" in result.talk


def test_an_empty_seat_is_told_and_left_to_the_service(pagerduty: Paged) -> None:
    pagerduty.desk.seat("desk.2027-03-08", "backup", "")
    talk = pagerduty.publish().at(0).talk
    assert (
        "warning: nobody has backup 2027-03-08 09:00 EST to 2027-03-15 09:00 EDT, so PagerDuty pages its own rotation"
        in talk
    )
    assert "hint: `setrota fill 2027-03-08 desk/backup`" in talk
    assert pagerduty.wrote() == ["POST"] * 9


def test_somebody_who_is_gone_is_replanned_first(pagerduty: Paged) -> None:
    pagerduty.desk.seat("desk.2027-03-08", "backup", "zed")
    talk = pagerduty.publish().at(2).talk
    assert "`zed` has backup from 2027-03-08 on, but isn't in the roster [planned-but-gone]" in talk
    assert pagerduty.server.requests == []


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"format": 1, "overrides": [{}]}', '{"format": 1, "overrides": 3}', "\xff", "[" * 100_000]
)
def test_notes_that_cant_be_read(pagerduty: Paged, text: str) -> None:
    (pagerduty.desk.folder / "schedule.oncall.json").write_bytes(text.encode("latin-1"))
    talk = pagerduty.publish().at(2).talk
    assert talk.startswith(
        "error: schedule.oncall.json: this is not setrota's record of overrides [damaged-record]\n  hint: "
    )
    assert pagerduty.server.requests == []


def test_notes_of_another_format(pagerduty: Paged) -> None:
    pagerduty.desk.write("schedule.oncall.json", '{"format": 2, "overrides": []}')
    assert "this record of overrides has another format [unknown-format]" in pagerduty.publish().at(2).talk


def test_a_roster_without_services_and_options_that_dont_go(tmp_path: Path) -> None:
    empty = Desk(tmp_path)
    empty.write("rotations.toml", ROSTER)
    for command in ("publish", "export"):
        talk = empty.run(command, "oncall").at(2).talk
        assert talk.startswith(
            "error: the roster has no `[publish.pagerduty]`, `[publish.opsgenie]` or `[publish.jira]` section "
            "[no-publish-section]\n  hint: add the section; `setrota explain no-publish-section` lists its keys"
        )
        talk = empty.run(command, "oncall", "--service", "jira").at(2).talk
        assert talk.startswith("error: the roster has no `[publish.jira]` section [no-publish-section]\n")
    assert (
        "`--service` only works with `oncall` [misplaced-option]"
        in empty.run("export", "header", "--service", "jira").at(2).talk
    )
    assert (
        "`oncall` takes only `--service` and `--output` [misplaced-option]"
        in empty.run("export", "oncall", "--person", "bo").at(2).talk
    )


def test_without_the_libraries_the_message_says_how_to_get_them(
    pagerduty: Paged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    assert " -m pip install 'httpx>=" in pagerduty.publish().at(2).talk
    assert len(pagerduty.desk.run("export", "oncall", now=BEFORE).at(0).document) == 3


def test_a_token_that_is_missing(pagerduty: Paged) -> None:
    talk = pagerduty.desk.run("publish", "oncall", now=BEFORE).at(2).talk
    assert "the environment variable `SETROTA_PAGERDUTY_TOKEN` isn't set" in talk


def test_an_override_that_somebody_deletes_meanwhile(tmp_path: Path, four_weeks: str) -> None:
    with ExitStack() as stack:
        paged = opened("jira", tmp_path, four_weeks, stack)
        paged.publish().at(0)
        paged.desk.seat("desk.2027-03-22", "backup", "hal")
        paged.memory.trouble = lambda request: paged.memory.error(404, "gone") if request.method == "PUT" else None
        assert "Jira Service Management: this override is gone (it says: gone; " in paged.publish().at(2).talk


ZONELESS = {"start": "2027-03-01T09:00", "end": "2027-03-02T09:00"}


@pytest.mark.parametrize(
    "entry",
    [
        1,
        {},
        {"id": 3, "alias": 3, "user": None, "responder": None, **ZONELESS},
        {"id": "K", "alias": "K", "user": {}, "responder": {}, **ZONELESS, "startDate": "soon", "endDate": "later"},
    ],
)
def test_an_answer_that_nobody_expects(paged: Paged, entry: object) -> None:
    body = {word: [entry] for word in ("values", "data", "overrides")}
    paged.memory.served = lambda request: Reply(200, body, described=False)  # type: ignore[method-assign]
    assert "its list of overrides has an unknown format [unexpected-answer]" in paged.publish().at(2).talk
    assert paged.wrote() == []


@pytest.mark.parametrize(("now", "verb"), [(BEFORE, "ends"), ("2027-04-06T10:00", "ended")])
def test_opsgenie_says_on_each_run_that_it_ends(tmp_path: Path, four_weeks: str, now: str, verb: str) -> None:
    with ExitStack() as stack:
        schedule = four_weeks.replace("[desk.2027-03-22]", "[desk.2027-04-05]")
        paged = opened("opsgenie", tmp_path, schedule, stack)
        expected = (
            f"warning: Atlassian's support for Opsgenie {verb} on 2027-04-05 [service-ending]\n"
            "  hint: move to Jira Service Management (`[publish.jira]`), or send the requests of "
            "`setrota export oncall --service opsgenie`"
        )
        assert paged.publish(now=now).at(0).talk.startswith(expected)
        assert paged.desk.run("export", "oncall", now=now).at(0).talk.startswith(expected)


def test_several_services_one_after_the_other(tmp_path: Path, four_weeks: str) -> None:
    with ExitStack() as stack:
        first = opened("opsgenie", tmp_path / "one", four_weeks, stack)
        paged = opened("jira", tmp_path / "two", four_weeks, stack)
        roster = (tmp_path / "one" / "rotations.toml").read_text()
        text = (tmp_path / "two" / "rotations.toml").read_text()
        paged.desk.write("rotations.toml", text + roster[roster.index("[publish.opsgenie]") :])
        paged.publish().at(0)
        paged.is_as_planned()
        first.is_as_planned()
        assert (
            paged.desk.run("export", "oncall", now=BEFORE)
            .at(2)
            .talk.startswith("error: the roster has several on-call services: `publish.op")
        )
        paged.wrote()
        paged.publish("--service", "opsgenie").at(0)
        assert paged.server.requests == []
        # One that can't be reached holds up no other.
        first.memory.served = lambda request: Reply(500, "", described=False)  # type: ignore[method-assign]
        paged.desk.seat("desk.2027-03-08", "backup", "hal")
        paged.publish().at(2)
        paged.is_as_planned()
        paged.wrote()
        result = paged.desk.run("publish", "oncall", now=BEFORE, SETROTA_JIRA_TOKEN=TOKENS["SETROTA_JIRA_TOKEN"]).at(2)
        assert "`SETROTA_OPSGENIE_TOKEN` isn't set" in result.talk
        assert paged.server.requests == []


def test_an_account_is_one_persons(pagerduty: Paged) -> None:
    pagerduty.desk.edit("rotations.toml", '"PBO"', '"pana"')
    assert "`people.bo` has the same pagerduty account as `ana` [shared-account]" in pagerduty.publish().at(2).talk
    assert pagerduty.server.requests == []


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("answer", [[], [{}], [{"status": 201}], {}, None, "fine", [{"override": {"id": 3}}]])
def test_a_success_that_says_nothing_is_looked_at_by_the_next_run(pagerduty: Paged, answer: object) -> None:
    pagerduty.memory.lost = lambda request: Reply(201, answer, described=False)
    pagerduty.publish().at(0)
    pagerduty.memory.lost = lambda request: None
    pagerduty.wrote()
    assert "everything is up to date" in pagerduty.publish().at(0).talk
    assert "wrote schedule.oncall.json" not in pagerduty.publish().at(0).talk
    assert pagerduty.wrote() == []
