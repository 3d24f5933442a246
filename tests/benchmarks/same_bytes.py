"""Whether two versions of setrota do the same, to the byte: `python tests/benchmarks/same_bytes.py OLD NEW`.

OLD and NEW are git revisions or folders that hold a checkout. Each version gets the command lines below, in the same
folder and at the same times, with the rosters of OLD's README and docs. What differs is printed as a unified diff:
stdout, stderr, exit status, and every file that a command wrote. Only the time that the solver took is left out. The
exit status is 1 if anything differs. This is not a test: a change of wording is a difference, and may be wanted.
"""

from __future__ import annotations

import difflib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SESSIONS = {
    "README": """
        cp $INPUTS/example.toml rotations.toml
        @ 2026-11-23T10:00:00-05:00
        setrota check
        setrota plan
        setrota now --at 2027-01-12T10:00
        setrota explain 2027-01-12 primary --person ula
        setrota explain 2027-03-22 backup
        setrota export header --at 2027-01-12T10:00
        setrota export --person hugo --output hugo.ics
        git init --quiet && git add . && git commit --quiet --message plan
        @ 2027-01-20T10:00
        setrota cover ula today
        setrota cover ula today --with aiko --with abel --reason "flu"
        setrota export header
        @ 2027-02-03T10:00
        sed -i '/^\\[people.bo\\]$/a end = 2027-02-26' rotations.toml
        setrota check
        setrota replan --dry-run --format json
        setrota replan --yes
        setrota log
        @ 2027-02-05T14:00
        setrota export --output rota/
        setrota brief | head -n 21
        setrota brief --at 2027-02-12T10:00 --output brief.md
        setrota diff
        setrota diff --against HEAD --format json
        setrota diff --format markdown
        setrota diff --person aiko
        git show HEAD:schedule.toml > before.toml
        setrota diff before.toml --all
        setrota log --format json --all
        setrota log --person ula --since 2027-01-01
        setrota export --output rota/
        setrota export --tombstones
    """,
    "a new roster": """
        @ 2026-11-23T10:00
        setrota
        setrota init
        setrota init
        setrota check
        setrota plan --dry-run
        setrota plan --dry-run --format json
        setrota plan --weeks 4 --from 2027-01-04 --look-ahead 0
        setrota plan --quarter 2027-Q1
        setrota plan
        setrota show
        setrota export
        sed -i 's/^rest = .*/rest = "6 weeks"/' rotations.toml
        setrota check
        setrota plan --weeks 4
        setrota explain 2027-07-05 primary
        setrota explain 2027-07-05 backup
        setrota plan --fill --dry-run
    """,
    "showing": """
        cp $INPUTS/example.toml rotations.toml
        cp $INPUTS/past.csv past.csv
        @ 2026-11-23T10:00
        setrota import csv past.csv --dry-run
        setrota import csv past.csv --former gone
        setrota import csv past.csv --former gone
        setrota plan --from 2026-11-30 --to 2027-03-28
        @ 2027-01-06T12:00
        setrota show
        setrota show --format json
        setrota show --format csv
        setrota show --format markdown --output show.md
        setrota show --person hugo
        setrota show --team calls --from 2026-11-02 --to 2027-02-28
        setrota show --rotation lead --quarter 2027-Q1
        setrota now
        setrota now --format json
        setrota now --at 2027-06-01
        setrota fairness
        setrota fairness --format json
        setrota fairness --person hugo
        setrota fairness --rotation lead --team calls
        setrota explain --person hugo
        setrota explain --person hugo --format json
        setrota explain 2027-01-18 backup --format json
        setrota check --format json
        setrota log --all
    """,
    "changing": """
        cp $INPUTS/example.toml rotations.toml
        cp $INPUTS/hugo.ics $INPUTS/team.ics .
        @ 2026-11-23T10:00
        setrota plan
        git init --quiet && git add . && git commit --quiet --message plan
        @ 2027-01-06T12:00
        setrota swap hugo 2027-01-11
        setrota swap hugo 2027-01-11 --format json
        setrota swap hugo 2027-01-11 ula 2027-01-18 --dry-run
        setrota swap hugo 2027-01-11 ula 2027-01-18
        setrota swap hugo 2027-01-18 yara 2027-01-04
        setrota swap cleo 2027-01-11 pia 2027-01-11 --reason "a course" --force
        setrota cover omar 2027-01-18 --format json
        setrota cover omar 2027-01-18 --from 2027-01-27 --to 2027-01-28 --all
        setrota cover omar 2027-01-18 --from 2027-01-27 --to 2027-01-28 --with nobody
        setrota cover taj 2027-01-18 --ripple 2
        setrota cover taj 2027-01-18 --with ula
        setrota check
        setrota fill 2027-01-27 lead
        setrota fill 2027-01-27 lead --format json
        setrota fill 2027-01-27 lead --with wen --force
        setrota explain 2027-01-27 lead
        setrota pin 2027-03-22 backup
        setrota pin 2027-03-22 primary nia
        setrota unpin 2027-03-22 primary
        setrota leave add hugo 2027-02-01 2027-02-12 --note "private"
        setrota leave import hugo.ics --person hugo --dry-run
        setrota leave import hugo.ics --person hugo --yes
        setrota leave import team.ics --yes
        setrota leave import team.ics --yes
        setrota leave list
        setrota leave list --format json
        setrota replan --dry-run
        setrota replan
        setrota replan --changes 3 --yes
        setrota plan --again --dry-run
        setrota plan --again --from 2027-02-01 --to 2027-03-28
        setrota plan --fill
        setrota diff --from 2027-01-18 --to 2027-02-28
        setrota log
        setrota export --tombstones --output rota.ics
    """,
    "docs/rules.md": """
        cp $INPUTS/rules.toml rotations.toml
        @ 2026-11-23T10:00
        setrota check
        setrota plan --quarter 2027-Q1
        setrota check --format json
        setrota explain 2027-02-08 backup
        setrota explain 2027-02-08 engineer/primary --person dee
        setrota fairness
        setrota now --at 2027-03-05T16:00
        setrota export --output rota/
        setrota cover lola 2027-02-08 --with nobody
        setrota check
        setrota explain 2027-02-08 engineer/backup
        setrota fill 2027-02-08 engineer/backup --all
        setrota plan --fill --from 2027-01-04 --to 2027-03-31
        setrota plan --again --from 2027-02-08 --to 2027-02-28
    """,
    "docs/publishing.md": """
        cp $INPUTS/publishing.toml publishing.toml
        cp $INPUTS/including.toml rotations.toml
        @ 2026-11-23T10:00
        setrota plan
        setrota export --output rota/
        setrota export --person bo --output bo.ics
        setrota export --team calls --rotation lead
        @ 2027-01-20T10:00
        setrota cover ula today --with aiko
        setrota cover omar 2027-01-18 --from 2027-01-27 --to 2027-01-28 --with wen --force
        setrota export --output rota/
        setrota export header
        setrota export header --style short
        setrota export header --style links
        setrota export header --style slack
        setrota export header --at 2028-01-01
        setrota brief
        setrota export oncall --service pagerduty
        sed -i 's/^schedules = .*/schedules = { lead = "L1" }/' publishing.toml
        sed -i 's/^accounts = .*//' publishing.toml
        for who in sana omar wen hana jae zeno chidi; do \
            printf '\\n[people.%s.accounts]\\njira = "j-%s"\\n' $who $who >> publishing.toml; done
        setrota export oncall --service jira --output overrides.json
        setrota publish webhook --dry-run
        SETROTA_WEBHOOK_URL=https://hooks.example.com/secret setrota publish webhook --dry-run
        setrota publish mattermost --dry-run
        setrota publish caldav --dry-run
        setrota publish oncall --dry-run
    """,
    "mistakes": """
        @ 2026-11-23T10:00
        setrota check
        setrota plann
        cp $INPUTS/example.toml rotations.toml
        setrota plan --form json
        setrota plan --from 2027-13-01
        setrota plan --from 2027-02-01 --to 2027-01-01
        setrota show
        setrota now
        setrota show --person hgo
        setrota swap hugo 2027-01-11 ula 2027-01-18
        setrota explain 2027-01-11 primry
        setrota --schedule nowhere/schedule.toml plan
        setrota diff
        setrota leave add hugo 2027-02-12 2027-02-01
        setrota export --output rotations.toml
        setrota export oncall
        setrota publish mattermost
        echo 'start,person' > past.csv
        setrota import csv past.csv
        sed -i 's/^rest = /rset = /; s/^short-name = .*/short-name = 7/' rotations.toml
        setrota check
        setrota check --format json
        setrota plan
        echo 'nonsense =' > rotations.toml
        setrota check
        cp $INPUTS/example.toml rotations.toml
        echo '<<<<<<< HEAD' > schedule.toml
        setrota check
        setrota plan
    """,
}
"""Shell lines, one folder for each group. `@` sets the clock. Lines that run setrota are compared."""

