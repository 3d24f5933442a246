"""What `rotations.toml` means, and the exact words for everything that can be wrong with it."""

from __future__ import annotations

import copy
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from roster_text import read_text

from setrota.files.roster import read_roster
from setrota.files.roster.keys import PERSON, ROTA, ROTATION, TEAM
from setrota.files.roster.rules import HOLIDAYS, RULES
from setrota.problems import Place, Problem, Refused
from setrota.reports.codes import kinds
from setrota.roster import Handover, Leave, Length, Person, Seat

ERRORS = Path(__file__).parent.parent / "errors"
EXAMPLE = Path(__file__).parent.parent.parent / "rotations.toml"

SMALL = """\
[rota]
name = "Front Desk"
timezone = "Europe/Berlin"
handover = "Wednesday 14:30"

[rotations.engineer]
every = "2 weeks"
pool = "engineers"
seats = ["primary", "helper", "helper"]

[teams.channels]
engineers = ["ana", "bo", "cy.b"]

[teams.search]
name = "Search"
engineers = ["dee", "bo"]
"""


def _problems(folder: Path, text: str, **included: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        read_text(folder, text, **included)
    return [problem.message for problem in caught.value.problems]


# Transcripts: tests/errors/<name>/ holds a roster and every word that is said about it


def _cases() -> list[str]:
    return sorted(path.parent.name for path in ERRORS.glob("*/expected.txt"))


@pytest.mark.parametrize("case", _cases())
def test_transcript(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ERRORS / case)
    problems, status = _outcome(Path("rotations.toml"))
    assert status == (2 if any(problem.severity == "error" for problem in problems) else 0)
    expected = Path("expected.txt").read_text(encoding="utf-8")
    assert "\n\n".join(map(str, problems)) + "\n" == expected
    assert [problem.message for problem in problems if not problem.code] == []


@pytest.mark.parametrize("case", _cases())
def test_each_problem_of_a_transcript_has_a_code_that_is_explained(case: str) -> None:
    """A transcript shows what users see: every problem, with a code that `setrota explain` knows."""
    expected = (ERRORS / case / "expected.txt").read_text(encoding="utf-8")
    lines = [line for line in expected.splitlines() if line.startswith(("error: ", "warning: ", "note: "))]
    codes = [re.search(r" \[([a-z0-9-]+)\]$", line) for line in lines]
    assert lines
    assert [line for line, code in zip(lines, codes, strict=True) if not code or code[1] not in kinds()] == []


def _outcome(path: Path) -> tuple[tuple[Problem, ...], int]:
    """Every problem of a roster, and the exit status that goes with it."""
    try:
        return read_roster(path).warnings, 0
    except Refused as refused:
        return refused.problems, refused.exit_status


def test_there_are_transcripts() -> None:
    assert len(_cases()) >= 30


# The example


def test_the_example_reads_without_a_complaint() -> None:
    file = read_roster(EXAMPLE)
    roster = file.roster
    assert file.warnings == ()
    assert file.schedule == EXAMPLE.parent / "schedule.toml"
    assert (roster.name, roster.short_name) == ("Sustained Engineering", "SET")
    assert (roster.zone.key, roster.handover) == ("America/Toronto", Handover(0, time(9)))
    assert len(roster.teams) == 8
    assert all(len(team.pools["leads"]) == 1 for team in roster.teams.values())
    assert [len(team.pools["engineers"]) for team in roster.teams.values()] == [6, 6, 7, 5, 6, 7, 5, 6]
    assert len(roster.people) == 48 + 8


def test_the_example_has_people_of_every_kind() -> None:
    people = read_roster(EXAMPLE).roster.people
    part_time = {handle: person.share("engineer") for handle, person in people.items() if person.share("engineer") < 1}
    assert part_time == {"bo": 0.5, "lea": 0.6, "gita": 0.8, "wim": 0.5}
    not_ready = {handle for handle, person in people.items() if not person.ready_for("engineer", "primary")}
    assert not_ready == {"cy", "taj", "bina", "iris", "rafi", "esra"}
    assert {handle: person.start for handle, person in people.items() if person.start} == {"yuki": date(2027, 2, 8)}
    assert {handle: person.end for handle, person in people.items() if person.end} == {"nils": date(2027, 2, 20)}
    turn_of_the_year = Leave(date(2026, 12, 21), date(2027, 1, 9))
    away = [
        handle
        for handle, person in people.items()
        for leave in person.leave
        if leave.start < turn_of_the_year.end and leave.end > turn_of_the_year.start
    ]
    assert len(away) == 10
    assert people["uma"].leave == (Leave(date(2027, 1, 11), date(2027, 5, 29)),)
    assert all(person.name != handle for handle, person in people.items())


# Meanings and defaults


def test_defaults(tmp_path: Path) -> None:
    file = read_text(tmp_path, SMALL)
    roster = file.roster
    assert file.schedule == tmp_path / "schedule.toml"
    assert (roster.short_name, roster.quarters_start, roster.header) == ("FD", 1, None)
    rotation = roster.rotations["engineer"]
    # Without `rest`: one period, and the period has two weeks.
    assert (rotation.every, rotation.rest, rotation.max_per_team) == (Length(2), None, None)
    assert roster.teams["channels"].name == "channels"
    # Nobody has a section, everybody is somebody.
    assert list(roster.people) == ["ana", "bo", "cy.b", "dee"]
    assert roster.people["bo"] == Person("bo", name="bo", chat="bo")
    assert roster.teams_of("bo") == ("channels", "search")


def test_seats_of_a_kind_are_numbered(tmp_path: Path) -> None:
    seats = read_text(tmp_path, SMALL).roster.rotations["engineer"].seats
    assert seats == (Seat("primary", 1, "primary"), Seat("helper", 1, "helper-1"), Seat("helper", 2, "helper-2"))


def test_every_key_of_a_person(tmp_path: Path) -> None:
    person = read_text(
        tmp_path,
        SMALL
        + """
[people."cy.b"]
name = " Cy B. "
email = "cy@example.com"
chat = "@cyb"
share = 0.5
not-seats = ["primary", "engineer/helper"]
start = 2026-09-01
end = 2027-02-19
leave = [{ from = 2026-12-21, to = 2027-01-03, note = "away with fairies" }, { from = 2027-02-01 }]
""",
    ).roster.people["cy.b"]
    # In the file the last day belongs to the stretch; in code it doesn't, so each end is a day later.
    assert person == Person(
        handle="cy.b",
        name="Cy B.",
        email="cy@example.com",
        chat="cyb",
        shares={"engineer": 0.5},
        not_seats=frozenset({"primary", "engineer/helper"}),
        start=date(2026, 9, 1),
        end=date(2027, 2, 20),
        leave=(Leave(date(2026, 12, 21), date(2027, 1, 4)), Leave(date(2027, 2, 1), date(2027, 2, 2))),
    )
    assert "fairies" not in repr(person)


def test_a_share_by_rotation_leaves_the_others_whole(tmp_path: Path) -> None:
    text = SMALL + '\n[rotations.lead]\nevery = "2 weeks"\npool = "engineers"\nseats = ["lead"]\n'
    person = read_text(tmp_path, text + "\n[people.bo]\nshare = { lead = 0.25 }\n").roster.people["bo"]
    assert (person.share("engineer"), person.share("lead")) == (1.0, 0.25)


def test_a_first_day_may_be_the_last(tmp_path: Path) -> None:
    person = read_text(tmp_path, SMALL + "\n[people.bo]\nstart = 2027-02-08\nend = 2027-02-08\n").roster.people["bo"]
    assert (person.start, person.end) == (date(2027, 2, 8), date(2027, 2, 9))


def test_the_rest_of_the_rota_keys(tmp_path: Path) -> None:
    text = SMALL.replace("[rota]", '[rota]\nshort-name = "Desk"\nquarters-start = "feb"\nschedule = "plans/desk.toml"')
    file = read_text(tmp_path, text.replace('"2 weeks"', '"1 week"\nrest = "0 weeks"\nmax-per-team = 2'))
    assert (file.roster.short_name, file.roster.quarters_start) == ("Desk", 2)
    assert file.schedule == tmp_path / "plans" / "desk.toml"
    rotation = file.roster.rotations["engineer"]
    assert (rotation.rest, rotation.max_per_team) == (Length(0), 2)


@pytest.mark.parametrize(("name", "short"), [("Support", "Support"), ("First response", "FR"), ("On-call", "OC")])
def test_initials(tmp_path: Path, name: str, short: str) -> None:
    assert read_text(tmp_path, SMALL.replace("Front Desk", name)).roster.short_name == short


def test_a_team_at_its_cap_is_enough(tmp_path: Path) -> None:
    # Three seats, two teams with three and two people (`bo` is in both): two a team make four, one a team two.
    for cap, enough in ((2, True), (1, False)):
        text = SMALL.replace('"2 weeks"', f'"2 weeks"\nmax-per-team = {cap}')
        if enough:
            assert read_text(tmp_path, text).roster.rotations["engineer"].max_per_team == cap
        else:
            assert _problems(tmp_path, text) == [
                "`rotations.engineer.max-per-team` allows only 2 of the 3 seats to be filled"
            ]


def test_as_many_seats_as_people_is_enough(tmp_path: Path) -> None:
    # Four people: `bo` counts once although two teams lend him.
    four = SMALL.replace('"helper", "helper"', '"helper", "helper", "helper"')
    assert len(read_text(tmp_path, four).roster.rotations["engineer"].seats) == 4
    five = SMALL.replace('"helper", "helper"', '"helper", "helper", "helper", "helper"')
    assert _problems(tmp_path, five) == ["`rotations.engineer.seats` has 5 seats, but only 4 people are in `engineers`"]


# Included files


def test_included_files_add_up(tmp_path: Path) -> None:
    file = read_text(
        tmp_path,
        'include = ["[l-o]*.toml"]\n' + SMALL + "\n[people.bo]\nshare = 0.5\nleave = [{ from = 2027-01-11 }]\n",
        leave="[people.bo]\nleave = [{ from = 2027-03-01 }]\n[people.dee]\nleave = [{ from = 2027-03-02 }]\n",
        more='include = ["deeper.toml"]\n[teams.search]\nleads = ["eli"]\n',
        deeper='[rotations.lead]\nevery = "1 week"\npool = "leads"\nseats = ["lead"]\n[people.bo]\nname = "Bo"\n',
    )
    roster = file.roster
    assert file.warnings == ()
    assert roster.people["bo"].name == "Bo"
    assert roster.people["bo"].share("engineer") == 0.5
    assert [leave.start for leave in roster.people["bo"].leave] == [date(2027, 1, 11), date(2027, 3, 1)]
    assert [leave.start for leave in roster.people["dee"].leave] == [date(2027, 3, 2)]
    assert roster.teams["search"].pools == {"engineers": ("dee", "bo"), "leads": ("eli",)}
    assert list(roster.rotations) == ["engineer", "lead"]


def test_a_list_and_something_else_in_two_files(tmp_path: Path) -> None:
    leave = "[people.bo]\nleave = {}\n"
    text = 'include = ["one.toml", "two.toml"]\n' + SMALL
    assert _problems(tmp_path, text, one=leave.format("[1]"), two=leave.format("5")) == [
        "`people.bo.leave` has a whole number where a table should be",
        f"`people.bo.leave` is set here and in {tmp_path}/one.toml:2",
    ]
    table = leave.format("{ from = 2027-01-04 }")
    assert _problems(tmp_path, text, one=table, two=table) == [
        "`people.bo.leave` should be a list, not a table",
        f"`people.bo.leave` is set here and in {tmp_path}/one.toml:2",
    ]


def test_a_glob_takes_files_by_name_and_each_once(tmp_path: Path) -> None:
    team = '[teams.{0}]\nengineers = ["{0}"]\n'
    files = {name: team.format(name) for name in ("tb", "tc", "ta")}
    file = read_text(tmp_path, 'include = ["tb.toml", "t?.toml", "none.toml"]\n' + SMALL, **files)
    assert list(file.roster.teams) == ["channels", "search", "tb", "ta", "tc"]
    assert [problem.where for problem in file.warnings] == [Place(str(tmp_path / "rotations.toml"), 1)]


@pytest.mark.parametrize("roster", ["rota/rotations.toml", "{folder}/rota/rotations.toml", "../rotations.toml"])
def test_a_place_in_an_included_file_is_a_path_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, roster: str
) -> None:
    """As the roster's own path is, so that people and editors can open both."""
    people = tmp_path / "rota" / "teams" / "people"
    people.mkdir(parents=True)
    (people.parent / "a.toml").write_text('include = ["people/*.toml", "../all.toml"]\n')
    (people / "bo.toml").write_text("[people.bo]\nshare = 2\n")
    (tmp_path / "rota" / "all.toml").write_text("[people.dee]\nshare = 3\n")
    monkeypatch.chdir(people.parent if roster.startswith("..") else tmp_path)
    path = Path(roster.format(folder=tmp_path))
    path.write_text('include = ["teams/a.toml"]\n' + SMALL)
    with pytest.raises(Refused) as caught:
        read_roster(path)
    assert [problem.where for problem in caught.value.problems] == [
        Place(str(path.with_name("teams") / "people" / "bo.toml"), 2),
        Place(str(path.with_name("all.toml")), 2),
    ]


