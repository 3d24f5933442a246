"""Command lines that can't be parsed: what setrota says about them, in its own words."""

from __future__ import annotations

import pytest
from command_line import Desk

WRONG = [
    # Values
    ("now --format csv", "`--format` must be `table` or `json`, not `csv` [unknown-choice]", "`setrota now --help`"),
    ("now --format jsn", "`--format` must be `table` or `json`, not `jsn` [unknown-choice]", "did you mean `json`?"),
    (
        "publish oncall --service x",
        "`--service` must be `pagerduty`, `opsgenie` or `jira`, not `x` [unknown-choice]",
        "`setrota publish oncall --help`",
    ),
    ("plan --weeks 1000", "`--weeks` must be at most 156, not 1000 [out-of-range]", "`setrota plan --help`"),
    ("plan --weeks -3", "`--weeks` must be at least 1, not -3 [out-of-range]", "`setrota plan --help`"),
    ("plan --time-limit 0", "`--time-limit` must be at least 0.1, not 0 [out-of-range]", "`setrota plan --help`"),
    ("plan --time-limit nan", "`--time-limit` must be at least 0.1, not nan [out-of-range]", "`setrota plan --help`"),
    ("cover --ripple 9 ana today", "`--ripple` must be at most 4, not 9 [out-of-range]", "`setrota cover --help`"),
    ("plan --weeks abc", "`--weeks` must be a whole number, not `abc` [not-a-number]", "`setrota plan --help`"),
    ("plan --weeks=", "`--weeks` must be a whole number, not empty [not-a-number]", "`setrota plan --help`"),
    ("plan --look-ahead 2.5", "`--look-ahead` must be a whole number, not `2.5` [not-a-number]", "`setrota plan"),
    ("plan --time-limit ten", "`--time-limit` must be a number, not `ten` [not-a-number]", "`setrota plan --help`"),
    ("show --person", "`--person` needs a value [missing-value]", "write `--person PERSON`"),
    ("now --format", "`--format` needs a value [missing-value]", "write `--format table|json`"),
    ("-r", "`-r` needs a value [missing-value]", "write `-r FILE`"),
    ("plan --dry-run=yes", "`--dry-run` takes no value [unexpected-value]", "write `--dry-run` alone"),
    ("now --help=3", "`--help` takes no value [unexpected-value]", "write `--help` alone"),
    ("--version=3", "`--version` takes no value [unexpected-value]", "write `--version` alone"),
    # Arguments
    ("swap", "`setrota swap` needs `PERSON` and `DATE` [missing-argument]", "`setrota swap --help`"),
    ("pin 2027-01-11", "`setrota pin` needs `SEAT` [missing-argument]", "`setrota pin --help`"),
    ("leave add", "`setrota leave add` needs `PERSON` and `FROM` [missing-argument]", "`setrota leave add --help`"),
    ("now a b", "`setrota now` takes no arguments, but got `a b` [extra-argument]", "`setrota now --help`"),
    (
        "swap a b c d e",
        "`setrota swap` takes at most 4 arguments, but got `e` as well [extra-argument]",
        "`setrota swap --help`",
    ),
    # Options
    ("plan --week 3", "`setrota plan` has no option `--week` [unknown-option]", "did you mean `--weeks`?"),
    ("now -x", "`setrota now` has no option `-x` [unknown-option]", "`setrota now --help` shows how to use it"),
    ("--bogus now", "`setrota` has no option `--bogus` [unknown-option]", "`setrota --help`"),
    ("leave --bogus", "`setrota leave` has no option `--bogus` [unknown-option]", "`setrota leave --help`"),
    ("--person now show", "`--person` must come after the name of the command", "`setrota show --person now`"),
    (
        "--at today now",
        "`--at` must come after the name of the command [option-before-command]",
        "`setrota now --at today`",
    ),
    (
        "-r x.toml publish --dry-run mattermost",
        "`--dry-run` must come after the name of the command [option-before-command]",
        "`setrota publish mattermost -r x.toml --dry-run`",
    ),
    ("show --x x", "`setrota show` has no option `--x` [unknown-option]", "`setrota show --help`"),
    ("export --out x", "`setrota export` has no option `--out` [unknown-option]", "did you mean `--output`?"),
    ("plan --dry", "`setrota plan` has no option `--dry` [unknown-option]", "did you mean `--dry-run`?"),
    ("now --verbose", "`setrota now` has no option `--verbose` [unknown-option]", "`setrota now --help`"),
    ("plan --agian", "`setrota plan` has no option `--agian` [unknown-option]", "did you mean `--again`?"),
    ("show -person bo", "`setrota show` has no option `-p` [unknown-option]", "`setrota show --help`"),
    ("leave list --team x", "`setrota leave list` has no option `--team` [unknown-option]", "`setrota leave list --h"),
    ("log --last x", "`setrota log` has no option `--last` [unknown-option]", "`setrota log --help`"),
    ("swap --forec", "`setrota swap` has no option `--forec` [unknown-option]", "`setrota swap --help`"),
    ("cover --ye", "`setrota cover` has no option `--ye` [unknown-option]", "`setrota cover --help`"),
    ("publish caldav --yess", "`setrota publish caldav` has no option `--yess` [unknown-option]", "`setrota publish c"),
    ("plan --fast", "`setrota plan` has no option `--fast` [unknown-option]", "`setrota plan --help`"),
    ("cover ana today --to-person x", "`setrota cover` has no option `--to-person`", "`setrota cover --help`"),
    ("export --format csv", "`setrota export` has no option `--format` [unknown-option]", "`setrota export --help`"),
    # Commands
    ("swop", "`setrota` has no command `swop` [unknown-command]", "did you mean `swap`?"),
    ("nonsense", "`setrota` has no command `nonsense` [unknown-command]", "`setrota --help` lists the commands"),
    ("leave lits", "`setrota leave` has no command `lits` [unknown-command]", "did you mean `list`?"),
    ("import xlsx a", "`setrota import` has no command `xlsx` [unknown-command]", "`setrota import --help` lists"),
    ("-r x.toml", "x.toml: there is no such file [no-roster]", "`setrota init --roster x.toml` writes a roster"),
    ("leave --", "`setrota leave` needs the name of a command [missing-command]", "`setrota leave --help` lists"),
    ("nwo", "`setrota` has no command `nwo` [unknown-command]", "did you mean `now`?"),
    ("next", "`setrota` has no command `next` [unknown-command]", "`setrota --help` lists the commands"),
    (
        "import past.csv",
        "`setrota import` has no command `past.csv` [unknown-command]",
        "`setrota import csv past.csv`",
    ),
    (
        "-r x.toml import past.csv --dry-run",
        "`setrota import` has no command `past.csv` [unknown-command]",
        "`setrota -r x.toml import csv past.csv --dry-run`",
    ),
    ("import leave", "`setrota import` has no command `leave`", "`setrota leave import FILE` imports leave"),
    ("publish slack", "`setrota publish` has no command `slack`", "`setrota publish webhook` posts to Slack"),
    ("publish Jira", "`setrota publish` has no command `Jira`", "`setrota publish oncall --service jira` updates Jira"),
    ("help pulbish", "`setrota` has no command `pulbish` [unknown-command]", "did you mean `publish`?"),
]


