"""The style of tables, and how they become text."""

from __future__ import annotations

import os
from typing import Any, Literal

from rich import box
from rich.console import Console
from rich.table import Table


def drawn(*renderables: Any) -> str:
    """Tables as text: as wide as the terminal and in its colours, or plain and 120 columns wide elsewhere."""
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, emoji=False, width=120)
    with console.capture() as capture:
        for renderable in renderables:
            console.print(renderable)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def table(*columns: str) -> Table:
    new = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.startswith(">") else "left"
        heading, whole = column.removeprefix(">"), column == "week of"
        new.add_column(heading, justify=justify, overflow="fold", no_wrap=whole)
    return new
