"""The verdict, the bars and the balances as text, and all figures as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from setrota.dates.periods import DAY
from setrota.dates.text import days_text
from setrota.fairness.balances import Balance, BalanceAfter, PersonBalance, TeamBalance
from setrota.fairness.proofs import PlanProof
from setrota.problems import listed
from setrota.reports.duties import spreadsheet_cell
from setrota.reports.fairness.bars import people_bars, team_bars, trail_bars
from setrota.reports.fairness.distances import certificate_text
from setrota.reports.fairness.figures import certificate_entry, entry, person_entry, plain_figure, rounded, signed
from setrota.reports.fairness.verdict import FairnessSummary, RotationFairness
from setrota.reports.tables import drawn, table, width_of_terminal
from setrota.reports.wording import inert, name_of
from setrota.roster import Roster
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import FairnessDocument, RecordedProofEntry, TrailedBalanceEntry, TrailEntry

_MARKDOWN_BAR = 10
"""How many characters the longest bar in Markdown has."""

WIDEST = 100
"""How many columns the lines of bars have at most, and where there is no terminal."""

_HEADING = """Fairness, {start} to {last}, in duties."""
_LEGEND = """fair: the fair share of the seats that were filled. balance = opening + served - fair:
above 0 is more than the fair share. worst: the balance furthest from 0 after any period.
gap: the least free time between two duties. Then, by seat, duties served and the
balance{counts}."""
_COUNTS = "; the same for periods with {}"


def fairness_text(summary: FairnessSummary, *, details: bool = False, trails: bool = False) -> str:
    """The verdict, and how evenly each count is shared out; then, by rotation, a bar for each team and person.

    With `trails`, everyone's balance after each period stands in place of the teams. With `details`, tables of all
    figures follow.
    """
    heading = _HEADING.format(start=summary.start, last=summary.end - DAY)
    if not summary.rotations:
        return f"{heading}\nNobody has served yet.\n"
    counts = [certificate_text(each) for rotation in summary.rotations for each in rotation.counts]
    verdict = [folded(summary.verdict, "")] if summary.sentences else []
    parts = [heading, *verdict, *counts, _bars_text(summary, trails=trails)]
    if summary.sentences and details:
        parts.append(details_text(summary))
    return "\n".join(parts)


def _bars_text(summary: FairnessSummary, *, trails: bool) -> str:
    width = min(width_of_terminal() or WIDEST, WIDEST)
    parts: list[Text | Table] = []
    for rotation in summary.rotations:
        if rotation.is_voluntary:
            parts += [Text(), *_volunteers(rotation)]
            continue
        parts += [Text(), Text(rotation.rotation, "bold")]
        if rotation.teams and not trails:
            parts += [*team_bars(rotation.teams, width), Text()]
        parts += people_bars(rotation.people, width)
        for person in rotation.people if trails else ():
            parts += [Text(), Text(f"{person.person} after each period"), *trail_bars(person, width)]
    return drawn(*parts)


def _volunteers(rotation: RotationFairness) -> list[Text | Table]:
    people = sorted(rotation.people, key=lambda each: each.person)
    return [Text(f"{rotation.rotation}, of which nobody owes a share"), _volunteers_table(people)]


def details_text(summary: FairnessSummary) -> str:
    """Tables of people and of teams with all that their balances consist of, by rotation in which they owe a share."""
    owed = [rotation for rotation in summary.rotations if not rotation.is_voluntary]
    tables: list[Text | Table] = []
    for rotation in owed:
        people = sorted(rotation.people, key=lambda each: each.person)
        tables += [Text(), Text(rotation.rotation), _people_table(people), Text(), _teams_table(rotation.teams)]
    counts = dict.fromkeys(name for rotation in owed for each in rotation.people for name in each.counts)
    legend = _LEGEND.format(counts=_COUNTS.format(listed(counts)) if counts else "")
    return f"{folded(legend, '')}\n{drawn(*tables)}"


def _people_table(people: Sequence[PersonBalance]) -> Table:
    kinds = list(dict.fromkeys(kind for each in people for kind in each.by_seat))
    shown = kinds if len(kinds) > 1 else []
    counts = dict.fromkeys(name for each in people for name in each.counts)
    headings = [">opening", ">served", ">fair", ">balance", ">worst", ">gap"]
    rows = table("person", *headings, *(f">{name}" for name in (*shown, *counts)))
    for each in people:
        parts = [*(each.by_seat[kind] for kind in shown), *(each.counts[name] for name in counts)]
        figures = (f"{plain_figure(part.served)} {signed(part.balance, 1)}" for part in parts)
        rows.add_row(each.person, *_figures(each), signed(each.worst_deviation), _gap(each), *figures)
    return rows


def _volunteers_table(people: Sequence[PersonBalance]) -> Table:
    kinds = list(dict.fromkeys(kind for each in people for kind in each.by_seat))
    shown = kinds if len(kinds) > 1 else []
    rows = table("person", ">served", ">gap", *(f">{name}" for name in shown))
    for each in people:
        rows.add_row(
            each.person,
            plain_figure(each.served),
            _gap(each),
            *(plain_figure(each.by_seat[kind].served) for kind in shown),
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
    return signed(each.opening), plain_figure(each.served), f"{each.entitled:.2f}", signed(each.balance)


_COLUMNS = (
    "rotation",
    "person",
    "name",
    "teams",
    "opening",
    "served",
    "entitled",
    "balance",
    "worst_deviation",
    "shortest_gap_weeks",
)


def fairness_csv(roster: Roster, summary: FairnessSummary) -> str:
    """A header line and a line for each person in each rotation; teams are separated by spaces."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for rotation in summary.rotations:
        for each in rotation.people:
            name, teams = roster.display_name(each.person), " ".join(roster.teams_of(each.person))
            words = map(spreadsheet_cell, (each.rotation, each.person, name, teams))
            figures = (each.opening, each.served, each.entitled, each.balance, each.worst_deviation)
            gap = "" if each.shortest_gap_weeks is None else rounded(each.shortest_gap_weeks)
            rows.writerow([*words, *map(rounded, figures), gap])
    return text.getvalue()


