"""The `setrota` command: parse, call, print, exit.

Reads the clock, the zone and the paths, which other rooms get as arguments.

Each command is a function in its own module, imported only when it is called.
"""

import gc
import os
import sys
import threading
from typing import NoReturn


def main() -> None:
    """Run `setrota` and exit with its status."""
    # A run makes many objects that last and hardly any garbage; looking for it takes a fourteenth of the time of `now`.
    gc.disable()
    try:
        from setrota.cli.app import run

        status = run()
    finally:
        gc.enable()
    _exit(status)


def _exit(status: int) -> NoReturn:
    """End with a status, at once even if a solver that can't be stopped is still running in a thread."""
    if any(thread.name == "solver" for thread in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(status)
    sys.exit(status)
