"""`setrota schema`, and the schema that `init` writes next to the roster and `check` keeps an eye on."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from command_line import Desk, small

from setrota import __version__
from setrota.cli.schema import roster_schema_text
from setrota.files.roster import schema
from setrota.files.roster.schema import FILE
from setrota.files.toml.documents import parse_document

pytestmark = pytest.mark.quick

LINE = "#:schema ./rotations.schema.json\n"


def _schema(folder: Path) -> str:
    return (folder / "rotations.schema.json").read_text(encoding="utf-8")


def test_it_prints_the_schema_or_writes_it(empty: Desk) -> None:
    printed = empty.run("schema").at(0)
    assert printed.out == roster_schema_text()
    assert empty.run("schema", "--output", "rotations.schema.json").at(0).talk == "wrote rotations.schema.json\n"
    assert _schema(empty.folder) == printed.out
    assert (
        "may be a roster or a schedule, so it isn't replaced" in empty.run("schema", "-o", "rotations.toml").at(2).talk
    )


def test_init_writes_the_schema_that_its_roster_names(empty: Desk) -> None:
    talk = empty.run("init").at(0).talk
    assert "wrote rotations.schema.json, which editors use to check the roster\n" in talk
    assert (empty.folder / "rotations.toml").read_text(encoding="utf-8").startswith(LINE)
    assert _schema(empty.folder) == roster_schema_text()
    assert "old-schema" not in empty.run("check").at(0).talk


@pytest.mark.parametrize("name", ["rotations.schema.json", "sub/rotations.schema.json"])
def test_init_leaves_a_file_of_that_name_alone(name: str, empty: Desk) -> None:
    path = empty.write(name, '{"type": "object"}\n')
    (empty.folder / "sub").mkdir(exist_ok=True)
    talk = empty.run("init", "--roster", str(path.relative_to(empty.folder).with_name("my.toml"))).at(0).talk
    assert f"{name} already exists; it was left as it is\n" in talk
    assert path.read_text(encoding="utf-8") == '{"type": "object"}\n'
    assert path.with_name("my.toml").exists()


def test_init_puts_no_roster_in_place_of_the_schema(empty: Desk) -> None:
    assert empty.run("init", "-r", "rotations.schema.json").at(2).talk == (
        "error: rotations.schema.json: this name is for the roster's schema, which editors read [roster-is-schema]\n"
        "  hint: name a new file with `--roster FILE`\n"
    )
    assert not list(empty.folder.iterdir())


def test_init_says_why_it_writes_no_schema(empty: Desk) -> None:
    schema = empty.folder / "rotations.schema.json"
    schema.mkdir()
    assert (
        empty.run("init")
        .at(0)
        .talk.startswith(
            "rotations.schema.json is a folder, so no schema was written for editors\nwrote rotations.toml;"
        )
    )
    schema.rmdir()
    schema.symlink_to("gone.json")
    assert (
        empty.run("init", "-r", "my.toml")
        .at(0)
        .talk.startswith(
            "rotations.schema.json is a link to a file that does not exist, so no schema was written for editors\n"
            "wrote my.toml;"
        )
    )
    assert schema.is_symlink()


def test_init_says_what_is_in_the_way_of_a_roster(empty: Desk) -> None:
    (empty.folder / "rota").mkdir()
    (empty.folder / "my.toml").symlink_to("gone.toml")
    assert empty.run("init", "-r", "rota").at(2).talk == (
        "error: rota: is a folder, not a file [not-a-file]\n  hint: name a new file with `--roster FILE`\n"
    )
    assert empty.run("init", "-r", "my.toml").at(2).talk == (
        "error: my.toml: this is a link to a file that does not exist [roster-exists]\n"
        "  hint: delete it, or name a new file with `--roster FILE`\n"
    )


def test_init_that_refuses_writes_no_schema(little: Desk) -> None:
    little.run("init").at(2)
    assert not (little.folder / "rotations.schema.json").exists()


def _with_schema(desk: Desk, text: str, roster: str = "rotations.toml") -> str:
    """What `check` says on stderr of a roster that names a schema with this text."""
    desk.write(roster, LINE + small())
    desk.write(f"{Path(roster).parent}/rotations.schema.json", text)
    return desk.run("check", "--roster", roster).at(0).talk


OLD = roster_schema_text().replace(f"setrota {__version__}", "setrota 0.0.9").replace("prefer", "wish")


@pytest.mark.parametrize(
    "text", [OLD, roster_schema_text().replace("prefer", "wish"), OLD[:1000], "<<<<<<<", "", "[" * 200_000]
)
def test_check_notes_an_old_schema_and_how_to_renew_it(text: str, empty: Desk) -> None:
    (empty.folder / "our rota").mkdir()
    assert _with_schema(empty, text, "our rota/my.toml") == (
        f"note: our rota/my.toml:1: `./rotations.schema.json` differs from the schema of setrota {__version__}, "
        "so editors may check this roster by old rules [old-schema]\n"
        "  hint: `setrota schema --output 'our rota/rotations.schema.json'` renews it\n"
    )
    empty.run("schema", "--output", "our rota/rotations.schema.json").at(0)
    assert empty.run("check", "--roster", "our rota/my.toml").at(0).talk == ""


def test_the_note_is_in_the_json_of_check(empty: Desk) -> None:
    _with_schema(empty, OLD)
    problems = empty.run("check", "--format", "json").at(0).document["problems"]
    found = [(each["code"], each["severity"], each["line"]) for each in problems]
    assert found.count(("old-schema", "note", 1)) == 1


@pytest.mark.parametrize(
    "text",
    [
        roster_schema_text(),
        json.dumps(json.loads(roster_schema_text())),  # as a formatter may leave it
        OLD.replace("setrota 0.0.9", "setrota 12.0"),  # a colleague's setrota is newer
        '{"type": "object"}',  # not setrota's
        OLD.replace("setrota 0.0.9", "setrota is great, mine"),
        OLD.replace("setrota 0.0.9 wrote", "setrota 0.0.9 read"),
        OLD.replace("setrota 0.0.9", "my setrota 0.0.9"),
        OLD.replace(" renews it", " renews it, or I do"),
        OLD.replace("setrota 0.0.9", f"setrota {'0' * 5_000}"),
        OLD + " " * 1_000_000,
        "[]",
    ],
)
def test_check_is_content_with_other_schemas(text: str, empty: Desk) -> None:
    assert _with_schema(empty, text) == ""


@pytest.mark.parametrize("text", ["root:x:0:0:root:/root:/bin/bash\n", "[" * 200_000, f"{'9' * 5_000}", "", OLD[:1000]])
def test_check_proposes_to_overwrite_no_strange_file(text: str, empty: Desk) -> None:
    empty.write("rotations.toml", "#:schema ./passwd\n" + small())
    empty.write("passwd", text)
    assert empty.run("check").at(0).talk == ""


@pytest.mark.parametrize(
    ("written", "running", "is_old"),
    [("0.9.0", "0.10.0", True), ("0.10.0", "0.9.0", False), ("1.0", "0.9", False), ("0.9.1", "0.9.1", True)],
)
def test_versions_are_compared_as_numbers(
    written: str, running: str, is_old: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_text(OLD.replace("0.0.9", written), encoding="utf-8")
    monkeypatch.setattr(schema, "__version__", running)
    note = schema.schema_note(parse_document(LINE.encode(), str(tmp_path / "rotations.toml")))
    assert (note is not None) == is_old


@pytest.mark.parametrize("folder", ["", "our rota/"])
def test_check_notes_a_missing_schema_and_how_to_write_it(folder: str, empty: Desk) -> None:
    empty.write(f"{folder}my.toml", LINE + small())
    path = shlex.quote(f"{folder}rotations.schema.json")
    assert empty.run("check", "--roster", f"{folder}my.toml").at(0).talk == (
        f"note: {folder}my.toml:1: `./rotations.schema.json` does not exist, so editors can't check this roster "
        f"[no-schema]\n  hint: `setrota schema --output {path}` writes it\n"
    )
    empty.run("schema", "--output", f"{folder}rotations.schema.json").at(0)
    assert empty.run("check", "--roster", f"{folder}my.toml").at(0).talk == ""


@pytest.mark.parametrize("line", ["", "# a comment\n", "#:schema https://example.com/rotations.json\n", "#:schema .\n"])
def test_check_says_nothing_without_a_schema_beside_the_roster(line: str, empty: Desk) -> None:
    empty.write("rotations.toml", line + small())
    assert empty.run("check").at(0).talk == ""


def test_edits_by_command_keep_the_first_line(empty: Desk) -> None:
    empty.write("rotations.toml", LINE + small())
    empty.run("leave", "add", "bo", "2027-02-01", "2027-02-05").at(0)
    empty.run("pin", "2027-02-08", "primary", "bo").at(0)
    empty.run("unpin", "2027-02-08", "primary").at(0)
    text = (empty.folder / "rotations.toml").read_text(encoding="utf-8")
    assert text.startswith(LINE + "[rota]\n")
    assert "2027-02-05" in text