def test_a_path_keeps_the_dots_after_a_link_to_a_folder(tmp_path: Path) -> None:
    """There, `..` is the folder above the one that the link leads to."""
    (tmp_path / "kept" / "teams").mkdir(parents=True)
    (tmp_path / "kept" / "bo.toml").write_text("[people.bo]\nshare = 2\n")
    (tmp_path / "teams").symlink_to("kept/teams")
    (tmp_path / "kept" / "teams" / "a.toml").write_text('include = ["../bo.toml"]\n')
    with pytest.raises(Refused) as caught:
        read_text(tmp_path, 'include = ["teams/a.toml"]\n' + SMALL)
    assert [problem.where for problem in caught.value.problems] == [Place(f"{tmp_path}/teams/../bo.toml", 2)]


def test_what_stands_in_an_unreadable_file_is_not_missed(tmp_path: Path) -> None:
    # The rotations may well stand in the broken file: only what is wrong for certain is told.
    start = SMALL.index("[rotations")
    text = 'include = ["broken.toml"]\n' + SMALL[:start] + SMALL[SMALL.index("[teams") :] + "\n[people.bo]\nshare = 3\n"
    assert _problems(tmp_path, text, broken="[rotations.engineer\n") == [
        "`people.bo.share` must be more than 0 and at most 1, not 3",
        "this is not TOML: a heading has no closing `]`, or a name in it needs quotes",
    ]


