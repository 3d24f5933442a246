"""The roster that `setrota init` writes: small, commented, with every key, and planned without an edit.

Knows the format as a newcomer should meet it, in `template.toml`; where the text goes is up to the caller.
"""

from __future__ import annotations

from importlib.resources import files


def starting_roster() -> str:
    """A roster of three teams with placeholders for people, as the text of a `rotations.toml`."""
    return files(__package__).joinpath("template.toml").read_text(encoding="utf-8")
