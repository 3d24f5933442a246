"""Makes `words.tsv`, the list of all commands and options that completion reads instead of the commands themselves.

A test holds that it is up to date; after a change of a command, `RENEW` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

RENEW = "PYTHONPATH=src python -m setrota.cli.completion.listing > src/setrota/cli/completion/words.tsv"


def listing() -> str:
    """A line for each command, argument and option: the command, what to type, and its help, with tabs between them.

    What to type is nothing for the command itself, `PERSON` or, if there may be several, `COMMAND...` for an argument,
    and `--output -o FILE` for an option: all its names and what its value is, or the choices (`table|json`).
    """
    import typer

    from setrota.cli.app import app

    lines = [*_lines(typer.main.get_command(app), "")]
    common = {typed for path, typed, _ in lines if not path} - {""}
    kept = [each for each in lines if not each[0] or each[1].split(" -h")[0] not in {*common, "--help"}]
    return "".join("\t".join(each) + "\n" for each in kept)


def _lines(command: Any, path: str) -> Iterator[tuple[str, str, str]]:
    context = command.make_context("setrota", [], resilient_parsing=True)
    yield path, "", command.get_short_help_str(limit=200)
    for each in command.get_params(context):
        if not each.hidden:
            yield path, _typed(each), " ".join((each.help or "").split())
    if hasattr(command, "list_commands"):
        for name in command.list_commands(context):
            yield from _lines(command.get_command(context, name), f"{path} {name}".strip())


def _typed(param: Any) -> str:
    kind = param.type_descriptor
    value = "|".join(map(str, kind.choices)) if kind.is_choice else param.metavar or ""
    if param.param_type_name == "argument":
        return f"{value.strip('[]')}{'...' if param.nargs == -1 else ''}"
    names = sorted(param.opts, key=len, reverse=True)
    return " ".join([*names, *([] if param.is_flag else [value])])


if __name__ == "__main__":
    print(listing(), end="")
