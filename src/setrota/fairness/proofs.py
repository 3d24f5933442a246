"""What the recorded plans prove about the rota of some days, and how far it has been changed by hand since.

Reads what was recorded when each plan was made; solves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from setrota.fairness.shares import is_voluntary
from setrota.roster import Roster
from setrota.schedule import Schedule
from setrota.schedule.plans import PlanRecord

TOLERANCE = 1e-6
"""Two figures of unfairness that differ by less are the same: they are recorded with so many digits."""


@dataclass(frozen=True)
class PlanProof:
    """What one plan proves, and how many of its `periods` are among those asked for."""

    record: PlanRecord
    periods: int

    @property
    def proven(self) -> bool:
        """Whether no rota that kept the rules and filled as many seats was fairer, to within `gap`."""
        return self.record.proven

    @property
    def gap(self) -> float | None:
        """How much fairer another rota could have been, relative to the plan; None if nothing is known about that."""
        best = self.record.fairest if self.record.proven else self.record.bound
        if best is None:
            return None
        excess = self.record.unfairness - best
        return excess / self.record.unfairness if excess > TOLERANCE else 0.0


@dataclass(frozen=True)
class PlanProofs:
    """What is proven about the rota of some days.

    Attributes
    ----------
    plans
        The plans that its periods come from, the latest first.
    unrecorded
        How many of its periods no recorded plan made: they were imported, or entered by hand.
    changed
        How many of its planned periods have been changed since, by commands or by hand.
    """

    plans: tuple[PlanProof, ...]
    unrecorded: int
    changed: int

    @property
    def proven(self) -> bool:
        """Whether a plan was made for each of the periods, and is proven to be the fairest."""
        return bool(self.plans) and not self.unrecorded and all(each.proven for each in self.plans)


def plan_proofs(schedule: Schedule, roster: Roster, start: date, end: date, rotations: Collection[str]) -> PlanProofs:
    """What is proven about the periods of some rotations that start in [start, end); those of volunteers count for
    nothing."""
    crews = [
        crew
        for crew in schedule.crews
        if start <= crew.period.start < end
        and crew.period.rotation in rotations
        and not is_voluntary(roster, crew.period.rotation)
    ]
    made = [(crew, record) for crew in crews if (record := schedule.plan_of(crew))]
    periods = Counter((record.at, record.start) for _, record in made)
    records = {(record.at, record.start): record for _, record in made}
    return PlanProofs(
        plans=tuple(PlanProof(records[key], periods[key]) for key in sorted(records, reverse=True)),
        unrecorded=len(crews) - len(made),
        changed=sum(bool(crew.changes) or crew.edited for crew, _ in made),
    )
