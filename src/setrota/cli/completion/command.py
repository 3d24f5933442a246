"""`setrota completion`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from setrota import terminal


def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(metavar="SHELL", help="bash, zsh or fish.")],
) -> None:
    """Print the script with which a shell completes commands, options, people, seats and dates.

    In ~/.bashrc: eval "$(setrota completion bash)"

    In ~/.zshrc, after compinit: eval "$(setrota completion zsh)"

    In ~/.config/fish/config.fish: setrota completion fish | source

    Example: setrota completion bash
    """
    terminal.write((Path(__file__).parent / "scripts" / shell).read_text(encoding="utf-8"))
