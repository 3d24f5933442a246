"""`setrota swap`."""

from __future__ import annotations

from typing import Annotated

import typer

from setrota import terminal
from setrota.changes.force import check_allowed, forced_rules
from setrota.changes.swap import Swap, Swaps, apply_swap
from setrota.cli.consent import say_saved
from setrota.cli.duties import read_all, turn_meant
from setrota.cli.options import DryRunOption, ForceOption, FormatOption, ReasonOption
from setrota.cli.workspace import Workspace, open_workspace
from setrota.problems import FOUND, Refused
from setrota.reports import swap as report
from setrota.schedule.turns import Turn


def swap(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Whose duty is to be exchanged.")],
    day: Annotated[str, typer.Argument(metavar="DATE", help="Any day of that duty.")],
    partner: Annotated[
        str | None, typer.Argument(metavar="PERSON", help="With whom; without it the best partners are proposed.")
    ] = None,
    their_day: Annotated[
        str | None, typer.Argument(metavar="DATE", help="Any day of their duty, unless they have only one ahead.")
    ] = None,
    force: ForceOption = False,
    reason: ReasonOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = "table",
) -> None:
    """Exchange two people's duties; or propose the best partners for an exchange."""
    work = open_workspace(ctx)
    swaps = Swaps(work.roster, work.schedule, work.day)
    if partner is None:
        if force or reason is not None:
            raise Refused(report.without_partner())
        _propose(work, swaps, _turn(work, swaps, person, day), form)
        return
    mine, theirs = read_all(
        lambda: _turn(work, swaps, person, day),
        lambda: _their_turn(work, swaps, partner, their_day, f"setrota swap {person} {day}"),
    )
    if mine[0].person == theirs[0].person:
        raise Refused(report.one_person(mine, theirs))
    _make(work, swaps.swap(mine, theirs), force, reason, dry_run, form)


def _turn(work: Workspace, swaps: Swaps, person: str, day: str) -> Turn:
    """The duty that somebody has on a day, if it can be swapped still. Raises Refused."""
    handle, _ = read_all(lambda: work.person(person), lambda: work.day_meant(day))
    turn = turn_meant(work, str(handle), day)
    if not swaps.is_ahead(turn):
        raise Refused(report.not_ahead(work.schedule, turn, work.day))
    return turn


def _their_turn(work: Workspace, swaps: Swaps, partner: str, day: str | None, typed: str) -> Turn:
    """The other duty; without a day the only one that they have ahead. Raises Refused."""
    if day is not None:
        return _turn(work, swaps, partner, day)
    handle = str(work.person(partner))
    ahead = swaps.turns_ahead(handle)
    if len(ahead) != 1:
        raise Refused(report.which_turn(handle, ahead, typed))
    return ahead[0]


def _propose(work: Workspace, swaps: Swaps, mine: Turn, form: str) -> None:
    found = swaps.partners(mine)
    if form == "json":
        work.invocation.answer(report.partners_document(work.roster, mine, found))
    else:
        terminal.write(work.invocation.complete(report.partners_text(work.schedule, mine, found)))
    if not found.swaps:
        raise typer.Exit(FOUND)


def _make(work: Workspace, made: Swap, force: bool, reason: str | None, dry_run: bool, form: str) -> None:
    check_allowed(made.breaks, force, report.other_partners(made.mine))
    if not dry_run:
        work.save(apply_swap(work.schedule, made, work.now, reason))
    if form == "json":
        work.invocation.answer(report.swap_document(work.roster, made))
    else:
        terminal.write(work.invocation.complete(report.swap_text(work.roster, made)))
    say_saved(work, dry_run, forced_rules(made.breaks))
