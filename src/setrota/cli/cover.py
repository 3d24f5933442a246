"""`setrota cover` and `setrota fill`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from setrota import console
from setrota.cli.duties import duty_meant, turn_meant
from setrota.cli.options import RosterOption, ScheduleOption, TextFormat
from setrota.cli.workspace import Workspace, open_workspace
from setrota.periods import DAY
from setrota.problems import FOUND, Problem, Refused

if TYPE_CHECKING:
    from setrota.covering import Case, Turn
    from setrota.schedule import Duty

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
ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Kept with the change, and shown nowhere.")
]
RippleOption = Annotated[
    int, typer.Option("--ripple", metavar="N", min=1, max=4, help="Where nobody is free: chains of up to N moves.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Do it though it breaks a rule, and keep that it was so.")]
AllOption = Annotated[bool, typer.Option("--all", help="Everybody, and every rule in somebody's way.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would change, save nothing.")]
FormatOption = Annotated[TextFormat, typer.Option("--format", help="How to print it.")]


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
    roster: RosterOption = None,
    schedule: ScheduleOption = None,
) -> None:
    """Say who could take somebody's duty, or the rest of it, best first; with `--with`, give it to them."""
    work = open_workspace(ctx, roster, schedule)
    handle = _understood(work, person, [day, first, to], takers or ())
    turn = turn_meant(work, handle, day, seat)
    case = _case(work, turn, first, to)
    said = ["cover", handle, f"{case.wanted[0].start}", *([f"--seat {seat}"] if seat else [])]
    request = _Request(work, case, [*said, *_days_said(case, turn)], form)
    if takers:
        request.do(takers, reason, force, dry_run)
    else:
        request.propose(ripple, everybody)


def fill(
    ctx: typer.Context,
    day: DateArgument,
    seat: Annotated[str, typer.Argument(metavar="SEAT", help="`primary`, `engineer-2`, `lead/primary`.")],
    first: FromOption = None,
    to: ToOption = None,
    takers: WithOption = None,
    reason: ReasonOption = None,
    ripple: RippleOption = 1,
    everybody: AllOption = False,
    force: ForceOption = False,
    dry_run: DryRunOption = False,
    form: FormatOption = "table",
    roster: RosterOption = None,
    schedule: ScheduleOption = None,
) -> None:
    """Say who could take an empty seat, or the rest of it, best first; with `--with`, give it to them."""
    work = open_workspace(ctx, roster, schedule)
    _understood(work, None, [day, first, to], takers or ())
    duty = duty_meant(work, day, seat)
    if duty.person is not None:
        message = f"{duty.person} has `{duty.seat}` on {work.day_meant(day)}"
        raise Refused(Problem(message, hint=f"setrota cover {duty.person} {work.day_meant(day)}"))
    case = _case(work, (duty,), first, to)
    said = _fill_command(case.wanted[0])
    request = _Request(work, case, [*said, *_days_said(case, (duty,))], form)
    if takers:
        request.do(takers, reason, force, dry_run)
    else:
        request.propose(ripple, everybody)


def _understood(work: Workspace, person: str | None, days: Sequence[str | None], takers: Sequence[str]) -> str:
    """The handle of a PERSON; refuses at once every name and DATE that means nothing."""
    calls: list[Callable[[], object]] = [lambda: work.person(person)]
    calls += [lambda day=day: work.day_meant(day) for day in days]  # type: ignore[misc]
    calls += [lambda taker=taker: _taker(work, taker) for taker in takers]  # type: ignore[misc]
    problems: list[Problem] = []
    for call in calls:
        try:
            call()
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return work.person(person) or ""


def _taker(work: Workspace, text: str) -> str | None:
    return None if text.strip().lower() == NOBODY else work.person(text)


def _fill_command(duty: Duty) -> list[str]:
    return ["fill", f"{duty.start}", f"{duty.rotation}/{duty.seat}"]


def _case(work: Workspace, turn: Turn, first: str | None, to: str | None) -> Case:
    """The days meant: as asked, else those that are left, else (where all is over) all of it. Raises Refused."""
    from setrota.covering import Case, within

    today = work.now.astimezone(work.roster.zone_of(turn[0].rotation)).date()
    start, end = turn[0].start, turn[-1].end
    asked, last = work.day_meant(first), work.day_meant(to)
    begin = asked or (today if start < today < end else start)
    days = f"the duty lasts from {start} to {end - DAY}"
    problems = [
        Problem(f"`{option} {day}` is not in it", hint=days)
        for option, day in (("--from", asked), ("--to", last))
        if day is not None and not start <= day < end
    ]
    if not problems and last is not None and last < begin:
        hint = None if asked else "say where it begins with `--from`"
        problems = [Problem(f"the days end on {last}, before they start on {begin}", hint=hint)]
    if problems:
        raise Refused(problems)
    return Case(work.roster, work.schedule, within(turn, begin, last + DAY if last else end), today)


