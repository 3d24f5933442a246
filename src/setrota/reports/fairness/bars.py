"""Balances and teams as bars that read at a glance, in the terminal's width and colours.

A person's bar begins in the middle and goes right if they are ahead of their fair share, left if they are behind. A
team's bar is what it has served, with a tick at its fair share. Where the terminal has no more than ASCII, bars consist
of `#`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text

from setrota.fairness.balances import Balance, PersonBalance, TeamBalance
from setrota.reports.fairness.figures import plain_figure, signed
from setrota.terminal import only_ascii

LEAST_BAR, GOOD_BAR, MOST_BAR = 15, 21, 49
"""How many columns bars have: below the first, figures beside them give way; below the second, long labels stand in a
line above; more room than the third is left."""

_GAP = 2

AHEAD, BEHIND, FAR, SERVED = "magenta", "cyan", "bold red", "blue"
"""The colours of bars; `FAR` is that of a balance of more than one duty."""


class _Glyphs(NamedTuple):
    """What bars consist of; the halves begin a bar's end on the left and on the right of the middle."""

    whole: str
    left_half: str
    right_half: str
    middle: str


_UNICODE, _ASCII = _Glyphs("█", "▐", "▌", "│"), _Glyphs("#", "", "", "|")

_Drawing = Callable[[int], Text]
"""Draws a bar, or the line above all bars, in so many columns."""


class _BarLine(NamedTuple):
    label: str
    bar: _Drawing
    figures: tuple[str, ...]


def people_bars(people: Sequence[PersonBalance], width: int) -> list[Text]:
    """A bar for each person, in the given order, with the balance, what they served, and their fair share."""
    glyphs, scale = _glyphs(), _scale([each.balance for each in people])
    opened = any(round(each.opening, 2) for each in people)
    rows = [
        _BarLine(each.person, _balance_bar(each.balance, scale, glyphs), _figures(each, opened=opened))
        for each in people
    ]
    return _lines(rows, _axis(scale, glyphs), ("person", *_headings(opened=opened)), width)


def trail_bars(person: PersonBalance, width: int) -> list[Text]:
    """A bar for one person's balance after each period."""
    glyphs, scale = _glyphs(), _scale([each.balance for each in person.trail])
    rows = [
        _BarLine(f"{each.period.start}", _balance_bar(each.balance, scale, glyphs), (signed(each.balance),))
        for each in person.trail
    ]
    return _lines(rows, _axis(scale, glyphs), ("period of", "balance"), width)


def team_bars(teams: Sequence[TeamBalance], width: int) -> list[Text]:
    """A bar for what each team served, with a tick where its fair share ends."""
    glyphs, most = _glyphs(), max((max(each.served, each.due) for each in teams), default=0.0) or 1.0
    opened = any(round(each.opening, 2) for each in teams)
    rows = [_BarLine(each.team, _served_bar(each, most, glyphs), _figures(each, opened=opened)) for each in teams]

    def axis(columns: int) -> Text:
        legends = (f"{served}{glyphs.middle} fair share" for served in ("served ", ""))
        return Text(next((each for each in legends if len(each) <= columns), "").ljust(columns))

    return _lines(rows, axis, ("team", *_headings(opened=opened)), width)


def _headings(*, opened: bool) -> tuple[str, ...]:
    return ("balance", "served", "fair", *(["before"] if opened else []))


def _figures(each: Balance, *, opened: bool) -> tuple[str, ...]:
    before = [signed(each.opening)] if opened else []
    return (signed(each.balance), plain_figure(each.served), f"{each.entitled:.2f}", *before)


def _glyphs() -> _Glyphs:
    return _ASCII if only_ascii() else _UNICODE


def _scale(balances: Sequence[float]) -> int:
    """How many duties one half of the bars stands for: one, or as many as are needed."""
    return max(1, *(ceil(round(abs(each), 2)) for each in balances), 1)


def _axis(scale: int, glyphs: _Glyphs) -> _Drawing:
    """`-1   behind │ ahead   +1`."""

    least, most = f"-{scale}", f"+{scale}"

    def drawn(columns: int) -> Text:
        half = columns // 2
        words = ("behind ", " ahead") if half > len(least) + len("behind ") else ("", "")
        left = least + words[0].rjust(half - len(least))
        right = words[1] + most.rjust(half - len(words[1]))
        return Text(f"{left}{glyphs.middle}{right}")

    return drawn


def _balance_bar(balance: float, scale: int, glyphs: _Glyphs) -> _Drawing:
    style = FAR if round(abs(balance), 2) > 1 else AHEAD if balance > 0 else BEHIND

    def drawn(columns: int) -> Text:
        half = columns // 2
        whole, rest = _halves(abs(balance) / scale * half, glyphs)
        if balance > 0:
            bar = (glyphs.whole * whole + glyphs.right_half * rest).ljust(half)
            return Text(f"{' ' * half}{glyphs.middle}") + Text(bar, style)
        bar = (glyphs.left_half * rest + glyphs.whole * whole).rjust(half)
        return Text(bar, style) + Text(f"{glyphs.middle}{' ' * half}")

    return drawn


def _halves(columns: float, glyphs: _Glyphs) -> tuple[int, int]:
    """How many whole columns and halves a bar has; what isn't nothing is visible."""
    if not glyphs.left_half:
        return max(round(columns), int(columns > 0.05)), 0
    halves = max(round(2 * columns), int(columns > 0.05))
    return divmod(halves, 2)


def _served_bar(team: TeamBalance, most: float, glyphs: _Glyphs) -> _Drawing:
    def drawn(columns: int) -> Text:
        whole, rest = _halves(team.served / most * (columns - 1), glyphs)
        bar = (glyphs.whole * whole + glyphs.right_half * rest).ljust(columns)
        tick = max(0, min(columns - 1, round(team.due / most * (columns - 1))))
        return Text(bar[:tick], SERVED) + Text(glyphs.middle, "bold") + Text(bar[tick + 1 :], SERVED)

    return drawn


def _together(sizes: Sequence[int]) -> int:
    return sum(size + _GAP for size in sizes)


def _lines(rows: Sequence[_BarLine], axis: _Drawing, headings: Sequence[str], width: int) -> list[Text]:
    """Labels, bars and figures below their headings; a label too long for its column stands in a line above."""
    first = headings[0]
    longest = max(cell_len(each) for each in (first, *(row.label for row in rows)))
    sizes = [
        max(len(heading), *(len(row.figures[number]) for row in rows)) for number, heading in enumerate(headings[1:])
    ]
    room = width - _GAP - _together(sizes)
    labels = longest if longest <= room - GOOD_BAR else min(longest, max(12, width // 4))
    while len(sizes) > 1 and width - _GAP - _together(sizes) - labels < LEAST_BAR:
        sizes.pop()
    room = min(width - _GAP - _together(sizes) - labels, MOST_BAR)
    columns = max(room - 1 + room % 2, 5)

    def line(label: str, bar: Text, figures: Sequence[str]) -> Text:
        numbers = "".join(f"  {figure:>{size}}" for figure, size in zip(figures, sizes, strict=False))
        return Text(label + " " * (labels - cell_len(label) + _GAP)) + bar + Text(numbers)

    found = [line(first, axis(columns), headings[1:])]
    found[0].stylize("bold")
    for row in rows:
        is_long = cell_len(row.label) > labels
        found += [Text(row.label)] if is_long else []
        found.append(line("" if is_long else row.label, row.bar(columns), row.figures))
    return found
