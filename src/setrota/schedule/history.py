"""What happened to a schedule, according to the schedule itself: when it was planned, who swapped with whom, and when.

Seats say who was planned, changes who served. Says nothing about reasons: they are private and never leave the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from setrota.dates.periods import instant
from setrota.schedule import Change, Crew, Duty, Schedule

Kind = Literal["not-planned", "planned", "planned-again", "cover", "swap", "fill", "emptied", "replan", "edited"]


class Transfer(NamedTuple):
    """A seat that passed from one person to another for the days [start, end); None is nobody.

    `part` says that the days are not the whole period; `forced` are the rules that it was known to break.
    """

    start: date
    end: date
    rotation: str
    seat: str
    was: str | None
    now: str | None
    part: bool
    forced: tuple[str, ...]


class LogEntry(NamedTuple):
    """One thing that happened; `at` is None if the file doesn't say when.

    `duties` are those that were planned or written by hand, before any changes; `transfers` are the changes.
    """

    kind: Kind
    at: datetime | None
    duties: tuple[Duty, ...] = ()
    transfers: tuple[Transfer, ...] = ()

    def of(self, person: str) -> LogEntry:
        """The part that concerns one person; both sides of a swap."""
        duties = (duty for duty in self.duties if duty.person == person)
        return self._only(duties, [transfer for transfer in self.transfers if person in (transfer.was, transfer.now)])

    def between(self, start: date, end: date) -> LogEntry:
        """The part about days in [start, end); both sides of a swap."""
        duties = (duty for duty in self.duties if duty.start < end and start < duty.end)
        return self._only(
            duties, [transfer for transfer in self.transfers if transfer.start < end and start < transfer.end]
        )

    def _only(self, duties: Iterable[Duty], transfers: list[Transfer]) -> LogEntry:
        return self._replace(
            duties=tuple(duties), transfers=self.transfers if self.kind == "swap" and transfers else tuple(transfers)
        )

    @property
    def empty(self) -> bool:
        """Whether it has no duties and no transfers."""
        return not self.duties and not self.transfers


def history(schedule: Schedule) -> list[LogEntry]:
    """Everything that happened, newest last; edits, whose dates are unknown, come after everything else."""
    dated = [*_plannings(schedule), *_changes(schedule)]
    by_hand = [duty for crew in schedule.crews if crew.planned is None for duty in _meant(crew)]
    edited = [duty for crew in schedule.crews if crew.edited for duty in _meant(crew)]
    entries = [
        LogEntry("not-planned", None, tuple(by_hand)),
        *sorted(dated, key=_moment),
        LogEntry("edited", None, tuple(edited)),
    ]
    return [entry for entry in entries if not entry.empty]


def _moment(entry: LogEntry) -> datetime:
    return instant(entry.at) if entry.at else datetime.min.replace(tzinfo=UTC)


def _meant(crew: Crew) -> list[Duty]:
    """A crew's duties before any change."""
    return [Duty(crew.period.start, crew.period.end, crew.period.rotation, *seat) for seat in crew.seats.items()]


def _plannings(schedule: Schedule) -> Iterator[LogEntry]:
    """One entry for each time a plan was made, and one for what was recomputed at that time."""
    found: dict[tuple[datetime, bool], list[Duty]] = {}
    for crew in schedule.crews:
        if crew.planned is not None:
            found.setdefault((crew.planned.at, crew.planned.revision > 1), []).extend(_meant(crew))
    for (at, again), duties in found.items():
        yield LogEntry("planned-again" if again else "planned", at, tuple(duties))


def _changes(schedule: Schedule) -> Iterator[LogEntry]:
    """One entry for each change that people made, each swap, and each replan with all its changes."""
    by_moment: dict[tuple[datetime, bool], list[Transfer]] = {}
    for crew in schedule.crews:
        for change in crew.changes:
            by_moment.setdefault((change.at, change.replanned), []).append(_transfer(crew, change))
    for (at, replanned), transfers in by_moment.items():
        if replanned:
            yield LogEntry("replan", at, transfers=tuple(transfers))
        else:
            yield from (LogEntry(_kind(group), at, transfers=group) for group in _exchanges(transfers))


def _transfer(crew: Crew, change: Change) -> Transfer:
    period, (start, end) = crew.period, crew.days_of(change)
    return Transfer(
        start=start,
        end=end,
        rotation=period.rotation,
        seat=change.seat,
        was=change.was,
        now=change.now,
        part=(start, end) != (period.start, period.end),
        forced=change.forced,
    )


def _exchanges(transfers: list[Transfer]) -> Iterator[tuple[Transfer, ...]]:
    """Groups changes of one moment: those in which two people take each other's place, in all pieces, are one."""
    between: dict[frozenset[str | None], list[Transfer]] = {}
    for transfer in transfers:
        between.setdefault(frozenset((transfer.was, transfer.now)), []).append(transfer)
    for group in between.values():
        if any(_exchange(group[0], each) for each in group):
            yield tuple(group)
        else:
            yield from ((each,) for each in group)


def _exchange(one: Transfer, other: Transfer) -> bool:
    there, here = one.was, one.now
    return there is not None and here is not None and there != here and (other.was, other.now) == (here, there)


def _kind(transfers: tuple[Transfer, ...]) -> Kind:
    if len(transfers) > 1:
        return "swap"
    [transfer] = transfers
    return "emptied" if transfer.now is None else "fill" if transfer.was is None else "cover"
