"""What `setrota log` prints: one line per event, with its time and who served before and after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from setrota.dates.periods import DAY, Period
from setrota.dates.service import hours
from setrota.dates.text import days_text
from setrota.problems import Problem, counted, listed
from setrota.reports.duties import entries as duty_entries
from setrota.reports.duties import place
from setrota.reports.wording import duration_text, moment_stamp, plain, seat_text
from setrota.roster import Roster
from setrota.schedule import Duty
from setrota.schedule.history import LogEntry, Transfer
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import LogDocument, MadeChangeEntry

_UNDATED = "date unknown"


def log_text(roster: Roster, entries: Iterable[LogEntry], in_full: bool) -> str:
    """Entries as lines, in the order given; `in_full` lists planned duties instead of counting them."""
    dated = [(_when(roster, entry), entry) for entry in entries]
    width = max((len(when) for when, _ in dated), default=0)
    lines = "".join(f"{line}\n" for when, entry in dated for line in _lines(roster, f"{when:<{width}}", entry, in_full))
    return lines or "nothing was planned or changed\n"


def undated_left_out(number: int) -> Problem:
    """A note that `--since` leaves out entries whose date is unknown."""
    message = f"{counted(number, 'entry', 'entries')} without a date left out"
    return Problem(message, hint="leave out `--since` to see them", severity="note", code="undated-entries")


def _when(roster: Roster, entry: LogEntry) -> str:
    return moment_stamp(entry.at.astimezone(roster.zone)) if entry.at else _UNDATED


def _lines(roster: Roster, when: str, entry: LogEntry, in_full: bool) -> list[str]:
    first, *others = _said(roster, entry, in_full)
    indent = " " * (len(when) + 4)
    return [folded(f"{when}  {first}", indent), *(folded(indent + each, f"{indent}  ") for each in others)]


def _said(roster: Roster, entry: LogEntry, in_full: bool) -> list[str]:
    """What happened: one line for one thing, else a heading and a line for each part."""
    if entry.kind == "edited":
        return [f"edited by hand since it was planned: {each}" for each in _periods(entry)]
    words = entry.kind.replace("-", " ")
    if entry.duties:
        start, end = min(duty.start for duty in entry.duties), max(duty.end for duty in entry.duties)
        number = _count(entry) if in_full else f"{days_text(start, end)}, {_count(entry)}"
        heading = f"{'imported or written by hand' if entry.at is None else words}: {number}"
        return [heading, *(_duty(roster, duty) for duty in entry.duties)] if in_full else [heading]
    transfers = [_transfer(roster, transfer) for transfer in entry.transfers]
    if entry.kind == "swap":
        return [f"swap between {entry.transfers[0].was} and {entry.transfers[0].now}:", *transfers]
    if entry.kind == "replan":
        return [f"replan: {counted(len(transfers), 'change')}", *transfers]
    return [f"{words}: {each}" for each in transfers]


def _count(entry: LogEntry) -> str:
    taken = sum(duty.person is not None for duty in entry.duties)
    empty = len(entry.duties) - taken
    return counted(taken, "duty", "duties") + (f", {counted(empty, 'empty seat')}" if empty else "")


def _periods(entry: LogEntry) -> list[str]:
    """The periods an entry is about, in time order."""
    return [f"{plain(duty.rotation)} {duty.start}" for duty in {duty.days: duty for duty in entry.duties}.values()]


def _duty(roster: Roster, duty: Duty) -> str:
    return f"{seat_text(roster, duty.rotation, duty.seat)} {days_text(duty.start, duty.end)}: {duty.person or 'NOBODY'}"


def _transfer(roster: Roster, transfer: Transfer) -> str:
    seat, days = seat_text(roster, transfer.rotation, transfer.seat), days_text(transfer.start, transfer.end)
    part = Period(transfer.start, transfer.end, transfer.rotation)
    is_short = transfer.end - transfer.start < DAY
    some = duration_text(timedelta(hours=hours(roster, part))) if is_short else "some days"
    notes = [some] if transfer.part else []
    if transfer.forced:
        notes.append(f"forced, breaks {listed(f'`{plain(rule)}`' for rule in transfer.forced)}")
    line = f"{seat} {days}, {transfer.was or 'NOBODY'} -> {transfer.now or 'NOBODY'}"
    return line + (f" ({'; '.join(notes)})" if notes else "")


def log_document(roster: Roster, entries: Iterable[LogEntry]) -> LogDocument:
    """Entries in the order given; `at` is in the rota's zone, or None if the time wasn't recorded."""
    return {
        "entries": [
            {
                "kind": entry.kind,
                "at": entry.at.astimezone(roster.zone).isoformat() if entry.at else None,
                "duties": duty_entries(roster, entry.duties),
                "changes": [_change(roster, transfer) for transfer in entry.transfers],
            }
            for entry in entries
        ]
    }


def _change(roster: Roster, each: Transfer) -> MadeChangeEntry:
    return {**place(roster, each), "was": each.was, "now": each.now, "part": each.part, "forced": list(each.forced)}
