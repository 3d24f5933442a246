"""Branches of a repository that each change the schedule, merged by git itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from command_line import Desk
from repository import Repository, cover, saved, seated

from setrota.rules.eligibility import obstacles_of

pytestmark = [pytest.mark.git, pytest.mark.no_cover]  # quicker tests run the same lines

WEEK = timedelta(weeks=1)
FIRST, LAST = date(2027, 1, 4), date(2027, 3, 29)
"""The first and the last week of the first quarter."""


Edit = Callable[[Desk], object]


def merged(desk: Desk, ours: Edit, theirs: Edit) -> Repository:
    """The repository after two branches each committed an edit, about to be merged."""
    repository = Repository(desk).begin()
    for name, edit in (("theirs", theirs), ("ours", ours)):
        repository.branch(name)
        edit(desk)
        repository.commit()
    return repository


def both(desk: Desk, ours: Edit, theirs: Edit) -> bytes:
    """The schedule as it is when both edits are made one after the other; the file is put back."""
    before = desk.schedule
    ours(desk)
    theirs(desk)
    after = desk.schedule
    (desk.folder / "schedule.toml").write_bytes(before)
    return after


def covering(day: date, seat: str, person: str, rotation: str = "engineer") -> Edit:
    return lambda desk: cover(desk, day, seat, person, rotation=rotation)


def planning(desk: Desk) -> None:
    desk.run("plan").at(0)


def free(desk: Desk, day: date) -> str:
    """Somebody else who would break no rule as `engineer-2` of that week."""
    roster, schedule = saved(desk)
    duty = seated(schedule, "engineer", day, "engineer-2")
    others = (handle for handle in roster.members_of("engineer") if handle != duty.person)
    return next(handle for handle in others if not obstacles_of(roster, schedule, handle, duty))


@pytest.mark.parametrize("weeks", [1, 2, 6, 11])
def test_covers_in_different_weeks_merge(planned: Desk, weeks: int) -> None:
    """Neighbouring weeks too."""
    one, two = FIRST + WEEK, FIRST + WEEK * (1 + weeks)
    ours = covering(one, "engineer-2", free(planned, one))
    ours_made = planned.schedule
    ours(planned)
    theirs = covering(two, "engineer-2", free(planned, two))
    (planned.folder / "schedule.toml").write_bytes(ours_made)
    expected = both(planned, ours, theirs)

    merged(planned, ours, theirs).git("merge", "--no-edit", "theirs")
    assert planned.schedule == expected
    planned.run("check").at(0)
    assert [len(crew.changes) for crew in saved(planned)[1].crews if crew.changes] == [1, 1]


def test_covers_of_two_rotations_in_the_same_days_merge(planned: Desk) -> None:
    """The engineers' week and the leads' two weeks that start on one day are two blocks in a row."""
    ours, theirs = covering(FIRST, "primary", "bo"), covering(FIRST, "lead", "wen", "lead")
    expected = both(planned, ours, theirs)
    merged(planned, ours, theirs).git("merge", "--no-edit", "theirs")
    assert planned.schedule == expected


@pytest.mark.parametrize("way", ["planned by ours", "planned by theirs"])
@pytest.mark.parametrize(("rotation", "seat"), [("engineer", "engineer-2"), ("lead", "lead")])
def test_a_cover_in_the_last_week_merges_with_a_plan_that_goes_on_after_it(
    planned: Desk, way: str, rotation: str, seat: str
) -> None:
    last = saved(planned)[1].of(rotation)[-1].period.start
    edits = [covering(last, seat, "fay", rotation), planning]
    ours, theirs = edits if way.endswith("theirs") else reversed(edits)
    repository = merged(planned, ours, theirs)
    plan = repository.git("show", f"{way.split()[-1]}:schedule.toml")
    repository.git("merge", "--no-edit", "theirs")
    # What was planned on the one branch, byte for byte, and the cover of the other.
    text = planned.schedule.decode()
    change = f'  {{ at = 2027-01-08T09:30:00+00:00, seat = "{seat}", was = '
    [line] = [line for line in text.splitlines() if line.startswith(change)]
    assert text.replace(f"changes = [\n{line}\n]\n", "") == plan
    assert saved(planned)[1].of(rotation)
    assert "merge" not in planned.run("check").talk


def test_covers_of_one_week_are_left_to_people(planned: Desk) -> None:
    repository = merged(planned, covering(FIRST, "primary", "bo"), covering(FIRST, "primary", "eli"))
    repository.git("merge", "--no-edit", "theirs", status=1)
    line = 1 + planned.schedule.decode().splitlines().index("<<<<<<< HEAD")
    told = planned.run("now").at(2).talk
    assert told == (
        f"error: schedule.toml:{line}: there is an unresolved merge conflict [merge-conflict]\n"
        "  hint: keep what you want from both sides, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`\n"
    )


def test_what_one_recomputes_and_the_other_changes_is_left_to_people(planned: Desk) -> None:
    """Merged line by line a cover would stand beside seats that it was never about."""
    week = FIRST + WEEK
    roster, schedule = saved(planned)
    holder = seated(schedule, "engineer", week, "primary").person
    name = f'name = "{roster.people[holder].name}"'  # type: ignore[index]
    planned.edit("rotations.toml", name, f"{name}, leave = [{{ from = {week} }}]")
    repository = merged(planned, covering(week, "primary", "bo"), lambda desk: desk.run("plan", "--again").at(0))
    repository.git("merge", "--no-edit", "theirs", status=1)
    assert "there is an unresolved merge conflict" in planned.run("show").at(2).talk
