"""The team's page as a file: it is one file, its bytes depend on nothing but the rota, and no name in it is markup.

What a browser makes of it is held elsewhere.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import cycle, islice
from typing import Any

import pytest
import samples
from hostile_names import HOSTILE_NAMES
from samples import LEAD, changed, computed, crew, week

from setrota.export.calendars.folder_files import folder_files
from setrota.export.page import team_page_html
from setrota.export.page.security import script, style
from setrota.reports.page import team_page
from setrota.roster import Leave, Length, Person, Roster, Team
from setrota.roster.notes import Notes, Page
from setrota.schedule import Schedule

INJECTIONS = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "</noscript><img src=x onerror=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title><b>bold</b>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus=alert(1) '",
    "a&lt;b&amp;c",
    "]]>",
    "`${alert(1)}`",
    "\\3c script\\3e ",
    '"}body{display:none}/*',
)


class Parsed(HTMLParser):
    """The elements of a page with their attributes, its ids, its texts, and what stands in its script and style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.sources: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is not None:
            self.sources.append((self.cdata_elem, data))
        elif data.strip():
            self.words.append(data.strip())

    @property
    def ids(self) -> list[str]:
        return [found for _, attributes in self.elements if (found := attributes.get("id")) is not None]

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    @property
    def data(self) -> Any:
        return json.loads(next(source for tag, source in self.sources if tag == "script"))

    @property
    def people(self) -> list[dict[str, Any]]:
        """What the data says of each person, by the names of the facts."""
        return [dict(zip(self.data["facts"], facts, strict=False)) for facts in self.data["people"]]

    @property
    def text(self) -> str:
        return " ".join(self.words)


def page_of(roster: Roster, schedule: Schedule = samples.SCHEDULE) -> str:
    return team_page_html(team_page(roster, schedule))


PLAIN = page_of(samples.roster())


# One file


def test_it_asks_for_nothing() -> None:
    page = Parsed(page_of(samples.roster()))
    asking = {"img", "iframe", "object", "embed", "audio", "video", "source", "track", "base", "frame", "image", "use"}
    assert not asking & set(page.tags)
    assert {"src", "action", "style", "srcset"}.isdisjoint(name for _, each in page.elements for name in each)
    assert [each["href"] for tag, each in page.elements if tag in ("a", "link")] == ["data:,", "#:fair"]
    assert "@import" not in style()
    assert "url(" not in style()
    assert not re.search(r"fetch|XMLHttp|import\(|WebSocket|EventSource|sendBeacon|localStorage|cookie", script())


