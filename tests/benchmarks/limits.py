"""What a time limit costs: rosters of every family, planned by a setrota of your choice under limits of your choice.

    python tests/benchmarks/limits.py run .venv/bin/setrota --family hard --limits 2 5 20 --output new.jsonl
    python tests/benchmarks/limits.py show new.jsonl
    python tests/benchmarks/limits.py compare old.jsonl new.jsonl

`run` adds a line to the file for each plan, as soon as it is there. The CPU time and the memory are those of the whole
process, as the operating system counts them. Nothing here is a test: it prints, it never fails.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from families import FAMILIES, START, Case

NOW = "2026-11-23T10:00:00-05:00"
PATIENCE = 600.0
"""Seconds after its limit at which a plan is killed."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What came of one plan; without an answer, only what it cost."""

    roster: str
    limit: float
    exit: int
    seats: int | None = None
    filled: int | None = None
    broken: int | None = None
    status: str | None = None
    unfairness: float | None = None
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    wall: float
    cpu: float
    rss_mb: int
    said: str = ""

    @property
    def key(self) -> tuple[str, float]:
        return self.roster, self.limit


# Measuring


def measured(setrota: Path, case: Case, limit: float) -> Measured:
    """Plan a roster in a folder of its own, then let `check` say which rules the plan breaks."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "rotations.toml").write_text(case.text)
        command = [
            *(str(setrota), "plan", "--from", str(START), "--weeks", str(case.weeks)),
            *("--time-limit", f"{limit:g}", "--format", "json"),
        ]
        cost, printed, said = run(command, folder, limit + PATIENCE)
        answer = data_of(printed)
        found = {} if answer is None else figures(answer)
        if found:
            found["broken"] = broken(setrota, folder)
    return Measured(roster=case.name, limit=limit, said="" if found else said[-300:], **cost, **found)


def run(command: Sequence[str], folder: str, patience: float) -> tuple[dict[str, Any], str, str]:
    """Run a command; what it cost, what it printed, and what it said on the side."""
    output, errors = Path(folder) / "output", Path(folder) / "errors"
    with output.open("w") as out, errors.open("w") as err:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=os.environ | {"SETROTA_NOW": NOW}
        )
        alarm = threading.Timer(patience, os.kill, (process.pid, signal.SIGKILL))
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    cost = {
        "exit": process.returncode,
        "wall": round(wall, 2),
        "cpu": round(usage.ru_utime + usage.ru_stime, 2),
        "rss_mb": usage.ru_maxrss // 1024,
    }
    return cost, output.read_text(), errors.read_text()


def data_of(printed: str) -> dict[str, Any] | None:
    """The answer inside its envelope, if there is one."""
    try:
        data = json.loads(printed)["data"]
    except (ValueError, KeyError):
        return None
    return data if isinstance(data, dict) and data.get("proof") is not None else None


def figures(answer: dict[str, Any]) -> dict[str, Any]:
    """Seats and figures of a plan, from its JSON answer."""
    seats = {(duty["rotation"], duty["start"], duty["seat"]): duty for duty in answer["unfilled"]}
    seats |= {(duty["rotation"], duty["start"], duty["seat"]): duty for duty in answer["assignments"]}
    proof = answer["proof"]
    return {
        "seats": len(seats),
        "filled": sum(duty["person"] is not None for duty in seats.values()),
        **{name: proof[name] for name in ("status", "unfairness", "objective", "bound", "gap")},
    }


def broken(setrota: Path, folder: str) -> int | None:
    """How many errors `check` finds in what was saved."""
    _, printed, _ = run([str(setrota), "check", "--format", "json"], folder, PATIENCE)
    try:
        problems = json.loads(printed)["problems"]
    except (ValueError, KeyError):
        return None
    return [problem["severity"] for problem in problems].count("error")


# Telling

COLUMNS = ("roster", "limit", "filled", "objective", "bound", "gap", "wall", "CPU", "MB", "exit")


def cells(each: Measured) -> list[str]:
    """One plan as a line of the table."""
    filled = "no answer" if each.filled is None else f"{each.filled}/{each.seats}"
    if each.broken:
        filled += f", {each.broken} broken"
    return [
        *(each.roster, f"{each.limit:g}", filled, number(each.objective), number(each.bound)),
        "" if each.gap is None else f"{each.gap:.2%}",
        *(f"{each.wall:.1f}", f"{each.cpu:.1f}", str(each.rss_mb), str(each.exit)),
    ]


def number(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Columns side by side; all but the first to the right."""
    rows = [head, *lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def summary(plans: Sequence[Measured]) -> str:
    """One line for each limit: answers, whole rotas, overruns and what they cost."""
    head = ("limit", "plans", "answers", "all seats", "proven", "over time", "median s", "most s", "CPU s", "most MB")
    lines = []
    for limit in sorted({each.limit for each in plans}):
        these = [each for each in plans if each.limit == limit]
        walls = [each.wall for each in these]
        lines.append(
            [
                f"{limit:g}",
                str(len(these)),
                str(sum(each.filled is not None for each in these)),
                str(sum(each.filled is not None and each.filled == each.seats for each in these)),
                str(sum(each.status == "optimal" for each in these)),
                str(sum(wall > allowed(limit) for wall in walls)),
                *(f"{statistics.median(walls):.1f}", f"{max(walls):.1f}", f"{sum(each.cpu for each in these):.0f}"),
                str(max(each.rss_mb for each in these)),
            ]
        )
    return table(head, lines)


def allowed(limit: float) -> float:
    """Seconds within which a command with this limit should end, but for the reading of its files."""
    return limit * 1.1 + 1


def compared(old: Sequence[Measured], new: Sequence[Measured]) -> str:
    """What both files have, side by side, and whether the new answer is worse."""
    head = ("roster", "limit", "filled", "", "objective", "", "bound", "", "wall", "", "MB", "", "")
    before = {each.key: each for each in old}
    lines = []
    for now in sorted(new, key=lambda each: (each.limit, each.roster)):
        if (then := before.get(now.key)) is None:
            continue
        a, b = cells(then), cells(now)
        pairs = [cell for column in (2, 3, 4, 6, 8) for cell in (a[column], b[column])]
        lines.append([now.roster, f"{now.limit:g}", *pairs, verdict(then, now)])
    return table(head, lines)


def verdict(then: Measured, now: Measured) -> str:
    """Better or worse: by seats, then by unfairness if that differs by more than one part in ten thousand."""
    if then.filled is None or now.filled is None:
        return "" if then.filled == now.filled else "better" if then.filled is None else "WORSE"
    if then.filled != now.filled:
        return "better" if now.filled > then.filled else "WORSE"
    a, b = then.objective or 0.0, now.objective or 0.0
    if abs(a - b) <= 1e-4 * max(abs(a), 1.0):
        return ""
    return "fairer" if b < a else "LESS FAIR"


def read(path: Path) -> list[Measured]:
    """The lines of a file; of two for the same roster and limit the later one."""
    plans = (Measured(**json.loads(line)) for line in path.read_text().splitlines() if line.strip())
    return list({each.key: each for each in plans}.values())


def measure(given: Namespace) -> None:
    make, numbers = FAMILIES[given.family]
    for limit in given.limits:
        for seed in given.only or numbers:
            plan = measured(given.setrota.absolute(), make(seed), limit)
            print("  ".join(cells(plan)), flush=True)
            with given.output.open("a") as file:
                file.write(json.dumps(asdict(plan)) + "\n")
    print(summary([each for each in read(given.output) if each.limit in given.limits]))


def main() -> None:
    parser = ArgumentParser(description="Plan hard and large rosters under time limits.")
    does = parser.add_subparsers(dest="does", required=True)
    running = does.add_parser("run", help="plan, print, and add to a file")
    running.add_argument("setrota", type=Path, help="the executable to measure")
    running.add_argument("--family", choices=FAMILIES, default="hard")
    running.add_argument("--limits", type=float, nargs="+", default=[2.0, 5.0, 20.0], metavar="SECONDS")
    running.add_argument("--only", type=int, nargs="+", metavar="NUMBER", help="some numbers of the family alone")
    running.add_argument("--output", type=Path, default=Path("limits.jsonl"))
    showing = does.add_parser("show", help="print a file as a table")
    showing.add_argument("file", type=Path)
    comparing = does.add_parser("compare", help="print two files side by side")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    given = parser.parse_args()
    if given.does == "run":
        measure(given)
    elif given.does == "show":
        plans = read(given.file)
        print(table(COLUMNS, map(cells, sorted(plans, key=lambda each: each.key))), summary(plans), sep="\n\n")
    else:
        print(compared(read(given.old), read(given.new)))


if __name__ == "__main__":
    main()
