"""The roster that `setrota init` writes: small, commented, with the keys a newcomer needs, and ready to plan.

Its text is in `template.toml`; the caller decides where it goes.
"""

from __future__ import annotations

from importlib.resources import files


def starting_roster() -> str:
    """The text of a `rotations.toml` with three teams of placeholder people."""
    return files(__package__).joinpath("template.toml").read_text(encoding="utf-8")
