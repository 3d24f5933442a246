"""`setrota cover` and `setrota fill`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer

from setrota import terminal
from setrota.check import fixes
from setrota.cli.consent import insist_on_rules, say_kept
from setrota.cli.duties import duty_meant, turn_meant
from setrota.cli.options import DryRunOption, ForceOption, FormatOption, ReasonOption, files_given
from setrota.cli.workspace import Workspace, open_workspace
from setrota.dates.periods import DAY
from setrota.dates.text import on_days
from setrota.problems import FOUND, Problem, Refused

if TYPE_CHECKING:
    from setrota.changes.cover import Case
    from setrota.schedule import Duty
    from setrota.schedule.turns import Turn

T = TypeVar("T")

NOBODY = "nobody"
MOST_SHOWN = 8

DateArgument = Annotated[str, typer.Argument(metavar="DATE", help="Any day of the duty meant.")]
FromOption = Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day to be covered.")]
ToOption = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day to be covered.")]
WithOption = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="PERSON",
        help="Do it with this person, or `nobody`; again: who takes what the one before gives up.",
    ),
]
RippleOption = Annotated[
    int, typer.Option("--ripple", metavar="N", min=1, max=4, help="Where nobody is free: chains of up to N moves.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Everybody, and every rule in somebody's way.")]


def cover(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Whose duty it is: a handle or a whole name.")],
    day: DateArgument,
    first: FromOption = None,
    to: ToOption = None,
    seat: Annotated[
        str | None, typer.Option("--seat", metavar="SEAT", help="Which duty, where the person has several that day.")
    ] = None,
    takers: WithOption = None,
    reason: ReasonOption = None,
    ripple: RippleOption = 1,
    everybody: AllOption = False,
    force: ForceOption = False,
    dry_run: DryRunOption = False,
    form: FormatOption = "table",
) -> None:
    """Say who could take somebody's duty, or the rest of it, best first; with `--with`, give it to them."""
    work = open_workspace(ctx)
    asked = _understood(work, (day, first, to), takers, person)
    turn = turn_meant(work, asked.person or person, day, seat, "--seat")
    said = ["cover", turn[0].person or person, f"{asked.days[0]}", *([f"--seat {seat}"] if seat else [])]
    request = _request(work, turn, asked, [*said, *_files_said(ctx)])
    if takers:
        request.do(asked.takers, reason, force, dry_run, form)
    elif reason or force:
        raise Refused(Problem("`--reason` and `--force` go with `--with`", hint=request.command("--with PERSON")))
    else:
        request.propose(ripple, everybody, form)


