"""What planning found: the rota, its fairness, its proof, and the wishes it grants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from setrota.dates.text import days_text
from setrota.problems import counted, listed
from setrota.reports.show import rota
from setrota.roster import Roster
from setrota.terminal.output import folded, show, write

if TYPE_CHECKING:
    from setrota.planner import Result
    from setrota.schedule.wishes import Wish


def show_plan(roster: Roster, result: Result) -> None:
    """The rota that was planned, its fairness and its proof."""
    span = min(crew.period.start for crew in result.crews), max(crew.period.end for crew in result.crews)
    write(rota(roster, result.schedule, span))
    show(_fairness_line(roster, result))
    show(_proof_line(roster, result))
    if result.wishes:
        show(_wishes_line(result))


def _fairness_line(roster: Roster, result: Result) -> str:
    within = result.figures.within
    each = ", ".join(f"{rotation} {figure:.2f}" for rotation, figure in within.items())
    worst = max(within.values(), default=0.0)
    basis = [each]
    if result.unfilled:
        basis.append(f"of all {sum(len(crew.seats) for crew in result.crews)} seats, the empty ones too")
    if result.clipped:
        basis.append(f"counting {result.settles:g} of the duties that people open ahead or behind")
    text = f"Fairness: everyone is within {worst:.2f} of a duty of their fair share in every week"
    return f"{text}\n{folded('  (' + '; '.join(basis) + ').', '  ')}"


def _proof_line(roster: Roster, result: Result) -> str:
    proof, figures = result.proof, result.figures
    if proof.proven and not proof.gap:
        verdict = "Proven: no rota that keeps these rules is fairer."
    elif proof.proven:
        verdict = f"Proven: no rota that keeps these rules is more than {proof.gap:.2%} fairer."
    else:
        verdict = f"Not proven: the time limit ended the search, up to {proof.gap:.2%} could be gained."
    if proof.proven and proof.unfinished:
        verdict += f" The time limit cut {listed(proof.unfinished)} short."
    sight = f"with {counted(result.look_ahead_weeks, 'week')} of look-ahead {proof.unfairness:.2f}, "
    given_up = f", {proof.given_up:.2%} given up for {_for_what(roster, result)}" if proof.given_up >= 0.00005 else ""
    best = f"no rota is below {proof.bound:.2f}" if proof.fairest is None else f"fairest possible {proof.fairest:.2f}"
    figures_line = (
        f"  Unfairness {figures.unfairness:.2f}; {sight if result.look_ahead_weeks else ''}"
        f"{best}, gap {proof.gap:.2%}{given_up}."
    )
    return f"{verdict} Solved in {proof.seconds:.2f} s.\n{folded(figures_line, '  ')}"


def _for_what(roster: Roster, result: Result) -> str:
    from setrota.dates.holidays import uses_holidays

    return listed(["even spacing"] + ["wishes"] * bool(result.wishes) + ["holidays"] * uses_holidays(roster))


def _wishes_line(result: Result) -> str:
    """Whose wishes are granted and whose are not, with the fairness they cost or would have cost."""
    prices = dict(result.wishing.prices)
    granted = [_wish(wish) for wish, granted in result.wishes if granted]
    refused = [_wish(wish) + _price(prices, wish) for wish, granted in result.wishes if not granted]
    cost = f"with even spacing they cost {result.wishing.cost:.2f} of unfairness"
    lines = [f"Wishes: {len(granted)} of {len(result.wishes)} granted; {cost}."]
    lines += [f"  granted: {', '.join(granted)}"] if granted else []
    lines += [f"  refused: {', '.join(refused)}"] if refused else []
    return "\n".join(folded(line, "    ") for line in lines)


def _wish(wish: Wish) -> str:
    return f"{wish.person} {wish.kind}s {days_text(wish.start, wish.end)}"


def _price(prices: Mapping[Wish, float | None], wish: Wish) -> str:
    if wish not in prices:
        return ""
    price = prices[wish]
    if price is None:
        return " (a seat would stay empty)"
    return f" (would cost {price:.2f})" if price >= 0.005 else " (would cost another wish, or even spacing)"
