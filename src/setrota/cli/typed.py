"""The command line of this run as it may be kept and shown later: without secrets, and without why somebody is away."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from setrota.problems import command_line

PRIVATE = ("--note", "--reason")
"""Options whose values the roster and the schedule keep, and nothing shows."""

LEFT_OUT = "..."


def typed_command() -> str:
    """The command that was typed, to paste into a shell."""
    return command_line("setrota", *_without_reasons(_without_secrets(sys.argv[1:])))


def _without_reasons(words: Iterable[str]) -> Iterator[str]:
    before = ""
    for word in words:
        option, equals, _ = word.partition("=")
        if before in PRIVATE:
            yield LEFT_OUT
        else:
            yield f"{option}={LEFT_OUT}" if equals and option in PRIVATE else word
        before = "" if before in PRIVATE else word


def _without_secrets(words: list[str]) -> list[str]:
    from setrota.files.roster.publish import OWN_VARIABLES, SETTINGS

    if not any(name.startswith(OWN_VARIABLES) and name not in SETTINGS for name in os.environ):
        return words
    from setrota.publish.secrets import hide_environment, without_secrets

    hide_environment()
    return [without_secrets(word) for word in words]
