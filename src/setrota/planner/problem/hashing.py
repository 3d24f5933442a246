"""Tie-breaking that depends only on names and dates, so that the order of lines in a file doesn't matter."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from setrota.roster import Roster


def stable_hash(*words: object) -> float:
    """A number in [0, 1) that depends only on the words: the same in every process and on every machine."""
    digest = blake2b("\0".join(map(str, words)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def in_stable_order(roster: Roster, people: Iterable[str]) -> list[str]:
    """People in an order that favours nobody and doesn't depend on the order of the file."""
    return sorted(people, key=lambda handle: (stable_hash(roster.short_name, handle), handle))