def test_a_broken_file_that_two_includes_name_is_told_once(tmp_path: Path) -> None:
    messages = _problems(tmp_path, 'include = ["broken.toml", "b*.toml"]\n' + SMALL, broken="[people.bo]\nx\n")
    assert messages == ["this is not TOML: there is no `=` after the key"]


@pytest.mark.parametrize("value", ['""', "false", "{}"])
def test_an_include_that_says_nothing_is_wrong_as_well(tmp_path: Path, value: str) -> None:
    assert len(_problems(tmp_path, f"include = {value}\n" + SMALL)) == 1


def test_an_include_that_leads_back_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    messages = _problems(tmp_path, 'include = ["loop.toml"]\n' + SMALL)
    assert messages == ["can't be read: too many levels of symbolic links"]


def test_an_include_longer_than_a_file_name_can_be(tmp_path: Path) -> None:
    messages = _problems(tmp_path, f'include = ["{"x" * 900}.toml"]\n' + SMALL)
    assert messages == ["can't be read: file name too long"]
    messages = _problems(tmp_path, f'include = ["{"x" * 5000}.toml"]\n' + SMALL)
    assert messages == ["`include` has a name of more than 1,000 characters"]


_UNPRIVILEGED = """
import os, sys
from pathlib import Path
from setrota.files.roster import read_roster
from setrota.problems import Refused

def outcome():
    try:
        return "\\n".join(map(str, read_roster(Path(sys.argv[1])).warnings))
    except Refused as refused:
        return refused

# Who has given up root may not read these files any more: what is imported late comes now.
import difflib, setrota.files.toml.places, setrota.files.toml.syntax
outcome()
if os.geteuid() == 0:
    os.setuid(65534)
print(outcome())
"""


