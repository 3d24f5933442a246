"""How much a roster may hold, on both sides of each limit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from roster_text import read_text

from setrota.files.roster.schema import schema_note
from setrota.problems import Refused

pytestmark = pytest.mark.quick

ROSTER = """\
[rota]
name = "Front Desk"
timezone = "Europe/Berlin"
handover = "Monday 09:00"

[rotations.desk]
every = "1 week"
pool = "staff"
seats = ["first", "second"]

[rotations.lead]
every = "1 week"
pool = "leads"
seats = ["lead"]

[teams.red]
staff = ["ana", "bo", "cy", "dee"]
away = [{ from = 2027-01-04 }, { from = 2027-01-05 }, { from = 2027-01-06 }]

[teams.blue]
leads = ["eli"]

[people.ana]
leave = [{ from = 2027-01-04 }, { from = 2027-01-05 }, { from = 2027-01-06 }]

[people.bo]
share = 0.5
"""
SPANS = """
[rotations.night]
every = "1 week"
pool = "staff"
seats = ["night"]
serves = ["Mon", "Tue", "Wed"]

[rules]
counts = { a = ["Sat", "Sun"], b = "Sat", c = "Sun" }
"""


@pytest.mark.parametrize(
    ("limit", "most", "key"),
    [
        ("PEOPLE", 4, "`teams.red.staff`"),
        ("TEAMS", 2, "`teams`"),
        ("ROTATIONS", 2, "`rotations`"),
        ("SEATS", 2, "`rotations.desk.seats`"),
    ],
)
def test_how_many_entries_a_roster_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, key: str
) -> None:
    monkeypatch.setattr(f"setrota.files.roster.sizes.MOST_{limit}", most)
    read_text(tmp_path, ROSTER)
    monkeypatch.setattr(f"setrota.files.roster.sizes.MOST_{limit}", most - 1)
    with pytest.raises(Refused) as caught:
        read_text(tmp_path, ROSTER)
    [problem] = caught.value.problems
    assert problem.code == "too-many-entries"
    assert problem.message == f"{key} has more than {most - 1} entries"


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('serves = ["Thu", ', "rotations.night.serves"),
        ('counts = { d = "Fri", ', "rules.counts"),
        ('counts = { a = ["Thu", "Fri", ', "rules.counts.a"),
    ],
)
def test_how_many_spans_a_roster_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str, key: str) -> None:
    monkeypatch.setattr("setrota.files.roster.sizes.MOST_SPANS", 3)
    read_text(tmp_path, ROSTER + SPANS)
    less = re.escape(more.replace('"Thu", ', "").replace('d = "Fri", ', "").replace('"Fri", ', ""))
    with pytest.raises(Refused, match=f"`{re.escape(key)}` has more than 3 entries"):
        read_text(tmp_path, ROSTER + re.sub(less, more, SPANS, count=1))


def test_a_note_that_has_become_a_key_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("setrota.files.roster.sizes.MOST_ITEMS", 3)
    with pytest.raises(Refused) as caught:
        read_text(tmp_path, f'{ROSTER}avoid = [{{ from = 2027-01-04, "a heart operation" = [1, 2, 3, 4] }}]\n')
    [problem] = caught.value.problems
    assert problem.message == "`people.bo.avoid` has more than 3 entries"


def test_how_many_members_the_pools_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = ROSTER.replace('pool = "leads"', 'pool = "staff"').replace("leads = [", "staff = [")
    monkeypatch.setattr("setrota.files.roster.sizes.MOST_MEMBERS", 10)
    read_text(tmp_path, two)
    monkeypatch.setattr("setrota.files.roster.sizes.MOST_MEMBERS", 9)
    with pytest.raises(Refused) as caught:
        read_text(tmp_path, two)
    [problem] = caught.value.problems
    assert problem.code == "too-many-entries"
    assert problem.message == "the pools of all rotations have more than 9 members together"


def test_holidays_that_overlap_are_each_counted_once(tmp_path: Path) -> None:
    ranges = "{ from = 2027-01-01, to = 2027-01-05 }, { from = 2027-01-02, to = 2027-01-03 }"
    days = f"dates = [{ranges}, 2027-01-05, 2027-01-07]"
    holidays = read_text(tmp_path, f"{ROSTER}[holidays]\n{days}\n").roster.holidays.days
    assert sorted(day.day for day in holidays) == [1, 2, 3, 4, 5, 7]


def test_lists_of_dates_are_shorter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # `rota` has three keys, and so has each rotation.
    monkeypatch.setattr("setrota.files.roster.sizes.MOST_ITEMS", 3)
    read_text(tmp_path, ROSTER)
    longer = "away = [{ from = 2027-01-07 }, "
    with pytest.raises(Refused, match=r"`teams\.red\.away` has more than 3 entries"):
        read_text(tmp_path, ROSTER.replace("away = [", longer))


def test_how_many_values_a_file_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signs = sum(ROSTER.count(sign) for sign in "=,[{")
    monkeypatch.setattr("setrota.files.toml.documents.MOST_SIGNS", signs)
    read_text(tmp_path, ROSTER)
    with pytest.raises(Refused, match=f"has more than {signs} keys and values"):
        read_text(tmp_path, f"{ROSTER}tags = []\n")


def test_how_many_files_a_roster_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(f"[teams.{name}]\nstaff = ['{name}']\n")
    including = f'include = ["a.toml", "b.toml"]\n{ROSTER}'
    monkeypatch.setattr("setrota.files.roster.includes.MOST_FILES", 3)
    read_text(tmp_path, including)
    monkeypatch.setattr("setrota.files.roster.includes.MOST_FILES", 2)
    with pytest.raises(Refused, match="is larger than 5 MB or 2 files, with those it includes") as caught:
        read_text(tmp_path, including)
    assert [problem.code for problem in caught.value.problems] == ["roster-too-large"]


def test_files_count_together(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text("#" * 2_600_000)
    read_text(tmp_path, f'include = ["a.toml"]\n{ROSTER}')
    with pytest.raises(Refused, match="is larger than 5 MB or 1,000 files"):
        read_text(tmp_path, f'include = ["*.toml"]\n{ROSTER}')


def test_files_count_before_they_are_understood(tmp_path: Path) -> None:
    """Also those that are no rosters, or no TOML: to find that out takes as long."""
    for name, text in (("a", "x = 1\n"), ("b", "[rota\n"), ("c", "x = 1\n")):
        (tmp_path / f"{name}.toml").write_text(text + "#" * 1_700_000)
    with pytest.raises(Refused) as caught:
        read_text(tmp_path, f'include = ["?.toml"]\n{ROSTER}')
    assert [problem.code for problem in caught.value.problems] == ["roster-too-large"]
    assert str(caught.value.problems[0].where) == f"{tmp_path}/c.toml"


def test_files_that_cannot_be_read_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("setrota.files.roster.includes.MOST_FILES", 3)
    for number in range(3):
        (tmp_path / f"{number}.toml").symlink_to("nothing.toml")
    with pytest.raises(Refused) as caught:
        read_text(tmp_path, f'include = ["?.toml"]\n{ROSTER}')
    # They lead to the same file, so they are one.
    assert [problem.code for problem in caught.value.problems] == ["no-such-file"]
    for number in range(3):
        (tmp_path / f"{number}.toml").unlink()
        (tmp_path / f"{number}.toml").symlink_to(f"nothing{number}.toml")
    with pytest.raises(Refused) as caught:
        read_text(tmp_path, f'include = ["?.toml"]\n{ROSTER}')
    assert [problem.code for problem in caught.value.problems] == ["roster-too-large"]


def test_names_of_all_files_count_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("setrota.files.roster.includes.MOST_PATTERNS", 3)
    (tmp_path / "a.toml").write_text("include = ['b.toml', 'b.toml']\n")
    (tmp_path / "b.toml").write_text("")
    read_text(tmp_path, f"include = ['a.toml']\n{ROSTER}")
    with pytest.raises(Refused) as caught:
        read_text(tmp_path, f"include = ['a.toml', 'b.toml']\n{ROSTER}")
    found = [(problem.code, str(problem.where)) for problem in caught.value.problems]
    assert found == [("too-many-includes", f"{tmp_path}/a.toml:1")]


@pytest.mark.parametrize(
    "names",
    [[f"**/x{n}*" for n in range(1000)], ["/".join(["**"] * 300)], [f"{'a/../' * 190}{n}" for n in range(900)],
     ["*a" * 490 + str(n) for n in range(900)]],
    ids=["globs", "stars", "parts", "long globs"],
)  # fmt: skip
def test_names_lead_through_no_end_of_folders(tmp_path: Path, names: list[str]) -> None:
    for number in range(300):
        (tmp_path / str(number % 15) / str(number)).mkdir(parents=True)
    with pytest.raises(Refused) as caught:
        read_text(tmp_path, f"include = {names}\n{ROSTER}")
    [problem] = caught.value.problems
    assert (problem.code, str(problem.where)) == ("too-many-includes", f"{tmp_path}/rotations.toml:1")


@pytest.mark.parametrize(
    "text",
    ["include = ['{}']\n" + ROSTER, "include-outside = ['{}']\n" + ROSTER,
     ROSTER.replace("[rota]", "[rota]\nschedule = '{}'"), ROSTER + "[publish.caldav]\nurl = 'https://a.b/c/'\n"
     "username = 'bo'\npassword-file = '{}'\n"],
    ids=["include", "include-outside", "schedule", "password-file"],
)  # fmt: skip
def test_how_long_the_name_of_a_file_may_be(tmp_path: Path, text: str) -> None:
    read_text(tmp_path, text.replace("{}", "a/" * 500))
    with pytest.raises(Refused) as caught:
        read_text(tmp_path, text.replace("{}", "a/" * 500 + "a"))
    assert [problem.code for problem in caught.value.problems] == ["name-too-long"]


def test_a_long_schema_is_not_looked_for(tmp_path: Path) -> None:
    read = read_text(tmp_path, f"#:schema {'a/' * 100_000}\n{ROSTER}")
    assert schema_note(read.places.documents[0]) is None
