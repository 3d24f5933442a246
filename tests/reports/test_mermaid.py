"""The timeline for GitHub and GitLab.

Which characters and words mean something was tried with Mermaid's own parser, version 11: every name below came out as
the one task that it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from samples import DAY, LEAD, MONDAY, PAIR, ZONE, changed, crew, crews, roster, rotation, schedule

from setrota.dates.grid import periods_from
from setrota.dates.periods import point_at
from setrota.reports.mermaid import mermaid_page, mermaid_text
from setrota.reports.show import Look
from setrota.roster import ALWAYS, Handover, Length, Person, Span
from setrota.schedule import Crew

BY_NAME = Look(names=True)


def test_a_section_for_each_seat_and_a_bar_for_each_duty() -> None:
    given = roster([Person("ana", "Ana Silva"), Person("bo"), Person("cy")], [PAIR, LEAD])
    held = schedule(crews("ana bo | bo -", of=PAIR), crews("cy", of=LEAD))
    assert mermaid_text(given, held.duties(), BY_NAME) == (
        "---\n"
        "displayMode: compact\n"
        "---\n"
        "gantt\n"
        "    title Sustained Engineering\n"
        "    dateFormat YYYY-MM-DD HH:mm\n"
        "    axisFormat %d %b\n"
        "    tickInterval 1week\n"
        "    weekday monday\n"
        "    section engineer/primary\n"
        "    Ana Silva :2027-01-04 09:00, 2027-01-11 09:00\n"
        "    bo :2027-01-11 09:00, 2027-01-18 09:00\n"
        "    section engineer/backup\n"
        "    bo :2027-01-04 09:00, 2027-01-11 09:00\n"
        "    NOBODY :crit, 2027-01-11 09:00, 2027-01-18 09:00\n"
        "    section lead\n"
        "    cy :2027-01-04 09:00, 2027-01-18 09:00\n"
    )


def test_a_page_has_it_in_a_fence() -> None:
    given = roster("ana bo", PAIR)
    duties = schedule(crews("ana bo", of=PAIR)).duties()
    assert mermaid_page(given, duties, Look()) == f"```mermaid\n{mermaid_text(given, duties, Look())}```\n"
    assert mermaid_page(given, [], Look()).splitlines()[5] == "    title Sustained Engineering"


def _titles(text: str) -> list[str]:
    return re.findall(r"^    title Sustained Engineering(?:, )?(.*)$", text, re.MULTILINE)


def test_a_page_has_as_many_charts_as_leave_room_for_names() -> None:
    """A bar of a week in a quarter has room for a handle, one in a month for a name."""
    given = roster([Person("ana", "Ana Bartholomew-Silva"), Person("bo"), Person("cy")], [PAIR, LEAD])
    weeks = [crew(MONDAY + number * 7 * DAY, "ana bo", of=PAIR) for number in range(26)]
    leads = crews(" | ".join(["cy"] * 13), of=LEAD)
    duties = schedule(weeks, leads).duties()
    assert _titles(mermaid_page(given, duties, Look())) == [""]
    text = mermaid_page(given, duties, BY_NAME)
    assert _titles(text) == [
        "Mon 4 Jan 2027 to Sun 31 Jan 2027",
        "Mon 1 Feb 2027 to Sun 28 Feb 2027",
        "Mon 1 Mar 2027 to Sun 4 Apr 2027",
        "Mon 5 Apr 2027 to Sun 2 May 2027",
        "Mon 3 May 2027 to Sun 6 Jun 2027",
        "Mon 7 Jun 2027 to Sun 4 Jul 2027",
    ]
    # A duty that goes on is in both charts, each with its part.
    assert "    cy :2027-03-29 09:00, 2027-04-05 09:00\n" in text
    assert "    cy :2027-04-05 09:00, 2027-04-12 09:00\n" in text


def test_a_file_of_its_own_has_one_chart_with_a_row_for_each_duty_if_there_is_no_room() -> None:
    daily = rotation("desk", "caller", every=Length(1, "days"), serves=ALWAYS)
    given = roster("ana", daily)
    periods = periods_from(given, "desk", MONDAY, date(2027, 4, 1))
    duties = schedule(Crew(period, {"caller": "ana"}) for period in periods).duties()
    assert mermaid_text(given, duties, Look()).startswith("gantt\n    title Sustained Engineering\n")
    # Two weeks have room for the days.
    assert "    axisFormat %a %d\n    tickInterval 1day\n" in mermaid_text(given, duties[:14], Look())
    assert "    tickInterval 1week\n" in mermaid_text(given, duties[:17], Look())
    assert _titles(mermaid_page(given, duties, Look()))[:2] == [
        "Mon 4 Jan 2027 to Sun 31 Jan 2027",
        "Mon 1 Feb 2027 to Sun 28 Feb 2027",
    ]


def test_hours_are_those_of_the_rota() -> None:
    """A rotation with a clock of its own, of which bo takes over a part at two o'clock."""
    desk = rotation("desk", handover=Handover(0, time(9)), zone=ZoneInfo("Europe/Berlin"))
    given = roster("ana bo", desk)
    cut = point_at(given, "desk", datetime(2027, 1, 6, 14, tzinfo=ZONE))
    held = schedule(changed(crew(MONDAY, "ana", of=desk), "desk", "bo", cut))
    assert mermaid_text(given, held.duties(), Look()).splitlines()[-2:] == [
        "    ana :2027-01-04 03:00, 2027-01-06 14:00",
        "    bo :2027-01-06 14:00, 2027-01-11 03:00",
    ]


