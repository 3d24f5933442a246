"""What `setrota fairness` reports: the balances of people and teams, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.table import Table

from setrota.dates.periods import DAY
from setrota.fairness.balances import Balance, PersonBalance, TeamBalance
from setrota.fairness.certificates import CountCertificate
from setrota.fairness.prices import BalanceChange
from setrota.problems import listed
from setrota.reports.tables import drawn, table
from setrota.roster import Roster
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import (
        BalanceChangeEntry,
        BalanceEntry,
        CountProofEntry,
        FairnessDocument,
        PeopleBalances,
        PersonBalanceEntry,
    )

MOST_NAMED = 3
"""At most this many people are named as further from their fair share than the others."""

_HEADING = """Fairness, {start} to {last}, in duties."""
_LEGEND = """fair: the fair share of the seats that were filled. balance = opening + served -
fair: above 0 is more than the fair share. worst: the balance furthest from 0
after any period. gap: the least free time between two duties. Then, by seat,
duties served and the balance{counts}."""
_COUNTS = "; the same for periods with {}"


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
            *(f"{each} (up to {_duties(people[each])} off)" for each in people if each not in others),
        ]
        text = f"{who}{f' but {listed(apart)}' if apart else ''} is within {_duties(max(others.values()))}"
        far = sum(_is_far(distance) for distance in others.values())
        most = f"; {len(others) - far} of {len(others)} people stay within one" if far and len(others) > 1 else ""
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


def _is_far(distance: float) -> bool:
    return round(distance, 2) > 1


def _duties(distance: float) -> str:
    return f"{distance:.2f} duties" if _is_far(distance) else f"{distance:.2f} of a duty"


def fairness_text(
    start: date,
    end: date,
    people: Sequence[PersonBalance],
    teams: Sequence[TeamBalance],
    certificates: Iterable[CountCertificate] = (),
    *,
    some_empty: bool = False,
) -> str:
    """How far people get from their fair share, also in each count; then, by rotation, a table of people and one of
    teams.

    The balances are those of the days [start, end). If some seats are empty there, they count for nothing, and that is
    said: planning counts them.
    """
    tables: list[Any] = []
    for rotation in dict.fromkeys(each.rotation for each in people):
        theirs = [each for each in people if each.rotation == rotation]
        if theirs[0].is_voluntary:
            tables += [f"\n{rotation}, of which nobody owes a share", _volunteers_table(theirs)]
            continue
        tables += [f"\n{rotation}", _people_table(theirs), ""]
        tables += [_teams_table([each for each in teams if each.rotation == rotation])]
    counts = dict.fromkeys(name for each in people for name in each.counts)
    heading = _HEADING.format(start=start, last=end - DAY)
    if not people:
        return f"{heading}\nnobody has served yet\n"
    furthest: dict[str, dict[str, float]] = {}
    for each in people:
        if not each.is_voluntary:
            furthest.setdefault(each.rotation, {})[each.person] = abs(each.worst_deviation)
    if not furthest:
        return "\n".join([heading, drawn(*tables)])
    sentence = Distances(furthest).sentence("after every period")
    sentence += " (of the seats that were filled; `plan` and `replan` count the empty ones too)" if some_empty else ""
    lead = folded(f"{sentence[0].upper() if sentence.startswith('everyone') else sentence[0]}{sentence[1:]}.", "")
    legend = _LEGEND.format(counts=_COUNTS.format(listed(counts)) if counts else "")
    return "\n".join([heading, lead, *map(certificate_text, certificates), legend, drawn(*tables)])


def certificate_text(found: CountCertificate) -> str:
    """How far anyone is from their fair share of a count, and how much more evenly another rota might share it out."""
    proof = "proven: none is more even"
    if not found.proven:
        proof = f"another may be up to {max(found.gap, 0.0001):.2%} more even"
    return folded(f"Count `{found.count}` of {found.rotation}: within {_duties(found.worst)}; {proof}.", "  ")


def certificate_entry(found: CountCertificate) -> CountProofEntry:
    """The same figures, by count and rotation."""
    return {
        "rotation": found.rotation,
        "count": found.count,
        "unfairness": rounded(found.squares),
        "bound": rounded(found.bound),
        "gap": rounded(found.gap),
        "worst_deviation": rounded(found.worst),
        "proven": found.proven,
    }


def _people_table(people: Sequence[PersonBalance]) -> Table:
    kinds = list(dict.fromkeys(kind for each in people for kind in each.by_seat))
    shown = kinds if len(kinds) > 1 else []
    counts = dict.fromkeys(name for each in people for name in each.counts)
    headings = [">opening", ">served", ">fair", ">balance", ">worst", ">gap"]
    rows = table("person", *headings, *(f">{name}" for name in (*shown, *counts)))
    for each in people:
        parts = [*(each.by_seat[kind] for kind in shown), *(each.counts[name] for name in counts)]
        figures = (f"{_plain(part.served)} {signed(part.balance, 1)}" for part in parts)
        rows.add_row(each.person, *_figures(each), signed(each.worst_deviation), _gap(each), *figures)
    return rows


def _volunteers_table(people: Sequence[PersonBalance]) -> Table:
    kinds = list(dict.fromkeys(kind for each in people for kind in each.by_seat))
    shown = kinds if len(kinds) > 1 else []
    rows = table("person", ">served", ">gap", *(f">{name}" for name in shown))
    for each in people:
        rows.add_row(
            each.person, _plain(each.served), _gap(each), *(_plain(each.by_seat[kind].served) for kind in shown)
        )
    return rows


def _gap(each: PersonBalance) -> str:
    """`2w`, or `5d` where periods are counted in days."""
    if each.shortest_gap_weeks is None:
        return ""
    days = each.gap_unit == "days"
    return f"{round(each.shortest_gap_weeks * (7 if days else 1), 1):g}{'d' if days else 'w'}"


def _teams_table(teams: Sequence[TeamBalance]) -> Table:
    rows = table("team", ">people", ">opening", ">served", ">fair", ">balance")
    for each in teams:
        rows.add_row(each.team, str(each.people), *_figures(each))
    return rows


def _figures(each: Balance) -> tuple[str, ...]:
    return signed(each.opening), _plain(each.served), f"{each.entitled:.2f}", signed(each.balance)


def _plain(figure: float) -> str:
    """Duties served: usually a whole number, else rounded to hundredths."""
    return f"{round(figure, 2):g}"


def signed(figure: float, digits: int = 2) -> str:
    """A figure with its sign, never `-0.00`."""
    return f"{round(figure, digits) + 0.0:+.{digits}f}"


def fairness_document(
    start: date,
    end: date,
    people: Iterable[PersonBalance],
    teams: Iterable[TeamBalance],
    certificates: Iterable[CountCertificate] = (),
) -> FairnessDocument:
    """The balances of people and teams for the periods that start in [start, end); `to` is the last day."""
    return {
        **people_balances(start, end, people),
        "team_balances": [
            {**_entry(each), "team": each.team, "rotation": each.rotation, "member_count": each.people}
            for each in teams
        ],
        "count_proofs": [certificate_entry(each) for each in certificates],
    }


def people_balances(start: date, end: date, people: Iterable[PersonBalance]) -> PeopleBalances:
    """The balances of people alone."""
    return {"from": f"{start}", "to": f"{end - DAY}", "balances": [_person_entry(each) for each in people]}


def _person_entry(each: PersonBalance) -> PersonBalanceEntry:
    return {
        **_entry(each),
        "person": each.person,
        "rotation": each.rotation,
        "worst_deviation": rounded(each.worst_deviation),
        "shortest_gap_weeks": each.shortest_gap_weeks,
        "by_seat": {kind: _entry(part) for kind, part in each.by_seat.items()},
        "counts": {name: _entry(count) for name, count in each.counts.items()},
    }


def _entry(each: Balance) -> BalanceEntry:
    return {
        "opening": rounded(each.opening),
        "served": rounded(each.served),
        "entitled": rounded(each.entitled),
        "balance": rounded(each.balance),
    }


def balance_change_entry(change: BalanceChange) -> BalanceChangeEntry:
    """A person's balance before and after a change; `kind` says which balance, where a person has several."""
    return {
        "person": change.person,
        "rotation": change.rotation,
        "seat_kind": change.kind or None,
        "before": rounded(change.before),
        "after": rounded(change.after),
    }


def rounded(figure: float) -> float:
    """A figure rounded to six digits: beyond them, sums of fractions depend on the order of adding."""
    return round(figure, 6) + 0.0