PAST = """\
start,rotation,seat,person
2026-11-02,engineer,primary,hugo
2026-11-02,engineer,backup,ula
2026-11-02,engineer,engineer-1,gone
2026-11-02,lead,lead,omar
2026-11-09,engineer,primary,Mei Songhe
2026-11-16,engineer,primary,taj
"""

EVENTS = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VEVENT
UID:1@example.com
DTSTAMP:20261101T000000Z
DTSTART;VALUE=DATE:20270208
DTEND;VALUE=DATE:20270213
SUMMARY:{}
END:VEVENT
BEGIN:VEVENT
UID:2@example.com
DTSTAMP:20261101T000000Z
DTSTART;VALUE=DATE:20270301
RRULE:FREQ=WEEKLY;COUNT=3
SUMMARY:{}
END:VEVENT
END:VCALENDAR
"""

TOP = Path(__file__).parents[2]
ALWAYS = {
    "COLUMNS": "100",
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{role}_{what}": "rota" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    **{f"GIT_{role}_DATE": "2026-11-23T12:00:00Z" for role in ("AUTHOR", "COMMITTER")},
}
_TIMES = re.compile(rb'(?<=Solved in )[\d.]+(?= s)|(?<="seconds": )[\d.]+|^solving: .*\n', re.MULTILINE)


class Seen(NamedTuple):
    """What a command line did: its exit status, what it printed and the files it wrote, by name."""

    line: str
    parts: dict[str, bytes]


def main(old: str, new: str) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        trees = [tree(each, Path(scratch, name)) for name, each in (("old", old), ("new", new))]
        inputs = Path(scratch, "inputs")
        write_inputs(trees[0], inputs)
        runs = [list(played(each, inputs, Path(scratch, "rota"))) for each in trees]
    lines, parts = Counter[bool](), Counter[tuple[str, bool]]()
    for before, after in zip(*runs, strict=True):
        same = {name: before.parts.get(name) == after.parts.get(name) for name in before.parts | after.parts}
        for name in same:
            if not same[name]:
                print(difference(before, after, name))
        lines[all(same.values())] += 1
        parts.update((kind(name), same[name]) for name in same)
    print(f"{lines.total()} command lines: {lines[True]} the same, {lines[False]} differ")
    for name in sorted({name for name, _ in parts}):
        print(f"  {name}: {parts[name, True]} the same, {parts[name, False]} differ")
    return int(lines[False] > 0)


def tree(name: str, folder: Path) -> Path:
    """A checkout: the folder of that name, or a git revision unpacked into a new folder."""
    if Path(name).is_dir():
        return Path(name).resolve()
    archive = subprocess.run(["git", "-C", TOP, "archive", name], stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(folder, filter="data")
    return folder


def write_inputs(old: Path, folder: Path) -> None:
    """What the command lines copy: the rosters of a checkout's README and docs, past duties, calendars of leave."""
    example = (old / "rotations.toml").read_text(encoding="utf-8")
    files = {
        "example.toml": example,
        "including.toml": 'include = ["publishing.toml"]\n' + example[: example.index("[seats.primary]")],
        "rules.toml": roster_in(old / "docs" / "rules.md"),
        "publishing.toml": roster_in(old / "docs" / "publishing.md"),
        "past.csv": PAST,
        "hugo.ics": EVENTS.format("Skiing", "Course"),
        "team.ics": EVENTS.format("Hugo Valdemint: holiday", "abel"),
    }
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def roster_in(page: Path) -> str:
    return page.read_text(encoding="utf-8").split("```toml\n", 1)[1].split("```", 1)[0]


