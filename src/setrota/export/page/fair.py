"""Fairness on the page: the verdict and its proof, each team against its fair share, and everyone's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from setrota.export.page.words import PageNames, text
from setrota.fairness.balances import Balance, PersonBalance
from setrota.reports.fairness.distances import certificate_text
from setrota.reports.fairness.figures import signed
from setrota.reports.fairness.verdict import RotationFairness
from setrota.reports.page import TeamPage

_LENGTH = 1000
"""How long the longest bar is, in units of its own picture."""

MOST_BARS = 24
"""So many people can have a bar each."""


def fairness_section(page: TeamPage, names: PageNames) -> Iterator[str]:
    if page.fairness is None or not page.fairness.summary.rotations:
        return
    summary = page.fairness.summary
    several = len(summary.rotations) > 1
    yield '<section class="fair" id=":fair"><h2>Is it fair?</h2>'
    if summary.sentences:
        first, *others = summary.sentences
        yield f'<p class="verdict">{text(first)}</p>'
        yield f'<p class="proof">{text(" ".join(others))}</p>' if others else ""
    bars = [(each.rotation, found) for each in summary.rotations if (found := _bars(each, names))]
    if bars:
        yield '<p class="muted">Duties served and still to serve; <i class="key"></i>the fair share.</p>'
    for name, found in bars:
        yield f'<table class="bars">{f"<caption>{text(name)}</caption>" if several else ""}'
        longest = max(1.0, *(max(each.served, each.due) for _, each in found))
        for whose, each in found:
            yield (
                f"<tr><th scope=row>{text(whose)}<td>{_bar(each, longest)}<td>{_plain(each.served)} of {each.due:.1f}"
            )
        yield "</table>"
    yield "<details><summary>The numbers, person by person</summary>"
    counts = [certificate_text(each) for rotation in summary.rotations for each in rotation.counts]
    yield "".join(f"<p>{text(each)}</p>" for each in counts)
    for rotation in summary.rotations:
        yield from _numbers(rotation, names)
    yield "</details></section>"


def _bars(rotation: RotationFairness, names: PageNames) -> Sequence[tuple[str, Balance]]:
    """What is shown as bars, with its name: teams, or people if there are few and they are all in one team."""
    if rotation.is_voluntary:
        return []
    if len(rotation.teams) > 1 or len(rotation.people) > MOST_BARS:
        return [(names.team(each.team), each) for each in rotation.teams]
    return [(names.label(each.person), each) for each in rotation.people]


def _bar(balance: Balance, longest: float) -> str:
    """A bar; the picture says nothing that the numbers beside it don't."""
    served = round(_LENGTH * balance.served / longest)
    due = round((_LENGTH - 4) * max(0.0, balance.due) / longest) + 2
    return (
        f'<svg viewBox="0 0 {_LENGTH} 24" preserveAspectRatio=none aria-hidden=true>'
        f'<rect width="{served}" height="20"/><path d="M{due} 0V24"/></svg>'
    )


def _numbers(rotation: RotationFairness, names: PageNames) -> Iterator[str]:
    people = sorted(rotation.people, key=lambda each: names.label(each.person).lower())
    opening = any(round(each.opening, 2) for each in people)
    headings = ["person", "served"]
    if not rotation.is_voluntary:
        headings += [*(["before"] if opening else []), "fair share", "balance", "furthest off"]
    yield f'<table class="number"><caption>{text(rotation.rotation)}</caption><thead><tr>'
    yield "".join(f"<th scope=col>{each}" for each in headings)
    yield "<tbody>"
    for each in people:
        cells = _figures(each, opening) if not rotation.is_voluntary else [_plain(each.served)]
        yield f"<tr><th scope=row>{text(names.label(each.person))}{''.join(f'<td>{cell}' for cell in cells)}"
    yield "</table>"


def _figures(each: PersonBalance, opening: bool) -> Sequence[str]:
    before = [signed(each.opening)] if opening else []
    return [_plain(each.served), *before, f"{each.entitled:.2f}", signed(each.balance), signed(each.worst_deviation)]


def _plain(figure: float) -> str:
    return f"{round(figure, 2):g}"
