"""What is to be sent so that a calendar holds the schedule.

Compares what our events say with what the server holds of them. Knows no network: the list is made before any of it
is sent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

from setrota.publish.caldav.events import Held, same, sequence, start, title, with_sequence
from setrota.publish.calls import Call

CONTENT = {"Content-Type": "text/calendar; charset=utf-8"}
LONGEST_NAME = 120


def changes(wanted: Mapping[str, str], held: Iterable[Held], collection: str) -> list[Call]:
    """The calls that make the events of ours that a calendar holds the wanted ones.

    Deletions first, which make room, then in order of time.

    Parameters
    ----------
    wanted
        Calendar resources by the identity of their event.
    held
        Our events on the server. Of two with one identity the second goes.
    collection
        The calendar's address, with a slash at its end.
    """
    first: dict[str, Held] = {}
    surplus = []
    for each in held:
        if each.uid not in wanted or first.setdefault(each.uid, each) is not each:
            surplus.append(each)
    calls = [_deleted(each) for each in sorted(surplus, key=lambda each: (start(each.text), each.url))]
    for uid, text in sorted(wanted.items(), key=lambda entry: (start(entry[1]), entry[0])):
        calls += _put(uid, text, first.get(uid), collection)
    return calls


def _deleted(held: Held) -> Call:
    return Call(f"delete {title(held.text)}", "DELETE", held.url, headers=_unchanged(held))


def _put(uid: str, text: str, held: Held | None, collection: str) -> Iterator[Call]:
    if held is None:
        headers = {**CONTENT, "If-None-Match": "*"}
        yield Call(f"add {title(text)}", "PUT", collection + _name(uid), text, headers)
    elif not same(text, held.text):
        yield Call(f"change {title(text)}", "PUT", held.url, _raised(text, held), {**CONTENT, **_unchanged(held)})


def _raised(text: str, held: Held) -> str:
    """Our text, newer than what the server holds: somebody who changed it there may have raised its number."""
    there = sequence(held.text)
    return with_sequence(text, there + 1) if there > sequence(text) else text


def _unchanged(held: Held) -> dict[str, str]:
    """The condition that the event still is the one that was compared.

    A weak version never matches (RFC 9110, 13.1.1): then there is no condition that could be set.
    """
    return {"If-Match": held.etag} if held.etag and not held.etag.startswith("W/") else {}


def _name(uid: str) -> str:
    """A file name for an event that every server takes, the same every time."""
    if len(uid) > LONGEST_NAME or not re.fullmatch(r"[A-Za-z0-9@._-]+", uid):
        uid = hashlib.sha256(uid.encode()).hexdigest()[:40]
    return f"{uid}.ics"