def test_its_policy_allows_its_own_style_and_script_and_nothing_else() -> None:
    page = Parsed(PLAIN)
    [policy] = [each["content"] for _, each in page.elements if each.get("http-equiv")]
    [css] = [source for tag, source in page.sources if tag == "style"]
    [_, code] = [source for tag, source in page.sources if tag == "script"]
    hashes = [f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'" for source in (code, css)]
    assert policy == (
        f"default-src 'none'; script-src {hashes[0]}; style-src {hashes[1]}; img-src data:; base-uri 'none';"
        " form-action 'none'"
    )
    # The policy comes before all that it is about.
    assert PLAIN.index("Content-Security-Policy") < PLAIN.index("<link") < PLAIN.index("<style>")


def test_the_script_makes_no_markup_of_text_and_no_code_of_data() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function\(", script())
    # The one text that becomes markup is what the page itself has in a noscript.
    assert script().count("parseFromString(") == script().count("parseFromString(kept.textContent,") == 1


def test_the_script_keeps_its_strings_and_is_at_most_8_kb() -> None:
    assert len(script().encode()) <= 8192
    assert "`Next, from ${when(start)}: `" in script()
    assert "${day == last ? end : when(until)}`" in script()
    assert r"/^@|\p{M}/gu" in script()
    assert not re.search(r"^\s*//", script(), re.MULTILINE)


def test_calendars_are_only_linked_where_they_lie_beside_the_page() -> None:
    assert ".ics" not in PLAIN
    assert "Calendars" not in PLAIN
    index = folder_files(samples.roster(), samples.SCHEDULE)["index.html"]
    bo = next(person for person in Parsed(index).people if person["handle"] == "bo")
    assert bo["path"] == "people/bo.ics"
    assert not bo.get("feed")
    published = samples.roster(notes=Notes(base_url="https://example.com/rota/"))
    index = folder_files(published, samples.SCHEDULE)["index.html"]
    bo = next(person for person in Parsed(index).people if person["handle"] == "bo")
    assert bo["feed"] == "webcal://example.com/rota/people/bo.ics"


def test_the_same_schedule_gives_the_same_bytes() -> None:
    assert page_of(samples.roster()) == PLAIN
    again = replace(samples.roster(), known_times={})
    assert page_of(again, samples.schedule(reversed(samples.SCHEDULE.crews))) == page_of(again)


def test_an_empty_schedule_has_a_page() -> None:
    page = Parsed(page_of(samples.roster(), Schedule("SET")))
    assert page.data["tables"] == []
    assert "nothing is planned" in page.text


# Names


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("name", [*INJECTIONS, *HOSTILE_NAMES])
def test_names_are_text_wherever_they_stand(name: str) -> None:
    teams = [replace(team, name=name) for team in samples.TEAMS]
    people = [replace(each, name=name, chat=name) for each in samples.PEOPLE]
    notes = Notes(page=Page(contact="email"))
    roster = samples.roster(people, teams=teams, name=name, short_name=name, notes=notes)
    page, usual = Parsed(page_of(roster)), Parsed(page_of(samples.roster(notes=notes)))
    # The same elements with the same attributes: nothing that somebody wrote is one.
    assert [(tag, set(each)) for tag, each in page.elements] == [(tag, set(each)) for tag, each in usual.elements]
    assert len(page.sources) == len(usual.sources) == 3
    assert [source for tag, source in page.sources if tag == "style"] == [
        source for tag, source in usual.sources if tag == "style"
    ]


@pytest.mark.parametrize("kind", [*INJECTIONS, "\N{FIRE ENGINE} 1", "x" * 300])
def test_a_seats_name_ends_neither_the_string_nor_the_style(kind: str) -> None:
    seat = re.sub(r"\s", "_", kind)
    rotation = samples.rotation("engineer", seat)
    roster = samples.roster(rotations=rotation)
    schedule = samples.schedule(crew(week(0), "bo", of=rotation))
    page = Parsed(page_of(roster, schedule))
    [css] = [source for tag, source in page.sources if tag == "style"]
    rest = css.removeprefix(style())
    [quoted] = re.findall(r'content:"([^"]*)"', rest)
    assert re.fullmatch(r"(?:[A-Za-z0-9]|\\[0-9a-f]+ )*", quoted)
    assert re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), quoted) == seat
    assert page.tags.count("style") == 1


def test_people_of_one_name_are_told_apart() -> None:
    people = [replace(each, name="Kim") if each.handle in ("bo", "cy") else each for each in samples.PEOPLE]
    page = Parsed(page_of(samples.roster(people, teams=samples.TEAMS)))
    assert {"Kim (bo)", "Kim (cy)", "Dee Dee"} <= set(page.words)
    assert [person["name"] for person in page.people][1:3] == ["Kim (bo)", "Kim (cy)"]


def test_no_handle_is_an_id_of_the_page() -> None:
    ids = [found[1:] for found in Parsed(PLAIN).ids]
    handles = [*ids, "top", "__proto__", "constructor", "toString", "-", "."]
    roster = samples.roster(" ".join(handles), samples.ENGINEER)
    schedule = samples.schedule(crew(week(0), " ".join(handles[:4])))
    page = Parsed(page_of(roster, schedule))
    assert len(set(page.ids)) == len(page.ids)
    assert all(each.startswith(":") for each in page.ids)  # no handle can have a colon
    assert [person["handle"] for person in page.people] == handles


def test_every_id_of_the_script_is_in_the_page() -> None:
    wanted = set(re.findall(r'byId\("(\w+)"\)', script()))
    page = Parsed(PLAIN)
    assert wanted - {each[1:] for each in page.ids} == set()
    assert {":team", ":rotation", ":past0"} <= set(page.ids)


