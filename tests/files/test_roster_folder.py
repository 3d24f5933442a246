"""`include` stays in the roster's folder, and nothing shows which files exist outside; `include-outside` names some."""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter

import pytest
from roster_text import read_text
from test_roster_file import SMALL

from setrota.files.roster import read_roster
from setrota.files.roster.folder import RosterFolder
from setrota.files.roster.schema import schema_note
from setrota.problems import Problem, Refused

DEE = "[people.dee]\nshare = 0.5\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The roster's folder, `desk`, next to files that it must not read."""
    folder = tmp_path / "desk"
    (folder / "teams" / "deep").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    for name in ("other/dee.toml", "dee.toml"):
        (tmp_path / name).write_text(DEE)
    return folder


def _problems(folder: Path, text: str, **included: str) -> tuple[Problem, ...]:
    try:
        return read_text(folder, text + SMALL, **included).warnings
    except Refused as refused:
        return refused.problems


def _codes(folder: Path, *names: object) -> list[str]:
    listed = ", ".join(f"'{name}'" for name in names)
    return [problem.code for problem in _problems(folder, f"include = [{listed}]\n")]


OUTSIDE = [
    "../dee.toml",
    "../other/../dee.toml",
    "../*.toml",
    "teams/../../dee.toml",
    "teams/*/../../../dee.toml",
    "**/../../dee.toml",
    "../desk/rotations.toml",
    "{top}/dee.toml",
    "{top}/other/*.toml",
    "{top}/desk/../dee.toml",
    "{top}/other/../desk/teams/a.toml",
    "{top}/nowhere/../desk/teams/a.toml",
    "/*/*.toml",
    "/",
    "..",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_does_not_lead_out_of_the_folder(desk: Path, name: str) -> None:
    assert _codes(desk, name.format(top=desk.parent)) == ["leads-outside"]


@pytest.mark.parametrize("name", [*OUTSIDE, "link", "link/dee.toml", "*/dee.toml", "*/**/*.toml", "link/*", "l*k/../*"])
def test_it_does_not_show_whether_a_file_exists_outside(desk: Path, name: str) -> None:
    """The answers are the same, word for word, with and without the files."""
    (desk / "link").symlink_to("../other")
    text = f"include = ['{name.format(top=desk.parent)}']\n"
    there = _problems(desk, text)
    for path in ("dee.toml", "other/dee.toml"):
        (desk.parent / path).unlink()
    assert [problem.code for problem in there] == ["leads-outside"]
    assert _problems(desk, text) == there
    (desk.parent / "other").rmdir()
    assert _problems(desk, text) == there


def test_two_stars_do_not_go_by_links_that_lead_outside(desk: Path) -> None:
    """So a link to a folder of programs is in nobody's way."""
    (desk / "teams" / "link").symlink_to("../../other")
    assert _codes(desk, "**/dee.toml") == ["no-file-matches"]
    (desk / "teams" / "deep" / "dee.toml").write_text(DEE)
    assert _codes(desk, "**/dee.toml") == []


def test_nothing_outside_is_opened_or_listed(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "link").symlink_to("../other")
    looked_at: list[str] = []

    def spied(name: str) -> None:
        really = getattr(os, name)

        def spy(path: object = ".", *rest: object, **more: object) -> object:
            if more.get("follow_symlinks", True):  # to look at a link itself is no harm
                looked_at.append(os.path.realpath(str(path)))
            return really(path, *rest, **more)

        monkeypatch.setattr(os, name, spy)

    for name in ("scandir", "listdir", "stat", "open"):
        spied(name)
    _problems(desk, f"include = {[each.format(top=desk.parent) for each in [*OUTSIDE, 'link/*', '**', '*/*']]}\n")
    assert looked_at
    assert [path for path in looked_at if Path(path).is_relative_to(desk.parent / "other")] == []


@pytest.mark.parametrize(
    "name",
    ["teams/a.toml", "./teams/a.toml", "teams/deep/../a.toml", "teams/*.toml", "**/a.toml", "**", "t*/**/a.toml",
     "{top}/desk/teams/a.toml", "{top}/desk/*/a.toml", "{top}/desk/teams/*/../a.toml"],
)  # fmt: skip
def test_a_name_finds_a_file_in_the_folder(desk: Path, name: str) -> None:
    (desk / "teams" / "a.toml").write_text(DEE)
    text = f"include = ['{name.format(top=desk.parent)}']\n"
    if name == "**":
        assert [problem.code for problem in _problems(desk, text)] == ["include-loop"]
        return
    assert read_text(desk, text + SMALL).roster.people["dee"].share("engineer") == 0.5


@pytest.mark.parametrize("include", ["linked.toml", "*.toml", "**/linked.toml"])
def test_a_link_may_not_lead_out_of_the_folder(desk: Path, include: str) -> None:
    (desk / "linked.toml").symlink_to("../dee.toml")
    problem = _problems(desk, f"include = ['{include}']\n")[-1]
    assert problem.message == (
        f"`include` names `{include}`, which leads out of the roster's folder, by the link `{desk}/linked.toml`"
    )


def test_a_link_within_the_folder_is_followed(desk: Path) -> None:
    (desk / "teams" / "deep" / "a.toml").write_text(DEE)
    (desk / "linked.toml").symlink_to("teams/deep/a.toml")
    (desk / "teams" / "round").symlink_to("..")
    assert _codes(desk, "linked.toml", "teams/round/teams/deep/a.toml", "teams/**/a.toml") == []


ROUND = ["../other/../desk/teams/a.toml", "{top}/other/../desk/teams/a.toml", "{top}/other/round/a.toml",
         "teams/../../other/../desk/teams/a.toml", "teams/out/../desk/teams/a.toml"]  # fmt: skip
"""Ways that leave the folder and come back."""


@pytest.mark.parametrize("target", ROUND)
@pytest.mark.parametrize("name", ["linked.toml", "l*.toml", "teams/../linked.toml", "teams/twice.toml"])
def test_a_link_that_comes_back_does_not_show_what_is_outside(desk: Path, name: str, target: str) -> None:
    """Whether it leads through a folder, a file, a link or nothing at all."""
    (desk / "teams" / "a.toml").write_text(DEE)
    (desk / "teams" / "out").symlink_to("../../other")
    (desk / "linked.toml").symlink_to(target.format(top=desk.parent))
    (desk / "teams" / "twice.toml").symlink_to("../linked.toml")
    outside = desk.parent / "other"
    (outside / "round").symlink_to("../desk/teams")
    answers = [_problems(desk, f"include = ['{name}']\n")]
    for path in outside.iterdir():
        path.unlink()
    outside.rmdir()
    for there in ("nothing", "file", "link"):
        if there == "file":
            outside.write_text("x")
        elif there == "link":
            outside.unlink()
            outside.symlink_to("desk")
        answers.append(_problems(desk, f"include = ['{name}']\n"))
    assert [[problem.code for problem in each] for each in answers] == [["leads-outside"]] * 4
    assert all(each == answers[0] for each in answers)


@pytest.mark.parametrize(
    "target",
    ["teams/a.toml", "./teams/deep/../a.toml", "../desk/teams/a.toml", "{top}/desk/teams/a.toml", "teams/../../desk/a",
     "{top}/desk/teams/deep/../a.toml", "round/teams/a.toml"],
)  # fmt: skip
def test_a_link_that_names_the_folder_itself_is_followed(desk: Path, target: str) -> None:
    """By whatever path: to look at the folder's own path shows nothing."""
    for name in ("teams/a.toml", "a"):
        (desk / name).write_text(DEE)
    (desk / "teams" / "round").symlink_to("..")
    (desk / "round").symlink_to("teams/round")
    (desk / "linked.toml").symlink_to(target.format(top=desk.parent))
    assert read_text(desk, "include = ['linked.toml']\n" + SMALL).roster.people["dee"].share("engineer") == 0.5


def test_many_long_links_take_no_minutes(desk: Path) -> None:
    long = "teams/../" * 400
    (desk / "link-0.toml").symlink_to(f"{long}teams/a.toml")
    for number in range(1, 90):
        (desk / f"link-{number}.toml").symlink_to(f"{long}link-{number - 1}.toml")
    folder, begin = RosterFolder(desk / "rotations.toml"), perf_counter()
    answers = [folder.has(desk / "link-89.toml") for _ in range(100)]
    assert answers[0]
    assert not answers[-1]
    assert perf_counter() - begin < 20


@pytest.mark.parametrize("link", ["file", "folder"])
def test_the_folder_of_a_linked_roster_counts_as_well(desk: Path, link: str) -> None:
    """Both the link's folder and that of the roster itself; `include` starts from the one that was named."""
    kept = desk.parent / "kept"
    kept.mkdir()
    named = desk / "rotations.toml" if link == "file" else desk.parent / "here" / "rotations.toml"
    start = desk if link == "file" else kept
    (start / "dee.toml").symlink_to(kept / "real.toml")
    (kept / "real.toml").write_text(DEE)
    (kept / "rotations.toml").write_text("include = ['dee.toml']\n" + SMALL)
    if link == "file":
        named.symlink_to(kept / "rotations.toml")
    else:
        named.parent.symlink_to("kept")
    assert read_roster(named).roster.people["dee"].share("engineer") == 0.5


# What the roster says plainly


@pytest.mark.parametrize("name", ["../dee.toml", "{top}/dee.toml", "linked.toml"])
def test_the_roster_names_a_file_outside(desk: Path, name: str) -> None:
    (desk / "linked.toml").symlink_to("../dee.toml")
    text = f"include-outside = ['{name.format(top=desk.parent)}']\n{SMALL}"
    assert read_text(desk, text).roster.people["dee"].share("engineer") == 0.5


def test_a_glob_finds_a_link_to_a_file_that_the_roster_names(desk: Path) -> None:
    (desk / "linked.toml").symlink_to("../dee.toml")
    text = f"include = ['l*.toml']\ninclude-outside = ['../dee.toml']\n{SMALL}"
    assert read_text(desk, text).roster.people["dee"].share("engineer") == 0.5


def test_an_included_file_names_no_file_outside(desk: Path) -> None:
    (desk.parent / "dee.toml").write_text("include-outside = ['other/dee.toml']\ninclude = ['other/dee.toml']\n")
    problems = _problems(desk, "include-outside = ['../dee.toml']\n")
    assert [(problem.code, str(problem.where)) for problem in problems] == [
        ("misplaced-include-outside", f"{desk.parent}/dee.toml:1"),
        ("leads-outside", f"{desk.parent}/dee.toml:2"),
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("'../dee.toml'", "wrong-type"),
        ("[5]", "wrong-type"),
        ("['']", "wrong-type"),
        ("['../*.toml']", "glob-outside"),
        ("['../nothing.toml']", "no-file-matches"),
        ("['../other']", "not-a-file"),
        ("['rotations.toml']", "include-loop"),
        ("[" + "'../dee.toml'," * 1001 + "]", "too-many-includes"),
    ],
)
def test_what_can_be_wrong_with_a_name_outside(desk: Path, value: str, code: str) -> None:
    assert [problem.code for problem in _problems(desk, f"include-outside = {value}\n")] == [code]


def test_a_schema_outside_is_not_looked_for(desk: Path) -> None:
    """The roster's first line names a file, too."""
    for name, expected in (("schema.json", ["no-schema"]), ("../schema.json", []), ("/etc/passwd", [])):
        read = read_text(desk, f"#:schema {name}\n{SMALL}")
        note = schema_note(read.places.documents[0])
        assert [each.code for each in (note,) if each] == expected
