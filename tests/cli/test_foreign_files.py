"""No command shows a word of a file that is not a roster, a schedule or a list of duties, whoever names it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Desk, small

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

SECRET = "hunter2"

FOREIGN = {
    "credentials.toml": f'[registry]\ntoken = "{SECRET}"\n[{SECRET}]\n{SECRET} = "{SECRET}"\n',
    "flat.toml": f'password = "{SECRET}"\n{SECRET} = 5\nformat = "{SECRET}"\nrota = "{SECRET}"\nname = "x"\n',
    "formatted.toml": f'format = "{SECRET}"\nrota = "{SECRET}"\n[{SECRET}]\na = 1\n[b]\n[c]\n',
    "channels.toml": f'[teams.ops]\npassword = "{SECRET}"\n[channel]\nwebhook = "{SECRET}"\n',
    "twice.toml": f"{SECRET} = 1\n{SECRET} = 2\n",
    "tables.toml": f"[a.{SECRET}]\n[a.{SECRET}]\n",
    "dates.toml": f"{SECRET} = 12.13.2027\n",
    "broken.toml": f'[servers]\n{SECRET} = "{SECRET}\n',
    "backslash.toml": f'path = "C:\\{SECRET}"\n',
    ".env": f"DATABASE_PASSWORD={SECRET}\nexport {SECRET}=1\n",
    ".netrc": f"machine example.com login {SECRET} password {SECRET}\n",
    ".git-credentials": f"https://me:{SECRET}@example.com\n",
    "aws": f"[default]\naws_secret_access_key = {SECRET}\n[profile {SECRET}]\nregion = x\n",
    "gitconfig": f"[include]\n\tpath = {SECRET}\n[user]\n\tname = {SECRET}\n[http]\n\textraheader = {SECRET}\n",
    "passwd": f"root:x:0:0:{SECRET}:/root:/bin/sh\n",
    "key": f"-----BEGIN OPENSSH PRIVATE KEY-----\n{SECRET}{SECRET}\n-----END OPENSSH PRIVATE KEY-----\n",
    "data.json": json.dumps({SECRET: SECRET}),
    "data.yaml": f"{SECRET}: {SECRET}\nrota:\n  - {SECRET}\n",
    "table.csv": f"name,password\n{SECRET},{SECRET}\n",
    "heading.csv": f"name,{SECRET}\nstart,{SECRET}\n",
    "semicolons.csv": f"{SECRET};{SECRET}\n{SECRET};{SECRET};{SECRET}\n",
    "note.txt": f"{SECRET}\n",
    "quoted.txt": f'"{SECRET}\n',
    "deep.txt": ".".join([SECRET] * 100),
    "mail.ics": f"Subject: {SECRET}\n\n{SECRET}\n",
}
BINARY = b"\x7fELF\x00\xff\xfe" + SECRET.encode() + b"\x00\n[a]\n" + SECRET.encode() + b"\n"

WAYS = {
    "as the roster": ("check", "-r", "FILE"),
    "as the roster, for a pull request": ("check", "-r", "FILE", "--format", "github"),
    "as the roster, in JSON": ("show", "-r", "FILE", "--format", "json"),
    "as the schedule": ("check", "-s", "FILE"),
    "as the schedule to plan": ("plan", "-s", "FILE"),
    "as the schedule, in JSON": ("now", "-s", "FILE", "--format", "json"),
    "as an earlier schedule": ("diff", "FILE"),
    "as past duties": ("import", "csv", "FILE"),
    "as past duties, in JSON": ("import", "csv", "FILE", "--format", "json"),
    "as leave": ("leave", "import", "FILE"),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("foreign"))
    desk.write("rotations.toml", small())
    for name, text in FOREIGN.items():
        desk.write(f"etc/{name}", text)
    desk.folder.joinpath("etc", "binary").write_bytes(BINARY)
    return desk


def _said(desk: Desk, *arguments: str) -> str:
    """What a command says that must not use a file, and doesn't."""
    result = desk.run(*arguments).at(2)
    assert f"{result.out}{result.talk}".strip()
    return f"{result.out}{result.talk}"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", [*FOREIGN, "binary"])
