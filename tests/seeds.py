"""How many random questions the tests ask.

A random question is made from a number, its seed, while a test runs: collecting the tests makes none. By default a test
asks every fifth of its questions, spread over all of them. The long run asks every one, and takes about twenty minutes
on two cores:

    SETROTA_SEEDS=all pytest --numprocesses auto --dist worksteal

What the tests demand of their questions ("each rule in twelve of them") they demand of those that are asked, in
proportion. How many samples hypothesis draws is another matter: `HYPOTHESIS_PROFILE=hunt`, in `conftest.py`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

FIFTH = 5
CHOSEN = os.environ.get("SETROTA_SEEDS", "")
if CHOSEN not in ("", "all"):
    raise ValueError(f"SETROTA_SEEDS is `{CHOSEN}`; it may be `all`, for the long run, or unset")
ALL = CHOSEN == "all"


def seeds(of: int | Sequence[int], every: int = FIFTH) -> Sequence[int]:
    """The seeds that a test asks: in the long run all that are below a number, or that a list has."""
    every_one = range(of) if isinstance(of, int) else of
    return every_one if ALL else every_one[every // 2 :: every]


def least(count: int, every: int = FIFTH) -> int:
    """Of how many questions something must hold in this run, if of at least `count` in the long one."""
    return count if ALL else max(count // every, 1)
