"""All calendars as the files of a folder: which there are, what they are called, and the page that lists them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

from setrota.export.calendars.feeds import calendar, calendar_without_duties
from setrota.export.calendars.folder_files import (
    file_name,
    folder_files,
    is_calendar,
    person_file_name,
    rota_of_page,
)
from setrota.roster import Team
from setrota.roster.notes import Notes
from setrota.schedule import Change

ROSTER = samples.roster()


class Page(HTMLParser):
    """The elements of a page, the targets of its links and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.scripts = 0
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.scripts += tag == "script"
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_a_file_for_the_rota_and_each_rotation_team_and_person() -> None:
    found = folder_files(ROSTER, samples.SCHEDULE)
    assert list(found) == [
        "rota.ics",
        "rotations/engineer.ics",
        "rotations/lead.ics",
        "teams/channels.ics",
        "teams/platform.ics",
        *(f"people/{person.handle}.ics" for person in samples.PEOPLE),
        "index.html",
    ]
    plan = samples.SCHEDULE
    assert found["rota.ics"] == calendar(ROSTER, plan)
    assert found["rotations/lead.ics"] == calendar(ROSTER, plan, rotation="lead")
    assert found["teams/platform.ics"] == calendar(ROSTER, plan, team="platform")
    assert found["people/bo.ics"] == calendar(ROSTER, plan, person="bo")
    assert folder_files(ROSTER, plan) == found
    assert all(is_calendar(text.encode()) for path, text in found.items() if path != "index.html")


def test_who_left_the_roster_keeps_a_file_while_the_schedule_knows_them() -> None:
    gone = replace(ROSTER, people={handle: each for handle, each in ROSTER.people.items() if handle != "bo"})
    assert "BEGIN:VEVENT" in folder_files(gone, samples.SCHEDULE)["people/bo.ics"]
    assert "people/bo.ics" not in folder_files(gone, samples.schedule())


def test_a_former_handle_keeps_its_file() -> None:
    people = [replace(each, formerly=("bobby", "cy")) if each.handle == "bo" else each for each in samples.PEOPLE]
    roster = samples.roster(people, teams=samples.TEAMS)
    found = folder_files(roster, samples.SCHEDULE)
    assert found["people/bobby.ics"] == found["people/bo.ics"]
    # The handle that somebody has now is theirs.
    assert found["people/cy.ics"] == calendar(roster, samples.SCHEDULE, person="cy")
    assert "bobby" not in found["index.html"]


def test_tombstones_are_in_every_file_that_needs_them() -> None:
    change = Change(samples.PLANNED_AT, "primary", "bo", "jo")
    crew = samples.computed(date(2027, 1, 4), "bo cy dee eli", changes=[change])
    found = folder_files(ROSTER, samples.SCHEDULE.updated([crew]), tombstones=True)
    assert [path for path, text in found.items() if "CANCELLED" in text] == ["teams/channels.ics", "people/bo.ics"]


# The page


def test_calendars_of_one_name_are_told_apart_by_their_files() -> None:
    people = [replace(each, name="Kim") if each.handle in ("bo", "cy") else each for each in samples.PEOPLE]
    page = Page(folder_files(samples.roster(people, teams=samples.TEAMS), samples.SCHEDULE)["index.html"])
    assert {"Kim (bo.ics)", "Kim (cy.ics)", "Dee Dee"} <= set(page.words)


def test_the_page_lists_names_and_folder_files() -> None:
    page = Page(folder_files(ROSTER, samples.SCHEDULE)["index.html"])
    icon, fairness, *links = page.links
    assert icon == "data:,"  # asks for nothing, where a browser would ask for an icon
    assert fairness == "#:fair"
    assert links[:4] == ["rota.ics", "rotations/engineer.ics", "rotations/lead.ics", "teams/channels.ics"]
    assert len(links) == 15
    assert "A file is a snapshot: a calendar program that imports it won't get later changes." in page.words
    assert {"Sustained Engineering", "Channels", "Bo Lindqvist"} <= set(page.words)


def test_with_an_address_it_has_links_to_subscribe_with() -> None:
    for base in ("https://example.com/rota/", "http://example.com/rota/"):
        page = Page(folder_files(samples.roster(notes=Notes(base_url=base)), samples.SCHEDULE)["index.html"])
        assert "webcal://example.com/rota/people/bo.ics" in page.links
        assert f"{base}people/bo.ics" in page.words
        assert any(word.startswith("Subscribe, and your calendar program") for word in page.words)


