"""What the roster says of a target of `publish`, and whether its secret may travel to it.

Knows no target's keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from setrota.problems import Problem, Refused
from setrota.roster import Roster


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
