"""Tokens and passwords: read from the environment or from a file that the roster names, and shown nowhere.

Knows where secrets are and whether they may travel, not what they are for. Remembers those that were read, so that they
can be taken out of everything that is about to be shown, at the exit.
"""

from __future__ import annotations

import html
import json
import os
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from setrota.files.saving import read_bytes
from setrota.problems import Place, Problem, Refused
from setrota.roster import Roster

LARGEST_BYTES = 100_000
HIDDEN = "•••"


class Secret:
    r"""A text that no message, log or traceback shows; `reveal` is for the request alone.

    `source` says where it was found: `the environment variable \`SETROTA_TOKEN\``.
    """

    def __init__(self, text: str, source: str = "") -> None:
        self._text = text
        self.source = source
        _known.append(self)

    def reveal(self) -> str:
        return self._text

    def hidden_in(self, text: str) -> str:
        """The text with the secret replaced wherever it occurs, also as JSON, pages, addresses and Python write it."""
        for each in self._written:
            text = text.replace(each, HIDDEN)
        return text

    @cached_property
    def _written(self) -> list[str]:
        """The ways to write the secret, the longest first."""
        text = self._text
        quoted = {quote(text, safe=""), quote_plus(text), quote(text)}
        lowered = {re.sub("%[0-9A-F]{2}", lambda byte: byte[0].lower(), each) for each in quoted}
        as_json, as_html = json.dumps(text)[1:-1], html.escape(text)
        other_html = as_html.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
        encoded = b64encode(text.encode()).decode().rstrip("=")
        as_is = {text, repr(text)[1:-1], as_json, as_json.replace("/", "\\/"), as_html, other_html, encoded}
        return sorted(as_is | quoted | lowered, key=len, reverse=True)

    def __repr__(self) -> str:
        return HIDDEN


_known: list[Secret] = []


def hide(texts: Iterable[str]) -> None:
    """Show these texts nowhere either: what is made of a secret, or a part of one."""
    for text in texts:
        Secret(text)


def without_secrets(text: str) -> str:
    """The text with every secret that was read, wherever it occurs, replaced."""
    # The longest first: one may be a part of another.
    for secret in sorted(_known, key=lambda each: len(each.reveal()), reverse=True):
        text = secret.hidden_in(text)
    return text


def secret_of(target: str, values: Mapping[str, Any], folder: Path, key: str = "token") -> Secret:
    """The secret of a target of `publish`: in the file that `KEY-file` names (beside the roster, in `folder`), else in
    the variable that `KEY-env` names, else in `SETROTA_TARGET_KEY`.

    Raises Refused, without a word of what was found, if there is none or it can't be one.
    """
    if f"{key}-file" in values and f"{key}-env" in values:
        hint = f"keep `{key}-env` or `{key}-file`"
        raise Refused(Problem(f"`publish.{target}` names a variable and a file for its {key}", hint=hint))
    if f"{key}-file" in values:
        return _read(target, key, folder / os.path.expanduser(values[f"{key}-file"]))
    variable = values.get(f"{key}-env", f"SETROTA_{target}_{key}".upper())
    found = os.environ.get(variable, "").strip()
    if not found:
        # What doesn't look like a variable may be the secret itself.
        named = f"`{variable}`" if variable.isupper() else f"that `{key}-env` names"
        message = f"the {key} for `publish.{target}` is missing: the environment variable {named} isn't set"
        raise Refused(Problem(message, hint=f"set it, or name a file that holds it with `{key}-file`"))
    return _checked(found, f"the environment variable `{variable}`", None)


def _read(target: str, key: str, path: Path) -> Secret:
    where = Place(str(path))
    if path.exists() and not path.is_file():
        raise Refused(Problem("this is no ordinary file", where, f"it should hold the {key} and nothing else"))
    content = read_bytes(path, LARGEST_BYTES)
    if content is None:
        # Not which: what stands there by mistake may be the secret itself.
        message = f"`publish.{target}.{key}-file` names a file that isn't there"
        hint = f"it is looked for beside the roster, and holds the {key} and nothing else"
        raise Refused(Problem(message, hint=hint))
    try:
        found = content.decode().strip()
    except UnicodeDecodeError:
        raise Refused(Problem("this is no text", where, f"it should hold the {key} and nothing else")) from None
    if not found:
        raise Refused(Problem("this file is empty", where, f"it should hold the {key}"))
    return _checked(found, f"the file `{path}`", where)


def _checked(text: str, source: str, where: Place | None) -> Secret:
    if not text.isascii() or not text.isprintable() or " " in text:
        hint = "one word of ASCII is meant, without quotes"
        holder = "this file" if where else source
        raise Refused(Problem(f"{holder} doesn't hold a token or password that can be sent", where, hint))
    return Secret(text, source)


# Where secrets go


def target_section(roster: Roster, target: str) -> Mapping[str, Any]:
    """The section of a target. Raises Refused if there is none."""
    if target not in roster.publish:
        hint = f"it begins with `[publish.{target}]`; docs/publishing.md shows its keys"
        raise Refused(Problem(f"the roster says nothing about publishing to {target}", hint=hint))
    return roster.publish[target]


def unencrypted_warnings(key: str, url: str) -> Iterator[Problem]:
    """A warning if a secret would go over the network for all to read; `key` is where the roster has the address."""
    parts = urlsplit(url)
    if parts.scheme.lower() == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        message = f"`{key}` begins with `http://`: whoever is on the way can read what proves who you are"
        yield Problem(message, hint="use `https://`", severity="warning")
