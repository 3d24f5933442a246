"""How to install what an optional extra of setrota needs, next to this setrota.

setrota is on no registry: a package of that name there would be another one. So the command names the libraries.
"""

from __future__ import annotations

import re
import shlex
import sys
from importlib import metadata
from importlib.util import find_spec


def command_for(extra: str, libraries: tuple[str, ...]) -> str:
    """A line for a shell that installs what an extra needs where this setrota runs.

    The versions are those that setrota was installed with; `libraries` serve where it was not installed.
    """
    try:
        installed = metadata.distribution("setrota")
    except metadata.PackageNotFoundError:
        return shlex.join([*_installer(""), *libraries])
    installer = (installed.read_text("INSTALLER") or "").strip()
    return shlex.join([*_installer(installer), *(_needed(installed.requires or [], extra) or libraries)])


def _needed(requirements: list[str], extra: str) -> list[str]:
    """The requirements that only this extra has, such as `httpx>=0.28; extra == "publish"`."""
    marked = re.compile(rf"(.+?)\s*;\s*extra == ['\"]{re.escape(extra)}['\"]")
    return [found[1] for found in map(marked.fullmatch, requirements) if found]


def _installer(name: str) -> list[str]:
    """uv makes environments without pip."""
    if name == "uv" and find_spec("pip") is None:
        return ["uv", "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install"]
