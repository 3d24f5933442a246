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
from setrota.dates.periods import point_at
from setrota.problems import FOUND, Refused, command_line
from setrota.reports import swap as report
from setrota.schedule.turns import Turn


def swap(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Whose duty to swap: a handle or a full name.")],
    day: Annotated[str, typer.Argument(metavar="DATE", help="Any day or moment of that duty.")],
    partner: Annotated[
        str | None, typer.Argument(metavar="PERSON", help="Whom to swap with. Default: list the best partners.")
    ] = None,
    their_day: Annotated[
        str | None,
        typer.Argument(metavar="DATE", help="Any day or moment of their duty; needed if they have several ahead."),
    ] = None,
    seat: Annotated[
        str | None, typer.Option("--seat", metavar="SEAT", help="Which duty, if the person has several that day.")
    ] = None,
    their_seat: Annotated[
        str | None, typer.Option("--their-seat", metavar="SEAT", help="Which duty of the other person, likewise.")
    ] = None,
    force: ForceOption = False,
    reason: ReasonOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = "table",
) -> None:
    """Swap two people's duties, or list the best partners for a swap.

    Example: setrota swap hugo 2027-01-11
    """
    work = open_workspace(ctx)
    swaps = Swaps(work.roster, work.schedule, work.now)
    if partner is None:
        if force or reason is not None or their_seat is not None:
            raise Refused(report.without_partner())
        _propose(work, swaps, _turn(work, swaps, person, day, seat), form)
        return
    typed = command_line("setrota", "swap", person, day, *(["--seat", seat] if seat else []))
    mine, theirs = read_all(
        lambda: _turn(work, swaps, person, day, seat),
        lambda: _their_turn(work, swaps, partner, their_day, their_seat, typed),
    )
    if mine[0].person == theirs[0].person:
        raise Refused(report.one_person(work.schedule, mine, theirs))
    _make(work, swaps.swap(mine, theirs), force, reason, dry_run, form)


def _turn(work: Workspace, swaps: Swaps, person: str, day: str, seat: str | None, option: str = "--seat") -> Turn:
    """The duty that a person has on a day. Raises Refused if there is none, or it can no longer be swapped."""
    handle, _ = read_all(lambda: work.person(person), lambda: work.when(day))
    turn = swaps.with_pieces(turn_meant(work, str(handle), day, seat, option))
    if not swaps.is_ahead(turn):
        point = point_at(work.roster, turn[0].rotation, work.now)
        raise Refused(report.not_ahead(work.schedule, turn, point))
    return turn


def _their_turn(work: Workspace, swaps: Swaps, partner: str, day: str | None, seat: str | None, typed: str) -> Turn:
    """The partner's duty; without a day, the only one they have ahead. Raises Refused."""
    if day is not None:
        return _turn(work, swaps, partner, day, seat, "--their-seat")
    handle = str(work.person(partner))
    ahead = swaps.turns_ahead(handle)
    if len(ahead) != 1:
        raise Refused(report.which_turn(work.schedule, handle, ahead, typed))
    return ahead[0]


def _propose(work: Workspace, swaps: Swaps, mine: Turn, form: str) -> None:
    found = swaps.partners(mine)
    if form == "json":
        work.invocation.answer(report.partners_document(work.roster, work.schedule, mine, found))
    else:
        terminal.write(work.invocation.complete(report.partners_text(work.schedule, mine, found)))
    if not found.swaps:
        terminal.report_problems([report.no_swap(work.schedule, mine)])
        raise typer.Exit(FOUND)


def _make(work: Workspace, made: Swap, force: bool, reason: str | None, dry_run: bool, form: str) -> None:
    check_allowed(made.breaks, force, report.other_partners(work.schedule, made.mine))
    if not dry_run:
        work.save(apply_swap(work.schedule, made, work.now, reason))
    if form == "json":
        work.invocation.answer(report.swap_document(work.roster, made, saved=not dry_run))
    else:
        terminal.write(work.invocation.complete(report.swap_text(work.roster, made)))
    say_saved(work, dry_run, forced_rules(made.breaks))