def test_the_page_knows_its_rota() -> None:
    for name in ("SET", 'A "B" <C> & D', "é\n"):
        page = folder_files(samples.roster(short_name=name), samples.SCHEDULE)["index.html"]
        assert rota_of_page(page.encode()) == name.strip()
    assert rota_of_page(b"<html>mine</html>") is None
    assert rota_of_page(b"\xff\x00") is None
    assert not is_calendar(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//somebody//else//EN\r\n")
    assert is_calendar(calendar_without_duties(ROSTER, samples.SCHEDULE).encode())


HARMLESS = re.compile(
    r"html|head|meta|title|link|style|body|header|main|section|div|form|input|label|select|option|noscript|script"
    r"|h[123]|p|ul|li|details|summary|small|table|colgroup|col|caption|thead|tbody|tr|th|td|br|b|i|a|code|span|template|svg|rect|path"
)
ATTRIBUTES = re.compile(
    r"lang|charset|name|content|http-equiv|rel|href|class|id|title|hidden|role|type|aria-(?:label|live|hidden)"
    r"|placeholder|autocomplete|spellcheck|autocapitalize|enterkeyhint|value|scope|span|colspan|rowspan|data-(?:team|short)"
    r"|viewbox|preserveaspectratio|width|height|y|d|vector-effect"
)


@pytest.mark.no_cover  # quicker tests run the same lines
@given(st.text(max_size=30), st.text(max_size=10))
def test_no_name_is_more_than_text(name: str, key: str) -> None:
    for word in (
        name,
        f"<script>{name}</script>",
        f'"><img src=x onerror={name}>',
        f"[{name}](https://evil.example.com)",
    ):
        notes = Notes(base_url=f"https://example.com/{re.sub(r'[^!-~]|[<>]', '', word) or 'x'}/")
        roster = samples.renamed(word, short_name=word, notes=notes)
        roster = replace(roster, name=word, teams={key: Team(key, word, {"engineers": ("bo",)})})
        page = Page(folder_files(roster, samples.schedule())["index.html"])
        assert all(map(HARMLESS.fullmatch, page.elements))
        assert all(map(ATTRIBUTES.fullmatch, page.attributes))
        assert page.scripts == 2
        icon, *links = page.links
        assert icon == "data:,"
        assert all(re.match(r"(?:rota\.ics|rotations/|teams/|people/|webcal://example\.com/)", link) for link in links)


# Names of files


@pytest.mark.parametrize("key", ["bo", "bo.lindqvist", "a", "0", "team_1-b", "x" * 80, "console", "com", "lpt10"])
def test_a_harmless_key_is_its_own_name(key: str) -> None:
    assert file_name(key) == key


@pytest.mark.parametrize(
    ("key", "begin"),
    [
        ("..", "x~"), ("../../etc/passwd", "etc-passwd~"), (".bashrc", "bashrc~"), ("bo.", "bo~"), ("-rf", "rf~"),
        ("", "x~"),
        ("CON", "con~"), ("nul.txt", "nul-txt~"), ("com1", "com1~"), ("Core", "core~"), ("Straße 9", "strae-9~"),
        ("日本", "x~"), ("a/b\\c:d*e", "a-b-c-d-e~"), ("x" * 300, "x" * 48 + "~"), ("\ud800", "x~"), ("a\nb\0", "a-b~"),
        ("bo~1", "bo-1~"),
    ],
)  # fmt: skip
def test_any_other_is_made_safe(key: str, begin: str) -> None:
    name = file_name(key)
    assert name.startswith(begin)
    assert re.fullmatch(r"[0-9a-f]{10}", name.removeprefix(begin))


def test_names_are_the_same_for_ever() -> None:
    assert [file_name(key) for key in ("../x", "Core", "CON")] == ["x~d6b96a97d1", "core~70ea1983c9", "con~a3dbc4b644"]
    assert person_file_name("Bo.L") == person_file_name("bo.l") == "bo.l"


@given(st.sets(st.text(alphabet=st.sampled_from("abAB.-_~/\\ \0é1"), max_size=6), min_size=2))
def test_no_two_keys_have_one_name_whatever_the_system(keys: set[str]) -> None:
    names = [file_name(key) for key in keys]
    assert len({name.lower() for name in names}) == len(keys)
    for name in names:
        assert re.fullmatch(r"[a-z0-9._~-]{1,80}", name)
        assert name[0] != "."
        assert name[-1] != "."
