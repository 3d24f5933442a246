"""What drawings of people x periods share: colours, the blocks that their columns are cut into, and sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from setrota.reports.grid import GridColumn, PeopleGrid

GROUNDS = (
    ("#ffffff", "#005faf"),
    ("#000000", "#00af5f"),
    ("#000000", "#8787af"),
    ("#ffffff", "#8700ff"),
    ("#000000", "#d78700"),
    ("#ffffff", "#af005f"),
)
"""The colours of letter and ground, which kinds take in turn: of the 256 that terminals have, so that they are the same
in each, and such that the letters are readable and any two grounds look different to colour-blind eyes, too."""


def month_of(column: GridColumn) -> tuple[int, int]:
    return column.start.year, column.start.month


def blocks_of(columns: Sequence[GridColumn], room: int, quarters_start: int) -> list[range]:
    """The columns in blocks of so many at most: of whole quarters, months or weeks, if these fit."""
    units: tuple[Callable[[GridColumn], object], ...] = (
        lambda column: (12 * column.start.year + column.start.month - quarters_start) // 3,
        month_of,
        lambda column: column.start.isocalendar()[:2],
        lambda column: column.start,
    )
    for unit in units:
        lengths = [len(list(group)) for _, group in groupby(columns, key=unit)]
        if max(lengths, default=0) <= room:
            break
    blocks: list[range] = []
    for length in lengths:
        if blocks and len(blocks[-1]) + length <= room:
            blocks[-1] = range(blocks[-1].start, blocks[-1].stop + length)
        else:
            start = blocks[-1].stop if blocks else 0
            blocks.append(range(start, start + length))
    return blocks


def duties_headings(grid: PeopleGrid) -> list[str]:
    """What stands above the numbers of duties: with their rotation if there are several, whose turns differ."""
    return [f"Duties: {each}" for each in grid.rotations] if len(grid.rotations) > 1 else ["Duties"]


def number_text(duties: float) -> str:
    """`2`, `1.5`: a number of duties, to a tenth."""
    return f"{duties:.1f}".removesuffix(".0")