def test_a_file_that_is_named_in_a_command(office: Desk, name: str, way: str) -> None:
    said = _said(office, *(word.replace("FILE", f"etc/{name}") for word in WAYS[way]))
    assert SECRET not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("key", ["include = ['etc/NAME']", "include-outside = ['etc/NAME']", "include = ['link']"])
@pytest.mark.parametrize("name", [*FOREIGN, "binary"])
def test_a_file_that_a_roster_includes(office: Desk, name: str, key: str) -> None:
    link = office.folder / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(f"etc/{name}")
    office.write("including.toml", f"{key.replace('NAME', name)}\n{small()}")
    for form in ("table", "json", "github"):
        said = _said(office, "check", "-r", "including.toml", "--format", form)
        assert SECRET not in said
        assert "not-a-roster" in said


def test_all_files_at_once(office: Desk) -> None:
    office.write("including.toml", f"include = ['etc/*', 'etc/.*']\n{small()}")
    said = _said(office, "check", "-r", "including.toml")
    assert said.count("[not-a-roster]") == len(FOREIGN) + 1
    assert SECRET not in said


@pytest.mark.parametrize("name", [*FOREIGN, "binary"])
def test_a_file_that_a_roster_names_as_its_schedule(office: Desk, name: str) -> None:
    text = small().replace("[rota]\n", f"[rota]\nschedule = 'etc/{name}'\n")
    office.write("scheduled.toml", text)
    said = _said(office, "show", "-r", "scheduled.toml", "--format", "json")
    assert SECRET not in said
    assert "not-a-schedule" in said


@pytest.mark.parametrize(
    "schedule",
    ["../plans.toml", "/srv/nowhere/plans.toml", "linked.toml", "way/plans.toml", "around.toml", "itself.toml"],
)
@pytest.mark.parametrize("is_there", [True, False])
def test_a_schedule_outside_the_rosters_folder(empty: Desk, schedule: str, is_there: bool) -> None:
    """A roster names none: a stranger's could read and, with `plan`, write any file. Who calls setrota may name one."""
    if is_there:
        empty.write("plans.toml", SECRET)
        (empty.folder / "out").symlink_to("desk")
    empty.write("desk/rotations.toml", small().replace("[rota]\n", f"[rota]\nschedule = '{schedule}'\n"))
    (empty.folder / "desk" / "linked.toml").symlink_to("../plans.toml")
    (empty.folder / "desk" / "way").symlink_to("..")
    (empty.folder / "desk" / "around.toml").symlink_to("../out/../desk/plans.toml")
    (empty.folder / "desk" / "itself.toml").symlink_to("../out/rotations.toml")
    for command in ("now", "plan", "check"):
        assert empty.run(command, "-r", "desk/rotations.toml").at(2).talk == (
            f"error: desk/rotations.toml:2: the schedule, `{schedule}`, is not in the roster's folder [leads-outside]\n"
            "  hint: keep it there; or remove `rota.schedule`, and name the file with `--schedule FILE` or"
            " `SETROTA_SCHEDULE`\n"
        )
    empty.run("plan", "-r", "desk/rotations.toml", "-s", "other.toml").at(0)
    empty.run("plan", "-r", "desk/rotations.toml", SETROTA_SCHEDULE="more.toml").at(0)
    assert (empty.folder / "plans.toml").exists() == is_there


def test_an_empty_file_is_a_part_of_a_roster_that_says_nothing(office: Desk) -> None:
    office.write("etc2/empty.toml", "# nothing yet\n")
    office.write("including.toml", f"include = ['etc2/*']\n{small()}")
    office.run("check", "-r", "including.toml").at(0)


def test_a_part_of_a_roster_with_a_mistake_is_explained(office: Desk) -> None:
    """Also if it isn't TOML: a roster's author sees what is wrong."""
    office.write("part.toml", '[people.bo]\nname = "Bo\n')
    office.write("including.toml", f"include = ['part.toml']\n{small()}")
    assert "part.toml:2: this is not TOML: a text has no closing quote" in _said(
        office, "check", "-r", "including.toml"
    )


def test_the_files_are_what_they_were(office: Desk) -> None:
    folder = Path(office.folder, "etc")
    assert {name: (folder / name).read_text(encoding="utf-8") for name in FOREIGN} == FOREIGN
