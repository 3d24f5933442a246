"""`setrota leave`: who is away, and leave put into the roster, by hand or out of a calendar."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from setrota import terminal
from setrota.cli.commands import CommandGroup
from setrota.cli.consent import confirm
from setrota.cli.options import DryRunOption, FormatOption, YesOption
from setrota.cli.workspace import Workspace, open_workspace, read_given
from setrota.dates.availability import spells
from setrota.dates.periods import DAY, each_day
from setrota.dates.text import check_range, on_days
from setrota.files.roster.edits import RosterTexts, stretch
from setrota.problems import Problem, Refused, listed
from setrota.reports import leave as report

MONTHS_AHEAD = 18
LONGEST_YEARS = 5

leave = typer.Typer(
    cls=CommandGroup, add_completion=False, no_args_is_help=True, help="Show leave, and put it into the roster."
)


@leave.command("list")
def list_leave(
    ctx: typer.Context,
    person: Annotated[str | None, typer.Option("--person", metavar="PERSON", help="Only this person's.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day (default: today).")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day (default: none).")] = None,
    form: FormatOption = "table",
) -> None:
    """Who is away from today on, people and whole teams; never why."""
    work = open_workspace(ctx)
    handle = work.person(person)
    teams = work.roster.teams_of(handle) if handle else ()
    found = [
        spell
        for spell in spells(work.roster, *work.days(first or "today", to))
        if handle is None or spell.person == handle or spell.team in teams
    ]
    if form == "json":
        work.invocation.answer(report.leave_document(found))
    else:
        terminal.write(report.leave_text(found))


@leave.command("add")
def add_leave(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A handle or a whole name.")],
    first: Annotated[str, typer.Argument(metavar="FROM", help="First day: `2027-02-08`, `today`, `next-monday`.")],
    last: Annotated[
        str | None,
        typer.Argument(metavar="TO", help="Last day, included; without it one day, or the whole week of `2027-W06`."),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="Kept in the roster, and shown nowhere.")
    ] = None,
) -> None:
    """Put leave into the roster; every other line of it stays as it is."""
    work = open_workspace(ctx)
    handle = _member(work, person)
    start, stop = _days_meant(work, first, last)
    there = work.roster.people[handle].leave
    days = {day for entry in there for day in each_day(entry.start, entry.end)}
    if days.issuperset(each_day(start, stop)):
        terminal.say(f"{handle} is away then already; nothing changed")
        return
    texts = RosterTexts(work.roster_path)
    texts.add_leave(handle, [stretch(start, stop) | ({"note": note} if note else {})])
    _save(work, texts, f"{handle} is away {on_days(start, stop)}")


@leave.command("import")
def import_leave(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A calendar, as iCalendar (.ics).")],
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="PERSON", help="Whose calendar it is; without it, whom its events name."),
    ] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day (default: today).")] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help=f"Last day (default: {MONTHS_AHEAD} months later).")
    ] = None,
    keep_removed: Annotated[
        bool, typer.Option("--keep-removed", help="Keep leave whose events the calendar no longer has.")
    ] = False,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Take leave over out of a calendar: the days, never what the events are called. Again changes nothing."""
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
    if changes:
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
    _save(work, texts, f"{summary}: done")


def _member(work: Workspace, text: str) -> str:
    """Somebody of the roster; leave of others would stand nowhere."""
    handle = work.person(text)
    if handle is None or handle not in work.roster.people:
        raise Refused(Problem(f"`{handle}` is not in the roster", hint="leave belongs to people who are in a team"))
    return handle


def _days_meant(work: Workspace, first: str, last: str | None) -> tuple[date, date]:
    start = work.day_meant(first) or work.today
    end = work.day_meant(last) or start
    if _is_week(last or first):
        # A week as such, whatever day it hands over on.
        end = date.fromisocalendar(*end.isocalendar()[:2], 7)
    if _is_week(first):
        start = date.fromisocalendar(*start.isocalendar()[:2], 1)
    check_range(start, end, "leave")
    return start, end + DAY


def _is_week(text: str) -> bool:
    """Whether a DATE is written as a week, `2027-W06`."""
    return re.fullmatch(r"\d{4}-?w\d{1,2}", text.strip().lower()) is not None


def _window(work: Workspace, first: str | None, to: str | None) -> tuple[date, date]:
    """The days [start, end) in which a calendar is looked at."""
    from dateutil.relativedelta import relativedelta

    start = work.day_meant(first) or work.today
    last = work.day_meant(to) or start + relativedelta(months=MONTHS_AHEAD)
    check_range(start, last)
    if last >= start + relativedelta(years=LONGEST_YEARS):
        raise Refused(Problem(f"the range is longer than {LONGEST_YEARS} years", hint="end it earlier, with `--to`"))
    return start, last + DAY


def _save(work: Workspace, texts: RosterTexts, done: str) -> None:
    """Save the roster, if it still reads as one, and say which duties the new leave hits."""
    after = texts.checked().roster
    terminal.say(f"{done}; saved {listed(map(str, texts.save()))}")
    terminal.report_problems(report.duties_hit_by_leave(work.roster, after, work.schedule, work.day))
