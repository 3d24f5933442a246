"""`setrota cover` and `setrota fill`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, NamedTuple

import typer

from setrota import terminal
from setrota.changes.cover.proposals import apply_proposal
from setrota.changes.cover.request import CoverRequest, cover_request, empty_part, is_past_unnamed
from setrota.changes.cover.search import find_candidates, propose
from setrota.changes.cover.vacancies import unplanned_at, with_vacancies
from setrota.changes.force import check_allowed, forced_rules
from setrota.cli.consent import say_saved
from setrota.cli.duties import duty_meant, read_all, turn_meant
from setrota.cli.options import DryRunOption, ForceOption, FormatOption, ReasonOption
from setrota.cli.workspace import Workspace, open_workspace
from setrota.dates.periods import instant_of
from setrota.dates.text import When
from setrota.problems import FOUND, Refused, command_line
from setrota.reports import cover as report
from setrota.schedule import Duty
from setrota.schedule.turns import Turn

DateArgument = Annotated[str, typer.Argument(metavar="DATE", help="Any day or moment of the duty.")]
FromOption = Annotated[
    str | None,
    typer.Option("--from", metavar="WHEN", help="First day to cover, or the moment: `2027-01-20T14:00`, `now`."),
]
ToOption = Annotated[
    str | None, typer.Option("--to", metavar="WHEN", help="Last day to cover, or the moment at which that ends.")
]
WithOption = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="PERSON",
        help="Give it to this person, or to `nobody`. Repeat it for the one who takes what the first gives up.",
    ),
]
RippleOption = Annotated[
    int,
    typer.Option(
        "--ripple",
        metavar="N",
        min=1,
        max=report.MOST_MOVES,
        help="If nobody is free, look for chains of up to N moves.",
    ),
]
AllOption = Annotated[bool, typer.Option("--all", help="List everyone, with every rule in their way.")]


def cover(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Whose duty it is: a handle or a full name.")],
    day: DateArgument,
    first: FromOption = None,
    to: ToOption = None,
    seat: Annotated[
        str | None, typer.Option("--seat", metavar="SEAT", help="Which duty, if the person has several that day.")
    ] = None,
    takers: WithOption = None,
    reason: ReasonOption = None,
    ripple: RippleOption = 1,
    everybody: AllOption = False,
    force: ForceOption = False,
    dry_run: DryRunOption = False,
    form: FormatOption = "table",
) -> None:
    """Find someone to take over a duty, and give it to them.

    Lists who could take it, best first; with `--with`, gives it to that person.

    Example: setrota cover hugo 2027-01-11 --with abel
    """
    work = open_workspace(ctx)
    handle, read = read_all(lambda: work.person(person), lambda: _read(work, day, first, to, takers))
    turn = turn_meant(work, str(handle), day, seat)
    words = ["cover", str(handle), report.day_named(turn, read.day), *(["--seat", seat] if seat else [])]
    how = _How(ripple=ripple, everybody=everybody, reason=reason, force=force, dry_run=dry_run, form=form)
    _answer(work, turn, read, words, how)


def fill(
    ctx: typer.Context,
    day: DateArgument,
    seat: Annotated[
        str,
        typer.Argument(
            metavar="SEAT", help="A seat: `primary`, `engineer-2`, or with its rotation, `engineer/primary`."
        ),
    ],
    first: FromOption = None,
    to: ToOption = None,
    takers: WithOption = None,
    reason: ReasonOption = None,
    ripple: RippleOption = 1,
    everybody: AllOption = False,
    force: ForceOption = False,
    dry_run: DryRunOption = False,
    form: FormatOption = "table",
) -> None:
    """Find someone for an empty seat, and give it to them.

    Lists who could take it, best first; with `--with`, gives it to that person.

    Example: setrota fill 2027-01-11 primary
    """
    work = open_workspace(ctx)
    read = _read(work, day, first, to, takers)
    work = replace(work, schedule=with_vacancies(work.roster, work.schedule, read.day))
    named = _duty_to_fill(work, read.day, day, seat)
    duty = empty_part(work.schedule, named)
    if duty.person is not None or (named.person is not None and _is_past_unnamed(work, (duty,), read)):
        raise Refused(report.not_empty(work.roster, work.schedule, named, read.day))
    words = ["fill", report.day_named((duty,), read.day), f"{duty.rotation}/{duty.seat}"]
    how = _How(ripple=ripple, everybody=everybody, reason=reason, force=force, dry_run=dry_run, form=form)
    _answer(work, (duty,), read, words, how)


def _duty_to_fill(work: Workspace, when: When, day: str, seat: str) -> Duty:
    """The duty in SEAT on DATE. Raises Refused, with the command that plans a period that has no crew at all."""
    try:
        return duty_meant(work, day, seat)
    except Refused as refused:
        periods = unplanned_at(work.roster, work.schedule, when)
        ahead = [each for each in periods if instant_of(work.roster, each.rotation, each.end) > work.now]
        if not ahead or refused.problems[0].code != "outside-the-plan":
            raise
        raise Refused(report.to_be_planned(when, ahead[0])) from None


class _How(NamedTuple):
    """The options that `cover` and `fill` share: how to search, change and print."""

    ripple: int
    everybody: bool
    reason: str | None
    force: bool
    dry_run: bool
    form: str


class _Read(NamedTuple):
    """DATE, `--from`, `--to` and `--with` as read; a taker who is None stands for `nobody`."""

    day: When
    first: When | None
    last: When | None
    takers: tuple[str | None, ...]


def _read(work: Workspace, day: str, first: str | None, to: str | None, takers: Sequence[str] | None) -> _Read:
    """Read names and dates. Raises Refused with all that can't be read."""
    (meant, start, last), people = read_all(
        lambda: read_all(*(partial(work.when, each) for each in (day, first, to))),
        lambda: read_all(*(partial(_taker, work, each) for each in takers or ())),
    )
    return _Read(meant or When(work.today), start, last, people)


