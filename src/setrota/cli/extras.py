"""Libraries that are installed with an extra only: whether one is there, and the command that installs it.

setrota isn't on a package registry, and a package of that name there would be another one. So the command that installs
an extra names its libraries.
"""

from __future__ import annotations

import re
import shlex
import sys
from importlib import metadata
from importlib.util import find_spec

from setrota.problems import Problem, Refused


def check_extra(extra: str, library: str, purpose: str) -> None:
    """Refuse what needs a library if it isn't installed."""
    if find_spec(library) is None:
        message = f"{purpose} needs the library `{library}`, which isn't installed"
        raise Refused(Problem(message, hint=f"`{command_for(extra, (library,))}`", code="missing-library"))


def command_for(extra: str, libraries: tuple[str, ...]) -> str:
    """Return a shell command that installs what an extra needs into the environment that runs setrota.

    Its versions come from setrota's own metadata; `libraries` is used if setrota isn't installed.
    """
    try:
        installed = metadata.distribution("setrota")
    except metadata.PackageNotFoundError:
        return shlex.join([*_installer(""), *libraries])
    installer = (installed.read_text("INSTALLER") or "").strip()
    return shlex.join([*_installer(installer), *(_needed(installed.requires or [], extra) or libraries)])


def _needed(requirements: list[str], extra: str) -> list[str]:
    """Return the requirements of this extra alone, such as `httpx>=0.28; extra == "publish"`."""
    marked = re.compile(rf"(.+?)\s*;\s*extra == ['\"]{re.escape(extra)}['\"]")
    return [found[1] for found in map(marked.fullmatch, requirements) if found]


def _installer(name: str) -> list[str]:
    """Return the command that installs packages: uv makes environments without pip."""
    if name == "uv" and find_spec("pip") is None:
        return ["uv", "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install"]
