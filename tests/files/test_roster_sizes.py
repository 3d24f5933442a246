"""How much a roster may hold, on both sides of each limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from roster_text import read_text

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
