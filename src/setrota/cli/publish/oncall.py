"""`setrota publish oncall`: the services that page page whom the schedule says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from setrota import console
from setrota.cli.oncall import ServiceOption, services_meant, wanted_by
from setrota.cli.options import RosterOption, ScheduleOption
from setrota.cli.publish.delivery import deliver, end, insist_on_extra, show_calls, warn_in_the_clear
from setrota.cli.workspace import Workspace, open_workspace
from setrota.export.oncall.overrides import Override
from setrota.problems import DONE, FOUND, Problem, Refused, counted
from setrota.publishing.calls import Call, Outcome

if TYPE_CHECKING:
    from setrota.publishing.oncall.ledger import Ledger
    from setrota.publishing.oncall.pager import Pager
    from setrota.publishing.oncall.steps import Comparison


def oncall(
    ctx: typer.Context,
    service: ServiceOption = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day (default: now).")] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Last day (default: as far as the plan reaches).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, send nothing.")] = False,
    roster: RosterOption = None,
    schedule: ScheduleOption = None,
) -> None:
    """Make a service's overrides say what the schedule says; those that other people made stay."""
    work = open_workspace(ctx, roster, schedule)
    services = services_meant(work, service)
    insist_on_extra()
    from setrota.publishing.oncall.ledger import ledger_path, read_ledger
    from setrota.publishing.oncall.services import open_pager

    if not any(crew.period.end > work.day for crew in work.schedule.crews):
        raise Refused(Problem("nothing is planned from now on, so nothing was sent", hint="setrota plan"))
    window = _window(work, first, to)
    wanted: dict[str, list[Override]] = {each: wanted_by(work, each).overrides for each in services}
    ledger = read_ledger(ledger_path(work.schedule_path))
    pagers = [open_pager(work.roster, each, work.roster_path.parent) for each in services]
    outcomes: list[Outcome] = []
    others = 0
    for pager in pagers:
        found, in_the_way = _publish(work, pager, wanted[pager.service], ledger, window, dry_run)
        outcomes += found
        others += in_the_way
    if others:
        console.say(f"{counted(others, 'override')} of somebody else's {'is' if others == 1 else 'are'} in the way")
    if others and not outcomes:
        raise typer.Exit(FOUND)
    if outcomes or not dry_run:
        end(outcomes, FOUND if others else DONE)


def _window(work: Workspace, first: str | None, to: str | None) -> tuple[datetime, datetime]:
    """From the handover on the first day to that after the last one, in UTC."""
    start, end = work.days(first, to)
    return _handover(work, start), _handover(work, end)


def _handover(work: Workspace, day: date) -> datetime:
    if day in (date.min, date.max):
        return datetime.combine(day, datetime.min.time(), tzinfo=UTC)
    return datetime.combine(day, work.roster.handover.time, tzinfo=work.roster.zone).astimezone(UTC)


def _publish(
    work: Workspace,
    pager: Pager,
    overrides: list[Override],
    ledger: Ledger,
    window: tuple[datetime, datetime],
    dry_run: bool,
) -> tuple[list[Outcome], int]:
    """What came of each call to a service, and how many overrides of others stand in the way."""
    warn_in_the_clear(f"publish.{pager.service}.url", pager.values.get("url", ""))
    with pager.client:
        outcomes, comparisons = _compare(work, pager, overrides, ledger, window)
        others = sum(_tell_of_others(pager, each) for each in comparisons)
        if dry_run:
            show_calls(step.call for each in comparisons for step in each.steps)
            return outcomes, others
        try:
            for each in comparisons:
                for step in each.steps:
                    outcomes += deliver([(step.call, partial(each.send, step))])
        finally:
            if ledger.save(work.now):
                console.say(f"wrote {ledger.path}, which says what setrota made there")
    return outcomes, others


def _compare(
    work: Workspace,
    pager: Pager,
    overrides: list[Override],
    ledger: Ledger,
    window: tuple[datetime, datetime],
) -> tuple[list[Outcome], list[Comparison]]:
    """Every schedule of a service beside what it should be; those that can't be read, as failures."""
    from setrota.publishing.client import Failed
    from setrota.publishing.oncall.steps import compared

    failures: list[Outcome] = []
    found: list[Comparison] = []
    for schedule in dict.fromkeys(pager.values["schedules"].values()):
        noted = {} if pager.marks_own else ledger.of(pager.service, schedule)
        wanted = [each for each in overrides if each.schedule == schedule]
        try:
            found.append(compared(pager, schedule, wanted, noted, work.now, window))
        except Failed as failed:
            asked = Call(f"overrides of {pager.seat(schedule)}", "GET", pager.url(schedule))
            failures.append(Outcome(asked, problem=failed.problem))
    # One token for all: what is wrong with it is said once.
    console.tell(dict.fromkeys(outcome.problem for outcome in failures if outcome.problem))
    return failures, found


def _tell_of_others(pager: Pager, comparison: Comparison) -> int:
    """Say which overrides of other people page somebody else than the schedule says; tells how many."""
    hint = "is it meant? tell the rota, with `setrota cover` or `setrota swap`; otherwise delete it there"
    for each in comparison.in_the_way:
        message = f"{pager.name} has an override that setrota didn't make: {pager.told(comparison.schedule, each)}"
        if comparison.covers(each):
            message += "; a new one goes on top of it"
        console.tell([Problem(message, hint=hint, severity="warning")])
    return len(comparison.in_the_way)
