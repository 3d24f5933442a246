"""Whether `explain` says what `plan` did, on random rosters: `python tests/benchmarks/explained.py [ROSTERS] [FIRST]`.

Each roster, made from its number, has one to three rotations with periods of one to fifteen weeks; most have a history,
some have holidays, wishes, pins of people who join or leave. It is planned with the command line, and explanations are
held against that plan; then come covers, swaps and a replan, and every duty is explained again. Nothing here is a
test: it prints what it found, and how to see it again.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from families import DAY, HEAD, START, WEEK, listed, quoted, ranges, section, span, team

from setrota.cli import main as command_line
from setrota.files.roster import read_roster
from setrota.files.schedule import parse_schedule
from setrota.planner import inquire
from setrota.planner.deadline import Deadline
from setrota.schedule import Crew, Schedule

NEAR = 1e-3
"""Unfairness is quoted with two decimals; figures further apart than this differ."""

SECONDS = 2.0
"""The time limit of every command, so that plans that aren't proven occur as well."""

PLANNED_AT = START - 6 * WEEK
CHANGED_AT = START + timedelta(days=9)
"""The second week of the plan: covers, swaps and the replan are made then."""

TERMS = {"holiday": "holidays", "wish": "wishes", "asked to be free": "wishes"}
"""Words of explanations, and what a roster must have for them to be true."""


# Rosters


@dataclass(frozen=True)
class Question:
    """A roster as text, how many weeks to plan before it and in it, and what it has of what explanations may name."""

    text: str
    handles: tuple[str, ...]
    history: int
    weeks: int
    look_ahead: int | None
    terms: frozenset[str]


LENGTHS = (1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 13, 15)


def question(random: Random) -> Question:
    lengths = [random.choice(LENGTHS) for _ in range(random.choice([1, 2, 2, 3]))]
    size = random.randint(4 + 3 * len(lengths), 8 + 4 * len(lengths))
    handles = tuple(f"p{number:02d}" for number in range(size))
    weeks = max(random.randint(6, 20), *lengths)
    names = ["engineer", "lead", "scribe"][: len(lengths)]
    terms = frozenset(term for term in ("holidays", "wishes") if random.random() < 0.3)
    parts = [
        HEAD,
        *(some_rotation(random, name, length) for name, length in zip(names, lengths, strict=True)),
        section("holidays", {"calendar": quoted("CA-ON")}) if "holidays" in terms else "",
        *(some_person(random, handle, names, weeks, "wishes" in terms) for handle in handles),
        *some_teams(random, handles, names),
    ]
    history = random.choice([0, 6, 13, 26])
    look_ahead = random.choice([None, None, None, 0, 2, 10])
    return Question("\n".join(parts), handles, history, weeks, look_ahead, terms)


def some_rotation(random: Random, name: str, length: int) -> str:
    seats = ["primary", "backup", "second", "second"][: random.choice([1, 1, 2, 2, 2, 4])]
    keys = {
        "every": quoted(span(length)),
        "pool": quoted(name),
        "seats": listed(seats if length < 6 else seats[:2]),
        "rest": quoted(span(random.randint(0, 3))) if random.random() < 0.7 else "",
        "max-per-team": random.choice(["", "", "1", "2"]) if len(seats) < 4 else "",
        "anchor": f"{START + random.randrange(length) * WEEK}" if random.random() < 0.5 else "",
    }
    return section(f"rotations.{name}", keys)


def some_person(random: Random, handle: str, rotations: Sequence[str], weeks: int, wishes: bool) -> str:
    first = START + random.randrange(weeks) * WEEK + random.randrange(7) * DAY
    joins, leaves = random.random() < 0.1, random.random() < 0.1
    keys = {
        "share": random.choice(["0.5", "0.8", f"{{ {random.choice(rotations)} = 0.5 }}"]) if one_in(random, 5) else "",
        "not-seats": listed(["primary"]) if one_in(random, 8) else "",
        "leave": ranges([some_days(random, weeks)]) if one_in(random, 2) else "",
        "start": f"{first}" if joins else "",
        "end": f"{first + 4 * WEEK}" if leaves else "",
    }
    if wishes and one_in(random, 3):
        keys[random.choice(["avoid", "prefer"])] = ranges([some_days(random, weeks)])
    return section(f"people.{handle}", keys) if any(keys.values()) else ""


def one_in(random: Random, number: int) -> bool:
    return random.randrange(number) == 0