def played(checkout: Path, inputs: Path, folder: Path) -> Iterator[Seen]:
    """Run all command lines with one version; both versions run in the same `folder`, so that paths are the same."""
    tools = inputs.parent / "bin"
    tools.mkdir(exist_ok=True)
    (tools / "setrota").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m setrota "$@"\n')
    (tools / "setrota").chmod(0o755)
    path = f"{tools}:{os.environ['PATH']}"
    environment = os.environ | ALWAYS | {"PATH": path, "PYTHONPATH": str(checkout / "src"), "INPUTS": str(inputs)}
    found = shell(f"{sys.executable} -c 'import setrota; print(setrota.__file__)'", environment).stdout.decode().strip()
    assert Path(found).is_relative_to(checkout), f"this would run {found}, which isn't in {checkout}"
    for name, text in SESSIONS.items():
        folder.mkdir()
        print(f"{checkout}: {name}", file=sys.stderr)
        for line in filter(None, map(str.strip, text.splitlines())):
            if line.startswith("@"):
                environment["SETROTA_NOW"] = line.removeprefix("@ ")
                continue
            before = files_in(folder)
            done = shell(line, environment, folder)
            if "setrota" in line.split():
                after = files_in(folder)
                wrote = [each for each in before | after if before.get(each) != after.get(each)]
                yield Seen(f"{name}: {line}", printed(done) | {each: after.get(each, b"(deleted)") for each in wrote})
            else:
                assert done.returncode == 0, f"{line}: {done.stderr!r}"
        shutil.rmtree(folder)


