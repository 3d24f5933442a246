"""`setrota now` and `setrota show`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import typer

from setrota import terminal
from setrota.cli.options import (
    AtOption,
    FormatOption,
    FromOption,
    OutputOption,
    PersonOption,
    QuarterOption,
    RotationOption,
    TableFormatOption,
    TeamOption,
    ToOption,
)
from setrota.cli.workspace import Workspace, open_workspace, write_output
from setrota.problems import FOUND, Problem, counted, listed
from setrota.schedule import is_missing
from setrota.schedule.ranges import SHORT_OF_PLAN
from setrota.schedule.standings import Standing, standings_at


def now(
    ctx: typer.Context,
    at: AtOption = None,
    form: FormatOption = "table",
) -> None:
    """Say who is on duty this minute, until when, and who is next."""
    from setrota.reports.now import crew_now

    work = open_workspace(ctx)
    moment = work.moment(at)
    found = standings_at(work.roster, work.schedule, moment)
    if form == "json":
        terminal.show(json.dumps(_document(work, found), indent=2, ensure_ascii=False))
    else:
        crew_now(work.roster, moment, found)
    terminal.report_problems(short_of_plan(found, work.date_of(moment)))
    if any(not each.duties or any(is_missing(work.roster, duty) for duty in each.duties) for each in found):
        raise typer.Exit(FOUND)


def _document(work: Workspace, found: list[Standing]) -> list[dict[str, object]]:
    from setrota.reports import duties as documents

    return [
        entry | {"next": documents.entries(work.roster, [following])[0] if following else None}
        for each in found
        for duty, following in zip(each.duties, each.successors, strict=True)
        for entry in documents.entries(work.roster, [duty])
    ]


def short_of_plan(found: list[Standing], since: str) -> list[Problem]:
    """Warnings for rotations without a crew on a DATE, and for those whose plan runs out within four weeks of it."""
    return [
        *_idle([each for each in found if not each.duties], since),
        *_running_out([each for each in found if each.duties]),
    ]


def _idle(found: list[Standing], since: str) -> Iterator[Problem]:
    """One warning for all rotations without a crew: one plan is made for all of them."""
    if found:
        names = listed(f"`{each.rotation}`" for each in found)
        yield Problem(f"nobody is planned for {names}", hint=f"setrota plan --from {since}", severity="warning")


def _running_out(found: list[Standing]) -> list[Problem]:
    return [
        Problem(
            f"the plan for `{each.rotation}` ends on {each.until}, in {counted((each.until - each.day).days, 'day')}",
            hint="setrota plan",
            severity="warning",
        )
        for each in found
        if each.until - each.day < SHORT_OF_PLAN
    ]


def show(
    ctx: typer.Context,
    first: FromOption = None,
    to: ToOption = None,
    quarter: QuarterOption = None,
    person: PersonOption = None,
    team: TeamOption = None,
    rotation: RotationOption = None,
    form: TableFormatOption = "table",
    output: OutputOption = "-",
) -> None:
    """Show the schedule, or a part of it."""
    from setrota.reports import duties as documents
    from setrota.reports.show import duties, rota

    work = open_workspace(ctx)
    span = work.span(first, to, quarter)
    handle, team, rotation = work.person(person), work.team(team), work.rotation(rotation)
    # The range may begin before `--from`, where some rotation's period does; what is over by then isn't meant.
    begin = work.day_meant(first) or span[0]
    crews = [
        crew for crew in work.schedule.crews if rotation in (None, crew.period.rotation) and crew.period.end > begin
    ]
    shown = replace(work.schedule, crews=tuple(crews))
    wanted = [
        duty
        for crew in shown.between(*span)
        for duty in crew.duties()
        if (handle is None or duty.person == handle)
        and (team is None or (duty.person is not None and team in work.roster.teams_of(duty.person)))
    ]
    if form != "table":
        text = {"json": documents.as_json, "csv": documents.as_csv, "markdown": documents.as_markdown}[form]
        write_output(text(work.roster, wanted), output)
        return
    whole = handle is None and team is None
    drawn = rota(work.roster, shown, span) if whole else duties(work.roster, wanted)
    write_output(drawn if wanted else "no duties\n", output)
