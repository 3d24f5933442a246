"""Shows how solving goes once it takes longer than a second, and lets Ctrl-C end it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from setrota.problems import INTERRUPTED
from setrota.terminal.output import say

if TYPE_CHECKING:
    from setrota.planner import Progress

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds of solving after which progress is shown."""


def working(work: Callable[[Progress], T]) -> T:
    """Do some solving, and show how it goes once it takes longer than a second; Ctrl-C ends the process."""
    state: dict[str, Any] = {"stage": ""}

    def run() -> None:
        try:
            state["result"] = work(lambda stage: state.update(stage=stage))
        except BaseException as error:
            state["error"] = error

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    try:
        worker.join(PATIENCE)
        if worker.is_alive():
            _show_progress(worker, state)
    except KeyboardInterrupt:
        # The solver can't be stopped from outside and must not outlive an ordinary exit.
        say("interrupted; nothing was saved")
        os._exit(INTERRUPTED)
    if "error" in state:
        raise state["error"]
    result: T = state["result"]
    return result


def _show_progress(worker: threading.Thread, state: Mapping[str, Any]) -> None:
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("solving") as status:
        shown = None
        while worker.is_alive():
            if state["stage"] != shown:
                shown = state["stage"]
                status.update(f"solving: {shown}")
                if not console.is_terminal:
                    say(f"solving: {shown}")
            worker.join(0.1)
