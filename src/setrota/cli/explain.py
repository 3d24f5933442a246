"""`setrota explain`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from setrota import terminal
from setrota.cli.duties import duty_meant
from setrota.cli.options import FormatOption, FromOption, TimeLimitOption, ToOption
from setrota.cli.solving import solved
from setrota.cli.workspace import Workspace, check_calendars, open_workspace
from setrota.problems import Problem, Refused
from setrota.schedule import Duty

SOUGHT = "any answer"


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
    check_calendars(work)
    handle = work.person(person)
    if day is not None and seat is not None:
        if first or to:
            raise Refused(Problem("DATE and SEAT say which duty; leave `--from` and `--to` out"))
        _explain_duty(work, duty_meant(work, day, seat), handle, time_limit, form)
    elif day is None and handle is not None:
        _explain_person(work, handle, first, to, time_limit, form)
    else:
        hint = "setrota explain 2027-02-08 primary, or setrota explain --person HANDLE"
        raise Refused(Problem("say which duty with a DATE and a SEAT, or whose with `--person`", hint=hint))


def _explain_duty(work: Workspace, duty: Duty, person: str | None, seconds: float, form: str) -> None:
    from setrota.reports.explain import formats
    from setrota.reports.explain.explanation import explain

    found = solved(
        lambda progress: explain(work.roster, work.schedule, duty, person, work.day, seconds, progress), SOUGHT
    )
    if form == "json":
        terminal.show(json.dumps(formats.document(work.roster, found), indent=2, ensure_ascii=False))
    else:
        terminal.show(formats.text(found))


def _explain_person(work: Workspace, person: str, first: str | None, to: str | None, seconds: float, form: str) -> None:
    from setrota.reports.explain import person as report

    _, end = work.span(first or "today", to, None)
    days = work.day_meant(first) or work.day, end
    found = solved(
        lambda progress: report.explain_person(work.roster, work.schedule, person, days, work.day, seconds, progress),
        SOUGHT,
    )
    if form == "json":
        terminal.show(json.dumps(report.document(work.roster, found), indent=2, ensure_ascii=False))
    else:
        terminal.show(report.text(found))
