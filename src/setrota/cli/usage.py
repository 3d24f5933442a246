"""Command lines that can't be parsed, as problems in our own words.

Typer names the kinds of such errors only in a private module, so this module tells them apart by their attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import typer

from setrota.cli.invocation import asks_for_json
from setrota.problems import Problem, command_line, counted, did_you_mean, listed, listed_quotes, nearest

WITHOUT_JSON = ("init", "export", "schema", "completion")
"""Commands whose output is a format of its own."""

SHORT, LIKENESS = 5, 0.65
"""Among words of up to so many letters, many look alike by chance; and how alike a word that is meant must be."""

_DELIBERATE = ("--force", "--yes")
"""Options that break a rule or skip a question: no hint proposes them in place of what was typed."""

_OTHER_COMMANDS = {
    ("setrota publish", "slack"): "`setrota publish webhook` posts to Slack",
    ("setrota publish", "pagerduty"): "`setrota publish oncall --service pagerduty` updates PagerDuty",
    ("setrota publish", "opsgenie"): "`setrota publish oncall --service opsgenie` updates Opsgenie",
    ("setrota publish", "jira"): "`setrota publish oncall --service jira` updates Jira Service Management",
    ("setrota publish", "calendar"): "`setrota publish caldav` updates a calendar on a server",
    ("setrota publish", "ics"): "`setrota publish caldav` updates a calendar on a server",
    ("setrota import", "ics"): "`setrota leave import FILE` imports leave from a calendar",
    ("setrota import", "leave"): "`setrota leave import FILE` imports leave from a calendar",
}
"""The command to use instead of one that does not exist, by its group and name."""


def usage_problem(error: typer.TyperException, arguments: Sequence[str]) -> Problem | None:
    """What is wrong with a command line and what to type instead; None if Typer showed help for it."""
    context: Any = vars(error)["ctx"]
    if hasattr(error, "param_type"):
        return _missing_argument(error, context)
    if not error.message:
        return None
    if hasattr(error, "option_name"):
        return _option_problem(str(error.option_name), context, arguments)
    if hasattr(error, "param"):
        return _value_problem(error, _see(context))
    if hasattr(context.command, "list_commands"):
        return _command_problem(error, context, arguments)
    return _extra_argument(error, context)


def _see(context: Any) -> str:
    return f"`{context.command_path} --help` shows how to use it"


def _option_problem(name: str, context: Any, arguments: Sequence[str]) -> Problem:
    options = {name: each for each in context.command.get_params(context) for name in each.opts if name[0] == "-"}
    path, option = context.command_path, options.get(name)
    if option is not None and option.is_flag:
        return Problem(f"`{name}` takes no value", hint=f"write `{name}` alone", code="unexpected-value")
    if option is not None:
        kind = option.type_descriptor
        value = "|".join(map(str, kind.choices)) if kind.is_choice else option.metavar
        return Problem(f"`{name}` needs a value", hint=f"write `{name} {value}`", code="missing-value")
    if line := _option_after_command(name, context, arguments):
        message = f"`{name}` must come after the name of the command"
        return Problem(message, hint=f"`{command_line('setrota', *line)}`", code="option-before-command")
    command = path.removeprefix("setrota ")
    if name == "--format" and command in WITHOUT_JSON and asks_for_json(arguments):
        return without_json(command, "leave `--format json` out")
    hint = _option_hint(name, options) or _see(context)
    return Problem(f"`{path}` has no option `{name}`", hint=hint, code="unknown-option")


def without_json(command: str, hint: str) -> Problem:
    """The problem with asking for the JSON of a command that has none."""
    message = f"`setrota {command}` has no `--format json`: what it writes is a format of its own"
    return Problem(message, hint=hint, code="no-json")


def _option_hint(name: str, options: Iterable[str]) -> str | None:
    """A hint that names the option meant: the only one that begins like this, or one with nearly these letters."""
    known = [each for each in options if each.startswith("--") and each not in _DELIBERATE]
    begun = [each for each in known if each.startswith(name)] if len(name) > len("--n") else []
    if len(begun) == 1:
        return f"did you mean `{begun[0]}`?"
    meant = _meant(name.lstrip("-"), (each.lstrip("-") for each in known))
    return f"did you mean `--{meant}`?" if meant else None


def _meant(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to one that was typed. A short word is only meant by one of about its length."""
    if len(word) <= SHORT:
        known = [each for each in known if abs(len(each) - len(word)) < 2]
    return nearest(word, known, LIKENESS)


