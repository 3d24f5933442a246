"""What the state of one rule looks like to the board."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from setrota.planner.arrays import Mask
from setrota.planner.incumbent.setting import NewDuty, Vacancy


class Keeper(Protocol):
    """The state of one rule: whom it bars from a seat, given the fixed duties and those counted so far."""

    def barred(self, vacancy: Vacancy) -> Mask:
        """Which people of the lane may not have the seat; `NOBODY` if all may."""

    def count(self, duty: NewDuty, by: int) -> None:
        """Count a duty that is given (1) or taken away (-1)."""


NOBODY: Mask = np.array(False)
"""Bars nobody, whatever the number of people."""
