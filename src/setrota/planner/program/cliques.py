"""Sets of periods of which a person serves at most one, as ranges of periods in one lane or several.

A set is right if any two of its duties are too near to each other, and together the sets have every such pair. In a
lane, and in lanes with the same rest, they are what covers an instant: a duty and the rest after it. If a lane asks for
less rest than another, its own sets are combined with the other's as long as all pairs are too near.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement, product
from typing import NamedTuple

import numpy as np

from setrota.planner.arrays import Index, Mask, spread


class Lanes(NamedTuple):
    """When duties of each lane start, by when people have had their own rotation's rest after them, and, as
    `following[a][b][t]`, the first period of lane b in which a person may serve after period t of lane a."""

    starts: Sequence[Index]
    rested: Sequence[Index]
    following: Sequence[list[Index]]


FAR = 2**61
"""Later than any instant."""


class Cliques(NamedTuple):
    """For some lanes, the periods [first, end) that each set has of each: lanes x sets."""

    lanes: tuple[int, ...]
    first: Index
    end: Index

    @property
    def size(self) -> int:
        return int(self.first.shape[1])

    def at(self, places: Index) -> Cliques:
        return Cliques(self.lanes, self.first[:, places], self.end[:, places])

    def distinct(self) -> Cliques:
        """Each set once, in the same order."""
        _, places = np.unique(np.concatenate([self.first, self.end]), axis=1, return_index=True)
        return self.at(np.sort(places))

    def beside(self, other: Cliques) -> Cliques:
        """The sets of some lanes together with those of others, one by one."""
        return Cliques(
            (*self.lanes, *other.lanes),
            np.concatenate([self.first, other.first]),
            np.concatenate([self.end, other.end]),
        )


def cliques_of(lanes: Lanes) -> list[Cliques]:
    """Sets with every pair of duties that are too near to each other."""
    found = list(_regular(lanes))
    return found + list(_missing(found, lanes))


def _regular(lanes: Lanes) -> Iterator[Cliques]:
    """Sets that have every pair, where rest depends on the duty before and not on the one after."""
    groups, combined = _alike(lanes), set[int]()
    for place, group in enumerate(groups):
        for number, other in enumerate(groups):
            for lane in other if number != place else ():
                if _asks_more(group, lane, lanes):
                    combined.add(place)
                    yield _with_less(group, lane, lanes)
    for one, other in combinations(groups, 2):
        yield from (_between(*pair, lanes) for pair in product(one, other) if not _is_done(*pair, groups, lanes))
    for place, group in enumerate(groups):
        if place not in combined:
            yield _covering(group, _ticks(group, lanes), lanes)


def _missing(found: Sequence[Cliques], lanes: Lanes) -> Iterator[Cliques]:
    """Sets with the pairs that the others don't have."""
    for one, other in combinations_with_replacement(range(len(lanes.starts)), 2):
        left = _near(one, other, lanes) & ~_had(found, one, other, lanes)
        if left.any() and one == other:
            t, u = np.nonzero(np.triu(left))
            yield Cliques((one,), t[None, :], u[None, :] + 1)
        elif left.any():
            yield _crossing(one, other, lanes)


def _near(one: int, other: int, lanes: Lanes) -> Mask:
    """Which duties of two lanes are too near to each other; in one lane, also each to itself."""
    t, u = np.arange(len(lanes.starts[one])), np.arange(len(lanes.starts[other]))
    return np.asarray((lanes.following[one][other][:, None] > u) & (lanes.following[other][one] > t[:, None]))


def _had(found: Sequence[Cliques], one: int, other: int, lanes: Lanes) -> Mask:
    """Which pairs of duties of two lanes are together in some set."""
    corners = np.zeros((len(lanes.starts[one]) + 1, len(lanes.starts[other]) + 1), dtype=np.int64)
    for each in found:
        if one in each.lanes and other in each.lanes:
            mine, theirs = each.lanes.index(one), each.lanes.index(other)
            full = (each.first[mine] < each.end[mine]) & (each.first[theirs] < each.end[theirs])
            rows = ((each.first[mine][full], 1), (each.end[mine][full], -1))
            columns = ((each.first[theirs][full], 1), (each.end[theirs][full], -1))
            for (row, by), (column, times) in product(rows, columns):
                np.add.at(corners, (row, column), by * times)
    return np.asarray(corners.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0)


def _between(one: int, other: int, lanes: Lanes) -> Cliques:
    """Sets for two lanes of different groups."""
    if _asks_more((one,), other, lanes):
        return _with_less((one,), other, lanes)
    if _asks_more((other,), one, lanes):
        return _with_less((other,), one, lanes)
    return _crossing(one, other, lanes)


def _is_done(one: int, other: int, groups: Sequence[tuple[int, ...]], lanes: Lanes) -> bool:
    """Whether one of two lanes belongs to a group that, as a whole, asks for more rest than the other lane."""
    of = {lane: group for group in groups for lane in group}
    return _asks_more(of[one], other, lanes) or _asks_more(of[other], one, lanes)


def _alike(lanes: Lanes) -> list[tuple[int, ...]]:
    """The lanes in groups with the same rest: when people may serve again depends only on the duty before."""
    groups: list[tuple[int, ...]] = []
    for lane in range(len(lanes.starts)):
        larger = ((place, (*group, lane)) for place, group in enumerate(groups))
        found = next(((place, group) for place, group in larger if _is_alike(group, lanes)), None)
        if found is None:
            groups.append((lane,))
        else:
            groups[found[0]] = found[1]
    return groups


def _is_alike(group: Sequence[int], lanes: Lanes) -> bool:
    return all(_has_one_instant(lane, group, lanes) for lane in group)


