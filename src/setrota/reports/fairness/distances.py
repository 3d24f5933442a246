"""The sentence on how near everyone is to their fair share, in the words of `plan`, `replan` and `fairness`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from setrota.fairness.certificates import CountCertificate
from setrota.problems import listed
from setrota.roster import Roster
from setrota.terminal import folded

MOST_NAMED = 3
"""At most this many people are named as further from their fair share than the others."""


def in_each_period(roster: Roster) -> str:
    """`in every week` or, where not all rotations change by weeks, `after every period`."""
    weekly = all(each.every.unit == "weeks" and not each.starts for each in roster.rotations.values())
    return "in every week" if weekly else "after every period"


@dataclass(frozen=True)
class Distances:
    """How far people get from their fair share, by rotation and handle, in duties.

    `carried_over` are the opening balances too large to settle in one plan, by rotation and handle: these people are
    named apart, and so are the few others who get more than a duty away.
    """

    furthest: Mapping[str, Mapping[str, float]]
    carried_over: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def sentence(self, when: str) -> str:
        """`everyone is within 0.92 of a duty of their fair share in every week`, without a full stop."""
        people = self._largest({handle for _, handle in self.carried_over})
        others = self._largest(self._apart)
        if not others:
            return "everyone starts too far from their fair share for one plan to settle"
        [*more, last] = people
        who = last if not more and not self.carried_over else "everyone"
        apart = [
            *self._starts,
            *(f"{each} (up to {duties_text(people[each])} off)" for each in people if each not in others),
        ]
        text = f"{who}{f' but {listed(apart)}' if apart else ''} is within {duties_text(max(others.values()))}"
        near = sum(not _is_far(distance) for distance in others.values())
        most = f"; {_stay(near, len(others))} within one duty" if near < len(others) > 1 else ""
        return f"{text} of their fair share {when}{most}"

    @property
    def by_rotation(self) -> dict[str, float]:
        """The largest distance in each rotation, of people who aren't named apart."""
        apart = self._apart
        found = {
            rotation: [distance for handle, distance in people.items() if handle not in apart]
            for rotation, people in self.furthest.items()
        }
        return {rotation: max(distances) for rotation, distances in found.items() if distances}

    @property
    def _apart(self) -> set[str]:
        carried = {handle for _, handle in self.carried_over}
        people = self._largest(carried)
        far = {handle for handle, distance in people.items() if _is_far(distance)}
        return carried | far if len(far) <= MOST_NAMED and len(far) < len(people) else carried

    @property
    def _starts(self) -> list[str]:
        if len(self.carried_over) > MOST_NAMED:
            return [f"the {len({handle for _, handle in self.carried_over})} people who start too far ahead or behind"]
        return [
            f"{handle} (starts {abs(balance):.1f} duties {'ahead' if balance > 0 else 'behind'} in {rotation})"
            for (rotation, handle), balance in self.carried_over.items()
        ]

    def _largest(self, without: Collection[str]) -> dict[str, float]:
        """Each person's largest distance, the largest first."""
        found: dict[str, float] = {}
        for people in self.furthest.values():
            for handle, distance in people.items():
                if handle not in without:
                    found[handle] = max(distance, found.get(handle, 0.0))
        return dict(sorted(found.items(), key=lambda each: -each[1]))


def _stay(near: int, people: int) -> str:
    """`nobody stays`, `1 of 5 people stays`, `2 of 5 people stay`."""
    return f"{near} of {people} people stay{'s' if near == 1 else ''}" if near else "nobody stays"


def _is_far(distance: float) -> bool:
    return round(distance, 2) > 1


def duties_text(distance: float) -> str:
    """`0.92 of a duty`, or `1.50 duties`."""
    return f"{distance:.2f} duties" if _is_far(distance) else f"{distance:.2f} of a duty"


def certificate_text(found: CountCertificate) -> str:
    """How far anyone is from their fair share of a count, and how much more evenly another rota might share it out."""
    proof = "proven: none is more even"
    if not found.proven:
        proof = f"another may be up to {max(found.gap, 0.0001):.2%} more even"
    return folded(f"Count `{found.count}` of {found.rotation}: within {duties_text(found.worst)}; {proof}.", "  ")
