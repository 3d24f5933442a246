"""What happened to a schedule, a line for each thing: when, what, and who was there before and after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from setrota.dates.text import days_text
from setrota.problems import counted, listed
from setrota.reports.wording import plain, seat_text
from setrota.roster import Roster
from setrota.terminal.output import folded

if TYPE_CHECKING:
    from setrota.schedule import Duty
    from setrota.schedule.history import LogEntry, Transfer

_UNDATED = "date unknown"
_WIDTH = len("2026-11-23 10:00")


def happenings(roster: Roster, entries: Iterable[LogEntry], in_full: bool) -> str:
    """Entries as lines, in the order given; `in_full` lists the duties that were planned, instead of their number."""
    return "".join(f"{line}\n" for entry in entries for line in _lines(roster, entry, in_full))


def _lines(roster: Roster, entry: LogEntry, in_full: bool) -> list[str]:
    when = f"{entry.at.astimezone(roster.zone):%Y-%m-%d %H:%M}" if entry.at else _UNDATED
    first, *others = _said(roster, entry, in_full)
    indent = " " * (_WIDTH + 4)
    return [
        folded(f"{when:<{_WIDTH}}  {first}", indent),
        *(folded(f"{indent}{each}", f"{indent}  ") for each in others),
    ]


def _said(roster: Roster, entry: LogEntry, in_full: bool) -> list[str]:
    """What happened: in one line where it is one thing, else a heading and a line for each part."""
    if entry.kind == "edited":
        return [f"edited by hand since it was planned: {each}" for each in _periods(entry)]
    if entry.duties:
        told = _count(entry) if in_full else f"{days_text(*_span(entry.duties))}, {_count(entry)}"
        heading = f"{'imported, or written by hand' if entry.at is None else entry.kind}: {told}"
        return [heading, *(_duty(roster, duty) for duty in entry.duties)] if in_full else [heading]
    transfers = [_transfer(roster, transfer) for transfer in entry.transfers]
    if entry.kind == "swap":
        return [f"swap of {entry.transfers[0].was} and {entry.transfers[0].now}:", *transfers]
    if entry.kind == "re-plan":
        return [f"re-plan: {counted(len(transfers), 'change')}", *transfers]
    return [f"{entry.kind}: {told}" for told in transfers]


def _count(entry: LogEntry) -> str:
    taken = sum(duty.person is not None for duty in entry.duties)
    empty = len(entry.duties) - taken
    return counted(taken, "duty", "duties") + (f", {counted(empty, 'empty seat')}" if empty else "")


def _periods(entry: LogEntry) -> list[str]:
    """The periods that an entry is about, in time order."""
    return [f"{plain(duty.rotation)} {duty.start}" for duty in {duty.days: duty for duty in entry.duties}.values()]


def _span(duties: Iterable[Duty]) -> tuple[date, date]:
    found = list(duties)
    return min(duty.start for duty in found), max(duty.end for duty in found)


def _duty(roster: Roster, duty: Duty) -> str:
    return f"{seat_text(roster, duty.rotation, duty.seat)} {days_text(duty.start, duty.end)}: {duty.person or 'NOBODY'}"


def _transfer(roster: Roster, transfer: Transfer) -> str:
    seat, days = seat_text(roster, transfer.rotation, transfer.seat), days_text(transfer.start, transfer.end)
    notes = ["part"] * transfer.part
    notes += [f"known to break {listed(f'`{plain(rule)}`' for rule in transfer.forced)}"] if transfer.forced else []
    told = f"{seat} {days}, {transfer.was or 'NOBODY'} -> {transfer.now or 'NOBODY'}"
    return told + (f" ({'; '.join(notes)})" if notes else "")
