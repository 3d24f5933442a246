"""The `setrota` command: parse, call, print, exit. Only here are the real clock, environment and files.

Each command is a function in a module of its own group, imported when it is the one that was called.
"""

from setrota.cli.app import main

__all__ = ["main"]
