"""`setrota explain`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from setrota import terminal
from setrota.cli.duties import duty_meant
from setrota.cli.options import FormatOption, FromOption, TimeLimitOption, ToOption
from setrota.cli.solving import solved
from setrota.cli.workspace import check_calendars, open_workspace
from setrota.problems import Problem, Refused


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
    from setrota.reports.explain import formats
    from setrota.reports.explain.explanation import explain as explain_duty
    from setrota.reports.explain.person import explain_person

    work = open_workspace(ctx)
    check_calendars(work)
    handle = work.person(person)
    roster, schedule = work.roster, work.schedule
    if day is not None and seat is not None:
        if first or to:
            raise Refused(Problem("DATE and SEAT say which duty; leave `--from` and `--to` out"))
        ask = partial(explain_duty, roster, schedule, duty_meant(work, day, seat), handle, work.day, time_limit)
        found = solved(ask, "any answer")
        text, document = formats.text(found), formats.document(roster, found)
    elif day is None and handle is not None:
        _, end = work.span(first or "today", to, None)
        days = work.day_meant(first) or work.day, end
        theirs = solved(partial(explain_person, roster, schedule, handle, days, work.day, time_limit), "any answer")
        text, document = formats.person_text(theirs), formats.person_document(roster, theirs)
    else:
        hint = "setrota explain 2027-02-08 primary, or setrota explain --person HANDLE"
        raise Refused(Problem("say which duty with a DATE and a SEAT, or whose with `--person`", hint=hint))
    if form == "json":
        work.invocation.answer(document)
    else:
        terminal.show(text)
