"""The style of tables, and how they become text of a given width.

A table as wide as its words need is drawn as it is, its longer cells wrapped between words. On a narrower terminal its
columns are split over several tables that repeat the first one; where that doesn't help, it is turned: a block for each
row, with a line for each cell. No word and no date is ever broken. `rich` pads, colours and rules the lines. Where each
line ends is decided here: rich narrows the widest columns first, even to less than their words need, and then breaks
these; neither it nor `tabulate` nor `prettytable` folds a table or turns it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from setrota.terminal import goes_into_file, only_ascii

PIPED_WIDTH = 120
"""How wide tables are where there is no terminal, unless their words need more."""

FOLD_LINES = 1.5
"""A table is folded rather than turned if that takes fewer lines, even so many times as many."""

MOST_LINES = 4
"""A table whose cells would need more lines than this is folded or turned."""

_MOST_WIDE = 100_000
"""Lines end where this module decides, not where rich would end them."""

_LITTLE = len(" 09:00 EST")

NOW = "> "
"""What stands at the row, or the person, of now."""

_INDENT = "  "

_GAP = 2
"""The blanks between two columns."""

_RULE = "    \n    \n {0}{0} \n    \n    \n    \n    \n    \n"

_WORD = re.compile(r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d|\S+)\s*")
"""What is never broken: words, and dates with their weekday."""


def drawn(*renderables: Any) -> str:
    """Tables and lines as text: as wide as the terminal and in its colours; elsewhere plain, and wide enough for all
    words."""
    width = width_of_terminal()
    on_terminal = False if goes_into_file() else None
    console = Console(highlight=False, emoji=False, markup=False, width=_MOST_WIDE, force_terminal=on_terminal)
    with console.capture() as capture:
        for each in renderables:
            for part in _parts(_Measured(each), width) if isinstance(each, Table) else [each]:
                console.print(part, soft_wrap=True)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def width_of_terminal() -> int | None:
    """How many columns the terminal has that the answer goes to; None without one, unless `COLUMNS` says it."""
    console = Console()
    is_known = "COLUMNS" in os.environ or (console.is_terminal and not goes_into_file())
    return console.width if is_known else None


def table(*columns: str, days: Collection[str] = ("week of",)) -> Table:
    """An empty table with these headings, `>` before those of figures; cells of `days`, and figures, are in one line
    each."""
    ruled = Box(_RULE.format("-" if only_ascii() else "─"), ascii=True)
    new = Table(box=ruled, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.startswith(">") else "left"
        heading, whole = column.removeprefix(">"), column in days
        least = len("Mon 2027-01-04") if whole else None
        new.add_column(heading, justify=justify, no_wrap=whole or justify == "right", min_width=least)
    return new


class _Widths(NamedTuple):
    """How wide a column must be for its words, and how wide for each of its cells to be one line."""

    least: int
    natural: int


class _Measured:
    """The cells of a table as text, column by column, and how wide each column is."""

    def __init__(self, source: Table) -> None:
        self.source = source
        self.headings = [_text(column.header) for column in source.columns]
        self.columns = [[_text(cell) for cell in column.cells] for column in source.columns]
        self.widths = [self._widths(number) for number in range(len(self.columns))]

    @property
    def rows(self) -> list[tuple[Text, ...]]:
        return list(zip(*self.columns, strict=True))

    def _widths(self, number: int) -> _Widths:
        column = self.source.columns[number]
        heading = self.headings[number].plain
        cells = [cell.plain for cell in self.columns[number]]
        natural = max(map(cell_len, [heading, *cells]), default=0)
        words = [word for text in [heading, *([] if column.no_wrap else cells)] for word in _words(text)]
        whole = cells if column.no_wrap else []
        least = max(column.min_width or 0, *map(cell_len, [*words, *whole]), 0)
        return _Widths(least, max(natural, least))


def _text(cell: Any) -> Text:
    return cell if isinstance(cell, Text) else Text(str(cell))


def _words(text: str) -> list[str]:
    return [word.rstrip() for word in _WORD.findall(text)]


def _parts(layout: _Measured, width: int | None) -> Iterator[Table | Text]:
    """A table in one piece if it fits, else folded or turned, with an empty line between two parts."""
    every = list(range(len(layout.columns)))
    if width is None:
        width = max(PIPED_WIDTH, _together([layout.widths[column].least for column in every]))
        yield _drawing(layout, every, width)
    elif _fits(layout, every, width):
        yield _drawing(layout, every, width)
    elif folds := _folds(layout, width):
        for number, columns in enumerate(folds):
            yield from [Text()] if number else []
            yield _drawing(layout, columns, width)
    else:
        yield _turned(layout, width)


def _together(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _fits(layout: _Measured, columns: Sequence[int], width: int) -> bool:
    """Whether some columns are a readable table of this width."""
    if _together([layout.widths[column].least for column in columns]) > width:
        return False
    shares = _shared_out(layout, columns, width)
    cells = ((text, share) for column, share in shares.items() for text in layout.columns[column])
    return all(len(_breaks(text.plain, share)) < MOST_LINES for text, share in cells)


def _shared_out(layout: _Measured, columns: Sequence[int], width: int) -> dict[int, int]:
    """How wide each column is: as wide as its cells if there is room, else the widest give way first.

    Columns that need just a little more than their longest word, such as an hour beside a date, get that before others.
    """
    shares = {column: layout.widths[column].least for column in columns}
    spare = width - _together(list(shares.values()))
    for column in columns:
        need = layout.widths[column].natural - shares[column]
        if need <= min(_LITTLE, spare):
            shares[column] += need
            spare -= need
    while spare > 0 and (growing := [each for each in columns if shares[each] < layout.widths[each].natural]):
        narrowest = min(growing, key=lambda each: shares[each])
        shares[narrowest] += 1
        spare -= 1
    return shares


def _drawing(layout: _Measured, columns: Sequence[int], width: int) -> Table:
    """A table of some columns, whose cells have line breaks where they are too long."""
    shares = _shared_out(layout, columns, width)
    source = layout.source
    drawing = Table(box=source.box, padding=source.padding, pad_edge=False, show_edge=False)
    for column, share in shares.items():
        justify = source.columns[column].justify
        heading = _wrapped(layout.headings[column], share)
        drawing.add_column(heading, justify=justify, no_wrap=True, overflow="crop", width=share)
    for row in layout.rows:
        drawing.add_row(*(_wrapped(row[column], share) for column, share in shares.items()))
    return drawing


def _breaks(text: str, width: int, indent: int = 0) -> list[int]:
    """Where a text is broken between words so that each line fits, if its words do; further lines are indented."""
    if cell_len(text) <= width:
        return []
    found: list[int] = []
    used = 0
    for word in _WORD.finditer(text):
        if used and used + cell_len(word[0].rstrip()) > width:
            found.append(word.start())
            used = indent
        used += cell_len(word[0])
    return found


def _wrapped(text: Text, width: int) -> Text:
    lines = text.divide(_breaks(text.plain, width))
    for line in lines:
        line.rstrip()
    return Text("\n").join(lines)


def _folds(layout: _Measured, width: int) -> list[list[int]]:
    """The columns of several tables that have the first one in common, and the second if the first one just numbers
    rows; empty if that tells rows apart worse, or takes more lines, than a block for each."""
    names = [cell.plain for cell in layout.columns[0]]
    if "" in names or len({*names}) < len(names):
        return []
    keys = [0, 1] if layout.headings[0].plain == "#" else [0]
    others = list(range(len(keys), len(layout.columns)))
    if not others or not all(_fits(layout, [*keys, each], width) for each in others):
        return []
    most = len(_packed(layout, keys, others, width, len(others)))
    folds = _packed(layout, keys, others, width, -(-len(others) // most))
    lines = len(folds) * (len(names) + 3)
    return folds if FOLD_LINES * lines <= len(names) * (len(layout.columns) + 1) else []


def _packed(layout: _Measured, keys: Sequence[int], columns: Sequence[int], width: int, most: int) -> list[list[int]]:
    """The keys with the other columns, as many in each table as there is room for, and at most so many."""
    packs: list[list[int]] = []
    for column in columns:
        wide = [*packs[-1], column] if packs else []
        fits = _together([layout.widths[each].natural for each in wide]) <= width
        if wide and len(wide) <= len(keys) + most and fits:
            packs[-1].append(column)
        else:
            packs.append([*keys, column])
    return packs


def _turned(layout: _Measured, width: int) -> Text:
    """A block for each row, with a line `heading: value` for each of its cells that isn't empty."""
    blocks = []
    for row in layout.rows:
        cells = [(heading.plain, cell) for heading, cell in zip(layout.headings, row, strict=True) if cell.plain]
        blocks.append(Text("\n").join(_labelled(heading, cell, width) for heading, cell in cells))
    return Text("\n\n").join(blocks)


def _labelled(heading: str, cell: Text, width: int) -> Text:
    """`week of Mon 2027-01-04`, `primary: ana`; a mark of the cell stands first: `> primary: ana`."""
    label = Text(f"{heading} " if heading.endswith(" of") else f"{heading}: ", style="bold") if heading else Text()
    mark, value = cell[:0], cell.copy()
    if value.plain.startswith(NOW):
        mark, value = value[: len(NOW)], value[len(NOW) :]
    elif value.plain.startswith(" "):
        value = value[len(value.plain) - len(value.plain.lstrip()) :]
    whole = mark + label + value
    lines = whole.divide(_breaks(whole.plain, width, len(_INDENT)))
    for line in lines:
        line.rstrip()
    return Text("\n").join([lines[0], *(Text(_INDENT) + line for line in lines[1:])])