def _days_said(case: Case, turn: Turn) -> list[str]:
    """The options that say which days are meant, so that the same command means the same tomorrow."""
    start, end = case.wanted[0].start, case.wanted[-1].end
    said = [f"--from {start}"] if start > turn[0].start else []
    return [*said, *([f"--to {end - DAY}"] if end < turn[-1].end else [])]


class _Request:
    """A case, and the command that it was asked with."""

    def __init__(self, work: Workspace, case: Case, said: Sequence[str], form: str) -> None:
        self.work, self.case, self.said, self.form = work, case, said, form

    def command(self, *more: str) -> str:
        return " ".join(["setrota", *self.said, *more])

    def propose(self, most_moves: int, everybody: bool) -> None:
        """Show who could take it; exit status 1 where nobody could."""
        from setrota.console.covers import show_answer
        from setrota.covering import answered
        from setrota.export.proposals import answer_document

        found = answered(self.case, most_moves, MOST_SHOWN)
        commands = [self.command(*(f"--with {person}" for person in each.people)) for each in found.proposals]
        if self.form == "json":
            console.show(json.dumps(answer_document(found, commands), indent=2, ensure_ascii=False))
        else:
            show_answer(found, commands, len(found.proposals) if everybody else MOST_SHOWN, everybody)
        if not found.proposals:
            console.tell([self._nobody(most_moves, found.unfinished)])
            raise typer.Exit(FOUND)

    def _nobody(self, most_moves: int, unfinished: bool) -> Problem:
        message = "nobody can take it without breaking a rule"
        if most_moves > 1:
            message += f", nor is there a chain of {most_moves} moves at most"
        if unfinished:
            message += " among those that were tried"
        seat = self.case.next_seat() if self.case.running else None
        hint = self.command(f"--ripple {most_moves + 1}") if most_moves < 4 and not unfinished else None
        if seat is not None and seat.person is not None and most_moves > 1:
            hint = f"`{self.command(f'--with {seat.person}')}` leaves `{seat.seat}` empty instead"
        return Problem(message, hint=hint, severity="warning")

    def do(self, takers: Sequence[str], reason: str | None, force: bool, dry_run: bool) -> None:
        """Give it to those people; exit status 1 where a seat stays empty by it."""
        from setrota.console.covers import show_done
        from setrota.covering import chosen, made
        from setrota.export.proposals import done_document

        people = self._people(takers)
        proposal = chosen(self.case, people)
        if proposal is None:
            raise Refused(Problem(f"there is nothing that {people[-1] or NOBODY} could take", hint=self.command()))
        if proposal.broken and not force:
            hint = "`--force` does it all the same, and keeps that it was so"
            last = len(proposal.broken) - 1
            raise Refused(
                [
                    Problem(f"{each.message} [{each.rule}]", hint=hint if number == last else None)
                    for number, each in enumerate(proposal.broken)
                ]
            )
        after = made(self.case, proposal, self.work.now, reason)
        if not dry_run:
            self.work.save(after)
        if self.form == "json":
            document = done_document(self.case, proposal, after, saved=not dry_run)
            console.show(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            show_done(self.case, proposal, after)
        console.say("nothing saved (--dry-run)" if dry_run else f"saved {self.work.schedule_path}")
        empty = [duty for duty in proposal.left if not self.work.roster.is_optional(duty.rotation, duty.seat)]
        console.tell(_empty(duty) for duty in empty)
        if empty:
            raise typer.Exit(FOUND)

    def _people(self, takers: Sequence[str]) -> list[str | None]:
        """Who is named with `--with`, `None` for nobody; all that is wrong with it at once. Raises Refused."""
        people: list[str | None] = []
        problems: list[Problem] = []
        for position, person in enumerate(_taker(self.work, text) for text in takers):
            if person is None and position < len(takers) - 1:
                problems.append(Problem("nobody gives nothing up: `--with nobody` comes last"))
            elif person is not None and person == self.case.holder:
                problems.append(Problem(f"{person} has the duty already"))
            elif person is not None and person in people:
                problems.append(Problem(f"{person} is named twice", hint="each takes what the one before gives up"))
            people.append(person)
        if people == [None] and self.case.holder is None and not problems:
            problems.append(Problem("nobody has the seat already"))
        if problems:
            raise Refused(problems)
        return people


def _empty(duty: Duty) -> Problem:
    command = f"setrota {' '.join(_fill_command(duty))}"
    message = f"nobody has `{duty.seat}` from {duty.start} to {duty.end - DAY}"
    return Problem(message, hint=command, severity="warning")
