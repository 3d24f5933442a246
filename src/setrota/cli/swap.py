"""`setrota swap`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from setrota import terminal
from setrota.check import fixes
from setrota.cli.consent import insist_on_rules, say_kept
from setrota.cli.duties import at_once, turn_meant
from setrota.cli.options import DryRunOption, ForceOption, FormatOption, ReasonOption
from setrota.cli.workspace import Workspace, open_workspace
from setrota.problems import FOUND, Problem, Refused

if TYPE_CHECKING:
    from setrota.changes.swap import Exchange, Swaps
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
    from setrota.changes.swap import Swaps

    work = open_workspace(ctx)
    swaps = Swaps(work.roster, work.schedule, work.day)
    if partner is None:
        if force or reason is not None:
            problem = Problem("`--force` and `--reason` go with an exchange", hint="say with whom")
            raise Refused(problem)
        _propose(work, swaps, _turn(work, swaps, person, day), form)
        return
    mine, theirs = at_once(
        lambda: _turn(work, swaps, person, day),
        lambda: _their_turn(work, swaps, (person, day), partner, their_day),
    )
    if mine[0].person == theirs[0].person:
        message = "this is one duty" if mine == theirs else f"both duties are {mine[0].person}'s"
        raise Refused(Problem(f"{message}: an exchange takes two people", hint=_proposals(mine)))
    _exchange(work, swaps.exchange(mine, theirs), force, reason, dry_run, form)


def _turn(work: Workspace, swaps: Swaps, person: str, day: str) -> Turn:
    """The duty that somebody has on a day, if it can be exchanged still. Raises Refused."""
    handle, _ = at_once(lambda: work.person(person), lambda: f"{work.day_meant(day)}")
    turn = turn_meant(work, str(handle), day)
    if swaps.is_ahead(turn):
        return turn
    if turn[-1].end <= work.day:
        message, hint = "is over", f"`{fixes.cover(work.schedule, turn[0], turn[0].start)}` is for who served instead"
    else:
        left = next(duty for duty in turn if duty.end > work.day)
        message = "belongs to a period that has begun" if left.start > work.day else "has begun"
        hint = f"`{fixes.cover(work.schedule, left, work.day)}` finds somebody for the rest of it"
    raise Refused(Problem(f"{handle}'s duty of {turn[0].start} {message}; it can't be exchanged", hint=hint))


def _their_turn(work: Workspace, swaps: Swaps, mine: tuple[str, str], person: str, day: str | None) -> Turn:
    """The other duty; without a day the only one that they have ahead. Raises Refused."""
    if day is not None:
        return _turn(work, swaps, person, day)
    handle = work.person(person)
    from setrota.schedule.turns import turns

    theirs = turns(work.roster, work.schedule).get(str(handle), [])
    ahead = [turn for turn in theirs if swaps.is_ahead(turn)]
    if len(ahead) == 1:
        return ahead[0]
    if not ahead:
        hint = f"`setrota swap {mine[0]} {mine[1]}` proposes partners"
        raise Refused(Problem(f"{handle} has no duty ahead to exchange", hint=hint))
    commands = "".join(f"\n    setrota swap {mine[0]} {mine[1]} {handle} {turn[0].start}" for turn in ahead)
    raise Refused(Problem(f"{handle} has {len(ahead)} duties ahead; which is it?", hint=f"one of{commands}"))


def _proposals(mine: Turn) -> str:
    return f"`setrota swap {mine[0].person} {mine[0].start}` proposes partners"


def _propose(work: Workspace, swaps: Swaps, mine: Turn, form: str) -> None:
    from setrota.reports import swap as tables
    from setrota.reports import swap_json as documents

    found = swaps.partners(mine)
    if form == "json":
        terminal.show(json.dumps(documents.partners(work.roster, mine, found), indent=2, ensure_ascii=False))
    else:
        terminal.write(tables.partners(work.roster, mine, found, fixes.cover(work.schedule, mine[0], mine[0].start)))
    if not found.exchanges:
        raise typer.Exit(FOUND)


def _exchange(work: Workspace, exchange: Exchange, force: bool, reason: str | None, dry_run: bool, form: str) -> None:
    from setrota.changes.swap import exchanged
    from setrota.reports import swap as tables
    from setrota.reports import swap_json as documents

    insist_on_rules(exchange.breaks, force, _proposals(exchange.given))
    forced = dict.fromkeys(each.rule for each in exchange.breaks)
    after = exchanged(work.schedule, exchange.given, exchange.taken, work.now, reason, forced)
    if not dry_run:
        work.save(after)
    if form == "json":
        terminal.show(json.dumps(documents.exchange(work.roster, exchange), indent=2, ensure_ascii=False))
    else:
        terminal.write(tables.exchange(work.roster, exchange))
    say_kept(work, dry_run, forced)