@pytest.mark.parametrize(
    ("include", "said"),
    [
        # A file that is named may be there: to plan without its leave would be worse than to stop.
        (
            "private/leave.toml",
            "error: {roster.parent}/private/leave.toml: can't be read: permission denied [unreadable-file]",
        ),
        (
            "private/deeper/leave.toml",
            "error: {roster.parent}/private/deeper/leave.toml: can't be read: permission denied [unreadable-file]",
        ),
        (
            "private/*.toml",
            "warning: {roster}:1: `include` names `private/*.toml`, but no file matches [no-file-matches]\n"
            "  hint: this is fine if the file is kept elsewhere, such as private leave; otherwise correct the name",
        ),
    ],
)
def test_a_folder_that_nobody_may_look_into(include: str, said: str) -> None:
    # Not in pytest's folder: the child gives up root, and that one is open to its owner only.
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        roster, private = Path(folder, "rotations.toml"), Path(folder, "private")
        roster.write_text(f'include = ["{include}"]\n{SMALL}')
        private.mkdir(mode=0o700)
        (private / "leave.toml").write_text("[people.bo]\nleave = [{ from = 2027-03-01 }]\n")
        private.chmod(0)

        run = subprocess.run([sys.executable, "-c", _UNPRIVILEGED, roster], capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        private.chmod(0o700)

        assert run.stdout == said.format(roster=roster) + "\n"


def test_a_roster_in_a_folder_that_nobody_may_look_into() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0)
        roster = Path(folder, "rotations.toml")

        run = subprocess.run([sys.executable, "-c", _UNPRIVILEGED, roster], capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        os.chmod(folder, 0o700)

        assert run.stdout == f"error: {roster}: can't be read: permission denied [unreadable-file]\n"


# Robustness


def test_one_mistake_gives_one_problem(tmp_path: Path) -> None:
    # A pool that can't be read: neither its rotation, nor the teams, nor their people are suspected.
    text = SMALL + '\n[people.bo]\nnot-seats = ["helper"]\nshare = { engineer = 0.5 }\n'
    assert _problems(tmp_path, text.replace('pool = "engineers"', "pool = 3")) == [
        "`rotations.engineer.pool` should be text, not a whole number"
    ]
    assert _problems(tmp_path, text.replace('pool = "engineers"', 'pol = "engineers"')) == [
        "`rotations.engineer.pool` is missing",
        "`rotations.engineer.pol` is not a key of the roster",
    ]
    assert _problems(tmp_path, text.replace('"primary", "helper"', '"primary", 3')) == [
        "`rotations.engineer.seats` has a whole number where text should be"
    ]
    assert _problems(tmp_path, text.replace('"dee", "bo"', '"dee bo"')) == [
        "`teams.search.engineers` has `dee bo`, which is not a valid handle"
    ]
    assert _problems(tmp_path, text.replace("[rotations.engineer]", "[rotation.engineer]")) == [
        "there is no rotation",
        "`rotation` is not a key of the roster",
    ]


_TEXTS = ["", " ", "x", "a\nb", "bo", "BO", "../..", "..", "/", "1 week", "engineers"]
_TEXTS += ["2 days", "1 month", "workday 09:00", "last Friday 17:00", "24/7", "1st Sun", "Mon-Fri 09:00-17:00", "1/4"]
_TEXTS += ["Fri 17:30 - Mon 09:30", "5th Mon 08:00-24:00", "holidays", "09:00"]
_NUMBERS = [0, -1, 3, 10**30, True, 0.5, float("nan"), float("inf")]
_DATES = [date(1, 1, 1), date(2027, 1, 4), date(9999, 12, 31), time(9)]
_LISTS = [
    [],
    [1],
    [""],
    ["bo", "bo"],
    ["primary"],
    ["helper", "helper"],
    ["mon"],
    [date(2027, 1, 4), date(2027, 2, 1)],
    ["Mon 09:00-17:00", "20:00-08:00"],
    ["holidays", {"from": date(2027, 1, 4), "to": "open"}],
    ["rest"],
    [[]],
    [["bo", "dee"]],
    [{}],
]
_TABLES = [{}, {"from": 1}, {"a": {"name": "b"}}, {"engineer": 0.5}, {"primary": "search"}]
_TABLES += [{"24/7": ["engineer"]}, {"weekend": "Sat-Sun"}]
_ENTRIES = [
    {"from": date(2027, 1, 4)},
    {"date": date(2027, 1, 4), "seat": "helper", "person": "bo"},
    {"date": date(2027, 1, 4), "seat": "helper-1", "person": "dee", "rule": "rest"},
    {"rule": "rest", "person": "bo", "date": date(2027, 1, 4)},
    {"tag": "x", "at-least": 1},
    {"tags": ["x"], "at-most": 0, "rotation": "engineer", "seats": ["helper"]},
    {"limit": "1 per 2 weeks", "seats": ["engineer"]},
]
_STRANGE = st.one_of(
    st.sampled_from([*_TEXTS, *_NUMBERS, *_DATES, *_LISTS, *_TABLES]), st.lists(st.sampled_from(_ENTRIES), max_size=3)
)
_KEY_PATHS = st.sampled_from(
    [
        *([key] for key in ("include", "rota", "rotations", "teams", "people", "channel", "rules", "pins", "holidays")),
        *(["rota", key] for key in ROTA),
        *(["rotations", "engineer", key] for key in ROTATION),
        *(["teams", "search", key] for key in (*TEAM, "engineers", "leads", "x")),
        *(["people", "bo", key] for key in (*PERSON, "b")),
        *(["rules", key] for key in RULES),
        *(["holidays", key] for key in HOLIDAYS),
        ["rotations", "engineer"],
        ["rotations", "engineer", "seat-teams", "primary"],
        ["rotations", "from"],
        ["teams", "search"],
        ["teams", ""],
        ["people", "bo"],
        ["people", "BO"],
        ["people", "x y"],
        ["people", "bo", "leave", "from"],
        ["channel", "header"],
        ["x"],
    ]
)


@settings(deadline=None, max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_KEY_PATHS, _STRANGE), min_size=1, max_size=4))
def test_whatever_a_key_holds_is_read_or_refused(tmp_path: Path, edits: list[tuple[list[str], Any]]) -> None:
    data: dict[str, Any] = tomllib.loads(SMALL)
    for path, value in edits:
        table = data
        for key in path[:-1]:
            inner = table.setdefault(key, {})
            if not isinstance(inner, dict):
                inner = table[key] = {}
            table = inner
        table[path[-1]] = copy.deepcopy(value)
    path = tmp_path / "rotations.toml"
    path.write_text(tomli_w.dumps(data), encoding="utf-8")
    problems, status = _outcome(path)
    assert all(problem.where and problem.message for problem in problems)
    if status == 0:
        roster = read_roster(path).roster
        assert set(roster.people) == {handle for team in roster.teams.values() for handle in team.members}


