"""`setrota show`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from setrota.cli import options
from setrota.cli.extras import check_extra
from setrota.cli.workspace import Workspace, check_calendars, open_workspace, write_file, write_output
from setrota.dates.cuts import day_after, day_of
from setrota.dates.periods import WEEK
from setrota.dates.text import When
from setrota.problems import Problem, Refused, command_line
from setrota.schedule import Duty, Schedule
from setrota.schedule.openings import open_seats
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.grid import PeopleGrid

AHEAD = 13 * WEEK
"""How far ahead open seats are listed if no plan reaches further."""

FOR_PROGRAMS = ("json", "csv")
"""The formats that have the whole schedule unless a range is given."""

WORKBOOK = ".xlsx"
"""How the name of a file ends that is a workbook."""

DIAGRAMS = (".mmd", ".mermaid")
"""How the names of files end that hold a diagram of Mermaid and nothing else."""


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
    listed: Annotated[bool, typer.Option("--list", help="A row for each duty.")] = False,
    names: Annotated[bool, typer.Option("--names", help="Display names instead of handles.")] = False,
    form: options.ShowFormatOption = "table",
    output: options.OutputOption = "-",
) -> None:
    """Show the schedule from the running periods on, or part of it.

    Without dates, tables begin with what runs now; JSON and CSV, which are for programs, have the whole schedule.

    Example: setrota show --person hugo --from 2027-01-04
    """
    work = open_workspace(ctx)
    request = _ShowRequest(
        person=work.person(person),
        team=work.team(team),
        rotation=work.rotation(rotation),
        vacant=vacant,
        grid=grid,
        listed=listed,
        names=names,
        form=options.format_named(ctx, form, output, dict.fromkeys(DIAGRAMS, "mermaid")),
        output=output,
    )
    request.check()
    days = _days(work, first, to, quarter, running=not vacant and request.form not in FOR_PROGRAMS)
    shown = _shown(work, request, days)
    if vacant:
        wanted = _open(work, shown, days, to or quarter, request.rotation)
    else:
        wanted = _wanted(work, request, shown, days.span)
    if request.form == "json":
        from setrota.reports.duties import show_document

        work.invocation.answer(show_document(work.roster, wanted), output)
    elif request.is_workbook:
        write_file(_workbook(work, request, shown, days, work.span(first, to, quarter)), output, work.invocation)
    else:
        write_output(_text(work, request, days, shown, wanted), output, work.invocation)


def _text(work: Workspace, request: _ShowRequest, days: _ShownDays, shown: Schedule, wanted: list[Duty]) -> str:
    """The duties in any format but JSON."""
    from setrota.reports import duties as rows
    from setrota.reports.grid.markdown import grid_markdown
    from setrota.reports.mermaid import mermaid_page, mermaid_text
    from setrota.reports.show import Look

    match request.form:
        case "csv":
            periods = {} if request.vacant else {"period_of": work.schedule.period_of}
            return rows.as_csv(work.roster, wanted, vacant=request.vacant, **periods)
        case "markdown" if request.has_grid and wanted:
            return grid_markdown(work.roster, _grid(work, request, days, shown))
        case "markdown":
            return rows.as_markdown(work.roster, wanted, vacant=request.vacant)
        case "mermaid":
            drawn = mermaid_text if request.output.lower().endswith(DIAGRAMS) else mermaid_page
            return drawn(work.roster, wanted, Look(names=request.names))
        case _:
            return _table(work, request, days, shown, wanted)


@dataclass(frozen=True, kw_only=True)
class _ShowRequest:
    """What to show, and how people are called."""

    person: str | None
    team: str | None
    rotation: str | None
    vacant: bool
    grid: bool
    listed: bool
    names: bool
    form: str
    output: str

    @property
    def is_workbook(self) -> bool:
        return self.output.lower().endswith(WORKBOOK)

    def check(self) -> None:
        """Raises Refused if two of them contradict each other."""
        of_duties = self.form in FOR_PROGRAMS or self.form == "mermaid"
        contradictions = {
            "`--open` can't be combined with `--person` or `--team`: nobody has these seats": self.vacant
            and (self.person or self.team),
            "`--grid` can't be combined with `--open`: it has a row for each person": self.grid and self.vacant,
            "`--grid` can't be combined with `--list`": self.grid and self.listed,
            f"`--grid` can't be combined with `--format {self.form}`, which is about duties": self.grid and of_duties,
            "a workbook can't be combined with `--format`": self.is_workbook and self.form != "table",
            "a workbook can't be combined with `--open` or `--list`": self.is_workbook and (self.vacant or self.listed),
        }
        for message, contradicts in contradictions.items():
            if contradicts:
                raise Refused(Problem(message, hint="leave one or the other out", code="conflicting-options"))

    @property
    def has_grid(self) -> bool:
        """Whether a table is people x periods; as Markdown usually, unless it is about one person or about nobody."""
        return self.grid or (self.form == "markdown" and not (self.listed or self.vacant or self.person))

    def has(self, work: Workspace, duty: Duty) -> bool:
        """Whether a duty belongs to the people request for."""
        mine = self.person in (None, duty.person)
        return mine and (self.team is None or bool(duty.person and self.team in work.roster.teams_of(duty.person)))


@dataclass(frozen=True, kw_only=True)
class _ShownDays:
    """The days to show: a range, what it was said to begin with, and the point of each rotation before which all is
    over. `earlier` is whether periods before it are left out only because nobody request for them."""

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


def _shown(work: Workspace, request: _ShowRequest, days: _ShownDays) -> Schedule:
    """The crews of the rotation request for that aren't over."""
    crews = (crew for crew in work.schedule.crews if request.rotation in (None, crew.period.rotation))
    return replace(
        work.schedule, crews=tuple(each for each in crews if each.period.end > days.since[each.period.rotation])
    )


