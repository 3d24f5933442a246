"""Command lines that can't be parsed, as problems in our own words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import typer

from setrota.problems import Problem, did_you_mean, listed_quotes


def usage_problem(error: typer.TyperException, command: str, commands: Iterable[str]) -> Problem | None:
    """What is wrong with the command line of a command, and what to type instead; None if Typer showed help for it.

    Typer names the kinds of such errors only in a private module, so they are told apart by what they carry.
    """
    see, context = f"{command} --help", getattr(error, "ctx", None)
    if (option := getattr(error, "option_name", None)) is not None:
        if not error.message.startswith("No such option"):
            return Problem(f"`{option}` needs a value", hint=see, code="missing-value")
        known = [name for each in context.command.params for name in each.opts] if context else []
        hint = did_you_mean(option, known) or see
        return Problem(f"`{command}` has no option `{option}`", hint=hint, code="unknown-option")
    if hasattr(error, "param_type"):
        return Problem(f"`{command}` needs {_shown(error)}", hint=see, code="missing-argument")
    if hasattr(error, "param"):
        return Problem(f"{_shown(error)} {_fault(error)}", hint=see, code="wrong-value")
    if found := re.match(r"No such command '(.*)'\.", error.message):
        hint = did_you_mean(found[1], context.command.list_commands(context) if context else commands) or see
        return Problem(f"there is no command `{command} {found[1]}`", hint=hint, code="unknown-command")
    if found := re.match(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", error.message):
        words = listed_quotes(found[1].split())
        return Problem(f"`{command}` takes no further argument, but got {words}", hint=see, code="extra-argument")
    return Problem(error.message, hint=see, code="wrong-usage") if error.message else None


def _shown(error: Any) -> str:
    """An option as it is typed, or an argument as the help shows it."""
    param = error.param
    if param is None:
        return "a value"
    return f"`{param.metavar or param.name}`" if param.param_type_name == "argument" else f"`{param.opts[0]}`"


def _fault(error: Any) -> str:
    """What is wrong with a value: what the choices or the limits are, and what was given instead."""
    desc, message = error.param and error.param.type_descriptor, error.message.removeprefix("Value error, ")
    if desc and desc.is_choice:
        value = message.partition(" is not one of ")[0].strip("'")
        return f"must be {listed_quotes(map(str, desc.choices), 'or')}, not `{value}`"
    return f"{message[0].lower()}{message[1:]}".replace("input should be", "must be")