def some_days(random: Random, weeks: int) -> tuple[date, date]:
    first = START + random.randrange(weeks) * WEEK + random.randrange(5) * DAY
    return first, first + random.choice([1, 3, 5, 12, 40]) * DAY


def some_teams(random: Random, handles: Sequence[str], rotations: Sequence[str]) -> Iterator[str]:
    """Two to four teams; everybody is in one pool, half of all in another one as well."""
    pools: dict[str, list[str]] = {name: [] for name in rotations}
    for number, handle in enumerate(handles):
        pools[rotations[number % len(rotations)]].append(handle)
        other = random.choice(rotations)
        if handle not in pools[other] and random.random() < 0.5:
            pools[other].append(handle)
    number = random.randint(2, 4)
    return (team(f"t{each}", handles[each::number], pools) for each in range(number))


# The command line, in this process


@dataclass(frozen=True)
class Answer:
    """How a command ended, what it said, and what it answered in JSON."""

    exit: int
    said: str
    data: Any


def ask(folder: Path, day: date, *arguments: str) -> Answer:
    """Run `setrota … --format json` at ten in the morning of a day. A traceback counts as exit status 99."""
    if arguments[0] in ("plan", "explain", "replan"):
        arguments = (*arguments, "--time-limit", f"{SECONDS:g}")
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    status, crash = 0, ""
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, {"SETROTA_NOW": f"{day}T10:00"}))
        stack.enter_context(patch.object(sys, "argv", ["setrota", *arguments, "--format", "json"]))
        stack.enter_context(patch("setrota.cli._exit", sys.exit))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        os.chdir(folder)
        try:
            command_line()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(bool(end.code))
        except Exception as error:
            status, crash = 99, repr(error)
    printed, said = text_of(out), text_of(err)
    return Answer(status, said + crash, json.loads(printed)["data"] if printed.startswith("{") else None)


def text_of(stream: io.TextIOWrapper) -> str:
    stream.flush()
    content = stream.buffer
    assert isinstance(content, io.BytesIO)
    return content.getvalue().decode()


# What is compared


def quoted_again(folder: Path, crew: Crew) -> float | None:
    """The unfairness, look-ahead included, that an explanation of a crew's duties starts from; None if it can't."""
    roster = read_roster(folder / "rotations.toml").roster
    assert roster is not None
    inquiry = inquire(roster, schedule_in(folder), crew, Deadline.within(SECONDS))
    return None if inquiry is None else inquiry.unfairness


def schedule_in(folder: Path) -> Schedule:
    roster = read_roster(folder / "rotations.toml").roster
    assert roster is not None
    return parse_schedule((folder / "schedule.toml").read_bytes(), "schedule.toml", roster)


@dataclass
class Found:
    """What one roster showed: how many of each kind, and a sentence on what is wrong."""

    number: int
    tally: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def fault(self, what: str, details: str) -> None:
        self.tally[what] += 1
        self.wrong.append(f"{what}: {details}")


FAULTS = (
    "figures differ",
    "figures not to be had",
    "no explanation",
    "changed since, though nothing changed",
    "names a term that the roster lacks",
    "doesn't say who had it",
    "doesn't say when it changed",
    "no answer why not somebody else",
)


