"""Lists the commands, finds the one that was called, and ends every run with an exit status, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from setrota import __version__, terminal
from setrota.cli.commands import Command, CommandGroup
from setrota.cli.invocation import Invocation
from setrota.cli.options import RosterOption, ScheduleOption
from setrota.problems import BUG, DONE, INTERRUPTED, USAGE, Problem, Refused

PANELS = {
    "Plan": {
        "plan": "setrota.cli.plan:plan",
        "replan": "setrota.cli.replan:replan",
        "check": "setrota.cli.check:check",
        "fairness": "setrota.cli.fairness:fairness",
        "explain": "setrota.cli.explain:explain",
        "pin": "setrota.cli.pin:pin",
        "unpin": "setrota.cli.pin:unpin",
    },
    "Day to day": {
        "now": "setrota.cli.now:now",
        "show": "setrota.cli.show:show",
        "cover": "setrota.cli.cover:cover",
        "fill": "setrota.cli.cover:fill",
        "swap": "setrota.cli.swap:swap",
        "leave": "setrota.cli.leave:leave",
        "undo": "setrota.cli.undo:undo",
        "redo": "setrota.cli.undo:redo",
    },
    "Tell people": {
        "diff": "setrota.cli.diff:diff",
        "log": "setrota.cli.log:log",
        "brief": "setrota.cli.brief:brief",
        "export": "setrota.cli.export:export",
        "publish": "setrota.cli.publish:publish",
    },
    "Set up": {
        "init": "setrota.cli.start:init",
        "import": "setrota.cli.start:imports",
        "schema": "setrota.cli.schema:schema",
        "completion": "setrota.cli.completion.command:completion",
    },
}
"""Each command's function, or the Typer app of a command with sub-commands, in the panels and order of `--help`."""

COMMANDS = {name: target for commands in PANELS.values() for name, target in commands.items()}


class LazyGroup(CommandGroup):
    """Builds a command when it is asked for, so that `now` does not wait for the others."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        # Only the names; Typer looks for commands like a mistyped one here.
        self.commands = dict.fromkeys(COMMANDS, typer.core.TyperCommand(None))

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        target = getattr(import_module(module), name)
        if not isinstance(target, typer.Typer):
            function, target = target, typer.Typer(add_completion=False)
            target.command(cmd_name)(function)
        for each in target.registered_commands:
            each.cls = Command
        command: Any = typer.main.get_command(target)
        command.name = cmd_name
        command.rich_help_panel = next(panel for panel, commands in PANELS.items() if cmd_name in commands)
        _add_options(command, [option for option in self.params if option.name in ("roster", "schedule")])
        return command


def _add_options(command: Any, options: list[Any]) -> None:
    """Let a command, or each of its sub-commands, take options that also stand before the command's name."""
    if isinstance(command, TyperGroup):
        for each in command.commands.values():
            _add_options(each, options)
    else:
        command.params += options


app = typer.Typer(
    cls=LazyGroup,
    add_completion=False,
    help="Plan on-call rotations that are as fair as possible, and see who is on duty.\n\n"
    "Start with `setrota init`. `setrota` alone says where things stand. `setrota COMMAND --help` describes a command "
    "and shows an example.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"setrota {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _given_before_the_command(
    ctx: typer.Context,
    roster: RosterOption = None,
    schedule: ScheduleOption = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Every command takes `--roster` and `--schedule` as well: see `LazyGroup.get_command`.

    Without a command, say where things stand.
    """
    if ctx.invoked_subcommand is None:
        from setrota.cli.status import status

        status(ctx)


def run() -> int:
    """Run the command that was called, and return the exit status."""
    this = Invocation(commands=COMMANDS)
    terminal.complete_commands(this.complete)
    try:
        with terminal.recorded_problems() as problems:
            status = _status(this)
            if status == INTERRUPTED:
                _report_interruption(this, problems)
        if this.wants_json(sys.argv[1:]) and (this.answered or status != DONE):
            status = _answered(this, status, problems)
        # Here, not when the interpreter ends, so that a full disk behind stdout is noticed.
        terminal.flush()
        return status
    except KeyboardInterrupt:
        with suppress(OSError):
            _report_interruption(this, ())
        return INTERRUPTED
    except OSError as error:
        return terminal.report_os_error(error)


def _status(this: Invocation) -> int:
    """Run the command, report the error that ended it, if any, and return the exit status."""
    try:
        # Typer returns the status of an Exit, and otherwise what the command returns, which is None.
        return app(prog_name="setrota", obj=this, standalone_mode=False) or DONE
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    except typer.TyperException as error:
        return _report_usage(error)
    except Refused as refused:
        terminal.report_problems(refused.problems)
        return refused.exit_status
    except OSError as error:
        terminal.report_problems([terminal.os_problem(error)])
        return USAGE
    except Exception as error:
        return _report_bug(error)


def _report_interruption(this: Invocation, problems: Iterable[Problem]) -> None:
    """Report that Ctrl-C ended the command, and what it had saved by then, if it hasn't reported that itself."""
    if not any(each.code == "interrupted" for each in problems):
        message = f"interrupted, after {this.saved} was saved" if this.saved else "interrupted"
        terminal.report_problems([Problem(message, severity="note", code="interrupted")])


def _report_usage(error: typer.TyperException) -> int:
    from setrota.cli.usage import usage_problem

    if problem := usage_problem(error, sys.argv[1:]):
        terminal.report_problems([problem])
    return error.exit_code


def _answered(this: Invocation, status: int, problems: list[Problem]) -> int:
    try:
        return _write_answer(this, status, problems)
    except OSError:
        raise
    except Exception as error:
        return _report_bug(error)


def _write_answer(this: Invocation, status: int, problems: list[Problem]) -> int:
    """Write the envelope to `--output`, or to stdout if the command failed."""
    found = [*this.findings, *problems]
    if this.answered and this.output != "-":
        from setrota.cli.workspace import write_output

        try:
            write_output(_answer_text(this, status, found), this.output, this)
            return status
        except Refused as refused:
            terminal.report_problems(refused.problems)
            found += map(terminal.completed_problem, refused.problems)
            this.data, status = None, refused.exit_status
    terminal.write_answer(_answer_text(this, status, found))
    return status


def _answer_text(this: Invocation, status: int, found: list[Problem]) -> str:
    """The envelope without secrets, however short they are: what has a fixed vocabulary stays."""
    from setrota.reports.envelope import FIXED, envelope, json_text

    whole: Any = envelope(this.command, status, this.complete_all(this.data), found)
    parts = {key: terminal.hidden(whole[key], FIXED) for key in ("data", "problems")}
    return json_text(whole | parts) + "\n"


def _report_bug(error: Exception) -> int:
    """Write the details, without secrets, to a file, report where it is, and return the exit status of a bug."""
    import tempfile
    import traceback

    from setrota.publish.secrets import hide_environment, without_secrets

    hide_environment()
    with tempfile.NamedTemporaryFile("wb", prefix="setrota-bug-", suffix=".txt", delete=False) as file:
        head = f"setrota {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n"
        details = without_secrets(head + "".join(traceback.format_exception(error)))
        file.write(details.encode(errors="backslashreplace"))
    message = f"this is a bug in setrota: {type(error).__name__}"
    terminal.report_problems([Problem(message, hint=f"please report {file.name}", code="bug")])
    return BUG
