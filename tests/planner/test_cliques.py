"""Sets of duties of which one person serves at most one: every pair that is too near, and no other."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest
from seeds import seeds

from setrota.planner.program.cliques import Lanes, cliques_of

Duty = tuple[int, int]
"""A lane and a period."""


def some_lanes(seed: int) -> Lanes:
    """Regular and irregular lanes with different rests; some ask for a whole period of their own before a duty."""
    random = Random(f"cliques {seed}")
    starts, ends, rests = [], [], []
    for _ in range(random.randint(1, 4)):
        number, step = random.randint(1, 9), random.choice([1, 2, 3, 7])
        length = random.randint(1, step)
        every = (
            [step] * number if random.random() < 0.5 else [random.randint(length, length + 4) for _ in range(number)]
        )
        starts.append(random.randint(0, 5) + np.cumsum(every))
        ends.append(starts[-1] + length)
        rests.append(random.choice([0, 1, 2, 5, 9]))
    whole = random.random() < 0.4

    def following(one: int, other: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        rested = np.searchsorted(starts[other], ends[one] + max(rests[one], rests[other]))
        before = (starts[other] // 4) * 4 - 4 if whole and other % 2 else np.full(len(starts[other]), 10**6)
        return np.maximum(rested, np.searchsorted(before, ends[one]))

    lanes = range(len(starts))
    return Lanes(
        starts=starts,
        rested=[end + rest for end, rest in zip(ends, rests, strict=True)],
        following=[[following(one, other) for other in lanes] for one in lanes],
    )


@pytest.mark.parametrize("seed", seeds(1000, 20))
def test_they_have_every_pair_that_is_too_near_and_no_other(seed: int) -> None:
    lanes = some_lanes(seed)
    every = [(lane, t) for lane, starts in enumerate(lanes.starts) for t in range(len(starts))]
    near = {
        (one, other)
        for one, other in product(every, repeat=2)
        if one != other
        and lanes.following[one[0]][other[0]][one[1]] > other[1]
        and lanes.following[other[0]][one[0]][other[1]] > one[1]
    }
    found: set[tuple[Duty, Duty]] = set()
    for cliques in cliques_of(lanes):
        for number in range(cliques.size):
            ranges = zip(cliques.lanes, cliques.first[:, number], cliques.end[:, number], strict=True)
            members = [(lane, t) for lane, first, end in ranges for t in range(first, end)]
            found |= {pair for pair in product(members, repeat=2) if pair[0] != pair[1]}
    assert found == near
