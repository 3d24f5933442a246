"""The colours of the kinds of seat: letters can be read, fills stand out, and no two kinds look alike to anyone.

They are read out of the style sheet that a page carries. Computed, because `axe` leaves contrast undecided where cells
are sticky, and no browser tells what others see. Contrast is that of WCAG 2.2 (1.4.3 and 1.4.11). The sight of people
who lack one kind of cone is simulated in three ways, which agree on nobody's eyes exactly: Brettel, Viénot and Mollon
1997 (doi:10.1364/JOSAA.14.002647), Viénot, Brettel and Mollon 1999 (doi:10.1002/(SICI)1520-6378(199908)24:4), and
Machado, Oliveira and Fernandes 2009 (doi:10.1109/TVCG.2009.113), all as `coloraide` has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from typing import Any

import pytest
import tinycss2
from coloraide import Color
from paged import many_people, page_of, turns

from setrota.export.page.styles import COLOURS

SCHEMES = ("light", "dark")
DEFICIENCIES = ("protan", "deutan", "tritan")
SIMULATIONS = ("brettel", "vienot", "machado")

Declarations = dict[tuple[str, str], str]
"""What a style sheet says: values by selector and property."""


@cache
def style_sheet() -> str:
    crowd = many_people(20, 7)
    found = re.search("<style>(.*?)</style>", page_of(crowd, turns(crowd)), re.DOTALL)
    assert found
    return found[1]


def declarations(rules: list[Any]) -> Iterator[tuple[str, str, str]]:
    """Each selector with its properties, of rules outside of all conditions."""
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [each.strip() for each in tinycss2.serialize(rule.prelude).split(",")]
            for each in tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True):
                for selector in selectors:
                    yield selector, each.lower_name, tinycss2.serialize(each.value).strip()


def in_scheme(scheme: str) -> Declarations:
    """What the page's style sheet says in a colour scheme; what comes later wins."""
    rules = tinycss2.parse_stylesheet(style_sheet(), skip_comments=True, skip_whitespace=True)
    found = {(selector, name): value for selector, name, value in declarations(rules)}
    for rule in rules:
        if (
            rule.type == "at-rule"
            and re.sub(r"\s", "", tinycss2.serialize(rule.prelude)) == f"(prefers-color-scheme:{scheme})"
        ):
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            found |= {(selector, name): value for selector, name, value in declarations(inner)}
    return found


def colour(found: Declarations, selector: str, *properties: str) -> Color:
    """The colour that the first of these properties which a selector has is set to, through variables."""
    value = next(found[selector, name] for name in properties if (selector, name) in found)
    while match := re.fullmatch(r"var\((--[\w-]+)\)", value):
        value = found[":root", match[1]]
    return Color(value)


def fills(scheme: str) -> list[Color]:
    return [colour(in_scheme(scheme), f".k{number}", "background", "background-color") for number in range(COLOURS)]


def letters(scheme: str) -> list[Color]:
    return [colour(in_scheme(scheme), f".k{number}", "color") for number in range(COLOURS)]


def seen(sight: str, simulation: str) -> Callable[[Color], Color]:
    """What people who lack one kind of cone see of a colour."""
    return lambda of: of.filter(sight, method=simulation).clip("srgb")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_letter_can_be_read_on_its_colour(scheme: str) -> None:
    for letter, fill in zip(letters(scheme), fills(scheme), strict=True):
        assert letter.contrast(fill, method="wcag21") >= 4.5, (scheme, letter, fill)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_colour_stands_out_from_every_ground(scheme: str) -> None:
    found = in_scheme(scheme)
    for ground in ("--ground", "--soft", "--run"):
        for fill in fills(scheme):
            assert colour(found, ":root", ground).contrast(fill, method="wcag21") >= 3, (scheme, ground, fill)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_two_colours_look_alike(scheme: str) -> None:
    for one, other in combinations(fills(scheme), 2):
        assert one.delta_e(other, method="76") >= 20, (scheme, one, other)


@pytest.mark.parametrize("simulation", SIMULATIONS)
@pytest.mark.parametrize("sight", DEFICIENCIES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_two_colours_look_alike_to_people_who_see_fewer(scheme: str, sight: str, simulation: str) -> None:
    see = seen(sight, simulation)
    for one, other in combinations(map(see, fills(scheme)), 2):
        assert one.delta_e(other, method="76") >= 20, (scheme, sight, simulation, one, other)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_other_text_can_be_read_on_its_ground(scheme: str) -> None:
    found = in_scheme(scheme)
    grounds = {
        "--ground": ("--ink", "--muted", "--link"),
        "--soft": ("--ink", "--muted", "--link"),
        "--run": ("--ink", "--muted"),
        "--loud": ("--loud-ink",),
    }
    for ground, inks in grounds.items():
        for ink in inks:
            contrast = colour(found, ":root", ink).contrast(colour(found, ":root", ground), method="wcag21")
            assert contrast >= 4.5, (scheme, ground, ink)


def test_a_style_sheet_is_read_as_a_browser_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = ":root{--a:#fff}.k0{background:var(--a)}@media (prefers-color-scheme:dark){:root{--a:#000}}"
    monkeypatch.setattr("test_page_colours.style_sheet", lambda: sheet)
    assert [fill(in_scheme(scheme)) for scheme in SCHEMES] == ["#fff", "#000"]


def fill(found: Declarations) -> str:
    return colour(found, ".k0", "background").to_string(hex=True, compress=True)
