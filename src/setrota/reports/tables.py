"""How a table looks, and how it becomes text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table


def drawn(*renderables: Any) -> str:
    """Tables as text: as wide as the terminal and in its colours, or plain and 120 columns wide elsewhere."""
    from rich.console import Console

    console = Console(highlight=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, emoji=False, width=120)
    with console.capture() as capture:
        for renderable in renderables:
            console.print(renderable)
    lines = [line.rstrip() for line in capture.get().splitlines()]
    return "\n".join(lines) + "\n"


def table(*columns: str) -> Table:
    from rich import box
    from rich.table import Table

    new = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for column in columns:
        numeric = column.startswith(">")
        new.add_column(
            column.removeprefix(">"),
            justify="right" if numeric else "left",
            overflow="fold",
            no_wrap=column == "week of",
        )
    return new
