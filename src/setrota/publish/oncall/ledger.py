"""The record of setrota's own overrides at a service: a file next to the schedule, small and easy to merge.

PagerDuty and Jira Service Management name new overrides themselves, and have no place for a mark. So setrota notes the
names, with the overrides, one to a line. Without the file setrota may neither change nor delete what it made; overrides
exactly as planned become setrota's again, and the others count as someone else's from then on.
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
"""The seconds to wait for another process that publishes."""

_Notes = dict[tuple[str, str], dict[str, RemoteOverride]]


@dataclass
class Ledger:
    """The noted overrides, by service and schedule, and by the override's key there."""

    path: Path
    content: bytes | None = None
    notes: _Notes = field(default_factory=dict)

    def schedules(self, service: str) -> list[str]:
        """Return the schedules of a service that have noted overrides."""
        return [schedule for name, schedule in self.notes if name == service]

    def own(self, service: str, schedule: str) -> Mapping[str, RemoteOverride]:
        """Return the noted overrides of a schedule."""
        return self.notes.get((service, schedule), {})

    def note(self, service: str, schedule: str, own: dict[str, RemoteOverride]) -> None:
        """Note setrota's overrides of a schedule; later changes to `own` are saved too."""
        self.notes[service, schedule] = own

    def left_behind(self, roster: Roster, now: datetime) -> Iterator[Problem]:
        """Yield a warning for each service that the roster no longer describes, and where overrides still page."""
        for service in dict.fromkeys(service for service, _ in self.notes if service not in roster.publish):
            owns = (self.own(service, schedule) for schedule in self.schedules(service))
            if count := sum(each.end > now for own in owns for each in own.values()):
                left = counted(count, "override")
                message = f"the roster no longer describes {service_name(service)}, but setrota left {left} there"
                hint = f"`[publish.{service}]` with `schedules = {{}}` lets the next run delete them"
                where = Place(str(self.path))
                yield Problem(message, where, hint, severity="warning", code="overrides-left-behind")

    def save(self, now: datetime) -> bool:
        """Write the overrides still to come if they changed; return whether they did. Raises Refused."""
        text = _text(self.notes, now)
        if text.encode() == self.content or (self.content is None and text == _text({}, now)):
            return False
        self._write(text)
        return True

    def check_writable(self, now: datetime) -> None:
        """Write the current notes, to make sure that new overrides can be noted. Raises Refused."""
        self._write(_text(self.notes, now))

    def _write(self, text: str) -> None:
        save(self.path, text, self.content)
        self.content = text.encode()


@contextmanager
def lock_ledger(path: Path) -> Iterator[None]:
    """Let no other process read a ledger, publish and write it; interrupts are allowed. Raises Refused."""
    with ExitStack() as stack:
        try:
            stack.enter_context(holding(path.with_name(f".{path.name}.lock"), PATIENCE))
        except Busy as busy:
            raise Refused(busy_problem(path, busy, "publishing from here")) from None
        except OSError as error:
            message = f"can't write the record of overrides: {reason(error)}"
            raise Refused(Problem(message, Place(str(path)), code="cannot-save")) from None
        yield


def ledger_path(schedule: Path) -> Path:
    """Return `schedule.oncall.json` for `schedule.toml`."""
    return schedule.with_suffix(".oncall.json")


def read_ledger(path: Path) -> Ledger:
    """Return the notes in a file, none without a file. Raises Refused if they can't be read."""
    content = read_bytes(path, LARGEST_BYTES)
    if content is None:
        return Ledger(path)
    try:
        document = json.loads(content)
        if document["format"] != FORMAT:
            message = "this record of overrides has another format"
            raise Refused(Problem(message, Place(str(path)), "update setrota", code="unknown-format"))
        return Ledger(path, content, _notes(document["overrides"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message, where = "this is not setrota's record of overrides", Place(str(path))
        hint = "restore it from git, or delete it: overrides that are exactly as planned become setrota's again"
        raise Refused(Problem(message, where, hint, code="damaged-record")) from None


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