def _option_after_command(name: str, context: Any, arguments: Sequence[str]) -> list[str] | None:
    """The command line with the option moved after its command; None if no command takes it."""
    groups = context.command_path.split()[1:]
    rest = list(arguments)
    for word in groups:
        rest.remove(word)
    known = context.command.list_commands(context) if hasattr(context.command, "list_commands") else ()
    for word in rest:
        command = context.command.get_command(context, word) if word in known else None
        if command is not None and any(name in each.opts for each in command.params):
            rest.remove(word)
            return [*groups, word, *rest]
    return None


def _missing_argument(error: Any, context: Any) -> Problem:
    """Every argument that is missing, not just the first."""
    arguments = [each for each in context.command.params if each.param_type_name == "argument" and each.required]
    missing = [_shown(each) for each in arguments[arguments.index(error.param) :]]
    message = f"`{context.command_path}` needs {listed(missing)}"
    return Problem(message, hint=_see(context), code="missing-argument")


def _shown(param: Any) -> str:
    """An option as it is typed, or an argument as the help shows it."""
    return f"`{param.metavar or param.name}`" if param.param_type_name == "argument" else f"`{param.opts[0]}`"


def _value_problem(error: Any, see: str) -> Problem:
    """A value that isn't one of the choices, no number, or beyond the limits."""
    kind = error.param.type_descriptor
    fault = error.__cause__.errors()[0]
    name, value, limits = _shown(error.param), fault["input"], fault.get("ctx", {})
    if kind.is_choice:
        message = f"{name} must be {listed_quotes(map(str, kind.choices), 'or')}, not `{value}`"
        return Problem(message, hint=did_you_mean(str(value), map(str, kind.choices)) or see, code="unknown-choice")
    if "le" in limits:
        return Problem(f"{name} must be at most {limits['le']:g}, not {value}", hint=see, code="out-of-range")
    if "ge" in limits:
        return Problem(f"{name} must be at least {limits['ge']:g}, not {value}", hint=see, code="out-of-range")
    number = "a whole number" if fault["type"].startswith("int") else "a number"
    given = f"`{value}`" if value else "empty"
    return Problem(f"{name} must be {number}, not {given}", hint=see, code="not-a-number")


def _command_problem(error: Any, context: Any, arguments: Sequence[str]) -> Problem:
    path, commands = context.command_path, context.command.list_commands(context)
    found = re.match(r"No such command '(.*)'\.", error.message)
    if found is None:
        hint = f"`{path} --help` lists the commands"
        return Problem(f"`{path}` needs the name of a command", hint=hint, code="missing-command")
    hint = _command_hint(found[1], path, commands, arguments) or f"`{path} --help` lists the commands"
    return Problem(f"`{path}` has no command `{found[1]}`", hint=hint, code="unknown-command")


def _command_hint(word: str, path: str, commands: Iterable[str], arguments: Sequence[str]) -> str | None:
    """A hint that names the command meant."""
    if other := _OTHER_COMMANDS.get((path, word.lower())):
        return other
    if path == "setrota import" and "." in word and word in arguments:
        position = arguments.index(word)
        return f"`{command_line('setrota', *arguments[:position], 'csv', *arguments[position:])}`"
    meant = _meant(word, commands)
    return f"did you mean `{meant}`?" if meant else None


def _extra_argument(error: Any, context: Any) -> Problem:
    extra = error.message.partition("(s) (")[2].removesuffix(")")
    most = sum(each.param_type_name == "argument" for each in context.command.params)
    takes = f"at most {counted(most, 'argument')}" if most else "no arguments"
    given = f"`{extra}`" if extra else "an empty one"
    message = f"`{context.command_path}` takes {takes}, but got {given}{' as well' if most else ''}"
    return Problem(message, hint=_see(context), code="extra-argument")