def test_reading_twice_gives_the_same() -> None:
    assert read_roster(EXAMPLE) == read_roster(EXAMPLE)


def test_keys_keep_their_places_in_whichever_file_they_stand(tmp_path: Path) -> None:
    away = "[people.bo]\nleave = [\n  { from = 2027-02-01 },\n]\n"
    private = '[people.bo]\nleave = [{ from = 2027-03-01 },\n  { from = 2027-04-01 }]\n\n[channel]\nheader = "{crew}"\n'
    places = read_text(tmp_path, f'include = ["private.toml"]\n{SMALL}{away}', private=private).places
    section = SMALL.count("\n") + 2
    assert places.of(("rota", "name")) == Place(str(tmp_path / "rotations.toml"), 3)
    assert places.of(("channel", "header")) == Place(str(tmp_path / "private.toml"), 6)
    # A list adds up over the files: bo's second leave is the first one of the included file.
    leave = [places.of(("people", "bo", "leave", number)) for number in range(4)]
    assert leave == [
        Place(str(tmp_path / "rotations.toml"), section + 2),
        Place(str(tmp_path / "private.toml"), 2),
        Place(str(tmp_path / "private.toml"), 3),
        None,
    ]
    assert places.of(("people", "bo", "share")) is None
    assert places.near(("people", "bo", "share")).file == str(tmp_path / "rotations.toml")


