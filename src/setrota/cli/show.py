"""`setrota show`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from setrota.cli import options
from setrota.cli.workspace import Workspace, open_workspace, write_output
from setrota.dates.cuts import day_after, day_of
from setrota.dates.periods import WEEK
from setrota.dates.text import When
from setrota.problems import Problem, Refused, command_line
from setrota.schedule import Duty, Schedule
from setrota.schedule.openings import open_seats

if TYPE_CHECKING:
    from setrota.reports.grid import PeopleGrid

AHEAD = 13 * WEEK
"""How far ahead open seats are listed if no plan reaches further."""

FOR_PROGRAMS = ("json", "csv")
"""The formats that have the whole schedule unless a range is given."""


def show(
    ctx: typer.Context,
    first: options.FromOption = None,
    to: options.ToOption = None,
    quarter: options.QuarterOption = None,
    person: options.PersonOption = None,
    team: options.TeamOption = None,
    rotation: options.RotationOption = None,
    vacant: Annotated[
        bool, typer.Option("--open", help="Only seats that nobody has, also where people volunteer.")
    ] = False,
    grid: Annotated[bool, typer.Option("--grid", help="People x periods, a letter for each duty.")] = False,
    names: Annotated[bool, typer.Option("--names", help="Display names instead of handles.")] = False,
    form: options.TableFormatOption = "table",
    output: options.OutputOption = "-",
) -> None:
    """Show the schedule from the running periods on, or part of it.

    Without dates, tables begin with what runs now; JSON and CSV, which are for programs, have the whole schedule.

    Example: setrota show --person hugo --from 2027-01-04
    """
    from setrota.reports import duties as rows

    work = open_workspace(ctx)
    asked = _Asked(
        person=work.person(person),
        team=work.team(team),
        rotation=work.rotation(rotation),
        vacant=vacant,
        names=names,
        grid=grid,
    )
    asked.check(form)
    days = _days(work, first, to, quarter, running=not vacant and form not in FOR_PROGRAMS)
    shown = _shown(work, asked, days)
    if vacant:
        wanted = _open(work, shown, days, to or quarter, asked.rotation)
    else:
        wanted = _wanted(work, asked, shown, days.span)
    if form == "json":
        work.invocation.answer(rows.show_document(work.roster, wanted), output)
    elif form == "csv":
        periods = {} if vacant else {"period_of": work.schedule.period_of}
        write_output(rows.as_csv(work.roster, wanted, vacant=vacant, **periods), output, work.invocation)
    elif form == "markdown":
        write_output(rows.as_markdown(work.roster, wanted, vacant=vacant), output, work.invocation)
    else:
        write_output(_table(work, asked, days, shown, wanted), output, work.invocation)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What to show, and how people are called."""

    person: str | None
    team: str | None
    rotation: str | None
    vacant: bool
    names: bool
    grid: bool

    def check(self, form: str) -> None:
        """Raises Refused if two of them contradict each other."""
        contradictions = {
            "`--open` can't be combined with `--person` or `--team`: nobody has these seats": self.vacant
            and (self.person or self.team),
            "`--open` can't be combined with `--grid`, which has a row for each person": self.vacant and self.grid,
            f"`--grid` can't be combined with `--format {form}`, which has a row for each duty": self.grid
            and form in FOR_PROGRAMS,
        }
        for message, contradicts in contradictions.items():
            if contradicts:
                raise Refused(Problem(message, hint="leave one or the other out", code="conflicting-options"))

    def has(self, work: Workspace, duty: Duty) -> bool:
        """Whether a duty belongs to the people asked for."""
        mine = self.person in (None, duty.person)
        return mine and (self.team is None or bool(duty.person and self.team in work.roster.teams_of(duty.person)))


@dataclass(frozen=True, kw_only=True)
class _ShownDays:
    """The days to show: a range, what it was said to begin with, and the point of each rotation before which all is
    over. `earlier` is whether periods before it are left out only because nobody asked for them."""

    span: tuple[date, date]
    begin: When | None
    since: Mapping[str, date]
    earlier: bool


