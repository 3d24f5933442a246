"""The `setrota` command: parse, call, print, exit.

The clock, the zone and the paths that other rooms get as arguments are read here.

Each command is a function in a module of its own group, imported when it is the one that was called.
"""

import gc
import sys


def main() -> None:
    """Run `setrota` and exit with its status."""
    # A run makes many objects that last and hardly any garbage; looking for some takes a fourteenth of `now`.
    gc.disable()
    try:
        from setrota.cli.app import run

        status = run()
    finally:
        gc.enable()
    sys.exit(status)
