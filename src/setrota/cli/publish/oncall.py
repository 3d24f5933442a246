"""`setrota publish oncall`: the services that page page whom the schedule says."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from setrota import terminal
from setrota.cli.consent import confirm
from setrota.cli.oncall import ServiceOption, services_meant, wanted_by
from setrota.cli.publish.delivery import DryRunOption, deliver, end, insist_on_extra, show_calls, warn_in_the_clear
from setrota.cli.workspace import Workspace, open_workspace
from setrota.export.oncall.overrides import Override
from setrota.export.oncall.requests import service_name
from setrota.problems import DONE, FOUND, Place, Problem, Refused, counted
from setrota.publish.calls import Call, Outcome

if TYPE_CHECKING:
    from setrota.publish.oncall.comparison import Clock, Comparison
    from setrota.publish.oncall.ledger import Ledger
    from setrota.publish.oncall.visits import Visit


def oncall(
    ctx: typer.Context,
    service: ServiceOption = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day (default: now).")] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Last day (default: as far as the plan reaches).")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Don't ask before most of the rota's overrides are deleted.")
    ] = False,
    dry_run: DryRunOption = False,
) -> None:
    """Make a service's overrides say what the schedule says; those that other people made stay."""
    work = open_workspace(ctx)
    clock = _clock(work)
    services = services_meant(work, service)
    insist_on_extra()
    from setrota.publish.oncall.ledger import alone_with, ledger_path, read_ledger
    from setrota.publish.oncall.services import open_pager
    from setrota.publish.oncall.visits import visited

    if not any(crew.period.end > work.day for crew in work.schedule.crews):
        raise Refused(Problem("nothing is planned from now on, so nothing was sent", hint="setrota plan"))
    window = _window(work, first, to)
    wanted: dict[str, list[Override]] = {each: wanted_by(work, each).overrides for each in services}
    path = ledger_path(work.schedule_path)
    with ExitStack() as held:
        if not dry_run:
            held.enter_context(alone_with(path))
        ledger = read_ledger(path)
        pagers = []
        for each in services:
            pagers.append(open_pager(work.roster, each, work.roster_path.parent))
            held.enter_context(pagers[-1].client)
        _tell_of_services_left(work, ledger)
        visits = []
        for pager in pagers:
            warn_in_the_clear(f"publish.{pager.service}.url", pager.values.get("url", ""))
            visits.append(visited(pager, wanted[pager.service], ledger, clock, window))
            _tell_of_failures(visits[-1])
        others = sum(_tell_of_others(comparison) for visit in visits for comparison in visit.comparisons)
        outcomes = [outcome for visit in visits for outcome in visit.failures]
        if dry_run:
            show_calls(call for visit in visits for call in visit.calls())
        else:
            _insist_on_sense(visits, yes)
            for visit in visits:
                outcomes += _sent(work, visit, ledger)
    if others:
        terminal.say(f"{counted(others, 'override')} of somebody else's {'is' if others == 1 else 'are'} in the way")
    if others and not outcomes:
        raise typer.Exit(FOUND)
    if outcomes or not dry_run:
        end(outcomes, FOUND if others else DONE)


def _clock(work: Workspace) -> Clock:
    """The time goes on while services are slow."""
    began = monotonic()
    return lambda: work.now.astimezone(UTC) + timedelta(seconds=monotonic() - began)


def _window(work: Workspace, first: str | None, to: str | None) -> tuple[datetime, datetime]:
    """From the handover on the first day to that after the last one, in UTC."""
    start, end = work.days(first, to)
    return _handover(work, start), _handover(work, end)


def _handover(work: Workspace, day: date) -> datetime:
    if day in (date.min, date.max):
        return datetime.combine(day, datetime.min.time(), tzinfo=UTC)
    return datetime.combine(day, work.roster.handover.time, tzinfo=work.roster.zone).astimezone(UTC)


def _insist_on_sense(visits: Sequence[Visit], yes: bool) -> None:
    """Don't take most overrides away because a schedule, or what the roster says of it, is another one."""
    for visit in visits:
        if visit.lost * 2 > visit.own:
            question = (
                f"Delete {visit.lost} of the rota's {counted(visit.own, 'override')}, with nothing in their place,"
            )
            confirm(f"{question} in {visit.pager.name}?", yes, verb="delete", done="sent")


def _sent(work: Workspace, visit: Visit, ledger: Ledger) -> list[Outcome]:
    """What came of each call to a service; what it made is noted whatever happens."""
    outcomes: list[Outcome] = []
    try:
        if visit.makes:
            ledger.insist_on_pen(work.now)
    except Refused as refused:
        terminal.report_problems(refused.problems)
        unsent = Problem("not sent: it could not be noted")
        return [Outcome(call, problem=unsent, sent=False) for call in visit.calls()]
    try:
        outcomes += deliver(visit.sendings())
    finally:
        outcomes += _noted(work, ledger)
    return outcomes


def _noted(work: Workspace, ledger: Ledger) -> list[Outcome]:
    """Write down what was made; that it can't be is an outcome, too, and holds up no other service."""
    try:
        if ledger.save(work.now):
            terminal.say(f"wrote {ledger.path}, which says what setrota made there")
    except Refused as refused:
        terminal.report_problems(refused.problems)
        return [Outcome(Call("notes", "PUT", str(ledger.path)), problem=each, sent=False) for each in refused.problems]
    return []


def _tell_of_failures(visit: Visit) -> None:
    # One token for all: what is wrong with it is said once.
    terminal.report_problems(dict.fromkeys(outcome.problem for outcome in visit.failures if outcome.problem))


def _tell_of_services_left(work: Workspace, ledger: Ledger) -> None:
    """Say where overrides go on paging that the roster no longer lets setrota take away."""
    for service, schedules in ledger.notes.items():
        count = sum(held.end > work.now for noted in schedules.values() for held in noted.values())
        if service not in work.roster.publish and count:
            name = service_name(service)
            message = f"the roster says nothing about {name} any more, where setrota left {counted(count, 'override')}"
            hint = (
                f"with `[publish.{service}]` and `schedules = {{}}` the next run takes them away; or delete them there"
            )
            terminal.report_problems([Problem(message, Place(str(ledger.path)), hint, severity="warning")])


def _tell_of_others(comparison: Comparison) -> int:
    """Say which overrides of other people are in the way, now or at the next cover; tells how many."""
    pager, schedule = comparison.pager, comparison.schedule
    hint = "is it meant? tell the rota, with `setrota cover` or `setrota swap`; otherwise delete it there"
    for each in comparison.in_the_way:
        message = f"{pager.name} has an override that setrota didn't make: {pager.told(schedule, each)}"
        if comparison.covers(each):
            message += "; a new one goes on top of it"
        terminal.report_problems([Problem(message, hint=hint, severity="warning")])
    for each in comparison.doubles:
        message = f"{pager.name} has this twice: {pager.told(schedule, each)}"
        hint = f"delete the one that setrota doesn't know, `{each.key}`: it would outlast a change"
        terminal.report_problems([Problem(message, hint=hint, severity="warning")])
    return len(comparison.in_the_way) + len(comparison.doubles)
