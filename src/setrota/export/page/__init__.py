"""The team's page as one HTML file that asks for nothing else: who is on duty, the rota, and how fair it is.

What it says is in `reports.page`; here it gets its form. All that depends on the reader's clock or place is worked out
by `page.js` from data in the page; everything else is there without a script. The order is the reader's: find-me, now,
the script, and only then the tables, so that a browser answers before it has read them. Ids begin with `:`, which no
handle has: the hash of an address (`#ana`) names a person and never an element. Knows no clock and no disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from setrota.export.page.calendars import CalendarLink, calendars_section
from setrota.export.page.dates import dates_section
from setrota.export.page.embedded import embedded
from setrota.export.page.fair import fairness_section
from setrota.export.page.people import people_section
from setrota.export.page.security import policy, script, style
from setrota.export.page.styles import styles_of
from setrota.export.page.words import PageNames, attribute, generator, text
from setrota.reports.page import TeamPage, city_of

__all__ = ["CalendarLink", "team_page_html"]


def team_page_html(page: TeamPage, calendars: Sequence[CalendarLink] = (), base: str | None = None) -> str:
    """The whole page; with links to calendars if there are any, and with addresses if they are published at `base`."""
    names = PageNames(page)
    css, code = style() + styles_of(page), script()
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            generator(page.short_name),
            '<meta name="viewport" content="width=device-width, initial-scale=1, minimum-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy(css, code)}">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{text(page.name)}</title>",
            '<link rel="icon" href="data:,">',
            f"<style>{css}</style>",
            "</head>",
            "<body>",
            *_header(page),
            "<main>",
            *_answers(page),
            f'<script type="application/json" id=":data">{embedded(page, calendars, base)}</script>',
            f"<script>{code}</script>",
            *_filters(page),
            *dates_section(page, names),
            *fairness_section(page, names),
            *people_section(page, names),
            *calendars_section(calendars, base),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _header(page: TeamPage) -> Iterator[str]:
    yield f"<header><div><h1 data-short={attribute(page.short_name)}>{text(page.name)}</h1>"
    yield (
        '<form id=":find" role="search" hidden><input id=":who" type="search" aria-label="Find me: name or handle"'
        ' placeholder="Find me" autocomplete="off" spellcheck="false" autocapitalize="off" enterkeyhint="search">'
        "</form>"
    )
    yield "</div></header>"


def _answers(page: TeamPage) -> Iterator[str]:
    """What the script fills: warnings, the answer to find-me, and who is on duty."""
    yield '<section class="loud" aria-label="Warnings" id=":loud" hidden></section>'
    yield '<section class="found" aria-label="Your duties" id=":found" hidden>'
    yield '<p class="answer" id=":answer" aria-live="polite"></p><div class="own" id=":own"></div></section>'
    yield '<section class="now"><h2>On duty now</h2><div class="cards" id=":now"></div>'
    if page.tables:
        yield f'<p class="where muted" id=":zone">{text(_clocks(page))}</p>'
    where = "see the rota by date" if page.tables else "nothing is planned"
    yield f"<noscript><p>Who is on duty right now can only be shown with scripts; {where}.</p></noscript>"
    if page.fairness and page.fairness.summary.sentences:
        yield f'<p class="where"><a href="#:fair">Is it fair?</a> {text(page.fairness.summary.sentences[0])}</p>'
    yield "</section>"


def _clocks(page: TeamPage) -> str:
    """Whose time the tables are in."""
    cities = {each.rotation: city_of(each.zone) for each in page.rotations}
    if len({*cities.values()}) == 1:
        return f"The rota, with the tables below, keeps {next(iter(cities.values()))} time."
    return f"In the tables below, each rotation keeps its own time: {', '.join(map(' '.join, cities.items()))}."


def _filters(page: TeamPage) -> Iterator[str]:
    """Choices of a team and of a rotation, where there are several."""
    choices = [
        ("team", "Team", [team.name for team in page.teams]),
        ("rotation", "Rotation", [each.rotation for each in page.rotations]),
    ]
    shown = [choice for choice in choices if len(choice[2]) > 1]
    if not shown or not page.tables:
        return
    yield '<section class="filters-row" aria-label="Filters" id=":filters" hidden><div class="filters">'
    for key, label, found in shown:
        options = "".join(f"<option value={number}>{text(name)}" for number, name in enumerate(found))
        yield f'<label>{label} <select id=":{key}"><option value="">All{options}</select></label>'
    yield "</div></section>"