@dataclass(frozen=True)
class Trial:
    """One roster in a folder of its own, and the record of what it shows."""

    random: Random
    folder: Path
    question: Question
    found: Found
    sample: int

    def run(self) -> None:
        (self.folder / "rotations.toml").write_text(self.question.text)
        if self.question.history:
            self.plan_history()
        if (unfairness := self.plan()) is None:
            return
        self.compare_figures("planned", unfairness)
        self.explain_duties("planned", PLANNED_AT)
        for _ in range(2):
            self.cover()
            self.swap()
        self.compare_figures("after covers and swaps", unfairness)
        self.explain_duties("after covers and swaps", CHANGED_AT)
        self.replan()
        self.explain_duties("after a replan", CHANGED_AT)

    def plan_history(self) -> None:
        weeks = self.question.history
        start = START - weeks * WEEK
        ask(self.folder, start - 2 * WEEK, "plan", "--from", f"{start}", "--weeks", f"{weeks}")

    def plan(self) -> float | None:
        """Plan; the unfairness that the plan quotes, if there is one to compare."""
        wanted = ["plan", "--from", f"{START}", "--weeks", f"{self.question.weeks}"]
        if self.question.look_ahead is not None:
            wanted += ["--look-ahead", f"{self.question.look_ahead}"]
        answer = ask(self.folder, PLANNED_AT, *wanted)
        proof = (answer.data or {}).get("proof")
        if proof is None:
            self.found.tally["not planned"] += 1
            if answer.exit not in (0, 1):
                self.found.fault("no plan", f"exit {answer.exit}: {answer.said.strip()[:200]}")
            return None
        self.found.tally["planned"] += 1
        self.found.tally["planned, not proven"] += proof["status"] != "optimal"
        return float(proof["objective"])

    def compare_figures(self, when: str, unfairness: float) -> None:
        """The first and the last planned crew of each rotation must lead to the plan's own figure."""
        crews = [crew for crew in schedule_in(self.folder).crews if crew.planned and at(crew) == PLANNED_AT]
        by_rotation: dict[str, list[Crew]] = {}
        for crew in crews:
            by_rotation.setdefault(crew.period.rotation, []).append(crew)
        for crew in (crew for theirs in by_rotation.values() for crew in {id(c): c for c in ends(theirs)}.values()):
            place = f"{when}, {crew.period.rotation} of {crew.period.start}"
            try:
                again = quoted_again(self.folder, crew)
            except Exception as error:
                self.found.fault("figures not to be had", f"{place}: {error!r}")
                continue
            self.found.tally[f"figures compared, {when}"] += 1
            if again is None:
                self.found.fault("figures not to be had", f"{place}: it can't be planned again")
            elif abs(again - unfairness) > NEAR:
                self.found.fault("figures differ", f"{place}: plan {unfairness:.4f}, explain {again:.4f}")

    def explain_duties(self, when: str, day: date) -> None:
        """Explain all duties of some people, and why others don't have them."""
        duties = [duty for duty in schedule_in(self.folder).duties() if duty.start >= START]
        people = sorted({duty.person for duty in duties if duty.person})
        for person in self.random.sample(people, min(self.sample, len(people))):
            asked = ["explain", "--person", person, "--from", f"{START}", "--to", f"{START + 60 * WEEK}"]
            answer = ask(self.folder, day, *asked)
            if answer.exit != 0 or answer.data is None:
                self.found.fault("no explanation", f"{when}, {shlex.join(asked)}: exit {answer.exit} {tail(answer)}")
                continue
            for each in answer.data["explanations"]:
                self.judge(when, each)
        for duty in self.random.sample(duties, min(2, len(duties))):
            other = self.random.choice([each for each in self.question.handles if each != duty.person])
            asked = ["explain", f"{duty.start}", f"{duty.rotation}/{duty.seat}", "--person", other]
            answer = ask(self.folder, day, *asked)
            self.found.tally["asked about somebody else"] += 1
            if answer.exit != 0 or answer.data is None:
                self.found.fault(
                    "no answer why not somebody else", f"{when}, {shlex.join(asked)}: exit {answer.exit} {tail(answer)}"
                )
            else:
                self.judge_terms(when, answer.data)

    def judge(self, when: str, explained: dict[str, Any]) -> None:
        """What must hold for the explanation of any duty."""
        self.found.tally[f"explained, {when}"] += 1
        said = " ".join(explained["sentences"])
        duty = explained["duty"]
        place = f"{when}, {duty['rotation']}/{duty['seat']} {duty['start'][:10]} {duty['person']}"
        if not said:
            self.found.fault("no explanation", f"{place}: no sentence")
        if explained["reason"] == "changed-since":
            self.found.tally[f"changed since, {when}"] += 1
            if when == "planned":
                self.found.fault("changed since, though nothing changed", f"{place}: {said}")
        self.judge_terms(when, explained)
        self.judge_change(place, duty, said)

    def judge_terms(self, when: str, explained: dict[str, Any]) -> None:
        said = " ".join(explained["sentences"])
        alternative = explained["alternative"] or {}
        named = {term for word, term in TERMS.items() if word in said.lower()} | {alternative.get("decided")}
        for term in sorted({"holidays", "wishes"} & named - self.question.terms):
            self.found.fault("names a term that the roster lacks", f"{when}, {term}: {said}")

    def judge_change(self, place: str, duty: dict[str, Any], said: str) -> None:
        """A duty that changed hands: the explanation says from whom it came, and on which day that was decided."""
        start = date.fromisoformat(duty["start"][:10])
        for crew in schedule_in(self.folder).of(duty["rotation"]):
            if not crew.period.start <= start < crew.period.end:
                continue
            changes = [each for each in crew.changes if each.seat == duty["seat"] and each.now == duty["person"]]
            if not changes:
                return
            self.found.tally["explained, changed hands"] += 1
            had = changes[-1].was
            if had is not None and had not in said:
                self.found.fault("doesn't say who had it", f"{place} (was {had}): {said}")
            if f"{changes[-1].at.date()}" not in said:
                self.found.fault("doesn't say when it changed", f"{place} ({changes[-1].at.date()}): {said}")

    def cover(self) -> None:
        """Give some duty ahead to the first who is proposed."""
        if duty := self.some_duty():
            listed_for = ["cover", f"{duty.person}", f"{duty.start}", "--seat", f"{duty.rotation}/{duty.seat}"]
            self.do("covers", ask(self.folder, CHANGED_AT, *listed_for), "proposals")

    def swap(self) -> None:
        """Exchange some duty ahead with the first partner who is proposed."""
        if duty := self.some_duty():
            self.do("swaps", ask(self.folder, CHANGED_AT, "swap", f"{duty.person}", f"{duty.start}"), "partners")

    def some_duty(self) -> Any:
        duties = [each for each in schedule_in(self.folder).duties() if each.person and each.start > CHANGED_AT]
        return self.random.choice(duties) if duties else None

    def do(self, what: str, answer: Answer, key: str) -> None:
        """Run the first command that was proposed."""
        if not answer.data or not answer.data[key]:
            self.found.tally[f"{what}, nobody to propose"] += 1
            return
        command = shlex.split(answer.data[key][0]["command"])[1:]
        done = ask(self.folder, CHANGED_AT, *command)
        self.found.tally[what] += done.exit == 0
        if done.exit != 0:
            self.found.fault("a proposal that can't be made", f"{shlex.join(command)}: exit {done.exit} {tail(done)}")

    def replan(self) -> None:
        """Somebody with a duty ahead goes on leave on its days: repair the plan."""
        if not (duty := self.some_duty()):
            return
        text = self.question.text
        extra = ranges([(duty.start, duty.start + 5 * DAY)])[1:-1]
        heading = f"[people.{duty.person}]\n"
        before, found, after = text.partition(heading)
        if not found:
            text = f"{text}\n{heading}leave = [{extra}]\n"
        elif "leave = [" in (body := after.partition("\n[")[0]):
            text = before + heading + after.replace(body, body.replace("leave = [", f"leave = [{extra}, "), 1)
        else:
            text = before + heading + f"leave = [{extra}]\n" + after
        (self.folder / "rotations.toml").write_text(text)
        answer = ask(self.folder, CHANGED_AT, "replan", "--yes")
        self.found.tally["replans"] += answer.exit == 0
        if answer.data is None:
            self.found.fault("no replan", f"exit {answer.exit} {tail(answer)}")


