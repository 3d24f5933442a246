"""What the team's page weighs and how soon it answers: `python tests/benchmarks/page.py [ROUNDS]`.

Pages are loaded in turn with an empty one, in headless Chromium; times are medians, as ratios to the empty page's
DOMContentLoaded. Nothing here is a test: it prints, it never fails.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

if __name__ == "__main__":
    tests = Path(__file__).resolve().parent.parent
    sys.path[:0] = [str(tests), str(tests / "page")]

from paged import EXAMPLE, many_people, of_days, page_of, turns
from playwright.sync_api import Browser, sync_playwright

from setrota.files.roster import read_roster

START, MIDDLE = date(2027, 1, 4), datetime(2027, 2, 17, 15, tzinfo=UTC)
EMPTY = "<!DOCTYPE html><html lang=en><meta charset=utf-8><link rel=icon href=data:,><title>empty</title><p>empty</p>"

CLOCK = f"Date.now = () => {round(MIDDLE.timestamp() * 1000)}"
"""The clock of Playwright would take the place of the browser's own measurements as well."""

FILLED = """new MutationObserver((_, observer) => {
  const cards = document.getElementById(":now")
  if (cards && cards.children.length) { window.filledAt = performance.now(); observer.disconnect() }
}).observe(document, {childList: true, subtree: true})"""


class Load(NamedTuple):
    """How long after the navigation began, in milliseconds."""

    card: float
    content: float


def pages() -> dict[str, str]:
    example = read_roster(EXAMPLE).roster
    crowd, days = many_people(200, 12), of_days(30)
    return {
        "56 x 13": page_of(example, turns(example, START, date(2027, 4, 5))),
        "200 x 52 x 12": page_of(crowd, turns(crowd, START, date(2028, 1, 3))),
        "30 x 90 days x 2": page_of(days, turns(days, date(2027, 1, 1), date(2027, 4, 1))),
    }


def load(browser: Browser, file: Path) -> Load:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(CLOCK)
    page.add_init_script(FILLED)
    page.goto(file.as_uri())
    content = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    card = page.evaluate("window.filledAt") or 0.0
    context.close()
    return Load(card, content)


def weigh(browser: Browser, file: Path) -> tuple[int, int]:
    """The numbers of DOM nodes once loaded, and of bytes of script."""
    page = browser.new_page()
    page.add_init_script(CLOCK)
    page.goto(file.as_uri())
    nodes = page.evaluate("document.getElementsByTagName('*').length")
    script = page.evaluate("new Blob([document.querySelector('script:not([type])').textContent]).size")
    page.close()
    return nodes, script


def medians(loads: Iterable[Load]) -> Load:
    cards, contents = zip(*loads, strict=True)
    return Load(statistics.median(cards), statistics.median(contents))


def main(rounds: int) -> None:
    program = shutil.which("chromium")
    if program is None:
        sys.exit("Chromium is not installed")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        files = {}
        for number, (name, html) in enumerate({"empty": EMPTY, **pages()}.items()):
            files[name] = Path(folder) / f"{number}.html"
            files[name].write_text(html, encoding="utf-8")
        found: dict[str, list[Load]] = {name: [] for name in files}
        for _ in range(rounds + 1):
            for name, file in files.items():
                found[name].append(load(browser, file))
        empty = medians(found["empty"][1:]).content
        print(f"empty page: DOMContentLoaded after {empty:.1f} ms, median of {rounds}")
        for name, file in list(files.items())[1:]:
            nodes, script = weigh(browser, file)
            times = medians(found[name][1:])
            print(
                f"{name:<18} {file.stat().st_size / 1000:6.1f} KB  {nodes:6} nodes  {script / 1000:.1f} KB script  "
                f"now-card {times.card / empty:.1f} x  DOMContentLoaded {times.content / empty:.1f} x"
            )
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
