"""What pressing Tab costs, in CPU time, as a ratio to the completion of an empty Typer app.

    python tests/benchmarks/completion.py

Both are run in turn, so that a busy machine makes neither look better. Nothing here is a test: it prints.
"""

from __future__ import annotations

import os
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

TOP = Path(__file__).parents[2]
NOW = "2026-11-23T10:00"
RUNS = 15

EMPTY_APP = """
import typer

app = typer.Typer()


@app.command()
def main() -> None:
    pass


app(prog_name="empty")
"""

LINES = (
    "setrota ",
    "setrota plan --",
    "setrota cover ",
    "setrota cover hugo ",
    "setrota show --team ",
    "setrota explain today ",
    "setrota plan --quarter ",
    "setrota explain unknown-",
    "setrota show --from ",
)


def large(people: int, weeks: int) -> tuple[str, str]:
    """A roster of many people, and its schedule, with twelve seats a week."""
    seats = [f"seat{number}" for number in range(12)]
    members = [[f"p{each}" for each in range(number, people, 8)] for number in range(8)]
    teams = "".join(f"[teams.team{number}]\nstaff = {each}\n" for number, each in enumerate(members))
    names = "".join(f'[people.p{each}]\nname = "Person Number {each}"\n' for each in range(people))
    roster = (
        '[rota]\nname = "Large"\ntimezone = "UTC"\nhandover = "Monday 09:00"\n'
        f'[rotations.desk]\nevery = "1 week"\npool = "staff"\nrest = "1 week"\nseats = {seats}\n{teams}{names}'
    )
    first = date(2026, 11, 23)
    blocks = (
        f"[desk.{first.fromordinal(first.toordinal() + 7 * week)}]\n"
        + "".join(f'{seat} = "p{(12 * week + place) % people}"\n' for place, seat in enumerate(seats))
        for week in range(weeks)
    )
    return roster, 'format = 3\nrota = "Large"\n' + "\n".join(blocks)


def spent(command: list[str], folder: str, **settings: str) -> float:
    """The CPU seconds of a process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # An installed program has its bytecode.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, cwd=folder, env=kept | settings, stdout=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compared(line: str, folder: str) -> None:
    typed = [*shlex.split(line), *([""] if line.endswith(" ") else [])]
    ours, empty = [], []
    for _ in range(RUNS):
        ours.append(spent([sys.executable, "-m", "setrota", "__complete", "bash", *typed], folder, SETROTA_NOW=NOW))
        settings = {"_EMPTY_COMPLETE": "complete_bash", "COMP_WORDS": "empty ", "COMP_CWORD": "1"}
        empty.append(spent([sys.executable, "-c", EMPTY_APP], folder, **settings))
    mine, theirs = statistics.median(ours), statistics.median(empty)
    print(f"  {line!r:28} {1000 * mine:5.0f} ms, {mine / theirs:4.2f} x an empty app's {1000 * theirs:.0f} ms")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(f"the example, planned for 19 weeks (medians of {RUNS})")
        Path(folder, "rotations.toml").write_bytes((TOP / "rotations.toml").read_bytes())
        plan = [sys.executable, "-m", "setrota", "plan", "--from", NOW[:10], "--weeks", "19"]
        subprocess.run(plan, cwd=folder, env=os.environ | {"SETROTA_NOW": NOW}, capture_output=True, check=True)
        for line in LINES:
            compared(line, folder)
    for people, weeks in ((200, 52), (1000, 156)):
        with tempfile.TemporaryDirectory() as folder:
            print(f"{people} people, {weeks} weeks of 12 seats")
            for name, text in zip(("rotations.toml", "schedule.toml"), large(people, weeks), strict=True):
                Path(folder, name).write_text(text, encoding="utf-8")
            for line in ("setrota cover ", "setrota cover p5 "):
                compared(line, folder)


if __name__ == "__main__":
    main()
