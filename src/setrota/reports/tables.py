"""The style of tables, and how they become text."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Any, Literal

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

PIPED_WIDTH = 120
"""How wide tables are where there is no terminal, unless their words need more."""

MOST_WIDE = 1000


def drawn(*renderables: Any) -> str:
    """Tables as text: as wide as the terminal and in its colours; elsewhere plain, and wide enough for whole words."""
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        wide = console.options.update_width(MOST_WIDE)
        whole = (Measurement.get(console, wide, each).minimum for each in renderables if isinstance(each, Table))
        console = Console(highlight=False, emoji=False, width=max(PIPED_WIDTH, *whole))
    with console.capture() as capture:
        for renderable in renderables:
            console.print(renderable)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def table(*columns: str, days: Collection[str] = ("week of",)) -> Table:
    """An empty table with these headings, `>` before those of figures; cells of `days` are never broken."""
    new = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.startswith(">") else "left"
        heading, whole = column.removeprefix(">"), column in days
        least = len("Mon 2027-01-04") if whole else None
        new.add_column(heading, justify=justify, overflow="fold", no_wrap=whole, min_width=least)
    return new