# What can be read without scripts


def test_all_but_who_is_on_duty_reads_without_scripts() -> None:
    page = Parsed(PLAIN)
    assert "Who is on duty right now can only be shown with scripts; see the rota by date." in page.words
    assert {"Mon 4 Jan 2027", "Mon 11 Jan", "Mon 18 Jan", "Bo Lindqvist", "Fay Wray", "primary"} <= set(page.words)
    assert {"Is it fair?", "By person", "Channels", "P", "L"} <= set(page.words)
    # A duty of two weeks stands in both.
    assert page.text.count("Ana Silva 2nd week") == 1
    # Nothing of it waits for the script.
    hidden = [each.get("id") for _, each in page.elements if "hidden" in each]
    assert hidden == [":find", ":loud", ":found", ":filters", ":past0"]


def test_large_rotas_read_without_scripts() -> None:
    page = Parsed(large())
    assert page.tags.count("noscript") == 1 + 20  # the now-card, and each team
    assert "Kim Derg (p10)" in page.text


def test_covers_gaps_and_empty_seats_are_told() -> None:
    first = changed(computed(week(0), "bo cy dee eli"), "primary", "fay")
    part = changed(computed(week(1), "gus hal ivy -"), "backup", "jo", week(1) + samples.DAY * 2)
    page = Parsed(page_of(samples.roster(), samples.schedule(first, part, computed(week(3), "bo cy dee eli"))))
    assert "Fay Wray changed" in page.text
    assert "Hal Hund to Tue 12 Jan Jo Jung from Wed 13 Jan, changed" in page.text
    assert page.text.count("nobody not planned") == 4
    assert {"changed since planned", "a part of it"} <= set(page.words)


# Privacy


def test_contacts_and_absences_only_where_the_roster_says_so() -> None:
    away = Leave(week(0), week(1))
    facts: dict[str, Any] = {"email": "bo@example.com", "leave": (away,), "accounts": {"pagerduty": "PABC123"}}
    people = [replace(each, **facts) if each.handle == "bo" else each for each in samples.PEOPLE]
    quiet = page_of(samples.roster(people, teams=samples.TEAMS))
    for secret in ("bo@example.com", "PABC123"):
        assert secret not in quiet
    assert all(len(shift) < 6 for rotation in Parsed(quiet).data["rotations"] for shift in rotation[2])
    assert "away" not in Parsed(quiet).words
    told = page_of(samples.roster(people, teams=samples.TEAMS, notes=Notes(page=Page(contact="email", away=True))))
    assert "bo@example.com" in told
    assert any(len(shift) == 6 for rotation in Parsed(told).data["rotations"] for shift in rotation[2])
    assert "PABC123" not in told


# Size


def large() -> str:
    """200 people in 20 teams, of whom many share a name, for 52 weeks at 12 seats a week."""
    engineer = samples.rotation("engineer", "primary backup " + "engineer " * 9)
    firsts = ("Kim", "Ana", "Bo", "Cy", "Dee")
    handles = [f"p{number}" for number in range(200)]
    people = [
        Person(handle, f"{firsts[number % 5]} {chr(65 + number % 7)}erg", chat=f"{handle}.chat")
        for number, handle in enumerate(handles)
    ]
    teams = [
        Team(f"t{number}", f"Team {number}", {"engineers": tuple(mine), "leads": tuple(mine[:2])})
        for number in range(20)
        for mine in [handles[number * 10 : number * 10 + 10]]
    ]
    turns, leads = cycle(handles), cycle(handles[::5])
    crews = [computed(week(number), " ".join(islice(turns, 11)), of=engineer) for number in range(52)]
    crews += [computed(week(number), next(leads), of=replace(LEAD, every=Length(1))) for number in range(52)]
    roster = samples.roster(people, [engineer, replace(LEAD, every=Length(1))], teams)
    return page_of(roster, samples.schedule(crews))


def test_a_large_rota_is_at_most_260_kb() -> None:
    assert len(large().encode()) <= 260 * 1024
