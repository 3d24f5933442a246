"""Commands and groups of commands, as Typer builds them: with help that shows words, not types."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from setrota.cli.invocation import invocation_of
from setrota.cli.overruns import bounded
from setrota.terminal import into_file, only_ascii

NARROW = 80
"""On a terminal of fewer columns, choices such as `<table|json|csv|markdown>` leave no room for words beside them."""

BOUNDED = ("brief", "check", "diff", "import", "leave", "log", "now")
"""Commands that take seconds for any rota, whatever they are asked. Of the others, only reading files has limits."""


class _Parsed:
    """Whatever is wrong with a command line carries the context in which it was found, also where Typer forgets it."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        parent: Any = super()
        try:
            return parent.parse_args(ctx, args)
        except typer.TyperException as error:
            vars(error)["ctx"] = ctx
            raise


class Command(_Parsed, TyperCommand):
    """A command whose usage line reads `setrota swap [OPTIONS] PERSON [DATE]`."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        rest = super().parse_args(ctx, args)
        invocation_of(ctx).form = ctx.params.get("form", "")
        return rest

    def invoke(self, ctx: Any) -> Any:
        is_bounded = (invocation_of(ctx).command or "").split(" ")[0] in BOUNDED
        is_for_file = ctx.params.get("output") not in (None, "-")
        with bounded() if is_bounded else nullcontext(), into_file() if is_for_file else nullcontext():
            return super().invoke(ctx)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _hide_types(self.get_params(ctx))
        _draw_no_boxes_in_ascii(self)
        super().format_help(ctx, formatter)


class CommandGroup(_Parsed, TyperGroup):
    """A group of commands that notes which of them was called, such as `now` or `publish caldav`.

    `setrota help plan` means `setrota plan --help`.
    """

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] == "help":
            args = [*args[1:], "--help"]
        name, command, rest = super().resolve_command(ctx, args)
        invocation_of(ctx).command = f"{ctx.command_path} {name}".removeprefix("setrota ")
        return name, command, rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _hide_types(self.get_params(ctx))
        _draw_no_boxes_in_ascii(self)
        super().format_help(ctx, formatter)


def _hide_types(params: list[Any]) -> None:
    """Let flags and arguments stand in the help without `<bool>` and `<str>`, and put limits into words.

    Choices are still listed, on a narrow terminal behind what the option does. After the help nothing is parsed, so the
    limits themselves can go.
    """
    narrow = shutil.get_terminal_size((NARROW, 24)).columns < NARROW
    for param in params:
        if limits := _limits(param.min, param.max):
            param.help = f"{param.help} ({limits})"
            param.min = param.max = None
        if param.type_descriptor.is_choice and not narrow:
            continue
        if param.type_descriptor.is_choice:
            param.help = f"{param.help} ({', '.join(map(str, param.type_descriptor.choices))})"
            param.metavar = param.metavar or max(param.opts, key=len).lstrip("-").upper()
        if isinstance(param, TyperArgument):
            vars(param)["display_type_rich"] = _no_type
        elif param.is_flag:
            param.metavar = ""


def _draw_no_boxes_in_ascii(command: Any) -> None:
    """Where the terminal may know no lines and corners, let Typer write the help without them."""
    if only_ascii():
        command.rich_markup_mode = None


def _limits(least: float | None, most: float | None) -> str | None:
    """`1 to 156`, `at least 0.1` or `at most 4`; None without limits."""
    if least is not None and most is not None:
        return f"{least:g} to {most:g}"
    if least is not None:
        return f"at least {least:g}"
    return None if most is None else f"at most {most:g}"


def _no_type(ctx: Any) -> None:
    return None