def _days(work: Workspace, first: str | None, to: str | None, quarter: str | None, *, running: bool) -> _ShownDays:
    """The range of the options; without one, if it is to be `running`, from the running periods on."""
    last = work.when(to)
    earlier = running and not (first or quarter) and (last is None or last.day >= work.today)
    begin = work.when("now" if earlier else first)
    span = work.span("now" if earlier else first, to, quarter)
    names = {*work.roster.rotations, *(crew.period.rotation for crew in work.schedule.crews)}
    # The range can start before its beginning, with an earlier period of some rotation; leave out what is over by then.
    since = {each: begin.point(work.roster, each) if begin else span[0] for each in names}
    return _ShownDays(span=span, begin=begin, since=since, earlier=earlier)


def _shown(work: Workspace, asked: _Asked, days: _ShownDays) -> Schedule:
    """The crews of the rotation asked for that aren't over."""
    crews = (crew for crew in work.schedule.crews if asked.rotation in (None, crew.period.rotation))
    return replace(
        work.schedule, crews=tuple(each for each in crews if each.period.end > days.since[each.period.rotation])
    )


def _wanted(work: Workspace, asked: _Asked, shown: Schedule, span: tuple[date, date]) -> list[Duty]:
    return [duty for crew in shown.between(*span) for duty in crew.duties() if asked.has(work, duty)]


def _table(work: Workspace, asked: _Asked, days: _ShownDays, shown: Schedule, wanted: list[Duty]) -> str:
    """The rota as tables; of some people's duties, and of open seats, a list."""
    from setrota.reports.grid.drawn import grid_text
    from setrota.reports.show import Look, duties_table, rota_table

    look = Look(names=asked.names, now=work.now, since=days.since)
    before = _earlier(work, asked, shown) if days.earlier else ""
    if not wanted:
        none = "no open seats" if asked.vacant else "no duties from now on" if before else "no duties"
        return f"{before}{none}\n"
    if asked.grid:
        return before + grid_text(work.roster, _grid(work, asked, days, shown), work.day, names=asked.names)
    if asked.person or asked.team or asked.vacant:
        return before + duties_table(work.roster, wanted, look)
    return before + rota_table(work.roster, shown, days.span, look)


def _grid(work: Workspace, asked: _Asked, days: _ShownDays, shown: Schedule) -> PeopleGrid:
    """People x periods of the part of the range that has crews."""
    from setrota.reports.grid import people_grid

    crews = shown.between(*days.span)
    start = max(days.span[0], min(day_of(crew.period.start) for crew in crews))
    end = min(days.span[1], max(day_after(crew.period.end) for crew in crews))
    return people_grid(
        work.roster,
        shown,
        max(start, min(days.since.values())),
        end,
        rotation=asked.rotation,
        team=asked.team,
        person=asked.person,
    )


def _earlier(work: Workspace, asked: _Asked, shown: Schedule) -> str:
    """The line that says that earlier duties are left out, and what shows them; empty if there are none."""
    later = {(crew.period.rotation, crew.period.start) for crew in shown.crews}
    crews = [
        crew
        for crew in work.schedule.crews
        if asked.rotation in (None, crew.period.rotation) and (crew.period.rotation, crew.period.start) not in later
    ]
    starts = [crew.period.start for crew in crews if any(asked.has(work, duty) for duty in crew.duties())]
    if not starts:
        return ""
    only = {"--person": asked.person, "--team": asked.team, "--rotation": asked.rotation}
    given = "".join(f" {command_line(name, value)}" for name, value in only.items() if value)
    day = day_of(min(starts))
    return work.invocation.complete(f"Earlier duties, from {day} on: `setrota show --from {day}{given}`\n")


def _open(work: Workspace, shown: Schedule, days: _ShownDays, end: str | None, rotation: str | None) -> list[Duty]:
    """The open seats of a range; without one, from today to the end of the plan, and for 13 weeks at least."""
    begin, span = days.begin, days.span
    start = begin.earliest(work.roster) if begin else work.today if end is None else span[0]
    last = span[1] if end is not None else max(day_after(span[1]), start + AHEAD)
    found = open_seats(work.roster, shown, start, last)
    return [duty for duty in found if rotation in (None, duty.rotation)]
