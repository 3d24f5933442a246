"""An office that keeps a case's rota with the command line, and what plain counting finds in what comes out.

The counting knows nothing of setrota but its JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from command_line import Desk, Outcome
from convert import Case, load

from setrota.problems import DONE

WEEK = timedelta(weeks=1)
REPAY = 1.0
"""Duties of an opening balance that a quarter settles; the rest is carried over."""


class Duty(NamedTuple):
    """What one person does in one period that starts on `start`."""

    start: date
    rotation: str
    seat: str
    person: str


class Office:
    """A folder with a case's files, and the command line to work on them at a moment, `now`."""

    def __init__(self, folder: Path, case: Case, now: str) -> None:
        self.folder, self.case, self.now = folder, case, now
        (folder / "rotations.toml").write_text(case.roster, encoding="utf-8")
        (folder / "past.csv").write_text(case.past, encoding="utf-8")
        (folder / "published.csv").write_text(case.published, encoding="utf-8")

    @property
    def schedule(self) -> Path:
        return self.folder / "schedule.toml"

    def call(self, *arguments: str, status: int = DONE) -> Outcome:
        return Desk(self.folder).run(*arguments, now=self.now).at(status)

    def import_csv(self, name: str, duties: int) -> None:
        assert self.call("import", "csv", str(self.folder / name), "--format", "json").json["row_count"] == duties

    def plan(self, *arguments: str, status: int = DONE, gap: float = 0.0) -> dict[str, Any]:
        """Plan, and insist on a proof; `gap` is what even spacing may cost of the fairness, relative to it."""
        document: dict[str, Any] = self.call("plan", *arguments, "--format", "json", status=status).json
        assert document["proof"]["status"] == "optimal"
        assert document["proof"]["gap"] <= gap
        return document

    def findings(self, severity: str = "error", status: int = DONE) -> list[dict[str, Any]]:
        findings = self.call("check", "--format", "json", status=status).json["findings"]
        return [finding for finding in findings if finding["severity"] == severity]

    def show(self, start: str, to: str) -> list[Duty]:
        """What is planned in periods that start within these days, the last one included."""
        return _duties(self.call("show", "--from", start, "--to", to, "--format", "json").json["duties"])


def planned(document: dict[str, Any]) -> list[Duty]:
    """The duties of a plan; empty seats are left out."""
    return _duties(document["assignments"])


def recorded(name: str, part: str = "history") -> list[Duty]:
    """The duties of a case's own rows."""
    return [Duty(date.fromisoformat(week), *row) for week, *row in load(name)[part]]


def _duties(entries: Iterable[dict[str, Any]]) -> list[Duty]:
    return [
        Duty(date.fromisoformat(entry["start"][:10]), entry["rotation"], entry["seat"], entry["person"])
        for entry in entries
        if entry["person"]
    ]


def served(duties: Iterable[Duty], *rotations: str) -> Counter[str]:
    """How many duties each person has, in these rotations or in all."""
    return Counter(duty.person for duty in duties if duty.rotation in rotations or not rotations)


def starts(first: str, periods: int, weeks: int = 1) -> list[date]:
    return [date.fromisoformat(first) + WEEK * weeks * number for number in range(periods)]


def too_close(duties: Sequence[Duty], before: Sequence[Duty] = (), *, rest: int, weeks: int = 1) -> list[Duty]:
    """Duties of periods of `weeks` with fewer than `rest` free weeks to another one of the same person, or to one
    `before` them."""
    pairs = [*combinations(duties, 2), *((early, late) for early in before for late in duties)]
    return [
        late
        for early, late in pairs
        if early.person == late.person and abs(late.start - early.start) < WEEK * (weeks + rest)
    ]


def astray(document: dict[str, Any], repay: float = REPAY) -> dict[tuple[str, str], float]:
    """How far each person ends from their fair share of each rotation, less what is settled of their past."""
    return {
        (account["person"], account["rotation"]): account["served"]
        - account["entitled"]
        + max(-repay, min(repay, account["opening"]))
        for account in document["fairness"]["balances"]
    }


def everybody_within_a_duty(document: dict[str, Any], repay: float = REPAY) -> bool:
    return all(abs(deviation) < 1 for deviation in astray(document, repay).values())
