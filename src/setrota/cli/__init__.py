"""The `setrota` command: parse, call, print, exit.

Reads the clock, the zone and the paths, which other rooms get as arguments.

Each command is a function in its own module, imported only when it is called.
"""

import gc
import os
import sys
import threading
from contextlib import suppress
from signal import SIG_IGN, SIGINT, default_int_handler, getsignal, signal
from time import monotonic
from types import FrameType
from typing import NoReturn

CLEANING_SECONDS = 2.0
"""After Ctrl-C, further ones are ignored for so long, while the command gives up and cleans up."""

_interrupted_at = float("-inf")


def main() -> None:
    """Run `setrota` and exit with its status."""
    try:
        if getsignal(SIGINT) is default_int_handler:
            signal(SIGINT, _interrupt)
        # A run makes many objects that last and hardly any garbage; looking for it takes a fourteenth of the time of
        # `now`.
        gc.disable()
        status = _run()
        signal(SIGINT, SIG_IGN)
    except KeyboardInterrupt:
        signal(SIGINT, SIG_IGN)
        status = 128 + SIGINT
        if sys.stderr is not None:
            with suppress(OSError):
                print("note: interrupted [interrupted]", file=sys.stderr)
    finally:
        gc.enable()
    _exit(status)


def _run() -> int:
    """Run the command that was called, or complete a command line for a shell, and return the exit status."""
    if sys.argv[1:2] == ["__complete"]:
        from setrota.cli.completion import answer

        answer(sys.argv[2:])
        return 0
    from setrota.cli.app import run

    return run()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt for Ctrl-C, but not again right after the last one."""
    global _interrupted_at
    now = monotonic()
    if now >= _interrupted_at + CLEANING_SECONDS:
        _interrupted_at = now
        raise KeyboardInterrupt


def _exit(status: int) -> NoReturn:
    """End with a status, at once even if a thread is still running that can't be stopped, such as a solver's."""
    from setrota.background import UNSTOPPABLE

    if any(thread.name == UNSTOPPABLE for thread in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.flush()
        os._exit(status)
    sys.exit(status)
