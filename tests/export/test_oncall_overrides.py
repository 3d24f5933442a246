"""Which overrides a schedule asks for, and what they look like in each service's words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import samples
from cadences import hours

from setrota.dates.periods import Period
from setrota.export.oncall.overrides import alias_prefix, end_of_service, needed_overrides
from setrota.export.oncall.requests import OpsgenieRequests, as_json
from setrota.roster import ALWAYS, Person, Roster
from setrota.schedule import Change, Crew, Schedule

ZONE = ZoneInfo("Europe/Berlin")
BEFORE = datetime(2027, 3, 1, 12, tzinfo=ZONE)
PEOPLE = (
    Person("ana", accounts={"pagerduty": "PANA", "opsgenie": "a@x", "jira": "1:ana"}, email="ana@example.com"),
    Person("bo", accounts={"pagerduty": "PBO", "jira": "1:bo"}, email="bo@example.com"),
)
DESK = samples.rotation("desk", "primary backup")


def publishing(**publish: Any) -> Roster:
    return samples.always_served(PEOPLE, DESK, short_name="D", zone=ZONE, publish=publish)


def both(start: date, *changes: Change) -> Crew:
    """A week with ana as the primary and bo as the backup."""
    return samples.crew(start, "ana bo", of=DESK, changes=changes)


def spans(found: Schedule, now: datetime = BEFORE) -> list[tuple[str, str, str]]:
    asked = needed_overrides(publishing(pagerduty={"schedules": {"primary": "P1"}}), found, "pagerduty", now)
    return [(each.user, each.start.isoformat(), each.end.isoformat()) for each in asked.overrides]


def test_a_week_in_which_the_clocks_change() -> None:
    # 28 March 2027 has 23 hours: the week ends at the same wall-clock time, an hour earlier in UTC.
    assert spans(Schedule("D", (both(date(2027, 3, 22)),))) == [
        ("PANA", "2027-03-22T09:00:00+01:00", "2027-03-29T09:00:00+02:00")
    ]


def test_neighbouring_duties_stay_two_and_covers_cut() -> None:
    cover = Change(BEFORE, "primary", "ana", "bo", start=date(2027, 3, 17), end=date(2027, 3, 19))
    assert [
        (user, start[:10], end[:10])
        for user, start, end in spans(Schedule("D", (both(date(2027, 3, 8)), both(date(2027, 3, 15), cover))))
    ] == [
        ("PANA", "2027-03-08", "2027-03-15"),
        ("PANA", "2027-03-15", "2027-03-17"),
        ("PBO", "2027-03-17", "2027-03-19"),
        ("PANA", "2027-03-19", "2027-03-22"),
    ]


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2027-03-08T08:59:50", "2027-03-08T09:00:00+01:00"),
        ("2027-03-08T08:59:50.1", "2027-03-08T09:00:01+01:00"),
        ("2027-03-08T09:00:00", "2027-03-08T09:00:10+01:00"),
        ("2027-03-15T08:59:49", "2027-03-15T08:59:59+01:00"),
        ("2027-03-15T08:59:50", None),
    ],
)
def test_what_runs_begins_when_it_arrives_and_what_is_over_is_left_out(now: str, start: str | None) -> None:
    found = spans(Schedule("D", (both(date(2027, 3, 8)),)), datetime.fromisoformat(now).replace(tzinfo=ZONE))
    assert [each[1] for each in found] == ([start] if start else [])


def test_an_alias_names_a_part_of_a_duty_whoever_has_it() -> None:
    """It may stand in an address: letters, digits and hyphens, and no longer than a UUID and a bit."""
    cover = Change(BEFORE, "primary", "ana", "bo", start=date(2027, 3, 10))
    sections = {"opsgenie": {"schedules": {"primary": "P", "backup": "B"}}}

    def aliases(each: Crew) -> list[str]:
        return [
            one.alias
            for one in needed_overrides(publishing(**sections), Schedule("D", (each,)), "opsgenie", BEFORE).overrides
        ]

    plain = aliases(both(date(2027, 3, 8)))
    covered = aliases(both(date(2027, 3, 8), cover))
    given = aliases(replace(both(date(2027, 3, 8)), seats={"primary": "bo", "backup": "ana"}))
    assert len(set(plain)) == 2
    assert set(plain) < set(covered)
    assert len(set(covered)) == 3
    assert given == plain
    assert not set(plain) & set(aliases(both(date(2027, 3, 15))))
    assert all(each.startswith(alias_prefix("D")) and len(each) == 41 for each in covered)
    assert alias_prefix("D") != alias_prefix("E")


@pytest.mark.parametrize(("other", "shared"), [("PANA", True), ("pAna", True), ("PANA2", False)])
def test_two_people_with_one_account(other: str, shared: bool) -> None:
    """Services don't tell upper case from lower: two accounts that differ in nothing else are one."""
    ana, bo = PEOPLE
    people = {"ana": ana, "bo": replace(bo, accounts={"pagerduty": other})}
    place = replace(publishing(pagerduty={"schedules": {"primary": "P", "backup": "B"}}), people=people)
    faults = needed_overrides(place, Schedule("D", (both(date(2027, 3, 8)),)), "pagerduty", BEFORE).faults
    assert [each.problem.message for each in faults] == ["`people.bo` has the same pagerduty account as `ana`"] * shared


