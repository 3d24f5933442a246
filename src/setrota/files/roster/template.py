"""The rosters that `setrota init` writes: small, commented, and ready to plan.

The usual one, in `template.toml`, has the keys that a newcomer needs. `rotas` is a link to `docs/rotas`, each roster of
which is of another kind. The caller decides where the text goes.
"""

from __future__ import annotations

from importlib.resources import files


def starting_roster(template: str | None = None) -> str:
    """The text of a `rotations.toml` with placeholder people: that of a template, or the usual one."""
    name = "template.toml" if template is None else f"rotas/{template}.toml"
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
