"""`setrota schema COMMAND`: what every command answers with `--format json`, and that each has it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
import typer
from answers import check_document, strict_validator
from command_line import Desk
from typer.core import TyperGroup

from setrota.cli.app import app
from setrota.cli.schema import WITHOUT_JSON
from setrota.reports.schemas import DOCUMENTS

pytestmark = pytest.mark.quick


def _commands() -> dict[str, list[str]]:
    """Every command, those of groups with their group's name, and what `--format` takes."""
    found: dict[str, list[str]] = {}
    groups: list[tuple[str, Any]] = [("", typer.main.get_command(app))]
    for prefix, group in groups:
        for name in group.list_commands(None):
            command = group.get_command(None, name)
            if isinstance(command, TyperGroup):
                groups.append((f"{name} ", command))
            else:
                forms = [each.type_descriptor.choices for each in command.params if each.name == "form"]
                found[prefix + name] = [str(form) for each in forms for form in each]
    return found


def test_every_command_but_four_answers_in_json() -> None:
    commands = _commands()
    assert {name for name, forms in commands.items() if "json" in forms} == set(DOCUMENTS)
    assert set(commands) - set(DOCUMENTS) == set(WITHOUT_JSON)


@pytest.mark.parametrize("command", DOCUMENTS)
def test_a_schema_says_all(command: str, empty: Desk) -> None:
    printed = empty.run("schema", *command.split()).at(0).out
    schema = json.loads(printed)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == f"setrota {command} --format json"
    assert schema["properties"]["command"]["const"] == command
    assert all(shape["description"] for shape in schema["$defs"].values())
    for shape in (schema, *schema["$defs"].values()):
        for key, value in shape["properties"].items():
            # What another definition describes needs no words here.
            assert "description" in value or "$ref" in value, key
            assert key in shape["required"]
    assert printed == empty.run("schema", *command.split()).at(0).out
    # Other programs must be able to read what a newer setrota adds.
    assert '"additionalProperties": false' not in printed


def test_it_is_the_same_in_another_process(empty: Desk) -> None:
    for command in ("now", "swap", "explain"):
        shown = [empty.spawn("schema", command, PYTHONHASHSEED=seed).at(0).out for seed in ("1", "2")]
        assert shown == [empty.run("schema", command).at(0).out] * 2


def test_it_goes_to_a_file(empty: Desk) -> None:
    assert empty.run("schema", "now", "--output", "now.schema.json").at(0).talk == "wrote now.schema.json\n"
    assert (empty.folder / "now.schema.json").read_text(encoding="utf-8") == empty.run("schema", "now").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nwo",), "`setrota` has no command `nwo` [unknown-command]\n  hint: did you mean `now`?"),
        (
            ("leave", "lst"),
            "`setrota` has no command `leave lst` [unknown-command]\n  hint: did you mean `leave list`?",
        ),
        (("qqqq",), "`setrota` has no command `qqqq` [unknown-command]\n  hint: `setrota --help` lists the commands"),
        (
            ("leave",),
            "`setrota leave` needs the name of a command [missing-command]\n"
            "  hint: name one of `leave list`, `leave add` or `leave import`",
        ),
        (
            ("export",),
            "`setrota export` has no `--format json`: what it writes is a format of its own [no-json]\n"
            "  hint: `setrota schema` alone is for the roster",
        ),
        (
            ("schema",),
            "`setrota schema` has no `--format json`: what it writes is a format of its own [no-json]\n"
            "  hint: `setrota schema` alone is for the roster",
        ),
    ],
)
def test_what_has_no_schema(words: tuple[str, ...], told: str, empty: Desk) -> None:
    done = empty.run("schema", *words).at(2)
    assert (done.out, done.talk) == ("", f"error: {told}\n")


# What the checks of all tests can see


def test_an_undocumented_key_is_seen(little: Desk) -> None:
    document = little.run("now", "--format", "json").at(1).document
    for place in (document, document["setrota"], document["data"], document["problems"][0]):
        place["more"] = 1
        with pytest.raises(AssertionError, match="more"):
            check_document(document)
        del place["more"]
    check_document(document)


def test_a_key_that_is_missing_or_of_another_type_is_seen(planned: Desk) -> None:
    document = planned.run("now", "--format", "json", "--at", "2027-01-12").at(0).document
    duty = document["data"]["duties"][0]
    for key, wrong in {"seat": None, "start": "2027-01-11", "end": "2027-01-11T09:00:00", "teams": "channels"}.items():
        right = duty[key]
        duty[key] = wrong
        assert not strict_validator("now").is_valid(document)
        del duty[key]
        assert not strict_validator("now").is_valid(document)
        duty[key] = right
    assert strict_validator("now").is_valid(document)
    document["data"] = []
    assert not strict_validator("now").is_valid(document)


def test_a_day_is_a_day(planned: Desk) -> None:
    document = planned.run("fairness", "--format", "json").at(0).document
    document["data"]["from"] += "T00:00"
    assert not strict_validator("fairness").is_valid(document)


def test_other_commands_do_not_wait_for_what_makes_schemas(planned: Desk) -> None:
    without = "import sys; sys.modules.update(msgspec=None); from setrota.cli import main; main()"
    for command in ("now", "now --format json"):
        done = subprocess.run(
            [sys.executable, "-c", without, *command.split(), "--at", "2027-01-12"],
            cwd=planned.folder,
            env=planned.environment(),
            capture_output=True,
            check=False,
        )
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