@pytest.mark.parametrize(("start", "shared"), [(time(17, 30), True), (time(17), False)])
def test_rotations_can_share_a_schedule_if_they_never_serve_at_one_time(start: time, shared: bool) -> None:
    """Day and night, for example."""
    day = samples.rotation("day", "primary", serves=(hours(range(7), time(9), time(17, 30)),))
    night = samples.rotation("night", "primary", serves=(hours(range(7), start, time(9)),))
    sections = {"pagerduty": {"schedules": {"primary": "P"}}}
    roster = samples.roster(PEOPLE, [day, night], zone=ZONE, publish=sections)
    plan = samples.schedule(
        samples.crew(date(2027, 3, 8), "ana", of=day), samples.crew(date(2027, 3, 8), "bo", of=night)
    )
    found = needed_overrides(roster, plan, "pagerduty", BEFORE)
    assert [each.problem.code for each in found.faults] == ([] if shared else ["shared-schedule"])
    spans = [each.span for each in found.overrides]
    assert len(spans) == 14
    assert all(end == following for (_, end), (following, _) in pairwise(spans)) == shared


def test_the_last_start_s_crew_is_paged_until_another_is_listed() -> None:
    """As long again as it is judged to last: what was sent stays the same."""
    sections = {"pagerduty": {"schedules": {"primary": "P"}}}
    rotation = samples.rotation("release", "primary", serves=ALWAYS, starts=(date(2027, 1, 5), date(2027, 2, 2)))
    roster = samples.roster(PEOPLE, rotation, zone=ZONE, publish=sections)
    plan = samples.schedule(Crew(Period(date(2027, 2, 2), date(2027, 3, 2), "release"), {"primary": "ana"}))
    ends = {}
    for day in (date(2027, 2, 3), date(2027, 3, 1), date(2027, 3, 3), date(2027, 3, 29), date(2027, 4, 1)):
        [each] = needed_overrides(roster, plan, "pagerduty", datetime.combine(day, time(12), ZONE)).overrides
        ends[day.isoformat()] = each.end.date().isoformat()
    assert ends == {
        "2027-02-03": "2027-03-02", "2027-03-01": "2027-03-02", "2027-03-03": "2027-03-30",
        "2027-03-29": "2027-03-30", "2027-04-01": "2027-04-27",
    }  # fmt: skip


