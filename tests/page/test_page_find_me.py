"""Find me: by typing, by the address, and back again; whatever people's handles are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
import samples
from paged import example_page, many_people, page_of, turns
from playwright.sync_api import Page
from visits import DESK, PHONE, Visitor, in_view

from setrota.roster import Person

# Handles that are words of the page or of its language: ids, classes, properties of everything, numbers.
WORDS = (
    "now", "d", "data", "constructor", "__proto__", "tostring", "toString", "who", "found", "answer", "main", "hidden",
    "0", "1", "length", "team", "find", "hasownproperty", "valueof", "null", "undefined", "true", "top", "location",
    "a.b", "a-b", "a_b", "dates", "k0", "r0",
)  # fmt: skip


def answer(page: Page) -> str:
    return page.locator("[id=':answer']").inner_text()


def own(page: Page) -> list[str]:
    """One's own duties ahead, a line each."""
    return [" ".join(each.split()) for each in page.locator("[id=':own'] > ul li").all_inner_texts()]


def search(page: Page, words: str) -> None:
    page.get_by_role("searchbox").fill(words)


@cache
def worded_page() -> str:
    handles = [each.lower() for each in WORDS]
    people = [Person(handle, f"Person {number}") for number, handle in enumerate(dict.fromkeys(handles))]
    roster = samples.roster(people, samples.rotation("engineer", "primary backup"))
    return page_of(roster, turns(roster, samples.week(0), samples.week(40)))


def test_by_typing(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    search(page, "zeno")
    assert answer(page) == "Zeno Papalithos: no duty ahead in this plan"
    search(page, "jae")
    assert answer(page) == "Jae Moonhwa: next Lead Mon 15 Mar, 09:00 your time, in 26 days"
    assert own(page) == ["Lead Mon 15 Mar \N{EN DASH} Sat 27 Mar, 09:00"]
    assert page.evaluate("document.activeElement.id") == ":who"
    search(page, "nobody at all")
    assert answer(page) == "Nobody here is called “nobody at all”"
    search(page, "")
    assert page.locator("[id=':found']").is_hidden()


def test_whoever_has_finished_a_weeks_service_is_not_on_duty_on_its_weekend(visitor: Visitor) -> None:
    """The handover is on Monday; the last service ends on Saturday at 09:00 in Toronto."""
    friday, saturday = datetime(2027, 1, 8, 15, tzinfo=UTC), datetime(2027, 1, 9, 15, tzinfo=UTC)
    now = "Bo Lindquarry: now Primary, until Sat 9 Jan, 09:00 your time"
    assert answer(visitor.visit(example_page(), friday, fragment="#bo")) == now
    later = "Bo Lindquarry: next Primary Mon 29 Mar, 09:00 your time, in 79 days"
    assert answer(visitor.visit(example_page(), saturday, fragment="#bo")) == later


def test_nobody_is_on_duty_on_the_weekend_within_a_turn(visitor: Visitor) -> None:
    page = visitor.visit(example_page(), datetime(2027, 3, 20, 15, tzinfo=UTC), fragment="#jae")
    assert answer(page) == "Jae Moonhwa: Lead. Off duty until Mon 22 Mar, 09:00"
    assert "Off duty until Mon 22 Mar, 09:00" in page.locator(".card").last.inner_text()


def test_by_the_mention_in_the_chat(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    search(page, "@bo.lindquarry")
    assert answer(page).startswith("Bo Lindquarry: ")
    search(page, "")
    assert page.locator("[id=':found']").is_hidden()


def test_in_the_readers_own_time(visitor: Visitor) -> None:
    page = visitor.visit(example_page(), zone="Asia/Tokyo", fragment="#jae")
    assert answer(page) == "Jae Moonhwa: next Lead Mon 15 Mar, 22:00 your time, in 25 days"


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_answer_is_in_view_without_scrolling(visitor: Visitor, size: tuple[int, int]) -> None:
    page = visitor.visit(example_page(), size=size, fragment="#jae")
    assert in_view(page, "[id=':answer']")
    assert in_view(page, "[id=':own'] > ul")
    assert page.evaluate("[scrollX, scrollY]") == [0, 0]


def test_by_the_address_and_back(visitor: Visitor) -> None:
    page = visitor.visit(example_page(), fragment="#jae")
    page.evaluate("location.hash = '#wen'")
    page.wait_for_function("document.getElementById(':answer').textContent.startsWith('Wen')")
    page.go_back()
    page.wait_for_function("document.getElementById(':answer').textContent.startsWith('Jae')")
    assert page.get_by_role("searchbox").input_value() == "Jae Moonhwa"
    page.go_forward()
    page.wait_for_function("document.getElementById(':answer').textContent.startsWith('Wen')")
    assert page.evaluate("scrollY") == 0


def test_who_was_found_is_in_the_address(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    search(page, "jae")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#jae"
    page.reload()
    visitor.visits += 1
    assert answer(page).startswith("Jae Moonhwa: ")


def test_an_address_that_names_nobody(visitor: Visitor) -> None:
    for fragment in ("#nobody", "#%E0%A4%A", "#%"):
        page = visitor.visit(example_page(), fragment=fragment)
        assert answer(page) == f"Nobody here is called “{fragment[1:]}”"
        assert own(page) == []
        assert page.evaluate("scrollY") == 0
    for fragment in ("#", "#:data", "#:fair"):
        assert visitor.visit(example_page(), fragment=fragment).locator("[id=':found']").is_hidden(), fragment


def test_any_word_can_be_a_handle(visitor: Visitor) -> None:
    page = visitor.visit(worded_page())
    for number, handle in enumerate(dict.fromkeys(each.lower() for each in WORDS)):
        search(page, handle)
        assert answer(page).startswith(f"Person {number}: "), handle
        search(page, "")
        page.evaluate("handle => { location.hash = handle }", handle)
        page.wait_for_function("name => document.getElementById(':who').value === name", arg=f"Person {number}")
        assert answer(page).startswith(f"Person {number}: "), handle
        assert page.evaluate("scrollY") == 0
    assert page.locator("[id=':now'] > div").count() == 1


def test_people_of_one_name_are_told_apart(visitor: Visitor) -> None:
    crowd = many_people(200, 12)
    twins = [
        replace(person, name="Maria Berg") if number % 20 == 0 else person
        for number, person in enumerate(crowd.people.values())
    ]
    crowd = replace(crowd, people={person.handle: person for person in twins})
    page = visitor.visit(page_of(crowd, turns(crowd)), size=PHONE)
    search(page, "maria berg")
    assert answer(page) == "10 people:"
    page.get_by_role("link", name="Maria Berg (p40)", exact=True).click()
    assert answer(page).startswith("Maria Berg (p40): ")
    assert page.evaluate("scrollY") == 0


def test_a_name_is_found_without_its_accents(visitor: Visitor) -> None:
    people = [Person("zoe", "Zoë Ångström"), Person("bo", "Bo")]
    roster = samples.roster(people, samples.rotation("engineer", "primary"))
    page = visitor.visit(page_of(roster, turns(roster)))
    for words in ("zoe angstrom", "ANGS", "Zoë", "@zoe"):
        search(page, words)
        assert answer(page).startswith("Zoë Ångström: "), words