# Very many mistakes


@pytest.mark.parametrize(
    "text",
    [
        SMALL + "".join(f"\n[people.p{number}]\nname = 'x'" for number in range(3000)),
        SMALL + "".join(f"\n[people.p{number}]\nnaem = 'x'" for number in range(3000)),
        "".join(f"k{number} = 1\n" for number in range(3000)) + SMALL,
        SMALL + "[rules]\nnever-together = [[" + ", ".join(f"'p{number}'" for number in range(2000)) + "]]\n",
    ],
    ids=["strangers", "keys-of-people", "keys", "names"],
)
def test_nothing_is_worked_out_for_the_problems_after_the_hundredth(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither their place nor what may be meant: 100,000 mistakes take hardly longer than none."""
    asked = []

    def counted(word: str, *others: Any, **settings: Any) -> list[str]:
        asked.append(word)
        return []

    monkeypatch.setattr("difflib.get_close_matches", counted)
    found = _problems(tmp_path, text)
    assert len(found) == 101
    assert found[100] == "there are more than 100 errors; the others are not shown"
    assert len(asked) <= 101


def test_a_long_list_of_files_to_include(tmp_path: Path) -> None:
    few, many = ("include = [" + "'team.toml', " * number + "]\n" + SMALL for number in (1000, 1001))
    assert len(read_text(tmp_path, few).warnings) == 1
    assert _problems(tmp_path, many) == ["`include` has more than 1,000 names, with those in other files"]
