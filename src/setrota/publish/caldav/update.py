"""What to send so that a calendar holds the schedule.

Compares what our events say with what the server holds of them. Knows no network: the list is complete before any of
it is sent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from setrota.problems import Place, Problem, Refused, counted
from setrota.publish.caldav.events import RemoteEvent, says_same, sequence, start, title, with_sequence
from setrota.publish.calls import Call
from setrota.schedule import Schedule

CONTENT = {"Content-Type": "text/calendar; charset=utf-8"}
LONGEST_NAME = 120


def calls_to_update(wanted: Mapping[str, str], existing: Iterable[RemoteEvent], collection: str) -> list[Call]:
    """The calls that make the events of ours that a calendar holds the wanted ones.

    Deletions first, which make room, then in order of time.

    Parameters
    ----------
    wanted
        Calendar resources by the identity of their event.
    existing
        Our events on the server. Of two with one identity the second goes.
    collection
        The calendar's address, with a slash at its end.
    """
    first: dict[str, RemoteEvent] = {}
    surplus = []
    for each in existing:
        if each.uid not in wanted or first.setdefault(each.uid, each) is not each:
            surplus.append(each)
    calls = [_deleted(each) for each in sorted(surplus, key=lambda each: (start(each.text), each.url))]
    for uid, text in sorted(wanted.items(), key=lambda entry: (start(entry[1]), entry[0])):
        calls += _put(uid, text, first.get(uid), collection)
    return calls


def check_deletions(calls: Sequence[Call], existing: int, schedule: Schedule, path: Path) -> None:
    """Refuse to empty a calendar because the schedule at `path` has nothing in it. Raises Refused."""
    if _deletions(calls) and not schedule.crews:
        message = f"nothing is planned: this would delete all {counted(existing, 'event')} of the rota"
        hint = "is it the right schedule? `--schedule` names another; `--yes` deletes them"
        raise Refused(Problem(message, Place(str(path)), hint))


def deletion_question(calls: Sequence[Call], existing: int) -> str | None:
    """What to ask before most of the rota's events are deleted."""
    deletions = _deletions(calls)
    return f"Delete {deletions} of the rota's {counted(existing, 'event')}?" if deletions * 2 > existing else None


def _deletions(calls: Sequence[Call]) -> int:
    return sum(call.method == "DELETE" for call in calls)


def _deleted(existing: RemoteEvent) -> Call:
    description = f"delete {title(existing.text)}"
    return Call(description=description, method="DELETE", url=existing.url, headers=_unchanged(existing))


def _put(uid: str, text: str, existing: RemoteEvent | None, collection: str) -> Iterator[Call]:
    if existing is None:
        headers = {**CONTENT, "If-None-Match": "*"}
        url = f"{collection}{_name(uid)}"
        yield Call(description=f"add {title(text)}", method="PUT", url=url, body=text, headers=headers)
    elif not says_same(text, existing.text):
        headers = {**CONTENT, **_unchanged(existing)}
        body = _with_newer_sequence(text, existing)
        yield Call(description=f"change {title(text)}", method="PUT", url=existing.url, body=body, headers=headers)


def _with_newer_sequence(text: str, existing: RemoteEvent) -> str:
    """Our text, newer than what the server holds: a change made there may have raised its number."""
    there = sequence(existing.text)
    return with_sequence(text, there + 1) if there > sequence(text) else text


def _unchanged(existing: RemoteEvent) -> dict[str, str]:
    """The condition that the event still is the one that was compared.

    A weak version never matches (RFC 9110, 13.1.1): then there is no condition that could be set.
    """
    return {"If-Match": existing.etag} if existing.etag and not existing.etag.startswith("W/") else {}


def _name(uid: str) -> str:
    """A file name for an event that every server takes, the same every time."""
    if len(uid) > LONGEST_NAME or not re.fullmatch(r"[A-Za-z0-9@._-]+", uid):
        uid = hashlib.sha256(uid.encode()).hexdigest()[:40]
    return f"{uid}.ics"
