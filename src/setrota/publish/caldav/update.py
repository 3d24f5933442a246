"""Plans what to send so that a calendar holds the schedule.

Compares our events with those on the server. Knows no network: the list is complete before anything is sent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from setrota.problems import Place, Problem, Refused, counted
from setrota.publish.caldav.events import RemoteEvent, says_same, sequence, start, title, with_sequence
from setrota.publish.calls import Call
from setrota.publish.responses import shortened
from setrota.schedule import Schedule

CONTENT = {"Content-Type": "text/calendar; charset=utf-8"}
LONGEST_NAME = 120


def calls_to_update(wanted: Mapping[str, str], existing: Iterable[RemoteEvent], collection: str) -> list[Call]:
    """Return the calls that make our events in a calendar the wanted ones.

    Deletions, which free space, come first, then the others in time order.

    Parameters
    ----------
    wanted
        Calendar resources by the identity of their event.
    existing
        Our events on the server. Of two with one identity the second is deleted.
    collection
        The calendar's address, ending in a slash.
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


def stages(calls: Sequence[Call]) -> tuple[list[Call], list[Call]]:
    """Return the deletions, which free space, and the calls to send after them; those of a stage may go together."""
    return [call for call in calls if call.method == "DELETE"], [call for call in calls if call.method != "DELETE"]


def check_deletions(calls: Sequence[Call], existing: int, schedule: Schedule, path: Path) -> None:
    """Raise Refused if the calendar would be emptied because the schedule at `path` is empty."""
    if _deletions(calls) and not schedule.crews:
        message = f"nothing is planned, so this would delete all {counted(existing, 'event')} of the rota"
        hint = "name the right schedule with `--schedule`, or delete them with `--yes`"
        raise Refused(Problem(message, Place(str(path)), hint, code="would-empty-calendar"))


def deletion_question(calls: Sequence[Call], existing: int) -> str | None:
    """Return what to ask before most of the rota's events are deleted, None if they aren't."""
    deletions = _deletions(calls)
    return f"Delete {deletions} of the rota's {counted(existing, 'event')}?" if deletions * 2 > existing else None


def _deletions(calls: Sequence[Call]) -> int:
    return sum(call.method == "DELETE" for call in calls)


def _deleted(existing: RemoteEvent) -> Call:
    description = f"delete {shortened(title(existing.text))}"
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
    """Return our text with a higher revision than the server's, which a change made there may have raised."""
    there = sequence(existing.text)
    return with_sequence(text, there + 1) if there > sequence(text) else text


def _unchanged(existing: RemoteEvent) -> dict[str, str]:
    """Return the condition that the event is still the one that was compared.

    A weak version never matches (RFC 9110, 13.1.1), so there is no condition for it.
    """
    return {"If-Match": existing.etag} if existing.etag and not existing.etag.startswith("W/") else {}


def _name(uid: str) -> str:
    """Return a file name for an event that every server takes, always the same."""
    if len(uid) > LONGEST_NAME or not re.fullmatch(r"[A-Za-z0-9@._-]+", uid):
        uid = hashlib.sha256(uid.encode()).hexdigest()[:40]
    return f"{uid}.ics"