def _wanted(work: Workspace, request: _ShowRequest, shown: Schedule, span: tuple[date, date]) -> list[Duty]:
    return [duty for crew in shown.between(*span) for duty in crew.duties() if request.has(work, duty)]


def _table(work: Workspace, request: _ShowRequest, days: _ShownDays, shown: Schedule, wanted: list[Duty]) -> str:
    """The rota as tables; of some people's duties, and of open seats, a list."""
    from setrota.reports.grid.drawn import grid_text
    from setrota.reports.show import Look, duties_table, rota_table
    from setrota.reports.wording import NOTHING_PLANNED

    look = Look(names=request.names, now=work.now, since=days.since)
    before = _earlier(work, request, shown) if days.earlier else ""
    if not work.schedule.crews and not request.vacant:
        return f"{work.invocation.complete(NOTHING_PLANNED)}\n"
    if not wanted:
        none = "no open seats" if request.vacant else "no duties from now on" if before else "no duties"
        return f"{before}{none}\n"
    if request.has_grid:
        return before + grid_text(work.roster, _grid(work, request, days, shown), work.day, names=request.names)
    if request.person or request.team or request.vacant or request.listed:
        return before + duties_table(work.roster, wanted, look)
    return before + rota_table(work.roster, shown, days.span, look)


def _workbook(
    work: Workspace, request: _ShowRequest, shown: Schedule, days: _ShownDays, span: tuple[date, date]
) -> bytes:
    """The grid, and how fair the rota of a range is."""
    from setrota.export.workbook import workbook
    from setrota.reports.fairness.verdict import fairness_summary

    check_extra("xlsx", "xlsxwriter", "a workbook")
    check_calendars(work)
    summary = fairness_summary(
        work.roster,
        work.schedule,
        *span,
        person=request.person,
        team=request.team,
        rotation=request.rotation,
    )
    return workbook(work.roster, _grid(work, request, days, shown), summary)


def _grid(work: Workspace, request: _ShowRequest, days: _ShownDays, shown: Schedule) -> PeopleGrid:
    """People x periods of the part of the range that has crews."""
    from setrota.reports.grid import people_grid

    crews = shown.between(*days.span)
    start = max(days.span[0], min((day_of(crew.period.start) for crew in crews), default=days.span[0]))
    end = min(days.span[1], max((day_after(crew.period.end) for crew in crews), default=days.span[1]))
    return people_grid(
        work.roster,
        shown,
        max(start, min(days.since.values())),
        end,
        rotation=request.rotation,
        team=request.team,
        person=request.person,
    )


def _earlier(work: Workspace, request: _ShowRequest, shown: Schedule) -> str:
    """The line that says that earlier duties are left out, and what shows them; empty if there are none."""
    later = {(crew.period.rotation, crew.period.start) for crew in shown.crews}
    crews = [
        crew
        for crew in work.schedule.crews
        if request.rotation in (None, crew.period.rotation) and (crew.period.rotation, crew.period.start) not in later
    ]
    starts = [crew.period.start for crew in crews if any(request.has(work, duty) for duty in crew.duties())]
    if not starts:
        return ""
    only = {"--person": request.person, "--team": request.team, "--rotation": request.rotation}
    given = "".join(f" {command_line(name, value)}" for name, value in only.items() if value)
    day = day_of(min(starts))
    line = work.invocation.complete(f"Earlier duties, from {day} on: `setrota show --from {day}{given}`")
    return f"{folded(line, '  ')}\n"


def _open(work: Workspace, shown: Schedule, days: _ShownDays, end: str | None, rotation: str | None) -> list[Duty]:
    """The open seats of a range; without one, from today to the end of the plan, and for 13 weeks at least."""
    begin, span = days.begin, days.span
    start = begin.earliest(work.roster) if begin else work.today if end is None else span[0]
    last = span[1] if end is not None else max(day_after(span[1]), start + AHEAD)
    found = open_seats(work.roster, shown, start, last)
    return [duty for duty in found if rotation in (None, duty.rotation)]
