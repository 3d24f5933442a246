"""Puts the rows of a spreadsheet that are parts of one seat's period together: who was planned for it, and the changes.

The person with most of the period counts as planned for it; whoever has other parts took them over. Knows no cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple

from setrota.dates.periods import Period
from setrota.schedule import Change, Crew


class SeatPiece(NamedTuple):
    """A person, or nobody, on the days [start, end) of a period."""

    start: date
    end: date
    person: str | None


def joined(pieces: Iterable[SeatPiece], period: Period) -> list[SeatPiece]:
    """The pieces of a seat in time order, without a gap: nobody has it between them, and neighbours differ."""
    found: list[SeatPiece] = []
    at = period.start
    for piece in [*sorted(pieces, key=lambda each: each.start), SeatPiece(period.end, period.end, None)]:
        for each in (SeatPiece(at, piece.start, None), piece):
            if each.start >= each.end:
                continue
            if found and found[-1].person == each.person:
                found[-1] = found[-1]._replace(end=each.end)
            else:
                found.append(each)
        at = piece.end
    return found


def holders(crew: Crew, seat: str) -> list[SeatPiece]:
    """Who really holds a seat of a crew."""
    return [SeatPiece(duty.start, duty.end, duty.person) for duty in crew.duties() if duty.seat == seat]


def planned_for(pieces: list[SeatPiece]) -> str | None:
    """Who counts as planned: the person with most of the time, the first of several."""
    lengths: dict[str, float] = {}
    for piece in pieces:
        if piece.person is not None:
            length = (piece.end - piece.start).total_seconds()
            lengths[piece.person] = lengths.get(piece.person, 0.0) + length
    return max(lengths, key=lambda person: lengths[person], default=None)


def changes(seat: str, pieces: list[SeatPiece], period: Period, made: Callable[[Period], datetime]) -> list[Change]:
    """What turns a period that one person was planned for into these pieces; `made` is when each part was changed."""
    planned = planned_for(pieces)
    return [
        Change(
            made(Period(piece.start, piece.end, period.rotation)),
            seat,
            planned,
            piece.person,
            start=None if piece.start == period.start else piece.start,
            end=None if piece.end == period.end else piece.end,
        )
        for piece in pieces
        if piece.person != planned
    ]