def _taker(work: Workspace, text: str) -> str | None:
    return None if text.strip().lower() == "nobody" else work.person(text)


def _answer(work: Workspace, turn: Turn, read: _Read, words: Sequence[str], how: _How) -> None:
    """Give a turn to the people named with `--with`, or list who could take it. `words` are the command for it."""
    if _is_past_unnamed(work, turn, read):
        raise Refused(report.is_over(turn, read.day))
    request = cover_request(
        work.roster, work.schedule, turn, first=read.first, last=read.last, takers=read.takers, now=work.now
    )
    typed = " ".join([command_line("setrota", *words), *report.days_options(turn, request.wanted)])
    if read.takers:
        _give(work, request, read.takers, typed, how)
    elif how.reason or how.force:
        raise Refused(report.without_taker(typed))
    else:
        _propose(work, request, typed, how)


def _is_past_unnamed(work: Workspace, turn: Turn, read: _Read) -> bool:
    """Whether a turn is over although neither DATE nor `--from` or `--to` names the past."""
    is_named = read.first is not None or read.last is not None
    return not is_named and is_past_unnamed(work.roster, turn, read.day, work.now)


def _propose(work: Workspace, request: CoverRequest, typed: str, how: _How) -> None:
    """Show who could take it; exit status 1 if nobody can."""
    found = find_candidates(request, how.ripple)
    if how.form == "json":
        work.invocation.answer(report.candidates_document(found, typed))
    else:
        terminal.write(work.invocation.complete(report.candidates_text(found, typed, how.everybody)))
    if not found.proposals:
        terminal.report_problems([report.nobody(found, typed, how.ripple)])
        raise typer.Exit(FOUND)


def _give(work: Workspace, request: CoverRequest, takers: Sequence[str | None], typed: str, how: _How) -> None:
    """Give it to these people; exit status 1 if that leaves a seat empty."""
    proposal = propose(request, takers)
    if proposal is None:
        raise Refused(report.nothing_to_take(takers[-1], typed))
    check_allowed(proposal.broken, how.force, report.others_could(typed))
    after = apply_proposal(request, proposal, work.now, how.reason)
    if not how.dry_run:
        work.save(after)
    if how.form == "json":
        work.invocation.answer(report.done_document(request, proposal, after, saved=not how.dry_run))
    else:
        terminal.write(report.done_text(request, proposal, after))
    say_saved(work, how.dry_run, forced_rules(proposal.broken))
    empty = report.left_empty(work.roster, proposal)
    terminal.report_problems(empty)
    if empty:
        raise typer.Exit(FOUND)
