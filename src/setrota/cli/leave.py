"""`setrota leave`: who is away, and leave put into the roster, by hand or out of a calendar."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from setrota import terminal
from setrota.cli.consent import confirm
from setrota.cli.options import DryRunOption, FormatOption, YesOption
from setrota.cli.workspace import Workspace, open_workspace
from setrota.dates.availability import spells
from setrota.dates.periods import DAY
from setrota.dates.text import check_range, days_text, on_days, period_name
from setrota.problems import Place, Problem, Refused, counted, listed

if TYPE_CHECKING:
    from setrota.files.leave.calendar import CalendarLeave
    from setrota.files.leave.imports import LeaveChange
    from setrota.files.roster.edits import RosterTexts
    from setrota.roster import Roster

MOST_LISTED = 10
"""More dates than this are only counted."""

MONTHS_AHEAD = 18
LONGEST_YEARS = 5

leave = typer.Typer(add_completion=False, no_args_is_help=True, help="Show leave, and put it into the roster.")


@leave.command("list")
def list_leave(
    ctx: typer.Context,
    person: Annotated[str | None, typer.Option("--person", metavar="PERSON", help="Only this person's.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day (default: today).")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day (default: none).")] = None,
    form: FormatOption = "table",
) -> None:
    """Who is away from today on, people and whole teams; never why."""
    from setrota.reports.leave import spells_table

    work = open_workspace(ctx)
    handle, last = work.person(person), work.day_meant(to)
    start = work.day_meant(first) or work.today
    if last:
        check_range(start, last)
    teams = work.roster.teams_of(handle) if handle else ()
    found = [
        spell
        for spell in spells(work.roster, start, last and last + DAY)
        if handle is None or spell.person == handle or spell.team in teams
    ]
    if form == "json":
        entries = [
            {
                "person": each.person,
                "team": each.team,
                "from": f"{each.start}",
                "to": f"{each.end - DAY}",
                "working_days": each.working_days,
                "long": each.long,
            }
            for each in found
        ]
        terminal.show(json.dumps(entries, indent=2, ensure_ascii=False))
    elif found:
        terminal.write(spells_table(found))
    else:
        terminal.show("nobody is away")


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
    from setrota.files.roster.edits import RosterTexts, stretch

    work = open_workspace(ctx)
    handle = _member(work, person)
    start, stop = _days_meant(work, first, last)
    there = work.roster.people[handle].leave
    days = {day for entry in there for day in _each_day(entry.start, entry.end)}
    if days.issuperset(_each_day(start, stop)):
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
    from setrota.files.roster.edits import RosterTexts
    from setrota.files.saving import read_bytes
    from setrota.reports.leave import import_table

    work = open_workspace(ctx)
    handle = _member(work, person) if person else None
    window = _window(work, first, to)
    content = read_bytes(file, LIMIT_BYTES)
    if content is None:
        raise Refused(Problem("there is no such file", Place(str(file))))
    understood = read_leave_calendar(content, str(file), work.roster, window, handle)
    terminal.report_problems(understood.warnings)
    texts = RosterTexts(work.roster_path)
    entries = texts.leave([handle] if handle else None)
    lines = leave_changes(entries, understood.leave, window, understood.mark)
    if keep_removed:
        lines = [line for line in lines if line.what != "gone"]
    _tell_what_was_passed_over(understood, file)
    if lines:
        terminal.write(import_table(work.roster, lines))
    apply_changes(texts, lines)
    if not texts.changed:
        terminal.say("nothing new; nothing changed")
        return
    texts.checked()
    if dry_run:
        terminal.say(f"would {_changes(lines)} (--dry-run); nothing changed")
        return
    confirm(f"{_changes(lines).capitalize()}?", yes)
    _save(work, texts, f"{_changes(lines)}: done")


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


def _each_day(start: date, end: date) -> list[date]:
    return [start + DAY * number for number in range((end - start).days)]


def _tell_what_was_passed_over(understood: CalendarLeave, file: Path) -> None:
    if days := understood.too_short:
        message = f"{counted(len(days), 'event')} shorter than half a working day, left out: {_dates(days)}"
        terminal.report_problems([Problem(message, Place(str(file)), severity="note")])
    if spans := understood.nameless:
        dates = _dates(days_text(*days) for days in spans)
        fault = "names nobody" if len(spans) == 1 else "name nobody"
        message = f"{counted(len(spans), 'event')} {fault} of the roster, left out: {dates}"
        hint = "whose calendar is it? `--person` says so" if not understood.leave else None
        terminal.report_problems([Problem(message, Place(str(file)), hint, "note")])


def _dates(days: Iterable[date | str]) -> str:
    words = [str(day) for day in days]
    rest = len(words) - MOST_LISTED
    return ", ".join(words[:MOST_LISTED]) + (f" and {rest} more" if rest > 0 else "")


def _changes(lines: Sequence[LeaveChange]) -> str:
    """`add 3, move 1, remove 1`."""
    words = {"new": "add", "moved": "move", "gone": "remove"}
    count = {word: sum(line.what == what for line in lines) for what, word in words.items()}
    return ", ".join(f"{word} {number}" for word, number in count.items() if number)


def _save(work: Workspace, texts: RosterTexts, done: str) -> None:
    """Save the roster, if it still reads as one, and say which duties the new leave hits."""
    after = texts.checked().roster
    terminal.say(f"{done}; saved {listed(map(str, texts.save()))}")
    terminal.report_problems(_hits(work, after))


def _hits(work: Workspace, after: Roster) -> list[Problem]:
    from setrota.check.findings import newly_away
    from setrota.check.fixes import REPLAN, command, cover, duties_hit

    problems = []
    for hit in newly_away(work.roster, after, work.schedule, work.day):
        [person], period = hit.people, hit.period
        leave = after.people[person].leave
        ahead = [entry for entry in leave if entry.end > max(period.start, work.day) and entry.start < period.end]
        first = min((max(entry.start, period.start, work.day) for entry in ahead), default=period.start)
        hint: str | None = f"`{REPLAN}` repairs what is still to come"
        if command(after, work.schedule, hit, work.day) != REPLAN:
            held = duties_hit(after, work.schedule, hit, work.day)
            meant = [duty for duty in held if duty.start <= first < duty.end] or list(held)
            hint = cover(work.schedule, meant[0], first) if meant else None
        message = f"{hit.message} in {period_name(period)}"
        problems.append(Problem(message, hint=hint, severity="warning"))
    return problems
