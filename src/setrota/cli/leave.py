"""`setrota leave`: shows who is away, and adds leave to the roster, by hand or from a calendar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from setrota import terminal
from setrota.cli.commands import CommandGroup
from setrota.cli.consent import confirm
from setrota.cli.options import DryRunOption, FormatOption, YesOption
from setrota.cli.workspace import Workspace, open_workspace, read_given
from setrota.dates.periods import DAY, each_day
from setrota.dates.spells import spells
from setrota.dates.text import check_range, on_days
from setrota.files.roster.edits import RosterTexts, stretch
from setrota.problems import Problem, Refused, listed
from setrota.reports import leave as report

MONTHS_AHEAD = 18
LONGEST_YEARS = 5

leave = typer.Typer(
    cls=CommandGroup,
    add_completion=False,
    no_args_is_help=True,
    help="Show who is away, and add leave to the roster.\n\nExample: setrota leave add hugo next-monday",
)


@leave.command("list")
def list_leave(
    ctx: typer.Context,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="PERSON", help="Show only this person's leave: a handle or a name."),
    ] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day (default: today).")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day (default: none).")] = None,
    form: FormatOption = "table",
) -> None:
    """List who is away, people and whole teams, but never why.

    Example: setrota leave list --person hugo
    """
    work = open_workspace(ctx)
    handle = work.person(person)
    teams = work.roster.teams_of(handle) if handle else ()
    start, end = work.days(first or "today", to)
    found = [
        spell
        for spell in spells(work.roster, start, end)
        if handle is None or spell.person == handle or spell.team in teams
    ]
    if form == "json":
        work.invocation.answer(report.leave_document(found))
    else:
        terminal.write(report.leave_text(found, handle, start, work.day_meant(to)))


@leave.command("add")
def add_leave(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A handle or a full name.")],
    first: Annotated[str, typer.Argument(metavar="FROM", help="First day: `2027-02-08`, `today`, `next-monday`.")],
    last: Annotated[
        str | None,
        typer.Argument(
            metavar="TO", help="Last day, included. Default: FROM, or all of its week if FROM is a week (`2027-W06`)."
        ),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="A note to keep in the roster; no command shows it.")
    ] = None,
    form: FormatOption = "table",
) -> None:
    """Add leave to the roster, without touching its other lines.

    Example: setrota leave add hugo 2027-02-08 2027-02-12
    """
    work = open_workspace(ctx)
    handle = _member(work, person)
    start, stop = _days_meant(work, first, last)
    there = work.roster.people[handle].leave
    days = {day for entry in there for day in each_day(entry.start, entry.end)}
    if days.issuperset(each_day(start, stop)):
        terminal.say(f"{handle} is already away then; nothing changed")
        if form == "json":
            work.invocation.answer(report.addition_document(handle, start, stop, []))
        return
    texts = RosterTexts(work.roster_path)
    texts.add_leave(handle, [stretch(start, stop) | ({"note": note} if note else {})])
    saved = _save(work, texts, f"{handle} is away {on_days(start, stop)}", [(handle, start, stop)])
    if form == "json":
        work.invocation.answer(report.addition_document(handle, start, stop, saved))


@leave.command("import")
def import_leave(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A calendar in the iCalendar format (.ics).")],
    person: Annotated[
        str | None,
        typer.Option(
            "--person", metavar="PERSON", help="Whose calendar this is. Default: the people that its events name."
        ),
    ] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day (default: today).")] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help=f"Last day (default: {MONTHS_AHEAD} months later).")
    ] = None,
    keep_removed: Annotated[
        bool, typer.Option("--keep-removed", help="Keep leave whose event is no longer in the calendar.")
    ] = False,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    form: FormatOption = "table",
) -> None:
    """Import leave from a calendar: only days, never titles.

    Importing the same calendar again changes nothing.

    Example: setrota leave import hugo.ics --person hugo
    """
    from setrota.files.leave.calendar import LIMIT_BYTES, read_leave_calendar
    from setrota.files.leave.imports import apply_changes, leave_changes

    work = open_workspace(ctx)
    handle = _member(work, person) if person else None
    window = _window(work, first, to)
    understood = read_leave_calendar(read_given(file, LIMIT_BYTES), str(file), work.roster, window, handle)
    terminal.report_problems(understood.warnings)
    texts = RosterTexts(work.roster_path)
    changes = leave_changes(texts.leave([handle] if handle else None), understood.leave, window, understood.mark)
    if keep_removed:
        changes = [change for change in changes if change.what != "gone"]
    terminal.report_problems(report.passed_over(understood, str(file)))
    if form == "json":
        work.invocation.answer(report.import_document(changes, []))
    elif changes:
        terminal.write(report.import_table(work.roster, changes))
    apply_changes(texts, changes)
    if not texts.changed:
        terminal.say("nothing new; nothing changed")
        return
    texts.checked()
    summary = report.import_summary(changes)
    if dry_run:
        terminal.say(f"would {summary} (--dry-run); nothing changed")
        return
    confirm(f"{summary.capitalize()}?", yes)
    added = [(each.person, each.start, each.end) for each in changes if each.what != "gone"]
    saved = _save(work, texts, report.import_summary(changes, done=True), added)
    if form == "json":
        work.invocation.answer(report.import_document(changes, saved))


def _member(work: Workspace, text: str) -> str:
    """The handle of a person in the roster, the only place for leave. Raises Refused."""
    handle = work.person(text)
    if handle is None or handle not in work.roster.people:
        hint = "add them to a team first; only people in a team can have leave"
        raise Refused(Problem(f"`{handle}` is not in the roster", hint=hint, code="not-in-the-roster"))
    return handle


def _days_meant(work: Workspace, first: str, last: str | None) -> tuple[date, date]:
    start = work.day_meant(first) or work.today
    end = work.day_meant(last) or start
    if _is_week(last or first):
        # A whole week from Monday to Sunday, whatever its handover day.
        end = date.fromisocalendar(*end.isocalendar()[:2], 7)
    if _is_week(first):
        start = date.fromisocalendar(*start.isocalendar()[:2], 1)
    check_range(start, end, "leave")
    return start, end + DAY


def _is_week(text: str) -> bool:
    """Whether a DATE is written as a week, such as `2027-W06`."""
    return re.fullmatch(r"[0-9]{4}-?w[0-9]{1,2}", text.strip().lower()) is not None


def _window(work: Workspace, first: str | None, to: str | None) -> tuple[date, date]:
    """The days [start, end) of a calendar to import."""
    from dateutil.relativedelta import relativedelta

    start = work.day_meant(first) or work.today
    last = work.day_meant(to) or start + relativedelta(months=MONTHS_AHEAD)
    check_range(start, last)
    if last >= start + relativedelta(years=LONGEST_YEARS):
        message = f"the range is longer than {LONGEST_YEARS} years"
        raise Refused(Problem(message, hint="choose an earlier `--to`", code="range-too-long"))
    return start, last + DAY


def _save(work: Workspace, texts: RosterTexts, done: str, added: Sequence[tuple[str, date, date]]) -> list[Path]:
    """Save the roster, if it is still valid, and say what becomes of the leave that was added; gives the files.

    That is which duties clash with it, and which of it falls on days on which nobody serves anyway.
    """
    after = texts.checked().roster
    saved = work.write(texts.changes())
    terminal.say(f"{done}; saved {listed(map(str, saved))}")
    terminal.report_problems(report.duties_hit_by_leave(work.roster, after, work.schedule, work.day))
    terminal.report_problems(report.without_effect(after, added))
    return saved
