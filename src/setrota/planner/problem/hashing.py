"""Ties broken in a way that depends on names and dates alone, so that the order of a file means nothing."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from setrota.roster import Roster


def stable_hash(*words: object) -> float:
    """A number in [0, 1) that depends on the words alone, the same in every process and on every machine."""
    digest = blake2b("\0".join(map(str, words)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def in_stable_order(roster: Roster, people: Iterable[str]) -> list[str]:
    """People in an order that favours nobody and that no file decides."""
    return sorted(people, key=lambda handle: (stable_hash(roster.short_name, handle), handle))
