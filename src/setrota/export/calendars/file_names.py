"""Names of files for handles, teams and rotations: safe on every system, readable, and the same for ever.

A name depends on what it is made of and on nothing else, so that nobody's subscription breaks when others come or go.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9_-])?")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
_LONGEST = 48


def file_name(key: str) -> str:
    """What a file is called, without its ending.

    A key of lower-case letters, digits, `.`, `_` and `-` is its own name. Any other keeps what can be read of it, then
    `~` and a digest of the whole key: no two keys have one name, also where a system ignores case.
    """
    if _PLAIN.fullmatch(key) and not _DEVICES.fullmatch(key):
        return key
    letters = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", letters)[:_LONGEST].strip("-")
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{readable or 'x'}~{digest}"


def person_file_name(handle: str) -> str:
    """What a person's file is called; handles in two spellings are one."""
    return file_name(handle.lower())