def fairness_markdown(roster: Roster, summary: FairnessSummary) -> str:
    """The verdict; then, by rotation, a table of teams and one of people with a bar for each person's balance."""
    parts = [f"**{days_text(summary.start, summary.end)}.** {inert(summary.verdict)}".strip()]
    for rotation in summary.rotations:
        parts += [f"### {inert(rotation.rotation)}"]
        if rotation.is_voluntary:
            parts.append("Nobody owes a share.")
        elif rotation.teams:
            teams = [(roster.teams[each.team].name, each) for each in rotation.teams]
            parts.append(_markdown_table("Team", teams, bars=False))
        people = [(name_of(roster, each.person), each) for each in rotation.people]
        parts.append(_markdown_table("Person", people, bars=not rotation.is_voluntary))
    return "\n\n".join(parts) + "\n"


def _markdown_table(what: str, rows: Sequence[tuple[str, Balance]], *, bars: bool) -> str:
    most = max([1.0, *(abs(each.balance) for _, each in rows)])
    opened = any(round(each.opening, 2) for _, each in rows)
    headings = [what, *(["Behind", "Ahead"] if bars else []), "Balance", "Served", "Fair share"]
    dashes = ["---", *(["---:", ":---"] if bars else []), "---:", "---:", "---:"]
    lines = [[*headings, *(["Before"] if opened else [])], [*dashes, *(["---:"] if opened else [])]]
    for name, each in rows:
        bar = "\u2588" * max(round(abs(each.balance) / most * _MARKDOWN_BAR), int(abs(each.balance) >= 0.005))
        sides = ([bar, ""] if each.balance < 0 else ["", bar]) if bars else []
        figures = [signed(each.balance), plain_figure(each.served), f"{each.entitled:.2f}"]
        lines.append([inert(name), *sides, *figures, *([signed(each.opening)] if opened else [])])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


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