@pytest.mark.parametrize(("line", "message", "hint"), WRONG, ids=[line for line, _, _ in WRONG])
def test_a_command_line_that_cannot_be_parsed(little: Desk, line: str, message: str, hint: str) -> None:
    done = little.run(*line.split()).at(2)
    first, second = done.talk.splitlines()
    assert done.out == ""
    assert first.startswith(f"error: {message}")
    assert second.startswith(f"  hint: {hint}")


@pytest.mark.parametrize("command", ["export", "schema", "init"])
@pytest.mark.parametrize("option", [("--format", "json"), ("--format=json",)])
def test_commands_without_json(little: Desk, command: str, option: tuple[str, ...]) -> None:
    [problem] = little.run(command, *option).at(2).document["problems"]
    assert problem["message"] == f"`setrota {command}` has no `--format json`: what it writes is a format of its own"
    assert (problem["code"], problem["hint"]) == ("no-json", "leave `--format json` out")


def test_an_empty_argument(little: Desk) -> None:
    assert "`setrota now` takes no arguments, but got an empty one" in little.run("now", "").at(2).talk


@pytest.mark.parametrize("arguments", [("help",), ("help", "plan"), ("help", "leave"), ("help", "leave", "add")])
def test_help_as_a_command(little: Desk, arguments: tuple[str, ...]) -> None:
    shown = little.run(*arguments).at(0)
    assert shown.out == little.run(*arguments[1:], "--help").at(0).out
    assert f"Usage: {' '.join(['setrota', *arguments[1:]])} " in shown.out
