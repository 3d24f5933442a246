"""Tokens and passwords: read from the environment or from a file that the roster names, and shown nowhere.

Knows where secrets may be and whether they may travel, not what they are for. A roster may have been written by
someone who must not know every secret of this machine, so it can name only variables and files that are for setrota.
Remembers the secrets that were read, so that they can be removed from everything before it is shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

from setrota.files.roster.folder import RosterFolder
from setrota.files.roster.publish import OWN_VARIABLES, SETTINGS
from setrota.files.saving import read_bytes
from setrota.problems import Place, Problem, Refused
from setrota.publish.spellings import spellings
from setrota.roster import Roster

LARGEST_BYTES = 100_000
HIDDEN = "•••"
SHORTEST_SECRET = 8
"""In characters. What is shorter could occur in any text, and is hidden only where it is known to be a secret."""

FOLDERS = "SETROTA_SECRETS"
"""The environment variable with the folders outside the roster's whose files may be sent, as in `PATH`."""


class Secret:
    r"""A text that no message, log or traceback shows; `reveal` is for the request alone.

    `source` is where it was found: `the environment variable \`SETROTA_TOKEN\``.
    """

    def __init__(self, text: str, source: str = "") -> None:
        self._text = text
        self.source = source
        _known.append(self)

    def reveal(self) -> str:
        return self._text

    def hidden_in(self, text: str) -> str:
        """Return the text without the secret, however the text writes it."""
        return self._spellings.sub(HIDDEN, text)

    @cached_property
    def _spellings(self) -> re.Pattern[str]:
        return spellings(self._text)

    def __repr__(self) -> str:
        return HIDDEN


_known: list[Secret] = []


def hide(texts: Iterable[str]) -> None:
    """Hide these texts as well, which are made from a secret or are a part of one."""
    for text in texts:
        Secret(text)


def hide_environment() -> None:
    """Hide the values of all variables of setrota's that may be secrets, whether a command has read them or not."""
    values = {name: value.strip() for name, value in os.environ.items() if name.startswith(OWN_VARIABLES)}
    likely = (value for name, value in values.items() if name not in SETTINGS)
    hide(value for value in likely if SHORTEST_SECRET <= len(value) <= LARGEST_BYTES)


def without_secrets(text: str) -> str:
    """Return the text with every secret that was read so far replaced."""
    # Longest first: one secret may be a part of another.
    for secret in sorted(_known, key=lambda each: len(each.reveal()), reverse=True):
        text = secret.hidden_in(text)
    return text


def secret_of(target: str, values: Mapping[str, Any], roster: Path, key: str = "token") -> Secret:
    """Return the secret of a `publish` target.

    It is in the file that `KEY-file` names, relative to the folder of `roster`, else in the variable that `KEY-env`
    names, else in `SETROTA_TARGET_KEY`.

    Raises
    ------
    Refused
        If there is no secret, or it can't be one. The message never shows what was found.
    """
    if f"{key}-file" in values:
        return _read(f"publish.{target}.{key}-file", key, values[f"{key}-file"], roster)
    variable = values.get(f"{key}-env", f"SETROTA_{target}_{key}".upper())
    if not variable.startswith(OWN_VARIABLES):
        message = f"`publish.{target}.{key}-env` names an environment variable that is not setrota's"
        hint = f"rename the variable, so that it begins with `{OWN_VARIABLES}`"
        raise Refused(Problem(message, hint=hint, code="foreign-variable"))
    found = os.environ.get(variable, "").strip()
    if not found:
        # A name that doesn't look like a variable may be the secret itself.
        named = f"`{variable}`" if variable.isupper() else f"that `{key}-env` names"
        message = f"the {key} for `publish.{target}` is missing: the environment variable {named} isn't set"
        hint = f"set it, or name a file with the {key} as `{key}-file`"
        raise Refused(Problem(message, hint=hint, code="no-secret"))
    return _checked(found, f"the environment variable `{variable}`", None)


def _read(name: str, key: str, text: str, roster: Path) -> Secret:
    """Return the secret in the file that the roster's key `name` has as `text`."""
    path = roster.parent / os.path.expanduser(text)
    real = Path(os.path.realpath(path)) if "\0" not in text else None
    if real and not RosterFolder(roster, *_folders()).has(real):
        # Whether the file exists isn't said: a roster must not be a way to find out.
        message = f"`{name}` names a file outside the roster's folder"
        named = os.environ.get(FOLDERS)
        now = f", which is now `{named}`" if named else ""
        hint = f"move the file there, or name its folder in the environment variable `{FOLDERS}`{now}"
        raise Refused(Problem(message, hint=hint, code="secret-file-outside"))
    where = Place(str(path))
    hint = f"it should contain the {key} and nothing else"
    exists = real is not None and os.path.exists(real)
    if real and exists and not real.is_file():
        raise Refused(Problem("this is not an ordinary file", where, hint, code="unusable-secret"))
    content = read_bytes(real, LARGEST_BYTES) if real and exists else None
    if content is None:
        # The name isn't shown: someone may have written the secret itself there.
        message = f"`{name}` names a file that doesn't exist"
        start = "" if os.path.isabs(os.path.expanduser(text)) else "its path starts at the roster's folder; "
        hint = f"{start}it should contain the {key} and nothing else"
        raise Refused(Problem(message, hint=hint, code="no-secret-file"))
    try:
        found = content.decode().strip()
    except UnicodeDecodeError:
        raise Refused(Problem("this is not a text file", where, hint, code="unusable-secret")) from None
    if not found:
        raise Refused(Problem("this file is empty", where, hint, code="unusable-secret"))
    return _checked(found, f"the file `{path}`", where)


def _folders() -> list[Path]:
    """Return the folders outside the roster's whose files may be sent."""
    return [Path(os.path.expanduser(each)) for each in os.environ.get(FOLDERS, "").split(os.pathsep) if each]


def _checked(text: str, source: str, where: Place | None) -> Secret:
    if not text.isascii() or not text.isprintable() or " " in text:
        message = f"{'this file' if where else source} doesn't contain a token or password that can be sent"
        raise Refused(Problem(message, where, "it should be one ASCII word without quotes", code="unusable-secret"))
    return Secret(text, source)


# Where secrets go


def target_section(roster: Roster, target: str) -> Mapping[str, Any]:
    """Return the roster's section for a target. Raises Refused if there is none."""
    if target not in roster.publish:
        hint = f"add the section `[publish.{target}]`; `setrota explain no-publish-section` lists its keys"
        raise Refused(Problem(f"the roster has no `[publish.{target}]` section", hint=hint, code="no-publish-section"))
    return roster.publish[target]


def may_travel(scheme: str, host: str) -> bool:
    """Whether a secret may be sent to a host, given in lower case: over TLS, or without leaving this machine.

    Only addresses and the name `localhost` count as this machine: any other name may be someone's server.
    """
    if scheme == "https":
        return True
    try:
        return scheme == "http" and (host == "localhost" or any(ip_address(host) in each for each in _LOOPBACK))
    except ValueError:
        return False


_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
