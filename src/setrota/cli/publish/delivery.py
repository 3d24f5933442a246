"""What the `publish` commands share: opening a target, `--dry-run`, and reporting the result of each call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, NoReturn

import typer

from setrota import terminal
from setrota.cli.extras import check_extra
from setrota.cli.workspace import Workspace, open_workspace
from setrota.problems import DONE, FOUND, USAGE, Problem, Refused, command_line, counted
from setrota.publish.calls import Call, CallResult, Patience, Sending, delivered
from setrota.publish.limit import LONGEST
from setrota.publish.secrets import target_section, without_secrets
from setrota.reports.now import short_of_plan
from setrota.reports.publish import ReportedCall, publish_document
from setrota.schedule.standings import standings_at

# Everything shown passes this filter, wherever it comes from: a problem, a title that a server sent, a request.
terminal.filter_output(without_secrets)

MANY = 10
"""From this many requests on, a line for each is too much to take in at a glance."""

DryRunOption = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be sent; send nothing.")]
ShortOption = Annotated[bool, typer.Option("--short", help="With `--dry-run`, show one line for each request.")]
TimeLimitOption = Annotated[
    float,
    typer.Option("--time-limit", metavar="SECONDS", min=0.1, max=LONGEST, help="How long the whole run may take."),
]


def open_target(ctx: typer.Context, target: str) -> tuple[Workspace, Mapping[str, Any]]:
    """Return what a command works on, and the roster's section for its target. Raises Refused if it can't publish."""
    work = open_workspace(ctx)
    section = target_section(work.roster, target)
    check_library()
    return work, section


def check_library() -> None:
    """Refuse to publish if the library for it isn't installed."""
    check_extra("publish", "httpx", "publishing")


def check_short(short: bool, dry_run: bool) -> None:
    """Refuse `--short` without `--dry-run`."""
    if short and not dry_run:
        hint = "add `--dry-run`, or leave `--short` out"
        raise Refused(Problem("`--short` only works with `--dry-run`", hint=hint, code="misplaced-option"))


def would_ask(question: str) -> str:
    """Return what a dry run says of a question that the run itself asks."""
    return f"without `--yes` the run asks first: {question}"


