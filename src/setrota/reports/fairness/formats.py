"""The verdict, the bars and the balances as text, and all figures as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table

from setrota.dates.periods import DAY
from setrota.fairness.balances import Balance, BalanceAfter, PersonBalance, TeamBalance
from setrota.fairness.proofs import PlanProof
from setrota.problems import listed
from setrota.reports.fairness.distances import certificate_text
from setrota.reports.fairness.figures import certificate_entry, entry, person_entry, rounded, signed
from setrota.reports.fairness.verdict import FairnessSummary
from setrota.reports.tables import drawn, table
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import FairnessDocument, RecordedProofEntry, TrailedBalanceEntry, TrailEntry

_HEADING = """Fairness, {start} to {last}, in duties."""
_LEGEND = """fair: the fair share of the seats that were filled. balance = opening + served -
fair: above 0 is more than the fair share. worst: the balance furthest from 0
after any period. gap: the least free time between two duties. Then, by seat,
duties served and the balance{counts}."""
_COUNTS = "; the same for periods with {}"


def fairness_text(summary: FairnessSummary) -> str:
    """The verdict, how evenly each count is shared out, and a bar for each person and team."""
    heading = _HEADING.format(start=summary.start, last=summary.end - DAY)
    if not summary.rotations:
        return f"{heading}\nnobody has served yet\n"
    counts = [certificate_text(each) for rotation in summary.rotations for each in rotation.counts]
    verdict = [folded(summary.verdict, "")] if summary.sentences else []
    return "\n".join([heading, *verdict, *counts, details_text(summary)])


def details_text(summary: FairnessSummary) -> str:
    """By rotation, a table of people and one of teams, with all that their balances consist of."""
    tables: list[Any] = []
    for rotation in summary.rotations:
        people = sorted(rotation.people, key=lambda each: each.person)
        if rotation.is_voluntary:
            tables += [f"\n{rotation.rotation}, of which nobody owes a share", _volunteers_table(people)]
            continue
        tables += [f"\n{rotation.rotation}", _people_table(people), "", _teams_table(rotation.teams)]
    if not summary.sentences:
        return drawn(*tables)
    counts = dict.fromkeys(name for rotation in summary.rotations for each in rotation.people for name in each.counts)
    legend = _LEGEND.format(counts=_COUNTS.format(listed(counts)) if counts else "")
    return f"{legend}\n{drawn(*tables)}"


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


def fairness_document(summary: FairnessSummary) -> FairnessDocument:
    """The verdict and its proof, and the balances of people, period by period, and teams; `to` is the last day."""
    people = [
        _trailed_entry(each)
        for rotation in summary.rotations
        for each in sorted(rotation.people, key=lambda each: each.person)
    ]
    return {
        "from": f"{summary.start}",
        "to": f"{summary.end - DAY}",
        "verdict": summary.verdict,
        "plan_proofs": [_proof_entry(each) for each in summary.proofs.plans],
        "unrecorded_periods": summary.proofs.unrecorded,
        "changed_periods": summary.proofs.changed,
        "balances": people,
        "team_balances": [
            {**entry(each), "team": each.team, "rotation": each.rotation, "member_count": each.people}
            for rotation in summary.rotations
            for each in rotation.teams
        ],
        "count_proofs": [certificate_entry(each) for rotation in summary.rotations for each in rotation.counts],
    }


def _trailed_entry(each: PersonBalance) -> TrailedBalanceEntry:
    return {**person_entry(each), "trail": [_trail_entry(after) for after in each.trail]}


def _trail_entry(after: BalanceAfter) -> TrailEntry:
    return {"period_start": f"{after.period.start}", "balance": rounded(after.balance)}


def _proof_entry(each: PlanProof) -> RecordedProofEntry:
    return {
        "at": each.record.at.isoformat(),
        "from": f"{each.record.start}",
        "to": f"{each.record.end - DAY}",
        "period_count": each.periods,
        "proven": each.proven,
        "gap": None if each.gap is None else rounded(each.gap),
    }
