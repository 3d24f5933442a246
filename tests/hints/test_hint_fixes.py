"""Every command that the explanation of a code names, typed where the words in capitals have something to stand for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from command_line import Desk
from desks import NOW, ROSTER, holder, plan
from test_scenes import ACCOUNTS, PAGER
from typist import Typist

from setrota.reports.codes import kinds

DAY = "2027-01-04"

COMMANDS = sorted(
    {
        " ".join(each.split())
        for kind in kinds().values()
        for text in (kind.meaning, kind.fix)
        for each in re.findall("`(setrota [^`]+)`", text)
    }
)

REFUSED = {
    "setrota init": "[roster-exists]",
    "setrota init --roster rotations.toml": "[roster-exists]",
    "setrota diff --against REV": "git",
    "setrota publish caldav --time-limit 600": "[no-publish-section]",
    "setrota publish oncall": "[no-secret]",
}
"""Commands for another state than the one here, and what they say in this one: other tests make it."""


@pytest.fixture(scope="module")
def rota(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A planned rota with an empty seat, a pin, a file to import and one to compare with."""
    desk = Desk(tmp_path_factory.mktemp("rota") / "desk")
    desk.write("rotations.toml", ROSTER + PAGER + ACCOUNTS)
    plan(desk)
    desk.run("pin", DAY, "backup", holder(desk, "backup", DAY), now=NOW).at(0)
    desk.seat("desk.2027-01-11", "backup", "")
    desk.write("served.csv", "start,rotation,seat,person\n2026-10-05,desk,primary,ana\n2026-10-05,desk,backup,eva\n")
    shutil.copy(desk.folder / "schedule.toml", desk.folder / "old.toml")
    return desk


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_fix_names(rota: Desk, tmp_path: Path, command: str) -> None:
    desk = Desk(Path(shutil.copytree(rota.folder, tmp_path / "rota")))
    person, other = (holder(desk, "primary", day) for day in (DAY, "2027-01-18"))
    words = {"PERSON": person, "HOLDER": person, "OTHER": other, "hugo": person, "FILE": "served.csv", "DATE": DAY}
    words |= {"N": "3", "REV": "HEAD", "SEAT": "desk/primary"}
    if command.startswith("setrota unpin"):
        words |= {"PERSON": holder(desk, "backup", DAY), "SEAT": "desk/backup"}
    if command.startswith("setrota fill"):
        words |= {"DATE": "2027-01-11", "SEAT": "desk/backup"}
    if command.startswith("setrota init --roster FILE"):
        words["FILE"] = "new.toml"
    typist = Typist(desk, NOW, words=words)
    outcome = typist.run(desk, command.replace("--with PERSON", "--with OTHER"))
    if code := REFUSED.get(command):
        assert code in outcome.talk
    elif outcome.status == 2 and re.fullmatch("setrota [a-z]+( add| import| csv)?", command):
        # The bare name of a command: its help has the rest.
        typist.run(desk, f"{command} --help").at(0)
    else:
        assert outcome.status in (0, 1), outcome.talk
        assert "Traceback" not in outcome.talk
