"""Stretches of time in which the same duties are served: rules about who serves together hold in each of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from setrota.dates.periods import Period
from setrota.dates.service import stretches
from setrota.planner.arrays import Index, spread
from setrota.planner.problem.instants import instant_of
from setrota.roster import Roster

Spans = Sequence[tuple[int, int]]
"""Stretches of service, [start, end), as instants."""


class Moments(NamedTuple):
    """Stretches of time in which some lane is served and nothing changes. Of several that are alike, one is listed.

    Attributes
    ----------
    begin
        When each begins, as an instant.
    lanes
        `lanes[number][t]`: the stretches in which a lane's period is served.
    held
        The same for each of the duties that people hold.
    """

    begin: Index
    lanes: tuple[tuple[Index, ...], ...]
    held: tuple[Index, ...]

    @property
    def size(self) -> int:
        return len(self.begin)


def moments_of(
    roster: Roster,
    lanes: Sequence[Sequence[Period]],
    held: Sequence[tuple[Hashable, Period]],
    crews: Iterable[Period] = (),
) -> Moments:
    """The stretches of some lanes' periods; those of a lane don't overlap, nor do those of held duties with one key.

    Stretches with different `crews` differ too.
    """
    keyed: list[tuple[tuple[str, Hashable], int, Period]]
    keyed = [(("lane", number), t, period) for number, periods in enumerate(lanes) for t, period in enumerate(periods)]
    keyed += [(("held", key), number, period) for number, (key, period) in enumerate(held)]
    keyed += [(("crew", period.rotation), number, period) for number, period in enumerate(crews)]
    rows = {key: number for number, key in enumerate(dict.fromkeys(key for key, _, _ in keyed))}
    spans = [spans_of(roster, period) for _, _, period in keyed]
    borders = np.unique(np.array([moment for some in spans for span in some for moment in span], dtype=np.int64))
    there = np.full((len(rows), len(borders)), -1, dtype=np.int64)
    for (key, number, _), some in zip(keyed, spans, strict=True):
        for start, end in some:
            first, last = np.searchsorted(borders, (start, end))
            there[rows[key], first:last] = number
    wanted = np.flatnonzero((there[[rows[key] for key in rows if key[0] == "lane"]] >= 0).any(axis=0))
    _, places = np.unique(there[:, wanted], axis=1, return_index=True)
    chosen = wanted[np.sort(places)]
    found = [np.flatnonzero(there[rows[key], chosen] == number) for key, number, _ in keyed]
    counts = iter(found)
    return Moments(
        begin=borders[chosen],
        lanes=tuple(tuple(next(counts) for _ in periods) for periods in lanes),
        held=tuple(next(counts) for _ in held),
    )


def spans_of(roster: Roster, period: Period) -> Spans:
    """The stretches in which a period, or a part of one, is served."""
    return [(instant_of(start), instant_of(end)) for start, end in stretches(roster, period)]


def at_moments(of: Sequence[Index], choice: Index, u: Index) -> tuple[Index, Index]:
    """For pairs of a choice and a period of its lane, all pairs of the choice and a stretch in which that is served;
    `of` has the stretches of each period."""
    sizes = np.array([len(each) for each in of], dtype=np.int64)
    begin = np.cumsum(sizes) - sizes
    every = np.concatenate([*of, np.zeros(0, dtype=np.int64)])
    place, entry = spread(begin[u], begin[u] + sizes[u])
    return choice[place], every[entry]
