"""`setrota publish oncall` where service pauses: pagers get exactly what is served, to the minute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest
from pager_desk import BEFORE as BEFORE_PLAN
from pager_desk import SECTIONS, Paged, account, opened

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

SCHEDULE = """\
format = 3
rota = "FD"

[desk.2027-03-08]
primary = "ana"
backup = "dee"

[desk.2027-03-15]
primary = "bo"
backup = "eli"
"""


@pytest.fixture(params=SECTIONS)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Paged]:
    """A desk that is served on working days from nine to five; the clocks change on 14 March."""
    with ExitStack() as stack:
        paged = opened(request.param, tmp_path, SCHEDULE, stack)
        hours = 'every = "1 week"\nserves = "Mon-Fri 09:00-17:00"\npool = "staff"'
        paged.desk.edit("rotations.toml", 'every = "1 week"\npool = "staff"', hours)
        yield paged


def served(paged: Paged, *weeks: tuple[date, str]) -> list[tuple[str, str, str]]:
    """Whom a seat's schedule has to page in some weeks."""
    found = []
    for monday, handle in weeks:
        for day in (monday + timedelta(days=number) for number in range(5)):
            shift = 5 if day < date(2027, 3, 14) else 4
            found.append(
                (account(paged.service, handle), f"{day:%m-%d} {9 + shift:02}:00", f"{day:%m-%d} {17 + shift}:00")
            )
    return found


def test_only_what_is_served_is_sent_and_nothing_twice(office: Paged) -> None:
    office.publish().at(0)
    assert office.wrote() == ["POST"] * 20
    weeks = ((date(2027, 3, 8), "ana"), (date(2027, 3, 15), "bo"))
    assert office.memory.paged(office.schedules["primary"]) == served(office, *weeks)
    assert "nothing to send" in office.publish().at(0).talk
    # The same in the middle of a week, by day and by night.
    for now in ("2027-03-10T12:00", "2027-03-10T22:00"):
        assert "nothing to send" in office.publish(now=now).at(0).talk
    assert office.wrote() == []


def test_a_cover_of_some_hours_is_sent_to_the_minute(office: Paged) -> None:
    office.publish().at(0)
    office.wrote()
    hours = ("--from", "2027-03-10T14:30", "--to", "2027-03-10T16:15")
    office.desk.run("cover", "ana", "2027-03-10", *hours, "--with", "cy", "--force", now=BEFORE_PLAN).at(0)
    office.publish().at(0)
    assert 3 <= len(office.wrote()) <= 4
    ana, cy = (account(office.service, handle) for handle in ("ana", "cy"))
    wednesday = [each for each in office.memory.paged(office.schedules["primary"]) if each[1].startswith("03-10")]
    assert wednesday == [
        (ana, "03-10 14:00", "03-10 19:30"), (cy, "03-10 19:30", "03-10 21:15"), (ana, "03-10 21:15", "03-10 22:00"),
    ]  # fmt: skip
    assert office.memory.overlapping(office.schedules["primary"]) == 0
    assert "nothing to send" in office.publish().at(0).talk
    assert office.wrote() == []
