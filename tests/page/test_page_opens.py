"""The page opens anywhere: from a file, from a web server, without scripts, and it asks for nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from paged import example, example_page, many_people, page_of, turns
from visits import Visitor

from setrota.export.calendars.folder_files import folder_files


def test_from_a_file(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    assert page.title() == "Sustained Engineering"
    assert page.locator("[id=':now'] > div").count() == 2


def test_from_a_web_server(visitor: Visitor, served: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(example_page(), encoding="utf-8")
    page = visitor.go(f"{served}/")
    assert page.locator("[id=':now'] > div").count() == 2


def test_a_browser_holds_the_page_to_its_policy(visitor: Visitor) -> None:
    """What these tests would see if the page asked for something or ran a script that isn't its own."""
    page = visitor.visit(
        example_page().replace("</main>", '<img src="http://127.0.0.1:9/x.png"><script>1</script></main>')
    )
    page.wait_for_timeout(50)
    assert any("img-src" in each for each in visitor.complaints)
    assert any("script-src" in each for each in visitor.complaints)
    visitor.begin()


def test_without_scripts_the_rota_can_be_read(visitor: Visitor) -> None:
    page = visitor.without_scripts(example_page())
    assert "Who is on duty right now can only be shown with scripts" in page.locator("section.now").inner_text()
    first = page.locator("table.dates tbody tr").first
    assert first.inner_text().split("\t")[:2] == ["Mon 4 Jan 2027", "Bo Lindquarry"]
    assert page.locator("table.grid").first.is_visible()


def test_without_scripts_a_large_rota_can_be_read(visitor: Visitor) -> None:
    crowd = many_people(120, 12)
    page = visitor.without_scripts(page_of(crowd, turns(crowd)))
    page.locator("section.people details").first.locator("summary").click()
    assert page.locator("section.people tbody th[scope=row]").first.is_visible()


def test_the_same_schedule_gives_the_same_bytes() -> None:
    assert page_of(*example()) == example_page()


@pytest.mark.parametrize(
    "words", ["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a & b \" ' <!--"]
)
def test_what_people_wrote_is_text(visitor: Visitor, words: str) -> None:
    """Names in find-me, the cards, the tables, the title, and the list of teams."""
    roster, schedule = example()
    people = {handle: replace(person, name=f"{words} {handle}") for handle, person in roster.people.items()}
    teams = {key: replace(team, name=f"{words} {key}") for key, team in roster.teams.items()}
    page = visitor.visit(page_of(replace(roster, name=words, people=people, teams=teams), schedule), fragment="#ivo")
    assert page.title() == words
    assert page.locator("[id=':answer']").inner_text().startswith(f"{words} ivo: ")
    assert page.locator("h1").inner_text() == words
    assert page.locator("script").count() == 2
    assert page.locator("img").count() == 0


def test_the_example_is_at_most_50_kb() -> None:
    """By itself, and beside its 67 calendars with a link to each."""
    assert len(example_page().encode()) <= 50 * 1024
    assert len(folder_files(*example())["index.html"].encode()) <= 50 * 1024
