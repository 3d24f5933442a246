"""`setrota publish oncall`: on-call services page the people whom the schedule has on duty."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from setrota import terminal
from setrota.cli.consent import confirm
from setrota.cli.oncall import ServiceOption, overrides_for
from setrota.cli.options import FormatOption
from setrota.cli.publish.delivery import (
    Delivery,
    DryRunOption,
    ShortOption,
    TimeLimitOption,
    check_library,
    check_short,
    would_ask,
)
from setrota.cli.workspace import Workspace, open_workspace
from setrota.export.oncall.overrides import described_services
from setrota.problems import DONE, FOUND, Problem, Refused
from setrota.publish.calls import Call, CallResult
from setrota.publish.limit import TIME_LIMIT, TimeLimit

if TYPE_CHECKING:
    from setrota.publish.oncall.ledger import Ledger
    from setrota.publish.oncall.service_update import ServiceUpdate


def oncall(
    ctx: typer.Context,
    service: ServiceOption = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day (default: now).")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day (default: the plan's end).")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Don't ask before deleting most of the rota's overrides.")
    ] = False,
    dry_run: DryRunOption = False,
    short: ShortOption = False,
    time_limit: TimeLimitOption = TIME_LIMIT,
    form: FormatOption = "table",
) -> None:
    """Bring on-call overrides in line with the schedule; overrides that other people made are left alone.

    Example: setrota publish oncall --to 2027-03-31
    """
    limit = TimeLimit(time_limit)
    check_short(short, dry_run)
    work = open_workspace(ctx)
    services = described_services(work.roster, service)
    check_library()
    from setrota.publish.oncall.ledger import ledger_path, lock_ledger, read_ledger
    from setrota.publish.oncall.schedule_update import running_clock, window_of
    from setrota.publish.oncall.service_update import others_in_the_way, plan_service_update
    from setrota.publish.oncall.services import open_pager

    if not any(crew.period.end > work.day for crew in work.schedule.crews):
        message = "nothing is planned from now on, so nothing was sent"
        raise Refused(Problem(message, hint="`setrota plan`", code="nothing-planned"))
    clock, window = running_clock(work.now), window_of(work.roster, *work.days(first, to))
    needed = {each: overrides_for(work, each) for each in services}
    delivery = Delivery(work, form, short=short, options=["--service", service] if service else [])
    path = ledger_path(work.schedule_path)
    with ExitStack() as stack:
        if not dry_run:
            stack.enter_context(lock_ledger(path))
        ledger = read_ledger(path)
        pagers = [stack.enter_context(open_pager(work.roster, each, work.roster_path, limit)) for each in services]
        terminal.report_problems(ledger.left_behind(work.roster, work.now))
        updates = []
        for pager in pagers:
            updates.append(plan_service_update(pager, needed[pager.service], ledger, clock, window))
            # All schedules share one token, so a problem with it is reported once.
            delivery.add_failures(updates[-1].failures)
        terminal.report_problems(warning for update in updates for warning in update.warnings())
        if dry_run:
            delivery.preview(call for update in updates for call in update.calls())
            for question in [] if yes else _questions(updates):
                delivery.remark(would_ask(question))
        else:
            with limit.stopped():
                _confirm(updates, yes)
            for update in updates:
                update.note_in(ledger)
            for update in updates:
                _send(delivery, update, ledger, work)
    in_the_way = others_in_the_way(updates)
    if in_the_way:
        delivery.remark(in_the_way)
    if delivery.results or not (in_the_way or dry_run):
        delivery.summarize()
    delivery.end(FOUND if in_the_way else DONE)


def _confirm(updates: list[ServiceUpdate], yes: bool) -> None:
    for question in _questions(updates):
        confirm(question, yes, verb="delete", done="sent")


def _questions(updates: list[ServiceUpdate]) -> list[str]:
    return [question for update in updates if (question := update.deletion_question())]


def _send(delivery: Delivery, update: ServiceUpdate, ledger: Ledger, work: Workspace) -> None:
    """Send a service what it lacks, and note what was created there even if something fails."""
    try:
        if update.needs_notes:
            ledger.check_writable(work.now)
    except Refused as refused:
        terminal.report_problems(refused.problems)
        delivery.results += update.unsent()
        return
    try:
        delivery.send(update.sendings(), update.patience)
    finally:
        delivery.results += _save(ledger, work)


def _save(ledger: Ledger, work: Workspace) -> list[CallResult]:
    """Write the notes. If they can't be written, that is a failed result, and other services go on."""
    try:
        if ledger.save(work.now):
            terminal.say(f"wrote {ledger.path}, the record of setrota's overrides")
    except Refused as refused:
        terminal.report_problems(refused.problems)
        call = Call(description="notes", method="PUT", url=str(ledger.path))
        return [CallResult(call=call, problem=each, sent=False) for each in refused.problems]
    return []