def test_a_rotations_own_schedule_goes_before_that_of_the_kind() -> None:
    night = samples.rotation("night", "primary")
    sections = {"pagerduty": {"schedules": {"primary": "P-ALL", "desk/primary": "P-DESK"}}}
    roster = samples.always_served(PEOPLE, [DESK, night], zone=ZONE, publish=sections)
    held = samples.schedule(both(date(2027, 3, 8)), samples.crew(date(2027, 3, 8), "bo", of=night))
    asked = needed_overrides(roster, held, "pagerduty", BEFORE)
    assert {(each.duty.rotation, each.schedule) for each in asked.overrides} == {
        ("desk", "P-DESK"),
        ("night", "P-ALL"),
    }
    assert not asked.faults


SECTIONS: dict[str, dict[str, Any]] = {
    "pagerduty": {"schedules": {"primary": "P1", "backup": "P 2/x"}, "url": "https://api.eu.pagerduty.com/"},
    "opsgenie": {"schedules": {"desk/primary": "D primary", "backup": "0a1b2c3d-0000-4000-8000-0123456789ab"}},
    "jira": {"schedules": {"primary": "s1", "backup": "s2"}, "cloud-id": "c/1"},
}


@pytest.mark.parametrize(
    ("service", "addresses", "body"),
    [
        (
            "pagerduty",
            [
                "https://api.eu.pagerduty.com/schedules/P1/overrides",
                "https://api.eu.pagerduty.com/schedules/P%202%2Fx/overrides",
            ],
            {
                "overrides": [
                    {
                        "start": "2027-03-08T09:00:00+01:00",
                        "end": "2027-03-15T09:00:00+01:00",
                        "user": {"id": "PBO", "type": "user_reference"},
                    }
                ]
            },
        ),
        (
            "opsgenie",
            [
                "https://api.opsgenie.com/v2/schedules/D%20primary/overrides?scheduleIdentifierType=name",
                "https://api.opsgenie.com/v2/schedules/0a1b2c3d-0000-4000-8000-0123456789ab/overrides",
            ],
            {
                "user": {"type": "user", "username": "bo@example.com"},
                "startDate": "2027-03-08T09:00:00+01:00",
                "endDate": "2027-03-15T09:00:00+01:00",
            },
        ),
        (
            "jira",
            [
                "https://api.atlassian.com/jsm/ops/api/c%2F1/v1/schedules/s1/overrides",
                "https://api.atlassian.com/jsm/ops/api/c%2F1/v1/schedules/s2/overrides",
            ],
            {
                "responder": {"type": "user", "id": "1:bo"},
                "startDate": "2027-03-08T09:00:00+01:00",
                "endDate": "2027-03-15T09:00:00+01:00",
            },
        ),
    ],
)
def test_in_each_services_words(service: str, addresses: list[str], body: dict[str, Any]) -> None:
    asked = needed_overrides(publishing(**SECTIONS), Schedule("D", (both(date(2027, 3, 8)),)), service, BEFORE)
    entries = json.loads(as_json(service, SECTIONS[service], asked.overrides))
    assert [entry["schedule"] for entry in entries] == list(SECTIONS[service]["schedules"].values())
    assert [each["url"] for entry in entries for each in entry["requests"]] == addresses
    [request] = entries[1]["requests"]
    assert request["method"] == "POST"
    assert {word: value for word, value in request["body"].items() if word != "alias"} == body
    if service == "opsgenie":
        assert request["body"]["alias"] in {each.alias for each in asked.overrides if each.user == "bo@example.com"}
        # An account goes before the address.
        assert entries[0]["requests"][0]["body"]["user"]["username"] == "a@x"


def test_the_address_of_one_override() -> None:
    assert OpsgenieRequests(SECTIONS["opsgenie"]).url("D primary", "k/1") == (
        "https://api.opsgenie.com/v2/schedules/D%20primary/overrides/k%2F1?scheduleIdentifierType=name"
    )


def test_only_opsgenie_has_an_end() -> None:
    assert list(end_of_service("pagerduty", BEFORE)) == []
    assert list(end_of_service("jira", BEFORE)) == []
    assert "2027-04-05" in str(*end_of_service("opsgenie", BEFORE))
