"""What goes wrong with a calendar server: said item by item, completed by a second run, and no password in any word."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest
from calendars import PASSWORD, PATH, READING, USER, CalendarDesk, Relay, resource, set_up
from server import HANG_UP, Reply, Request, Server

Forward = Callable[[], Reply]
BOTH = b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def test_what_failed_is_said_and_a_second_run_completes_it(two_weeks: CalendarDesk) -> None:
    fault = {"04_backup": Reply(500), "04_primary": Reply(403), "11_backup": Reply(507)}

    def answer(request: Request, forward: Forward) -> Reply:
        found = (reply for name, reply in fault.items() if request.method == "PUT" and name in request.path)
        return next(found, None) or forward()

    two_weeks.relay.answer = answer
    writing, talk = two_weeks.published(status=2)
    # A fault of the server's own may be over at the next try.
    assert [line[-22:] for line in writing] == [
        *["04_backup_1@setrota.ics"[-22:]] * 4,
        *(f"{each}_1@setrota.ics"[-22:] for each in ("04_primary", "11_backup", "11_primary")),
    ]
    assert [line[:5] for line in talk.splitlines() if line[:5] in ("done:", "error")] == [
        *("error", "error", "done:", "error"),
    ]
    assert "the server failed with status 500 [server-failing]" in talk
    assert "this user may not change it [not-allowed]" in talk
    assert "the server has no space left [server-full]" in talk
    assert talk.endswith("3 of 4 requests failed\n")

    two_weeks.relay.answer = Relay("").answer
    assert len(two_weeks.publish()) == 3
    assert two_weeks.reads() == two_weeks.exported()
    assert two_weeks.publish() == []


def test_what_arrived_without_an_answer_is_done(two_weeks: CalendarDesk) -> None:
    def answer(request: Request, forward: Forward) -> Reply:
        reply = forward()
        return HANG_UP if request.method not in READING and reply.status < 300 else reply

    two_weeks.relay.answer = answer
    writing, talk = two_weeks.published()
    assert len(writing) == 8
    assert talk.count("done: add") == 4
    two_weeks.relay.answer = Relay("").answer
    assert two_weeks.publish() == []

    two_weeks.relay.answer = answer
    two_weeks.desk.edit("rotations.toml", "[publish", '[people.ana]\nname = "A"\n[people.bo]\nname = "B"\n[publish')
    changed = [uid for uid, said in two_weeks.exported().items() if said != two_weeks.reads()[uid]]
    assert changed
    assert len(two_weeks.publish()) == 2 * len(changed)
    (two_weeks.desk.folder / "schedule.toml").unlink()
    assert len(two_weeks.publish("--yes")) == 8
    assert two_weeks.radicale.files() == {}


def test_what_somebody_changes_meanwhile_is_compared_anew(two_weeks: CalendarDesk) -> None:
    two_weeks.publish()
    name = next(iter(two_weeks.radicale.files())).removesuffix(".ics")
    mine = resource(f"{name}", "SUMMARY:mine")
    set_up(two_weeks.radicale, name, mine)

    def answer(request: Request, forward: Forward) -> Reply:
        if request.method == "PUT":
            set_up(two_weeks.radicale, name, mine.replace("mine", "still mine"))
        return forward()

    two_weeks.relay.answer = answer
    writing, talk = two_weeks.published(status=2)
    assert len(writing) == 1
    assert "it was changed meanwhile [changed-meanwhile]\n  hint: run it again: it compares again\n" in talk
    assert b"still mine" in two_weeks.radicale.files()[f"{name}.ics"]
    two_weeks.relay.answer = Relay("").answer
    assert len(two_weeks.publish()) == 1
    assert two_weeks.reads() == two_weeks.exported()


def test_a_server_that_fails_is_left_alone(two_weeks: CalendarDesk) -> None:
    two_weeks.relay.answer = lambda request, forward: Reply(503) if request.method == "PUT" else forward()
    writing, talk = two_weeks.published(status=2)
    assert len(writing) == 3 * 4
    assert talk.count("not tried, since the server is failing [not-tried]") == 1
    assert talk.endswith("3 of 4 requests failed and 1 was not sent; run it again to send the rest\n")


PAGE = Reply(200, "<html><title>Calendar</title></html>", {"Content-Type": "text/html"})
SWOLLEN = '<?xml version="1.0"?><!-- x --><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
PARTIAL = """\
<multistatus xmlns="DAV:"><response><href>/rota/duty/</href><status>HTTP/1.1 507 Full</status></response></multistatus>
"""
SENT_ON = Reply(301, "", {"Location": f"https://{USER}:{PASSWORD}@dav.example.com/new/?key={PASSWORD}"})
DIGEST = Reply(401, "", {"WWW-Authenticate": 'Digest realm="x", nonce="y"'})


@pytest.mark.parametrize(
    ("method", "reply", "words"),
    [
        ("PROPFIND", Reply(401), f"doesn't accept `{USER}` with this password [login-refused]"),
        ("PROPFIND", DIGEST, "doesn't accept Basic authentication [basic-login-refused]"),
        ("PROPFIND", Reply(403), "may not see the calendar [not-allowed]"),
        ("PROPFIND", Reply(404), "/rota/duty/` [no-such-calendar]\n  hint: create it on the server, or correct `url`"),
        ("PROPFIND", Reply(405), "is not a calendar server [wrong-server]"),
        ("PROPFIND", PAGE, "is not a calendar server [wrong-server]"),
        ("PROPFIND", Reply(207, SWOLLEN), "is not a calendar server [wrong-server]"),
        ("PROPFIND", Reply(207, "<multistatus xmlns='DAV:'>"), "is not a calendar server [wrong-server]"),
        ("PROPFIND", Reply(207, "<x/>"), "is not a calendar server [wrong-server]"),
        ("PROPFIND", Reply(204), "is not a calendar server [wrong-server]"),
        ("PROPFIND", SENT_ON, "redirects to `https://dav.example.com/new/` [redirected]"),
        ("PROPFIND", Reply(302, ""), "redirects to `http://127.0.0.1:"),
        ("PROPFIND", Reply(400, f"wrong: Basic {BOTH} {PASSWORD}"), "wrong: Basic ••• •••"),
        ("PROPFIND", HANG_UP, "127.0.0.1"),
        ("REPORT", Reply(503), "failed with status 503 [server-failing]"),
        ("REPORT", Reply(207, PARTIAL), "doesn't show all events of the calendar [events-hidden]"),
        ("PUT", Reply(401), f"doesn't accept `{USER}` with this password [login-refused]"),
        ("PUT", Reply(405), "can't be written to [not-a-calendar]"),
        ("PUT", Reply(409), "an event with this identity that it doesn't show"),
        ("PUT", Reply(412), "it was changed meanwhile [changed-meanwhile]"),
        ("PUT", Reply(413), "larger than the server allows [request-refused]"),
        ("PUT", Reply(423), "it is locked on the server [locked]"),
        ("PUT", Reply(400, f"wrong: Basic {BOTH} {PASSWORD}"), "wrong: Basic ••• •••"),
    ],
)
def test_a_refusal_is_said_in_words_without_the_password(
    two_weeks: CalendarDesk, method: str, reply: Reply, words: str
) -> None:
    two_weeks.relay.answer = lambda request, forward: reply if request.method == method else forward()
    outcome = two_weeks.desk.run("publish", "caldav", SETROTA_CALDAV_PASSWORD=PASSWORD).at(2)
    assert words in outcome.talk
    assert outcome.out == ""
    for secret in (PASSWORD, BOTH):
        assert secret not in outcome.talk
    assert two_weeks.radicale.files() == {}


def test_what_a_server_calls_an_event_is_shown_in_short(two_weeks: CalendarDesk) -> None:
    two_weeks.publish()
    (two_weeks.desk.folder / "schedule.toml").unlink()

    def answer(request: Request, forward: Forward) -> Reply:
        reply = forward()
        if request.method != "REPORT":
            return reply
        return replace(reply, body=re.sub("SUMMARY:", f"SUMMARY:{'x' * 20_000}", reply.content.decode()))

    two_weeks.relay.answer = answer
    done = two_weeks.desk.run("publish", "caldav", "-n", "--short", "--yes", SETROTA_CALDAV_PASSWORD=PASSWORD).at(0)
    assert "delete 2027-01-" in done.out
    assert max(map(len, done.out.splitlines())) < 350


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize(
    "href",
    [
        "",
        "/",
        "/rota/",
        PATH,
        PATH.rstrip("/"),
        f"{PATH}sub/",
        "..",
        f"{PATH}../duty2/x.ics",
        f"{PATH}%2e%2E/x.ics",
        f"{PATH}x%2F..%2F..%2Fx.ics",
        "/rota/dut",
        "/other/x.ics",
        "https://elsewhere.example.com/",
        f"x:https://elsewhere.example.com{PATH}x.ics",
        f"x:x:https://elsewhere.example.com{PATH}x.ics",
        f"https:https://elsewhere.example.com{PATH}x.ics",
        f"x:http://localhost:1{PATH}x.ics",
    ],
)
def test_nothing_outside_the_calendar_is_changed(two_weeks: CalendarDesk, href: str) -> None:
    """Whatever a server says of where our events are: what is deleted there would be the calendar, or all of them."""
    two_weeks.publish()
    (two_weeks.desk.folder / "schedule.toml").unlink()

    def answer(request: Request, forward: Forward) -> Reply:
        reply = forward()
        if request.method != "REPORT":
            return reply
        return replace(reply, body=re.sub(r"(?<=href>)[^<]*04_primary[^<]*(?=</)", href, reply.content.decode()))

    two_weeks.relay.answer = answer
    writing, talk = two_weeks.published("--yes", status=2)
    assert writing == []
    assert "error: CalDAV: the server has an event of the rota outside the calendar, at `" in talk
    assert "` [event-outside-calendar]\n  hint: set `url` to the calendar's own address\n" in talk


@pytest.mark.parametrize("href", ["x:{other}/rota/", "{other}/rota/", "//{host}/rota/", "x://{host}/rota/"])
@pytest.mark.parametrize("name", ["current-user-principal", "C:calendar-home-set"])
@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_no_address_in_an_answer_leads_to_another_server(
    two_weeks: CalendarDesk, name: str, href: str, options: tuple[str, ...]
) -> None:
    """It would get the password."""
    with Server(lambda _: Reply(207, "")) as other:
        address = href.format(other=other.url, host=other.url.partition("//")[2])
        link = f"<{name}><href>{address}</href></{name}>"
        found = f"<href>{PATH}</href><propstat><prop><resourcetype/>{link}</prop></propstat>"
        spaces = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
        answer = f"<multistatus {spaces}><response>{found}</response></multistatus>"
        two_weeks.relay.answer = lambda request, forward: Reply(207, answer)
        writing, talk = two_weeks.published(*options, status=2)
    assert writing == []
    assert "exists but is not a calendar [not-a-calendar]" in talk
    assert other.requests == []


def test_an_address_may_be_written_in_several_ways(two_weeks: CalendarDesk) -> None:
    two_weeks.desk.edit("rotations.toml", PATH, PATH.replace("duty", "%64uty"))
    assert len(two_weeks.publish()) == 4
    assert two_weeks.publish() == []


@pytest.mark.parametrize(("etag", "words"), [("\n  ETAG \n", None), ("é", "names the version of an event `é`")])
def test_versions_are_repeated_as_they_are_meant(two_weeks: CalendarDesk, etag: str, words: str | None) -> None:
    two_weeks.publish()
    (two_weeks.desk.folder / "schedule.toml").unlink()

    def answer(request: Request, forward: Forward) -> Reply:
        reply = forward()
        if request.method != "REPORT":
            return reply
        text = re.sub(
            r"(?<=getetag>)([^<]*)(?=</)", lambda found: etag.replace("ETAG", found[1]), reply.content.decode()
        )
        return replace(reply, body=text)

    two_weeks.relay.answer = answer
    writing, talk = two_weeks.published("--yes", status=2 if words else 0)
    assert len(writing) == (0 if words else 4)
    assert not words or f"error: CalDAV: the server {words}, which no request can carry [unexpected-answer]\n" in talk


def test_what_a_server_calls_an_event_is_shown_without_the_password(two_weeks: CalendarDesk) -> None:
    uid = "FD_desk_2026-01-05_primary_1@setrota"
    set_up(two_weeks.radicale, uid, resource(uid, f"SUMMARY:{PASSWORD}"))
    for more in (["--dry-run"], ["--yes"]):
        outcome = two_weeks.desk.run("publish", "caldav", *more, SETROTA_CALDAV_PASSWORD=PASSWORD).at(0)
        assert PASSWORD not in outcome.out + outcome.talk
        assert "delete 2027-01-11 •••\n" in outcome.out + outcome.talk


LONG = "x" * 50_000


@pytest.mark.parametrize(
    ("method", "old", "new"),
    [
        ("REPORT", "(?<=SUMMARY:)", LONG),
        ("REPORT", "(?<=href>)(?=[^<]*[.]ics)", f"/{LONG}"),
        ("REPORT", "(?<=getetag>)", f"é{LONG}"),
        ("PROPFIND", "<C:calendar */>", ""),
        ("PROPFIND", "(?s).*", LONG),
    ],
    ids=["title", "outside", "version", "calendars", "message"],
)
def test_whatever_a_server_says_is_one_short_line(two_weeks: CalendarDesk, method: str, old: str, new: str) -> None:
    two_weeks.publish()
    (two_weeks.desk.folder / "schedule.toml").unlink()

    def answer(request: Request, forward: Forward) -> Reply:
        reply = forward()
        if new == "" and request.headers["depth"] == "1":
            return replace(reply, body=re.sub(f"(?<=href>){PATH}", f"{PATH}{LONG}", reply.content.decode()))
        changed = re.sub(old, new, reply.content.decode(), flags=re.IGNORECASE)
        return (
            replace(reply, body=changed, status=400 if old == "(?s).*" else 207) if request.method == method else reply
        )

    two_weeks.relay.answer = answer
    outcome = two_weeks.desk.run("publish", "caldav", "--dry-run", "--short", "--yes", SETROTA_CALDAV_PASSWORD=PASSWORD)
    shown = outcome.talk + outcome.out
    assert "xxx" in shown
    assert max(map(len, shown.splitlines())) < 500


def test_no_password_appears_in_a_process_of_its_own(two_weeks: CalendarDesk) -> None:
    settings = {"SETROTA_CALDAV_PASSWORD": f"{PASSWORD}x", "HTTPX_LOG_LEVEL": "trace", "PYTHONDEVMODE": "1"}
    outcome = two_weeks.desk.spawn("publish", "caldav", **settings).at(2)
    assert (
        f"doesn't accept `{USER}` with this password [login-refused]\n"
        "  hint: the password comes from the environment variable" in outcome.talk
    )
    dry = two_weeks.desk.spawn("publish", "caldav", "--dry-run", **(settings | {"SETROTA_CALDAV_PASSWORD": PASSWORD}))
    assert dry.at(0).out.count("PUT ") == 4
    for text in (outcome.talk, outcome.out, dry.talk, dry.out):
        assert PASSWORD not in text
        assert BOTH[:-4] not in text


@pytest.mark.parametrize(("path", "status"), [("/rota/", 2), ("/", 2)])
def test_an_address_that_is_no_calendar_gets_nothing_and_names_those_there_are(
    two_weeks: CalendarDesk, path: str, status: int
) -> None:
    two_weeks.desk.edit("rotations.toml", f'{PATH}"', f'{path}"')
    writing, talk = two_weeks.published(status=status)
    assert writing == []
    assert " exists but is not a calendar [not-a-calendar]\n" in talk
    assert f"hint: the server has these calendars: `{two_weeks.server.url}{PATH}`" in talk


def test_a_missing_password_names_its_variable(two_weeks: CalendarDesk) -> None:
    outcome = two_weeks.desk.run("publish", "caldav").at(2)
    assert "`SETROTA_CALDAV_PASSWORD` isn't set" in outcome.talk
    assert two_weeks.server.requests == []


def test_without_a_username_nobody_is_named(two_weeks: CalendarDesk) -> None:
    two_weeks.desk.edit("rotations.toml", f'username = "{USER}"', "")
    talk = two_weeks.published(status=2)[1]
    assert "the server asks for a login [login-needed]\n  hint: add `username` to `[publish.caldav]`" in talk
    assert all("authorization" not in each.headers for each in two_weeks.server.requests)


def test_a_password_out_of_a_file(two_weeks: CalendarDesk) -> None:
    two_weeks.desk.write("secret", f"{PASSWORD}\n")
    two_weeks.desk.edit("rotations.toml", "username", 'password-file = "secret"\nusername')
    assert len(two_weeks.publish(SETROTA_CALDAV_PASSWORD="wrong")) == 4


def test_a_roster_that_says_nothing_of_it(two_weeks: CalendarDesk) -> None:
    text = (two_weeks.desk.folder / "rotations.toml").read_text(encoding="utf-8")
    two_weeks.desk.write("rotations.toml", text[: text.index("[publish")])
    assert "add the section `[publish.caldav]`" in two_weeks.published(status=2)[1]