def _asks_more(group: Sequence[int], lane: int, lanes: Lanes) -> bool:
    """Whether what follows a duty of a group, in another lane as well, depends only on the duty before, and so does
    what of the group follows a duty of that lane."""
    after = all(_has_one_instant(each, (*group, lane), lanes) for each in group)
    return after and _has_one_instant(lane, group, lanes)


def _has_one_instant(lane: int, others: Sequence[int], lanes: Lanes) -> bool:
    """Whether there is an instant after each duty of a lane before which nothing of the others may start, and from
    which on everything may."""
    return bool((_last_barred(lane, others, lanes) < _first_allowed(lane, others, lanes)).all())


def _free(lane: int, others: Sequence[int], lanes: Lanes) -> Index:
    """The instant after each duty of a lane from which on other lanes' duties may start."""
    barred, allowed = _last_barred(lane, others, lanes), _first_allowed(lane, others, lanes)
    return np.asarray(np.clip(lanes.rested[lane], barred + 1, allowed))


def _first_allowed(lane: int, others: Sequence[int], lanes: Lanes) -> Index:
    ahead = [np.append(lanes.starts[other], FAR)[lanes.following[lane][other]] for other in others]
    return np.asarray(np.min(ahead, axis=0))


def _last_barred(lane: int, others: Sequence[int], lanes: Lanes) -> Index:
    ahead = [np.append(lanes.starts[other], -FAR)[lanes.following[lane][other] - 1] for other in others]
    return np.asarray(np.max(ahead, axis=0))


def _ticks(some: Sequence[int], lanes: Lanes) -> Index:
    return np.unique(np.concatenate([lanes.starts[lane] for lane in some]))


def _covering(group: Sequence[int], ticks: Index, lanes: Lanes, *others: int) -> Cliques:
    """The duties of a group that cover each of some instants, together with the rest after them, also before duties of
    the other lanes."""
    free = [_free(lane, (*group, *others), lanes) for lane in group]
    first = [np.searchsorted(each, ticks, side="right") for each in free]
    end = [np.searchsorted(lanes.starts[lane], ticks, side="right") for lane in group]
    return Cliques(tuple(group), np.minimum(np.stack(first), np.stack(end)), np.stack(end)).distinct()


def _with_less(group: Sequence[int], lane: int, lanes: Lanes) -> Cliques:
    """The sets of a group, each with those of a lane that asks for less rest as far as all pairs are too near."""
    ticks = _ticks([*group, lane], lanes)
    more = _covering(group, ticks, lanes, lane)
    # Just before somebody may serve again after a duty of the lane, it is the first one of its set.
    # None at all is one of them.
    less = _covering((lane,), np.unique(np.concatenate([[-FAR], ticks, _free(lane, (lane,), lanes) - 1])), lanes)
    last = np.where(less.end[0] > 0, lanes.starts[lane][less.end[0] - 1], -FAR)
    fits = _fit(more, less, lanes) & (last <= _until(more, lanes)[:, None])
    place, other = np.nonzero(fits & ~_dominated(fits, more, less) & ~_dominated(fits.T, less, more).T)
    return more.at(place).beside(less.at(other))


def _until(cliques: Cliques, lanes: Lanes) -> Index:
    """The last instant before any further duty of the lanes of each set starts."""
    ahead = [np.append(lanes.starts[lane], FAR)[end] for lane, end in zip(cliques.lanes, cliques.end, strict=True)]
    return np.asarray(np.min(ahead, axis=0) - 1)


def _fit(some: Cliques, others: Cliques, lanes: Lanes) -> Mask:
    """Which pairs of sets have only pairs of duties that are too near to each other: some x others."""
    [lane] = others.lanes
    fit = np.full((some.size, others.size), True)
    for each, first, end in zip(some.lanes, some.first, some.end, strict=True):
        ahead, back = np.append(lanes.following[each][lane], FAR), np.append(lanes.following[lane][each], FAR)
        near = (ahead[first][:, None] >= others.end[0]) & (back[others.first[0]] >= end[:, None])
        fit &= near | (first >= end)[:, None] | (others.first[0] >= others.end[0])
    return fit


def _dominated(fits: Mask, some: Cliques, others: Cliques) -> Mask:
    """Which pairs have nothing that another pair with the next, or the previous, set of `others` hasn't as well."""
    within_next = _lies_within(others.at(np.arange(others.size - 1)), others.at(np.arange(1, others.size)))
    within_previous = _lies_within(others.at(np.arange(1, others.size)), others.at(np.arange(others.size - 1)))
    dominated = np.zeros((some.size, others.size), dtype=bool)
    dominated[:, :-1] |= fits[:, 1:] & within_next
    dominated[:, 1:] |= fits[:, :-1] & (within_previous & ~within_next)
    return dominated


def _lies_within(some: Cliques, others: Cliques) -> Mask:
    """Whether each set is a part of the other one."""
    inside = (some.first >= others.first) & (some.end <= others.end)
    return np.asarray((inside | (some.first >= some.end)).all(axis=0))


def _crossing(one: int, other: int, lanes: Lanes) -> Cliques:
    """Sets for two lanes that each ask for more rest than the other in some place: each duty of the first with each set
    of the second, as far as it is near."""
    t = np.arange(len(lanes.starts[one]))
    # A duty of the second lane is near to t if it is neither so early that t may follow it, nor so late.
    first = np.searchsorted(lanes.following[other][one], t, side="right")
    near = Cliques((other,), first[None, :], lanes.following[one][other][None, :])
    place, u = spread(near.first[0], near.end[0])
    begin = np.searchsorted(lanes.following[other][other], u, side="right")
    alone = Cliques((one,), t[place][None, :], t[place][None, :] + 1)
    return alone.beside(Cliques((other,), np.maximum(begin, near.first[0][place])[None, :], u[None, :] + 1)).distinct()