def fill(
    ctx: typer.Context,
    day: DateArgument,
    seat: Annotated[str, typer.Argument(metavar="SEAT", help="`primary`, `engineer-2`, `engineer/primary`.")],
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
    """Say who could take an empty seat, or the rest of it, best first; with `--with`, give it to them."""
    work = open_workspace(ctx)
    asked = _understood(work, (day, first, to), takers)
    duty = _empty_part(work, duty_meant(work, day, seat))
    if duty.person is not None:
        hint = fixes.cover(work.schedule, duty, asked.days[0] or duty.start)
        raise Refused(Problem(f"{duty.person} has `{duty.seat}` on {asked.days[0]}", hint=hint))
    said = ["fill", f"{asked.days[0]}", f"{duty.rotation}/{duty.seat}"]
    request = _request(work, (duty,), asked, [*said, *_files_said(ctx)])
    if takers:
        request.do(asked.takers, reason, force, dry_run, form)
    elif reason or force:
        raise Refused(Problem("`--reason` and `--force` go with `--with`", hint=request.command("--with PERSON")))
    else:
        request.propose(ripple, everybody, form)


def _empty_part(work: Workspace, duty: Duty) -> Duty:
    """The part of a seat's period that is empty, if somebody has another one on the day meant and there is only one."""
    crew = work.schedule.crew_on(duty.rotation, duty.start)
    empty = [each for each in (crew.duties() if crew else ()) if each.seat == duty.seat and each.person is None]
    return empty[0] if duty.person is not None and len(empty) == 1 else duty


class _Asked(NamedTuple):
    """What was typed, understood: DATE, `--from` and `--to`, who is to take it (None: nobody), whose it is."""

    days: tuple[date | None, ...]
    takers: tuple[str | None, ...]
    person: str | None


def _understood(
    work: Workspace, days: Sequence[str | None], takers: Sequence[str] | None, person: str | None = None
) -> _Asked:
    """Read names and dates; refuses at once every one that means nothing."""
    problems: list[Problem] = []

    def read(reading: Callable[[str | None], T | None], text: str | None) -> T | None:
        try:
            return reading(text)
        except Refused as refused:
            problems.extend(refused.problems)
            return None

    def taker(text: str | None) -> str | None:
        return None if text is None or text.strip().lower() == NOBODY else work.person(text)

    handle = read(work.person, person)
    found = tuple(read(work.day_meant, day) for day in days)
    people = tuple(read(taker, text) for text in takers or ())
    if problems:
        raise Refused(problems)
    return _Asked(found, people, handle)


def _request(work: Workspace, turn: Turn, asked: _Asked, said: Sequence[str]) -> _Request:
    """What is asked about a turn: the days asked for, else those that are left, else (where it's over) all of it.

    Refuses at once all days and people that can't be meant.
    """
    from setrota.changes.cover import Case
    from setrota.schedule.turns import within

    today = work.now.astimezone(work.roster.zone_of(turn[0].rotation)).date()
    start, end = turn[0].start, turn[-1].end
    _, first, last = asked.days
    begin = first or (today if start < today < end else start)
    problems = [*_wrong_days(start, end, first, last, begin), *_wrong_people(turn[0].person, asked.takers)]
    if problems:
        raise Refused(problems)
    until = last + DAY if last else end
    # The same command means the same days tomorrow.
    days = [*([f"--from {begin}"] if begin > start else []), *([f"--to {last}"] if until < end else [])]
    return _Request(work, Case(work.roster, work.schedule, within(turn, begin, until), today), (*said, *days))


def _wrong_days(start: date, end: date, first: date | None, last: date | None, begin: date) -> list[Problem]:
    outside = [
        Problem(f"`{option} {day}` is not in it", hint=f"the duty lasts from {start} to {end - DAY}")
        for option, day in (("--from", first), ("--to", last))
        if day is not None and not start <= day < end
    ]
    if outside or last is None or begin <= last:
        return outside
    hint = None if first else "say where they start with `--from`"
    return [Problem(f"the days end on {last}, before they start on {begin}", hint=hint)]


def _wrong_people(holder: str | None, takers: Sequence[str | None]) -> list[Problem]:
    problems = []
    for position, person in enumerate(takers):
        if person == holder and (person is None or position == 0):
            problems.append(Problem(f"{person or 'nobody'} has the duty already"))
        elif person is None and position < len(takers) - 1:
            problems.append(Problem("nobody gives nothing up: `--with nobody` comes last"))
        elif person in takers[:position]:
            problems.append(Problem(f"{person} is named twice", hint="each takes what the one before gives up"))
    return problems


def _files_said(ctx: typer.Context) -> list[str]:
    """The options that say which files are meant, as they were given."""
    return [f"--{name} {shlex.quote(str(path))}" for name, path in sorted(files_given(ctx).items())]


@dataclass(frozen=True)
class _Request:
    """A case, and the command that asked for it."""

    work: Workspace
    case: Case
    said: tuple[str, ...]

    def command(self, *more: str) -> str:
        return " ".join(["setrota", *self.said, *more])

    def propose(self, most_moves: int, everybody: bool, form: str) -> None:
        """Show who could take it; exit status 1 where nobody could."""
        from setrota.changes.cover import answered
        from setrota.reports.cover import show_answer
        from setrota.reports.cover_json import answer_document

        found = answered(self.case, most_moves, MOST_SHOWN)
        commands = [self.command(*(f"--with {person}" for person in each.people)) for each in found.proposals]
        if form == "json":
            terminal.show(json.dumps(answer_document(found, commands), indent=2, ensure_ascii=False))
        else:
            show_answer(found, commands, len(found.proposals) if everybody else MOST_SHOWN, everybody)
        if not found.proposals:
            terminal.report_problems([self._nobody(most_moves, found.unfinished)])
            raise typer.Exit(FOUND)

    def _nobody(self, most_moves: int, unfinished: bool) -> Problem:
        message = "nobody can take it without breaking a rule"
        if most_moves > 1:
            message += f", nor is there a chain of {most_moves} moves at most"
        if unfinished:
            message += " among those that were tried"
        hint = self.command(f"--ripple {most_moves + 1}") if most_moves < 4 and not unfinished else None
        if most_moves > 1 and (left := self._left_by_stepping_up()):
            hint = f"`{self.command(f'--with {left.person}')}` leaves `{left.seat}` empty instead"
        if self.case.wanted[0].rotation not in self.work.roster.rotations:
            message, hint = "the roster has no pool for it any more", "name somebody with `--with`"
        return Problem(message, hint=hint, severity="warning")

    def _left_by_stepping_up(self) -> Duty | None:
        """The seat that would be empty if the next in line stepped up, if they may."""
        from setrota.changes.cover import chosen

        seat = self.case.next_seat() if self.case.running else None
        proposal = chosen(self.case, [seat.person]) if seat and seat.person else None
        return seat if proposal and not proposal.broken else None

    def do(self, people: Sequence[str | None], reason: str | None, force: bool, dry_run: bool, form: str) -> None:
        """Give it to those people; exit status 1 where a seat stays empty by it."""
        from setrota.changes.cover import chosen, made
        from setrota.reports.cover import show_done
        from setrota.reports.cover_json import done_document

        proposal = chosen(self.case, people)
        if proposal is None:
            raise Refused(Problem(f"there is nothing that {people[-1] or NOBODY} could take", hint=self.command()))
        insist_on_rules(proposal.broken, force)
        after = made(self.case, proposal, self.work.now, reason)
        if not dry_run:
            self.work.save(after)
        if form == "json":
            document = done_document(self.case, proposal, after, saved=not dry_run)
            terminal.show(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            show_done(self.case, proposal, after)
        say_kept(self.work, dry_run, dict.fromkeys(each.rule for each in proposal.broken))
        empty = [duty for duty in proposal.left if not self.work.roster.is_optional(duty.rotation, duty.seat)]
        terminal.report_problems(_empty(duty) for duty in empty)
        if empty:
            raise typer.Exit(FOUND)


def _empty(duty: Duty) -> Problem:
    message = f"nobody has `{duty.seat}` {on_days(duty.start, duty.end)}"
    return Problem(message, hint=fixes.fill(duty, duty.start), severity="warning")