class Delivery:
    """What a `publish` command sends, or would send, and what it says about it.

    With `form` "json" it answers in JSON when it ends, and stdout has nothing else. With `short`, a dry run shows no
    contents. `options` are those that a command needs to publish the same again.
    """

    def __init__(self, work: Workspace, form: str, *, short: bool = False, options: Sequence[str] = ()) -> None:
        self._work = work
        self._invocation = work.invocation
        self._as_json = form == "json"
        self._short = short
        self._options = options
        self._shown: set[Problem] = set()
        self._given_up: dict[Problem, list[Call]] = {}
        self._would_be_sent: list[Call] = []
        self._remarks: list[str] = []
        self.results: list[CallResult] = []

    def remark(self, sentence: str) -> None:
        """Say a sentence about the whole."""
        terminal.say(sentence)
        self._remarks.append(without_secrets(sentence))

    def preview(self, calls: Iterable[Call]) -> None:
        """Show on stdout exactly what would be sent, or in short."""
        found = list(calls)
        self._would_be_sent += found
        for call in [] if self._as_json else found:
            if self._short:
                terminal.show(f"{call.description} ({call.method})")
            else:
                terminal.show(f"# {call.description}")
                terminal.write(f"{call.shown()}\n\n")
        self.remark(f"nothing was sent; {counted(len(found), 'request')} would be" if found else "nothing to send")
        if len(found) > MANY and not (self._short or self._as_json):
            terminal.say("`--short` shows one line for each")

    def send(self, sendings: Iterable[Sending], patience: Patience | None = None, at_once: int = 1) -> list[CallResult]:
        """Send every call, as `delivered` does, report the result of each, and return the results."""
        results: list[CallResult] = []
        try:
            for result in delivered(sendings, patience, at_once):
                results.append(result)
                self.results.append(result)
                self._report(result)
        finally:
            if any(result.problem is None and not result.already_done for result in results):
                self._note()
        return results

    def _note(self) -> None:
        """Note that something was published, for `setrota undo` to say."""
        command = command_line("setrota", *(self._invocation.command or "").split(), *self._options)
        self._work.history.note_publication(command, self._work.now)

    def add_failures(self, failures: Sequence[CallResult]) -> None:
        """Report calls that failed before anything could be sent, each problem once."""
        self.results += failures
        for each in failures:
            if each.problem and each.given_up:
                self._given_up.setdefault(each.problem, []).append(each.call)
            elif each.problem and each.problem not in self._shown:
                self._shown.add(each.problem)
                terminal.report_problems([each.problem])

    def _report(self, result: CallResult) -> None:
        """Report a result: each problem in full once; the calls that were given up are counted in the end."""
        problem, what = result.problem, result.call.description
        if problem is None:
            terminal.say(f"{'done before' if result.already_done else 'done'}: {what}")
        elif result.given_up:
            self._given_up.setdefault(problem, []).append(result.call)
        elif problem in self._shown:
            terminal.say(f"failed: {what} [{problem.code}]")
        else:
            self._shown.add(problem)
            terminal.report_problems([replace(problem, message=f"{what}: {problem.message}")])

    def _report_given_up(self) -> None:
        """Report what wasn't sent because of what had happened to other calls, in one sentence for each reason."""
        hints = {shown.hint for shown in self._shown}
        for problem, calls in self._given_up.items():
            what = f"{len(calls)} requests" if len(calls) > 1 else calls[0].description
            hint = None if problem.hint in hints else problem.hint
            terminal.report_problems([replace(problem, message=f"{what}: {problem.message}", hint=hint)])
        self._given_up.clear()

    def summarize(self) -> None:
        """Say if there was nothing to send, and how much of it failed."""
        self._report_given_up()
        if not self.results:
            self.remark("nothing to send: everything is up to date")
        given_up = sum(result.given_up for result in self.results)
        failed = sum(result.problem is not None for result in self.results) - given_up
        total = counted(len(self.results), "request")
        # What was refused is refused again: the error says what to do first.
        again = "" if any(result.unwelcome for result in self.results) else "; run it again to send the rest"
        if failed:
            more = f" and {given_up} {'was' if given_up == 1 else 'were'} not sent" if given_up else ""
            self.remark(f"{failed} of {total} failed{more}{again}")
        elif given_up:
            self.remark(f"{given_up} of {total} {'was' if given_up == 1 else 'were'} not sent{again}")
        elif len(self.results) > MANY:
            self.remark(f"{total} done")

    def end(self, done: int = DONE) -> NoReturn:
        """Answer, and end the command: with USAGE if a call failed, else with `done`."""
        self._report_given_up()
        if self._as_json:
            self._invocation.answer(publish_document(self._reported(), self._remarks))
        raise typer.Exit(USAGE if any(result.problem for result in self.results) else done)

    def _reported(self) -> list[ReportedCall]:
        return [*map(_sent, self.results), *(replace(_reported(call), dry=True) for call in self._would_be_sent)]


def _reported(call: Call) -> ReportedCall:
    return ReportedCall(
        description=without_secrets(call.description), method=call.method, url=without_secrets(call.url)
    )


def _sent(result: CallResult) -> ReportedCall:
    code = result.problem.code if result.problem else None
    return replace(_reported(result.call), already_done=result.already_done, given_up=result.given_up, code=code)


def crew_status(work: Workspace, moment: datetime) -> int:
    """Return the exit status if nothing failed: FOUND, with a warning, if a rotation that is served has no crew."""
    idle = [each for each in standings_at(work.roster, work.schedule, moment) if each.is_hole]
    terminal.report_problems(short_of_plan(idle, work.date_of(moment)))
    return FOUND if idle else DONE
