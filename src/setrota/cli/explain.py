"""`setrota explain`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from setrota import terminal
from setrota.cli.duties import duty_meant
from setrota.cli.options import FormatOption, FromOption, TimeLimitOption, ToOption
from setrota.cli.workspace import Workspace, insist_on_calendars, open_workspace
from setrota.dates.periods import DAY
from setrota.problems import USAGE, Problem, Refused
from setrota.schedule import Duty, by_time

if TYPE_CHECKING:
    from setrota.fairness.balances import Account
    from setrota.planner import Progress

T = TypeVar("T")


def explain(
    ctx: typer.Context,
    day: Annotated[str | None, typer.Argument(metavar="DATE", help="Any day of the period meant.")] = None,
    seat: Annotated[
        str | None, typer.Argument(metavar="SEAT", help="`primary`, `engineer-2`, `engineer/primary`.")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            "--person", metavar="PERSON", help="Why this person, or why not; alone: why each of their duties."
        ),
    ] = None,
    first: FromOption = None,
    to: ToOption = None,
    time_limit: TimeLimitOption = 60.0,
    form: FormatOption = "table",
) -> None:
    """Say why somebody has a duty, why somebody else has not, or what would fill an empty seat."""
    work = open_workspace(ctx)
    insist_on_calendars(work)
    handle = work.person(person)
    if day is not None and seat is not None:
        if first or to:
            raise Refused(Problem("DATE and SEAT say which duty; leave `--from` and `--to` out"))
        _one(work, duty_meant(work, day, seat), handle, time_limit, form)
    elif day is None and handle is not None:
        _everything(work, handle, (first, to), time_limit, form)
    else:
        hint = "setrota explain 2027-02-08 primary, or setrota explain --person HANDLE"
        raise Refused(Problem("say which duty with a DATE and a SEAT, or whose with `--person`", hint=hint))


def _one(work: Workspace, duty: Duty, person: str | None, seconds: float, form: str) -> None:
    from setrota.reports.explain import explain
    from setrota.reports.explain.document import document
    from setrota.reports.explain.sentences import exceptions

    found = _in_time(lambda progress: explain(work.roster, work.schedule, duty, person, work.day, seconds, progress))
    if form == "json":
        terminal.show(json.dumps(document(work.roster, found), indent=2, ensure_ascii=False))
        return
    terminal.paragraph(" ".join(found.sentences))
    if found.remedies:
        terminal.paragraph(
            f"One of these lines in `exceptions = [ … ]` under `[rules]`, then `{found.command}`, would fill it:"
        )
        for remedy in found.remedies:
            terminal.show(f"  {exceptions(remedy)}")


def _everything(work: Workspace, person: str, days: tuple[str | None, str | None], seconds: float, form: str) -> None:
    from setrota.reports import fairness_json as documents
    from setrota.reports.explain import explain_all
    from setrota.reports.explain.document import document

    _, end = work.span(days[0] or "today", days[1], None)
    start = work.day_meant(days[0]) or work.day
    duties = [
        duty
        for duty in by_time(work.roster, work.schedule.duties())
        if duty.person == person and start < duty.end and duty.start < end
    ]
    found = _in_time(lambda progress: explain_all(work.roster, work.schedule, duties, seconds, progress))
    balances = list(_balances(work, person))
    if form == "json":
        shares = {name: documents.document(*span, each) for name, span, each in balances}
        text = {"person": person, **shares, "duties": [document(work.roster, each) for each in found]}
        terminal.show(json.dumps(text, indent=2, ensure_ascii=False))
        return
    for name, _, accounts in balances:
        for account in accounts:
            terminal.paragraph(_balance(account, name))
    for each in found:
        terminal.show("")
        terminal.paragraph(" ".join(each.sentences))
    if not found:
        terminal.paragraph(f"{person} has no duties from {start} to {end - DAY}.")


Balances = tuple[str, tuple[date, date], list["Account"]]
"""Whether it is what was served or all that is planned, the days it covers, and one person's accounts over them."""


def _balances(work: Workspace, person: str) -> Iterator[Balances]:
    """What somebody has served, the duties begun included, and what they will have when the plan ends."""
    from setrota.fairness.balances import accounts

    starts = [crew.period.start for crew in work.schedule.crews] or [work.day]
    for name, last in (("served", work.day), ("planned", max(starts))):
        span = min(*starts, last), last + DAY
        yield name, span, [each for each in accounts(work.schedule, work.roster, *span) if each.person == person]


def _balance(account: Account, name: str) -> str:
    until = "so far" if name == "served" else "when the plan ends"
    return (
        f"{account.person}, {account.rotation}: {account.served:.4g} served {until}, "
        f"fair share {account.entitled:.2f}, balance {account.balance:+.2f}."
    )


def _in_time(work: Callable[[Progress], T]) -> T:
    from setrota.planner import NoAnswerError

    try:
        return terminal.working(work)
    except NoAnswerError:
        problem = Problem("the time limit ended the search before any answer", hint="raise `--time-limit`")
        raise Refused(problem, USAGE) from None