def at(crew: Crew) -> date:
    assert crew.planned is not None
    moment: datetime = crew.planned.at
    return moment.date()


def ends(crews: Sequence[Crew]) -> tuple[Crew, Crew]:
    return crews[0], crews[-1]


def tail(answer: Answer) -> str:
    return answer.said.strip().replace("\n", " ")[-200:]


# Telling


def tried(number: int, sample: int) -> Found:
    """Everything about one roster."""
    random, found, began = Random(f"explained {number}"), Found(number), time.perf_counter()
    home = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        try:
            Trial(random, Path(folder), question(random), found, sample).run()
        finally:
            os.chdir(home)
    found.seconds = time.perf_counter() - began
    return found


def main() -> None:
    parser = ArgumentParser(description="Hold explanations against plans.")
    parser.add_argument("rosters", type=int, nargs="?", default=300)
    parser.add_argument("first", type=int, nargs="?", default=0, help="number of the first roster, to see one again")
    parser.add_argument("--people", type=int, default=4, help="of so many all duties are explained, each time")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    numbers = range(given.first, given.first + given.rosters)
    total, shown = Counter[str](), Counter[str]()
    with ProcessPoolExecutor(given.processes) as processes:
        for found in processes.map(tried, numbers, [given.people] * len(numbers)):
            total += found.tally
            total["rosters"] += 1
            print(f"roster {found.number}: {len(found.wrong)} wrong, {found.seconds:.0f} s", flush=True)
            for sentence in found.wrong:
                what = sentence.partition(":")[0]
                shown[what] += 1
                if shown[what] <= 5:
                    print(f"roster {found.number}: {sentence}", flush=True)
    print()
    for what in sorted(total):
        if what not in FAULTS:
            print(f"{total[what]:6}  {what}")
    print("must be none:")
    for what in (*FAULTS, *sorted(shown.keys() - set(FAULTS))):
        print(f"{total[what]:6}  {what}")


if __name__ == "__main__":
    main()
