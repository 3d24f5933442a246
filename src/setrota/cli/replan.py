"""`setrota replan`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from setrota import console, horizon
from setrota.cli.options import (
    DryRunOption,
    FromOption,
    RosterOption,
    ScheduleOption,
    TextFormat,
    YesOption,
    insist_on_consent,
)
from setrota.cli.plan import insist_on_pins
from setrota.cli.workspace import Workspace, insist_on_calendars, open_workspace
from setrota.problems import FOUND, USAGE, Problem, Refused, counted

if TYPE_CHECKING:
    from setrota.planner.repair import Repair


def replan(
    ctx: typer.Context,
    first: FromOption = None,
    changes: Annotated[
        int | None, typer.Option("--changes", metavar="N", min=0, help="Allow so many changes, for more fairness.")
    ] = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="SECONDS", min=0.1, help="When to stop searching.")
    ] = 60.0,
    form: Annotated[TextFormat, typer.Option("--format", help="How to print it.")] = "table",
    roster: RosterOption = None,
    schedule: ScheduleOption = None,
) -> None:
    """Mend the plan after the roster changed: fill what broke with the fewest changes, and say what more would buy."""
    from setrota.console.repairs import show_repair
    from setrota.explanation import repairs

    work = open_workspace(ctx, roster, schedule)
    insist_on_calendars(work)
    found = _repair(work, first, changes, time_limit)
    if form == "json":
        document = repairs.document(work.roster, work.schedule, found, work.today)
        console.show(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        show_repair(work.roster, work.schedule, found, work.today)
    console.tell(repairs.left_to_people(work.schedule, found.left, work.day))
    if found.schedule == work.schedule:
        console.say("nothing to save: the schedule stays as it is")
    elif dry_run:
        console.say("nothing saved (--dry-run)")
    else:
        insist_on_consent("Save this?", yes)
        work.save(found.schedule)
        console.say(f"saved {work.schedule_path}")
    if found.result.unfilled or found.left:
        raise typer.Exit(FOUND)


def _repair(work: Workspace, first: str | None, changes: int | None, seconds: float) -> Repair:
    from setrota.explanation.repairs import left_to_people
    from setrota.planner import NoAnswerError, Range
    from setrota.planner.repair import TooFewError, repaired, unfit

    span = horizon.asked_span(work.roster, work.schedule, work.today, start=work.day_meant(first), planned=True)
    asked = Range(span.start, span.end, work.day, again=True, fill=True, new=False)
    insist_on_pins(work, asked)
    try:
        found = console.working(
            lambda progress: repaired(
                work.roster, work.schedule, asked, work.now, changes=changes, time_limit=seconds, progress=progress
            )
        )
    except NoAnswerError:
        problem = Problem("the time limit ended the search before any rota was found", hint="raise `--time-limit`")
        raise Refused(problem, USAGE) from None
    except TooFewError as error:
        verb = "is" if error.fewest == 1 else "are"
        message = f"{counted(error.fewest, 'change')} {verb} needed, more than `--changes {changes}`"
        raise Refused(Problem(message, hint="leave `--changes` out for the fewest")) from None
    if found is None:
        console.tell(left_to_people(work.schedule, unfit(work.roster, work.schedule, asked), work.day))
        message = "no period that hasn't begun is planned, so there is nothing to mend"
        raise Refused(Problem(message, hint="setrota plan"))
    return found
