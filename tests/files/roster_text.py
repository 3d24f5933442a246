"""A roster's text as a file, and the files it includes, read as commands read it."""

from __future__ import annotations

from pathlib import Path

from setrota.files.roster import RosterFile, read_roster


def read_text(folder: Path, text: str, **included: str) -> RosterFile:
    """The roster of `rotations.toml` with this text, beside files called by the names of the others."""
    for name, content in included.items():
        (folder / f"{name}.toml").write_text(content, encoding="utf-8")
    path = folder / "rotations.toml"
    path.write_text(text, encoding="utf-8")
    return read_roster(path)
