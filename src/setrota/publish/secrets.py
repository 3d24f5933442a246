"""Tokens and passwords: read from the environment or from a file that the roster names, and shown nowhere.

Knows where secrets are, not what they are for. Remembers those that were read, so that they can be taken out of
everything that is about to be shown, at the exit.
"""

from __future__ import annotations

import html
import json
import os
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from setrota.files.saving import read_bytes
from setrota.problems import Place, Problem, Refused

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
        quoted = {quote(self._text, safe=""), quote_plus(self._text), quote(self._text)}
        as_json = json.dumps(self._text)[1:-1]
        found = {
            self._text,
            *quoted,
            *(re.sub("%[0-9A-F]{2}", lambda byte: byte[0].lower(), each) for each in quoted),
            as_json,
            as_json.replace("/", "\\/"),
            repr(self._text)[1:-1],
            html.escape(self._text),
            html.escape(self._text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
            b64encode(self._text.encode()).decode().rstrip("="),
        }
        return sorted(found, key=len, reverse=True)

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
        path = folder / os.path.expanduser(values[f"{key}-file"])
        return _read(target, key, path)
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
        raise Refused(
            Problem(message, hint=f"it is looked for beside the roster, and holds the {key} and nothing else")
        )
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
