"""What a word of a command line may become; `test_shells` presses Tab in real shells."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest
from command_line import Desk
from repository import Repository

from setrota.cli.completion.grammar import LIST, unquoted
from setrota.cli.completion.listing import RENEW, listing

PLAN = """\
format = 3
rota = "FD"

[desk.2026-11-23]
primary = "ana"
backup = "dee"

[desk.2026-11-30]
primary = "bo"
backup = ""

[desk.2026-12-07]
primary = "ana"
backup = "fay"

[[desk.2026-12-07.changes]]
at = 2026-11-18T10:00:00Z
seat = "backup"
was = "eli"
now = "fay"

[[desk.2026-12-07.changes]]
at = 2026-11-20T10:00:00Z
seat = "primary"
was = "cy"
now = "ana"
"""
MONDAYS = ("2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28")
NAMES = """
[people.ana]
name = "Anabel O'Hara"

[people.bo]
name = "Bo Ångström"

[[pins]]
date = 2027-01-11
seat = "primary"
person = "bo"
"""


@pytest.fixture
def front(little: Desk) -> Desk:
    """A small rota, planned for three weeks."""
    little.write("rotations.toml", (little.folder / "rotations.toml").read_text(encoding="utf-8") + NAMES)
    little.write("schedule.toml", PLAN)
    return little


def offered(desk: Desk, line: str, **settings: str) -> list[str]:
    """The words that are offered for the last word of a line, which is empty after a space."""
    words = [*shlex.split(line), *([""] if line.endswith(" ") else [])]
    done = desk.run("__complete", "zsh", *map(shlex.quote, words), **settings).at(0)
    assert done.talk == ""
    return [each.partition("\t")[0] for each in done.out.splitlines()]


def test_the_list_of_commands_is_up_to_date() -> None:
    assert LIST.read_text(encoding="utf-8") == listing(), f"renew the list: {RENEW}"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("setrota c", ["check", "cover", "completion"]),
        ("setrota leave ", ["list", "add", "import"]),
        ("setrota help sw", ["swap"]),
        ("setrota help leave i", ["import"]),
        ("setrota now ", ["--at", "--format", "--roster", "--schedule", "--help"]),
        ("setrota now --at now --f", ["--format"]),
        ("setrota --v", ["--version"]),
        ("setrota now --v", []),
        ("setrota leave --", ["--help"]),
        ("setrota check --format ", ["table", "json", "github"]),
        ("setrota show --format=c", ["--format=csv"]),
        ("setrota export o", ["oncall"]),
        ("setrota completion ", ["bash", "zsh", "fish"]),
        ("setrota schema l", ["leave", "log"]),
        ("setrota schema leave a", ["add"]),
        ("setrota explain unknown-r", ["unknown-revision", "unknown-rotation", "unknown-rule"]),
        ("setrota plan --weeks ", []),
        ("setrota cover --reason ", []),
        ("setrota show --output ", [":files"]),
        ("setrota show --o", ["--open", "--output"]),
        ("setrota import csv ", [":files"]),
        ("setrota nonsense ", []),
        # People
        ("setrota cover ", ["ana", "bo", "cy", "dee", "eli", "fay", "nobody"]),
        ("setrota cover AN", ["ana"]),
        ("setrota show --person a", ["ana"]),
        ("setrota show --person=a", ["--person=ana"]),
        ("setrota show --person Anab", ["Anabel O'Hara"]),
        ("setrota show --person 'bo å'", ["Bo Ångström"]),
        ("setrota swap ana 2026-12-07 ", ["bo", "cy", "dee", "eli", "fay"]),
        # What else the roster names
        ("setrota show --team ", ["red", "green"]),
        ("setrota show --rotation ", ["desk"]),
        ("setrota pin 2026-12-07 ", ["primary", "backup"]),
        ("setrota pin 2026-12-07 desk/", ["desk/primary", "desk/backup"]),
        # Dates
        ("setrota show --from t", ["today", "tomorrow"]),
        ("setrota leave add ana next-s", ["next-saturday", "next-sunday"]),
        ("setrota show --from 2026-1", [*MONDAYS]),
        ("setrota cover ana 2", ["2026-11-23", "2026-12-07"]),
        ("setrota cover 'anabel o'\"'\"'hara' 2", ["2026-11-23", "2026-12-07"]),
        ("setrota swap ana today bo 2", ["2026-11-30"]),
        ("setrota fill 2", ["2026-11-30"]),
        ("setrota fill 2026-11-30 ", ["backup"]),
        ("setrota fill 2026-11-23 ", ["primary", "backup"]),
        ("setrota show --from 2026-09", ["2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28"]),
        ("setrota log --since 2", ["2026-11-20", "2026-11-18"]),
        ("setrota unpin 2", ["2027-01-11"]),
        ("setrota unpin 2027-01-11 ", ["primary"]),
        ("setrota unpin 2027-01-11 primary ", ["bo"]),
        ("setrota now --at n", ["now", "next-tuesday", "next-wednesday", "next-thursday", "next-friday",
                                "next-saturday", "next-sunday", "next-monday"]),
        ("setrota plan --quarter ", ["2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]),
        # Where options stand
        ("setrota --roster rotations.toml cover b", ["bo"]),
        ("setrota cover --dry-run -n --ripple 2 b", ["bo"]),
        ("setrota cover -- b", ["bo"]),
        ("setrota -r none.toml cover b", []),
    ],
)  # fmt: skip
def test_what_is_offered(front: Desk, line: str, words: list[str]) -> None:
    assert offered(front, line) == words


def test_a_seat_that_several_rotations_have(front: Desk) -> None:
    text = (front.folder / "rotations.toml").read_text(encoding="utf-8")
    rotation = text[text.index("[rotations.desk]") : text.index("[teams.red]")]
    second = rotation.replace("[rotations.desk]", "[rotations.night]").replace('"backup"', '"second"')
    text = text.replace(rotation, rotation + second).replace('seat = "primary"', 'seat = "desk/primary"')
    front.write("rotations.toml", text)
    assert offered(front, "setrota explain today ") == ["desk/primary", "night/primary", "backup", "second"]
    assert offered(front, "setrota explain today night/") == ["night/primary", "night/second"]


def test_handovers_of_any_cadence(front: Desk) -> None:
    starts = "starts = [2026-11-10, 2026-12-01, 2027-03-02]"
    front.edit("rotations.toml", 'every = "1 week"', f'{starts}\nhandover = "09:00"')
    assert offered(front, "setrota now --at 2") == ["2026-12-01", "2027-03-02"]
    front.edit("rotations.toml", starts, 'every = "1 day"')
    assert offered(front, "setrota now --at 2026-11-2") == [f"2026-11-{day}" for day in range(20, 30)]


def test_an_included_file_and_a_folder_below(front: Desk) -> None:
    front.edit("rotations.toml", "[rota]", 'include = ["teams/*.toml"]\n\n[rota]')
    front.write("teams/blue.toml", '[teams.blue]\nstaff = ["gus"]\n')
    assert "gus" in offered(front, "setrota cover g")
    (front.folder / ".git").mkdir()
    sub = Desk(front.folder / "teams")
    assert offered(sub, "setrota cover g") == ["gus"]
    assert offered(sub, "setrota fill 2") == ["2026-11-30"]


def test_files_of_the_environment(front: Desk) -> None:
    text = (front.folder / "rotations.toml").read_text(encoding="utf-8")
    front.write("other/mine.toml", text.replace('"bo"', '"bob"').replace("people.bo]", "people.bob]"))
    assert offered(front, "setrota cover b", SETROTA_ROSTER="other/mine.toml") == ["bob"]
    assert offered(front, "setrota fill 2", SETROTA_ROSTER="other/mine.toml") == []
    assert offered(front, "setrota cover b", SETROTA_ROSTER="none.toml") == []


@pytest.mark.parametrize("damage", ["timezone = ", "[rota", '"ana', "\0"])
def test_a_broken_roster_completes_nothing_and_prints_nothing(front: Desk, damage: str) -> None:
    front.edit("rotations.toml", 'name = "Front Desk"', damage)
    done = front.spawn("__complete", "bash", "setrota", "cover", "").at(0)
    assert (done.out, done.talk) == ("", "")
    # What needs no roster still works.
    assert offered(front, "setrota sw") == ["swap"]
    assert offered(front, "setrota explain unknown-se") == ["unknown-seat", "unknown-service"]


@pytest.mark.parametrize("words", ["", "bash", "tcsh setrota ", "bash setrota cover '", "fish x \\"])
def test_nonsense_prints_no_message(front: Desk, words: str) -> None:
    assert front.run("__complete", *words.split(" ")).at(0).talk == ""


def test_a_broken_schedule_costs_only_its_dates(front: Desk) -> None:
    front.write("schedule.toml", "format = 3\n[[")
    assert offered(front, "setrota cover a") == ["ana"]
    assert offered(front, "setrota cover ana 2") == []


@pytest.mark.git
def test_revisions(front: Desk) -> None:
    repository = Repository(front).begin()
    repository.git("tag", "v1")
    repository.branch("next")
    [first] = [each for each in offered(front, "setrota diff --against ") if len(each) == 7]
    assert repository.git("rev-parse", "--short", "HEAD").strip() == first
    assert {*offered(front, "setrota diff --against ")} == {"HEAD", first, "main", "next", "v1"}
    assert offered(front, "setrota publish mattermost --against v") == ["v1"]
    # Whatever a stranger's commit says, no terminal obeys it.
    repository.git("commit", "--quiet", "--allow-empty", "--message=\x1b[2J")
    out = front.run("__complete", "zsh", "setrota", "diff", "--against", "next").at(0).out
    assert out == "next\t\\x1b[2J\n"


def test_revisions_outside_a_repository(front: Desk) -> None:
    assert offered(front, "setrota diff --against ") == []


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("ana", "ana"),
        ("Bo\\ Å", "Bo Å"),
        ("'Bo Å", "Bo Å"),
        ('"O\'Hara"', "O'Hara"),
        ("O\\'Hara", "O'Hara"),
        ('"a\\"b', 'a"b'),
        ("'a\\b'", "a\\b"),
        ("a\\", "a"),
        ("", ""),
    ],
)
def test_a_word_as_a_shell_reads_it(typed: str, word: str) -> None:
    assert unquoted(typed) == word


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(empty: Desk, shell: str) -> None:
    assert f"setrota __complete {shell}" not in empty.run("completion", shell).at(0).out
    assert f"__complete {shell} " in empty.run("completion", shell).at(0).out


def test_what_completion_waits_for(front: Desk) -> None:
    """Neither Typer nor the planner."""
    code = (
        "import sys; from setrota.cli.completion import answer; answer(['zsh', 'setrota', 'cover', 'ana', '']); "
        "print({'typer', 'rich', 'numpy', 'highspy', 'setrota.planner'} & {*sys.modules})"
    )
    command = [sys.executable, "-c", code]
    out = subprocess.check_output(command, cwd=front.folder, encoding="utf-8", env=front.environment())
    assert "2026-12-07" in out
    assert out.splitlines()[-1] == "set()"