def shell(line: str, environment: dict[str, str], folder: Path = TOP) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        line, shell=True, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )


def printed(done: subprocess.CompletedProcess[bytes]) -> dict[str, bytes]:
    return {
        "exit status": b"%d\n" % done.returncode,
        "stdout": _TIMES.sub(b"", done.stdout),
        "stderr": _TIMES.sub(b"", done.stderr),
    }


def files_in(folder: Path) -> dict[str, bytes]:
    found = {str(each.relative_to(folder)): each for each in sorted(folder.rglob("*")) if each.is_file()}
    return {name: each.read_bytes() for name, each in found.items() if not name.startswith((".git/", ".setrota/"))}


def kind(name: str) -> str:
    """What a part is counted as: `stdout`, or for a file `*.ics written`."""
    if "." not in name:
        return name
    return f"{name} written" if name.endswith(".toml") else f"*{Path(name).suffix} written"


def difference(before: Seen, after: Seen, name: str) -> str:
    """A unified diff of one part, headed by the command line."""
    old, new = (
        seen.parts.get(name, b"(not written)\n").decode("utf-8", "backslashreplace").splitlines()
        for seen in (before, after)
    )
    return "\n".join([f"$ {before.line}", *difflib.unified_diff(old, new, f"old {name}", f"new {name}", lineterm="")])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 3 else __doc__)