def test_only_the_time_that_is_served_is_drawn() -> None:
    """Friday's duty of office hours runs until Monday, but its bar ends on Friday, also where a chart begins later."""
    hours = (Span(frozenset(range(5)), start=time(9), end=time(17), nights=0),)
    desk = rotation("desk", "caller", every=Length(1, "days"), serves=hours, handover=Handover(None, time(9)))
    given = roster("ana bo", [desk, LEAD])
    periods = periods_from(given, "desk", MONDAY, date(2027, 3, 1))
    duties = schedule(crews("bo", of=LEAD), (Crew(period, {"caller": "ana"}) for period in periods)).duties()
    text = mermaid_page(given, duties, Look())
    assert "    section desk/caller\n    ana :2027-01-04 09:00, 2027-01-04 17:00\n" in text
    assert "    ana :2027-01-08 09:00, 2027-01-08 17:00\n    ana :2027-01-11 09:00, 2027-01-11 17:00\n" in text


def test_short_bars_leave_room_for_the_names_behind_them() -> None:
    """Twelve days have room for nine letters in each bar; bars of a third of a day leave two thirds of that."""
    for served, charts in ((ALWAYS, 1), ((Span(frozenset(range(7)), start=time(9), end=time(17), nights=0),), 2)):
        desk = rotation("desk", "caller", every=Length(1, "days"), serves=served, handover=Handover(None, time(9)))
        given = roster([Person("wilhelmin")], desk)
        periods = periods_from(given, "desk", MONDAY, MONDAY + 12 * DAY)
        text = mermaid_page(given, schedule(Crew(each, {"caller": "wilhelmin"}) for each in periods).duties(), Look())
        assert len(_titles(text)) == charts


def test_the_axis_has_months_where_turns_last_as_long() -> None:
    monthly = rotation("guild", "chair", every=Length(1, "months"))
    given = roster("ana", monthly)
    held = schedule(Crew(each, {"chair": "ana"}) for each in periods_from(given, "guild", MONDAY, date(2027, 6, 1)))
    lines = mermaid_text(given, held.duties(), Look()).splitlines()
    assert lines[6:9] == ["    axisFormat %b %Y", "    tickInterval 1month", "    section chair"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Finn O'Larkery-Ng (2nd)", "Finn O'Larkery-Ng (2nd)"),
        ("Zoë Müller 王", "Zoë Müller 王"),
        ("a : crit, 2020-01-01, 5d", "a #58; crit, 2020-01-01, 5d"),
        ("a; b", "a#59; b"),
        ("#35;", "#35;35#59;"),
        ("a%%b", "a#37;#37;b"),
        ("%%{init: 1}%%", "#37;#37;#123;init#58; 1#125;#37;#37;"),
        ("<script>", "#60;script#62;"),
        ("```", "#96;#96;#96;"),
        ("Section Eight", "#83;ection Eight"),
        ("click here", "#99;lick here"),
        ("2027-01-04", "#50;027-01-04"),
        ("a\nsection b", "a section b"),
    ],
)
def test_a_name_is_no_syntax(name: str, shown: str) -> None:
    given = replace(roster([Person("ana", name)], rotation("desk")), name=name)
    text = mermaid_text(given, schedule(crew(MONDAY, "ana", of=given.rotations["desk"])).duties(), BY_NAME)
    assert text.splitlines()[-1] == f"    {shown} :2027-01-04 09:00, 2027-01-11 09:00"
    assert f"    title {shown}\n" in text
    assert not re.search(r"[^\n]%%", text)
