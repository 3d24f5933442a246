"""Which overrides of a service are setrota's own: a file beside the schedule, as small and as mergeable as it can be.

PagerDuty and Jira Service Management name new overrides themselves, and have no place for a mark. So their names are
noted, with what was made, one to a line. Without the file setrota may neither change nor delete what it made; what
stands on the service exactly as planned is taken over again, and the rest is another's from then on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from setrota.export.oncall.overrides import service_name
from setrota.files.locking import Busy, holding
from setrota.files.saving import busy_problem, read_bytes, reason, save
from setrota.problems import Place, Problem, Refused, counted
from setrota.publish.oncall.pager import RemoteOverride, parse_instant
from setrota.roster import Roster

FORMAT = 1
LARGEST_BYTES = 10_000_000
PATIENCE = 3.0
"""For how many seconds another process that publishes is waited for."""

_Notes = dict[tuple[str, str], dict[str, RemoteOverride]]


@dataclass
class Ledger:
    """What was noted, by service and schedule, and by the override's key there."""

    path: Path
    content: bytes | None = None
    notes: _Notes = field(default_factory=dict)

    def schedules(self, service: str) -> list[str]:
        """The schedules of a service of which something was noted."""
        return [schedule for name, schedule in self.notes if name == service]

    def own(self, service: str, schedule: str) -> Mapping[str, RemoteOverride]:
        """What was noted of a schedule."""
        return self.notes.get((service, schedule), {})

    def note(self, service: str, schedule: str, own: dict[str, RemoteOverride]) -> None:
        """Note setrota's overrides of a schedule, and whatever becomes of them until the ledger is saved."""
        self.notes[service, schedule] = own

    def left_behind(self, roster: Roster, now: datetime) -> Iterator[Problem]:
        """Warnings of overrides at services that the roster no longer describes, where they go on paging."""
        for service in dict.fromkeys(service for service, _ in self.notes if service not in roster.publish):
            owns = (self.own(service, schedule) for schedule in self.schedules(service))
            if count := sum(each.end > now for own in owns for each in own.values()):
                left = counted(count, "override")
                message = f"the roster says nothing about {service_name(service)} any more, where setrota left {left}"
                section = f"with `[publish.{service}]` and `schedules = {{}}`"
                hint = f"{section} the next run takes them away; or delete them there"
                yield Problem(message, Place(str(self.path)), hint, severity="warning")

    def save(self, now: datetime) -> bool:
        """Write what is still to come, if that is something new; gives whether it was. Raises Refused."""
        text = _text(self.notes, now)
        if text.encode() == self.content or (self.content is None and text == _text({}, now)):
            return False
        self._write(text)
        return True

    def check_writable(self, now: datetime) -> None:
        """Write what is so already, to see that what is going to be created can be noted. Raises Refused."""
        self._write(_text(self.notes, now))

    def _write(self, text: str) -> None:
        save(self.path, text, self.content)
        self.content = text.encode()


@contextmanager
def lock_ledger(path: Path) -> Iterator[None]:
    """Be the only process that reads a ledger, publishes and writes it; one that may be interrupted. Raises Refused."""
    with ExitStack() as stack:
        try:
            stack.enter_context(holding(path.with_name(f".{path.name}.lock"), PATIENCE))
        except Busy as busy:
            raise Refused(busy_problem(path, busy, "publishing from here")) from None
        except OSError as error:
            raise Refused(Problem(f"can't note here what is made: {reason(error)}", Place(str(path)))) from None
        yield


def ledger_path(schedule: Path) -> Path:
    """`schedule.oncall.json`, beside `schedule.toml`."""
    return schedule.with_suffix(".oncall.json")


def read_ledger(path: Path) -> Ledger:
    """What was noted; nothing where there is no file. Raises Refused if it can't be read."""
    content = read_bytes(path, LARGEST_BYTES)
    if content is None:
        return Ledger(path)
    try:
        document = json.loads(content)
        if document["format"] != FORMAT:
            raise Refused(Problem("another setrota wrote this file", Place(str(path)), "update setrota"))
        return Ledger(path, content, _notes(document["overrides"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        hint = "take it from git again, or delete it: what stands there exactly as planned is taken over"
        raise Refused(Problem("this isn't what setrota noted of overrides", Place(str(path)), hint)) from None


def _notes(entries: Any) -> _Notes:
    found: _Notes = {}
    for entry in entries:
        start, end = parse_instant(entry["start"]), parse_instant(entry["end"])
        noted = RemoteOverride(str(entry["key"]), str(entry["user"]), start, end)
        found.setdefault((str(entry["service"]), str(entry["schedule"])), {})[noted.key] = noted
    return found


def _text(notes: _Notes, now: datetime) -> str:
    owns = ((*place, noted) for place, own in notes.items() for noted in own.values() if noted.end > now)
    entries = sorted(owns, key=lambda entry: (entry[0], entry[1], entry[2].start, entry[2].key))
    lines = ",\n".join(f"  {json.dumps(_entry(*entry), ensure_ascii=False)}" for entry in entries)
    return f'{{"format": {FORMAT}, "overrides": [\n{lines}\n]}}\n'


def _entry(service: str, schedule: str, noted: RemoteOverride) -> dict[str, str]:
    span = {"start": noted.start.isoformat(), "end": noted.end.isoformat()}
    return {"service": service, "schedule": schedule, **span, "user": noted.user, "key": noted.key}
