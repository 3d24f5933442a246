"""What input at the size limits costs: hostile, broken and merely huge files, given to the commands that read them.

    python tests/benchmarks/hostile_inputs.py .venv/bin/setrota
    python tests/benchmarks/hostile_inputs.py .venv/bin/setrota --kind calendars --only zone --most 4

Each command should answer within `SECONDS` and `MEGABYTES`, and never with a traceback. Prints every command with its
time and its memory, as the operating system counts them, and then the slowest and largest again; the exit status is 1
if one of them is over a limit. On a busy machine, `--cpu` judges by CPU time. The benchmark makes all files itself,
each of less than 5 MB, in a temporary folder.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

SECONDS, MEGABYTES = 10.0, 500
PATIENCE = 14
"""The seconds of CPU time after which a command is killed; ten times as many on the clock."""

LARGEST = 3_000_000_000
"""The bytes of address space that a command may have, so that none can take the machine down."""

SIZE = 4_900_000
NOW = "2026-11-23T10:00:00-05:00"
MONDAY = date(2027, 1, 4)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)

Files = Mapping[str, str | bytes]

HEAD = '[rota]\nname = "Large"\nshort-name = "LAR"\ntimezone = "America/Toronto"\nhandover = "Monday 09:00"\n'
ROTATION = '[rotations.desk]\nevery = "1 week"\npool = "staff"\nseats = ["first", "second"]\n'


# Rosters


def roster(handles: Sequence[str], more: str = "", top: str = "", head: str = "", rotation: str = ROTATION) -> str:
    named = ", ".join(f'"{handle}"' for handle in handles)
    return f"{top}{HEAD}{head}\n{rotation}\n[teams.red]\nstaff = [{named}]\n{more}"


def handles(count: int) -> list[str]:
    return [f"p{number}" for number in range(count)]


SMALL = roster(["bo", "cy", "dee", "eli", "fay", "gus"])


def fill(line: Callable[[int], str], size: int = SIZE) -> str:
    """Numbered lines, as many as fit into a size."""
    lines, length, number = [], 0, 0
    while length < size:
        lines.append(line(number))
        length += len(lines[-1])
        number += 1
    return "".join(lines[:-1])


def leave_of(number: int, spells: int = 4) -> str:
    first = MONDAY + DAY * (number % 300)
    ranges = (f"{{ from = {first + WEEK * each}, to = {first + WEEK * each + DAY} }}" for each in range(spells))
    return f"[people.p{number}]\nleave = [{', '.join(ranges)}]\n"


def leave_of_all() -> str:
    return "".join(map(leave_of, range(20_000)))


def day_after(number: int) -> date:
    return date(2000, 1, 3) + DAY * (number % 36_000)


def rosters() -> Iterator[tuple[str, Files]]:
    """Valid and broken rosters, without a schedule."""
    yield from just_fitting_rosters()
    yield from valid_rosters()
    yield from included()
    yield from broken_rosters()


def valid_rosters() -> Iterator[tuple[str, Files]]:
    def one(name: str, text: str, **more: str) -> tuple[str, Files]:
        return name, {"rotations.toml": text, **more}

    yield one("people 20,000 with leave", roster(handles(20_000), leave_of_all()))
    count = 150_000
    yield one("people 150,000", roster(handles(count), "[people]\n" + "".join(f"p{n}.share=1\n" for n in range(count))))
    yield one("people 450,000 in one pool", roster(handles(450_000)))
    spells = "leave = [\n" + fill(lambda n: f"{{from={day_after(n)},to={day_after(n)}}},\n") + "]\n"
    yield one("leave of one person", roster(["bo", "cy"], f"[people.bo]\n{spells}"))
    yield one("leave of a team", roster(handles(1000), f"away = [\n{spells[10:]}"))
    days = fill(lambda n: f"{day_after(n)},\n")
    yield one("holidays", roster(["bo", "cy"], f"[holidays]\ndates = [\n{days}]\n"))
    long = fill(lambda n: "{from=1950-01-01,to=2090-12-31},\n")
    yield one("holidays in long ranges", roster(["bo", "cy"], f"[holidays]\ndates = [\n{long}]\n"))
    yield one("leave in long ranges", roster(["bo", "cy"], f"[people.bo]\nleave = [\n{long}]\n"))
    avoid = fill(lambda n: f'"{day_after(n)}",\n')
    yield one("wishes", roster(["bo", "cy"], f"[people.bo]\navoid = [\n{avoid}]\n"))
    teams = fill(lambda n: f'[teams.t{n}]\nstaff=["q{n}"]\n')
    yield one("teams", roster(["bo", "cy"], teams))
    rotations = fill(lambda n: f'[rotations.r{n}]\nevery="1 week"\npool="staff"\nseats=["a"]\n')
    yield one("rotations", roster(["bo", "cy"], rotations))
    yield one("rotations, 1,000 people", roster(handles(1000), rotations[:4_400_000].rsplit("[", 1)[0]))
    seats = fill(lambda n: f'"s{n}",', SIZE - 1000)
    yield one("seats", roster(["bo"], rotation=ROTATION.replace('"first", "second"', seats)))
    alike = fill(lambda n: '"s",', SIZE - 1000)
    yield one("seats of one kind", roster(["bo"], rotation=ROTATION.replace('"first", "second"', alike)))
    kinds = "".join(f'"s{number}",' for number in range(300))
    yield one(
        "300 seats, 20,000 people", roster(handles(20_000), rotation=ROTATION.replace('"first", "second"', kinds))
    )
    apart = fill(lambda n: f'["p{n % 999}","p{(n * 7 + 1) % 1000}"],\n')
    yield one("never-together", roster(handles(1000), f"[rules]\nnever-together = [\n{apart}]\n"))
    everybody = ",".join(f'"{handle}"' for handle in handles(200_000))
    yield one("never-together, all", roster(handles(200_000), f"[rules]\nnever-together = [[{everybody}]]\n"))
    pins = fill(lambda n: f'[[pins]]\nperson="bo"\nseat="first"\ndate={MONDAY + WEEK * (n % 3000)}\n')
    yield one("pins", roster(["bo", "cy"], pins))
    excepted = fill(lambda n: f'{{rule="rest",person="bo",date={MONDAY + WEEK * (n % 3000)}}},\n')
    yield one("exceptions", roster(["bo", "cy"], f"[rules]\nexceptions = [\n{excepted}]\n"))
    limits = fill(lambda n: f'{{limit="{n % 50 + 1} per 52 weeks"}},\n')
    yield one("max-duties", roster(["bo", "cy"], f"[rules]\nmax-duties = [\n{limits}]\n"))
    tags = fill(lambda n: f'"t{n}",')
    yield one("tags", roster(["bo", "cy"], f"[people.bo]\ntags = [{tags}]\n"))
    former = fill(lambda n: f'"x{n}",')
    yield one("former handles", roster(["bo", "cy"], f"[people.bo]\nformerly = [{former}]\n"))
    yield one("a long name", roster(["bo", "cy"], f'[people.bo]\nname = "{"y" * SIZE}"\n'))
    named = "".join(f'p{n}.name="Sam Rae"\n' for n in range(120_000))
    yield one("120,000 namesakes", roster(handles(120_000), "[people]\n" + named))
    included = {f"teams/{n}.toml": f'[teams.t{n}]\nstaff = ["q{n}"]\n' for n in range(3000)}
    yield one("3,000 files included", roster(["bo"], top='include = ["teams/*.toml"]\n'), **included)
    each = {f"teams/{n}.toml": fill(lambda k, n=n: f'[teams.t{n}-{k}]\nstaff=["q{n}-{k}"]\n') for n in range(8)}  # type: ignore[misc]
    yield one("8 files of 5 MB included", roster(["bo"], top='include = ["teams/*.toml"]\n'), **each)


def included() -> Iterator[tuple[str, Files]]:
    """Rosters with many files, with files that are no rosters, and with names that lead through many folders."""

    def one(name: str, names: Sequence[str], more: Files) -> tuple[str, Files]:
        listed = ", ".join(f'"{each}"' for each in names)
        return name, {"rotations.toml": roster(["bo"], top=f"include = [{listed}]\n"), **more}

    sure = fill(lambda n: f"k{n}=1\n", SIZE * 9 // 10)
    yield one("includes 100 files of other keys", ["in/*.toml"], {f"in/{n}.toml": sure for n in range(100)})
    yield one("includes 100 files of no TOML", ["in/*.toml"], {f"in/{n}.toml": "[rota\n" + sure for n in range(100)})
    yield one("includes 300 files too large", ["in/*.toml"], {f"in/{n}.toml": "#" * 5_000_001 for n in range(300)})
    folders = {f"{n}/{k}/x.txt": "" for n in range(20) for k in range(18)}
    yield one("includes 1,000 globs of 380 folders", [f"**/x{n}*.toml" for n in range(1000)], folders)
    yield one("includes a glob of globs", ["/".join(["**"] * 300)], folders)
    yield one("includes 900 names of 500 folders", [f"{'a/' * 498}{n}" for n in range(900)], {})
    yield one("includes 900 names there and back", [f"{'1/../' * 198}{n}" for n in range(900)], folders)
    yield one("includes 900 long globs", ["*a" * 490 + str(n) for n in range(900)], folders)
    each = {f"in/{n}.toml": f"include = [{fill(lambda k: f'{chr(34)}{k}{chr(34)},', 4500)}]\n" for n in range(990)}
    yield one("includes 700,000 names in 990 files", ["in/*.toml"], each)
    yield one("includes 20,000 files", ["in/*.toml"], {f"in/{n}.toml": "" for n in range(20_000)})


def some(count: int, line: Callable[[int], str]) -> str:
    """So many numbered lines."""
    return "".join(map(line, range(count)))


def ranges(count: int, of: int = 0) -> str:
    """Long and different stretches of days."""
    firsts = (date(1970 + (n * 7 + of) % 70, n % 12 + 1, (n + of) % 28 + 1) for n in range(count))
    return some(count, lambda _: f"{{from={next(firsts)},to=2199-12-31}},")


def listed(count: int, name: str, first: int = 0) -> str:
    """So many numbered names, in quotes."""
    return some(count, lambda n: f'"{name}{first + n}",')


def just_fitting_rosters() -> Iterator[tuple[str, Files]]:
    """Rosters that are just below the limits."""

    def one(name: str, text: str) -> tuple[str, Files]:
        return name, {"rotations.toml": text}

    many, few = handles(20_000), handles(1000)
    for each in (few, many):
        named = f"{len(each):,} people"
        leave = some(len(each), lambda n: f"[people.p{n}]\nleave=[{ranges(5 if n < 15_000 else 1, n)}]\n")
        yield one(f"fits: long leave, {named}", roster(each, leave))
        yield one(f"fits: team away, {named}", roster(each, f"away = [{ranges(2000)}]\n"))
    yield one(
        "fits: 200 people with 400 long leaves",
        roster(handles(200), some(200, lambda n: f"[people.p{n}]\nleave=[{ranges(400, n)}]\n")),
    )
    yield one("fits: long holidays", roster(few, f"[holidays]\ndates = [{ranges(2000)}]\n"))
    for number, people in ((19, 5000), (199, 500)):
        spread = some(number, lambda n: ROTATION.replace("desk", f"r{n}"))
        yield one(
            f"fits: {number + 1} rotations, {people:,} people", roster(handles(people), rotation=ROTATION + spread)
        )
    seats = some(200, lambda n: f'"s{n}",')
    wide = ROTATION.replace('"first", "second"', seats)
    yield one(
        "fits: 200 rotations of 200 seats",
        roster(few[:500], some(199, lambda n: wide.replace("desk", f"r{n}")), rotation=wide),
    )
    yield one(
        "fits: 2,000 teams",
        roster(
            few,
            some(
                1999,
                lambda n: f"[teams.t{n}]\nstaff=[{listed(10, f'q{n}-')}]\naway=[{ranges(20, n)}]\n",
            ),
        ),
    )
    sets = some(200, lambda n: f"[{listed(2000, 'p', n * 90)}],")
    yield one("fits: never-together", roster(many, f"[rules]\nnever-together = [{sets}]\n"))
    pairs = some(2000, lambda n: f'["p{n % 500}","p{500 + n * 7 % 499}"],')
    yield one("fits: never-together, pairs", roster(few, f"[rules]\nnever-together = [{pairs}]\n"))
    limits = some(2000, lambda n: f'{{limit="{n % 50 + 1} per {n % 44 + 60} weeks"}},')
    yield one("fits: max-duties", roster(few, f"[rules]\nmax-duties = [{limits}]\n"))
    mixes = some(2000, lambda n: f'{{rotation="desk",tag="t{n}",at-least=1}},')
    tagged = some(
        1000, lambda n: f"[people.p{n}]\ntags=[{some(300, lambda k: f'{chr(34)}t{(n * 2 + k) % 2000}{chr(34)},')}]\n"
    )
    yield one("fits: mixes and tags", roster(few, f"{tagged}[rules]\nmix = [{mixes}]\n"))
    pins = some(2000, lambda n: f'[[pins]]\nperson="p{n % 1000}"\nseat="first"\ndate={MONDAY + WEEK * n}\n')
    yield one("fits: pins", roster(few, pins))
    wishes = some(
        80, lambda n: f"[people.p{n}]\navoid=[{some(1900, lambda k: f'{{from={day_after(k * 17 + n)}}},')}]\n"
    )
    yield one("fits: wishes", roster(few, wishes))
    former = some(1000, lambda n: f"[people.p{n}]\nformerly=[{some(400, lambda k: f'{chr(34)}f{n}-{k}{chr(34)},')}]\n")
    yield one("fits: former handles", roster(few, former))
    wrong = some(20_000, lambda n: f"[people.p{n}]\n" + some(20, lambda k: f"a{k}=1\n"))
    yield one("fits: unknown keys of all", roster(many, wrong))
    yield one(
        "fits: unusable leave of all",
        roster(many, some(20_000, lambda n: f"[people.p{n}]\nleave=[{'{from=1},' * 6}]\n")),
    )
    yield one("fits: people in no team", roster(few, some(20_000, lambda n: f"[people.x{n}]\nname='x'\n")))
    yield one("fits: headings of 40 parts", roster(few, some(12_000, lambda n: "[people." + "a." * 38 + f"b{n}]\n")))
    yield one("fits: keys of 40 parts", roster(few, "[rules]\n" + some(12_000, lambda n: "a." * 38 + f"b{n}=1\n")))
    yield one("fits: 490,000 keys", SMALL + "[rules]\n" + some(490_000, lambda n: f"a{n}=1\n"))
    yield one("fits: 240,000 tables", SMALL + some(240_000, lambda n: f"[x.a{n}]\nb=1\n"))


def broken_rosters() -> Iterator[tuple[str, Files]]:
    def one(name: str, text: str) -> tuple[str, Files]:
        return name, {"rotations.toml": text}

    yield one("keys of no section", fill(lambda n: f"a{n}=1\n"))
    yield one("unknown keys", SMALL + "[rules]\n" + fill(lambda n: f"a{n}=1\n"))
    yield one("unknown sections", SMALL + fill(lambda n: f"[a{n}]\nb=1\n"))
    yield one("unknown people", SMALL + fill(lambda n: f'[people.x{n}]\nname="x"\n'))
    wrong = "".join(f"p{n}.naem=1\n" for n in range(150_000))
    yield one("unknown keys of people", roster(handles(150_000), "[people]\n" + wrong))
    yield one("unusable leave", SMALL + "[people.bo]\nleave=[" + fill(lambda n: "{from=1},") + "]\n")
    yield one("unknown names in a rule", SMALL + "[rules]\nnever-together=[[" + fill(lambda n: f'"x{n}",') + "]]\n")
    yield one("several in one handle", roster([f"a and b{n}" for n in range(200_000)]))
    yield one("a pool of mistakes", roster([f"Añ{n}" for n in range(200_000)]))
    yield one("nested lists", "a=" + "[" * 2_000_000)
    yield one("nested lists, closed", "a=" + "[" * 800 + "]" * 800)
    yield one("nested tables", "a=" + "{a=" * 900 + "1" + "}" * 900)
    yield one("a key of many parts", "a" + ".a" * 2_000_000 + "=1")
    yield one("a heading of many parts", "[" + "a." * 20_000 + "a]\n")
    yield one("headings of 40 parts", fill(lambda n: "[" + "a." * 40 + f"b{n}]\n"))
    yield one("keys of 40 parts", fill(lambda n: "a." * 40 + f"b{n}=1\n"))
    yield one("growing headings", "".join("[" + "a." * number + "a]\n" for number in range(1, 1000)))
    yield one("a long text", f'x="{"y" * SIZE}"')
    yield one("a long key", "y" * SIZE + "=1\n" + SMALL)
    yield one("a long number", "x=" + "9" * SIZE)
    yield one("a long fraction", f"x={'9' * SIZE}.1")
    yield one("numbers", "x=[" + "9" * 300 + "," * 1 + fill(lambda n: f"{'9' * 290},") + "]")
    yield one("escaped quotes", 'x="' + '\\"' * 2_400_000)
    yield one("blanks", " " * SIZE + "x")
    yield one("blank lines", "\n" * SIZE)
    yield one("comments", "#\n" * (SIZE // 2))
    yield one("underscores", "x=" + "1_" * 2_400_000 + "1")
    yield one("lists in a list", "x=[" + "[]," * 1_600_000)
    yield one("tables in a list", "x=[" + "{}," * 1_600_000 + "]")
    yield one("three quotes", 'x="""' + '""\\"' * 1_200_000)
    yield one("merge conflicts", "\n<<<<<<< a\n" * 400_000)
    yield one("dots and quotes", fill(lambda n: 'a="' + "." * 60 + '"\n'))
    yield one("dates", "x=[" + fill(lambda n: "2027-02-30,") + "]")
    yield one("includes", 'include=["' + '*/*/",\n"' * 900 + 'x"]\n' + SMALL)
    yield one("stars", 'include=["' + "**/" * 200_000 + 'x"]\n' + SMALL)
    yield one("NUL", "x=1\0" * 1_000_000)


# Schedules


def schedule(blocks: str, head: str = "") -> str:
    return f'format = 3\nrota = "LAR"\n{head}\n{blocks}'


def schedules() -> Iterator[tuple[str, Files]]:
    """Rosters with large schedules."""
    yield from just_fitting_schedules()

    def one(name: str, text: str, given: str = SMALL) -> tuple[str, Files]:
        return name, {"rotations.toml": given, "schedule.toml": text}

    six = ["bo", "cy", "dee", "eli", "fay", "gus"]

    def crew(number: int, rotation: str = "desk", start: date = date(2005, 1, 3), people: Sequence[str] = six) -> str:
        first, second = people[number % len(people)], people[(number + 1) % len(people)]
        return f'[{rotation}.{start + WEEK * number}]\nfirst = "{first}"\nsecond = "{second}"\n\n'

    def planned(number: int) -> str:
        at = f'planned = {{ at = 2026-11-{number % 20 + 1:02}T10:00:00-05:00, revision = 3, seal = "12345678" }}\n'
        return crew(number).rstrip("\n") + "\n" + at

    rotations = [f"r{number}" for number in range(60)]
    spread = "".join(ROTATION.replace("desk", name) for name in rotations)
    crews = "".join(crew(number, name) for number in range(1000) for name in rotations)
    yield one("crews of 60 rotations", schedule(crews[:SIZE].rsplit("[", 1)[0]), roster(six, rotation=spread))
    yield one("crews every day", schedule(fill(lambda n: f'[desk.{day_after(n)}]\nfirst="bo"\n', 1_000_000)))
    yield one("crews of 90 years", schedule("".join(map(planned, range(4000)))))
    seats = {f"s{number}": f"p{number % 1000}" for number in range(20_000)}
    wide = ROTATION.replace('"first", "second"', ",".join(f'"{seat}"' for seat in seats))
    lines = "".join(f'{seat} = "{person}"\n' for seat, person in seats.items())
    blocks = "".join(f"[desk.{MONDAY + WEEK * number}]\n{lines}" for number in range(12))
    yield one("crews of 20,000 seats", schedule(blocks), roster(handles(1000), rotation=wide))
    change = '{at=2026-11-02T10:00:00-05:00,seat="first",was="bo",now="cy",from=%s,to=%s},\n'
    changes = fill(lambda n: change % (MONDAY + DAY * (n % 7), MONDAY + DAY * (n % 7)))
    yield one("changes of one crew", schedule(f'[desk.{MONDAY}]\nfirst="bo"\nsecond="cy"\nchanges=[\n{changes}]\n'))
    longest = MONDAY + DAY * 3600
    spans = fill(lambda n: change % (MONDAY + DAY * (n % 3600), MONDAY + DAY * (n % 3600)))
    yield one(
        "changes of a long crew",
        schedule(f'[desk.{MONDAY}]\nend={longest}\nfirst="bo"\nsecond="cy"\nchanges=[\n{spans}]\n'),
    )
    shorter = fill(lambda n: change % (MONDAY + DAY * (n % 7), MONDAY + DAY * (n % 7)), 15_000)
    many = "".join(
        f'[desk.{MONDAY + WEEK * number}]\nfirst="bo"\nsecond="cy"\nchanges=[\n'
        f"{shorter.replace('2027-01', f'{MONDAY + WEEK * number:%Y-%m}')}]\n"
        for number in range(300)
    )
    yield one("changes of 300 crews", schedule(many))
    plan = "[[plans]]\nat={}\nfrom={}\nto={}\nlook-ahead=4\nunfairness=1.5\nsettled={{desk={{bo=0.5,cy=-0.5}}}}\n"
    clock = (f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}" for n in range(86_400))
    plans = fill(lambda n: plan.format(f"2026-11-02T{next(clock)}-05:00", MONDAY, longest), 4_500_000)
    yield one("plans", schedule("".join(map(planned, range(1000))), plans))
    yield one("plans, 4,000 crews", schedule("".join(map(planned, range(4000))), plans[:4_000_000].rsplit("[[", 1)[0]))
    pools = fill(lambda n: f"[[pools]]\nfrom={day_after(n)}\ndesk={{bo=1.0,cy=0.{n % 9}5}}\n", 4_000_000)
    yield one("pools", schedule("".join(map(crew, range(2000))), pools))
    shares = ",".join(f"p{number}=1.0" for number in range(300_000))
    yield one(
        "a pool of 300,000",
        schedule("".join(map(crew, range(500))), f"[[pools]]\nfrom=2005-01-03\ndesk={{{shares}}}\n"),
    )
    people = handles(20_000)
    staffed = "".join(crew(number, people=people) for number in range(4000))
    yield one("20,000 people, 4,000 crews", schedule(staffed), roster(people, leave_of_all()))
    yield one(
        "5,000 people, 60 rotations", schedule(crews[:SIZE].rsplit("[", 1)[0]), roster(handles(5000), rotation=spread)
    )
    strangers = fill(
        lambda n: f'[desk.{date(1950, 1, 2) + DAY * (n % 50_000)}]\nfirst="x{n}"\nsecnd="y{n}"\n', 2_500_000
    )
    yield one("former members", schedule(strangers))
    yield one("unknown keys", schedule(fill(lambda n: f"a{n}=1\n")))
    yield one("unknown rotations", schedule(fill(lambda n: f"[a{n}.2027-01-04]\nb=1\n")))
    yield one("unusable blocks", schedule(fill(lambda n: f"[desk.a{n}]\nb=1\n")))
    yield one(
        "former rotations",
        schedule("", fill(lambda n: f"[[pools]]\nfrom={day_after(n)}\nx{n}={{bo=1.0}}\n[x{n}.2027-01-04]\nb=''\n")),
    )


def just_fitting_schedules() -> Iterator[tuple[str, Files]]:
    """Schedules that are just below the limits, and one of a company."""

    def one(name: str, given: str, *blocks: str) -> tuple[str, Files]:
        return name, {"rotations.toml": given, "schedule.toml": f'format = 3\nrota = "LAR"\n\n{"".join(blocks)}'}

    def crew(rotation: str, start: date, seats: int, number: int, people: int, more: str = "") -> str:
        names = ["first", "second"] if seats == 2 else [f"s{n}" for n in range(seats)]
        lines = (f'{name}="p{(number * seats + n) % people}"\n' for n, name in enumerate(names))
        return f"[{rotation}.{start}]\n{''.join(lines)}{more}"

    planned = 'planned={at=2026-11-02T10:00:00-05:00,revision=3,seal="12345678"}\n'
    twenty = [ROTATION.replace("desk", f"r{n}").replace("staff", f"pool{n}") for n in range(20)]
    pools = some(20, lambda n: f"pool{n} = [{listed(250, 'p', n * 250)}]\n")
    company = f"{HEAD}\n{''.join(twenty)}\n[teams.red]\n{pools}{some(5000, leave_of)}"
    begun = date(2017, 1, 2)
    weeks = [
        f"[r{n}.{begun + WEEK * week}]\n"
        f'first="p{n * 250 + week % 250}"\nsecond="p{n * 250 + (week + 1) % 250}"\n{planned}'
        for n in range(20)
        for week in range(520)
    ]
    yield one("fits: a company of 5,000", company, *weeks)
    everyday = [crew("desk", date(1990, 1, 1) + DAY * n, 2, n, 249) for n in range(20_000)]
    everybody = some(249, lambda n: f"[people.p{n}]\nleave=[{ranges(4, n)}]\n")
    yield one(
        "fits: 20,000 days",
        SMALL,
        *(crew("desk", date(1990, 1, 1) + DAY * n, 2, n, 6).replace('"p', '"x') for n in range(20_000)),
    )
    yield one("fits: 20,000 days, 249 people, leave", roster(handles(249), everybody), *everyday)
    away = f"away = [{ranges(2000)}]\n"
    yield one("fits: 20,000 days, 249 people, away", roster(handles(249), away), *everyday)
    wide = ROTATION.replace('"first", "second"', listed(20, "s"))
    yield one(
        "fits: 2,900 days of 20 seats",
        roster(handles(1000), rotation=wide),
        *(crew("desk", date(1990, 1, 1) + DAY * n, 20, n, 1000) for n in range(2900)),
    )
    wider = ROTATION.replace('"first", "second"', listed(200, "s"))
    yield one(
        "fits: 290 weeks of 200 seats",
        roster(handles(1000), rotation=wider),
        *(crew("desk", date(2001, 1, 1) + WEEK * n, 200, n, 1000) for n in range(290)),
    )

    def change(day: date) -> str:
        return f'{{at=2026-11-02T10:00:00-05:00,seat="first",was="p0",now="p1",from={day},to={day}}},'

    def changed(number: int) -> str:
        start = date(2027, 1, 4) + WEEK * 52 * number
        days = [start + DAY * (n % 364) for n in range(499)]
        held = f'[desk.{start}]\nend={start + DAY * 363}\nfirst="p0"\nsecond="p2"\n'
        return f"{held}changes=[{''.join(map(change, days))}]\n"

    yield one("fits: 500 changes of 40 years", roster(handles(1000)), *map(changed, range(40)))
    crews = [crew("desk", date(2001, 1, 1) + WEEK * n, 2, n, 1000) for n in range(1300)]
    shares = some(20, lambda k: f"p{k}=0.{k + 1},")[:-1]
    entries = some(5000, lambda n: f"[[pools]]\nfrom={date(2001, 1, 1) + DAY * n}\ndesk={{{shares}}}\n")
    yield one("fits: 5,000 pools", roster(handles(1000)), entries, *crews)
    settled = some(10, lambda k: f"p{k}={k - 5}.5,")[:-1]
    figures = f"to=2027-01-01\nlook-ahead=4\nunfairness=1.5\nsettled={{desk={{{settled}}}}}\n"
    moments = (f"2026-11-02T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}-05:00" for n in range(5000))
    plans = some(5000, lambda n: f"[[plans]]\nat={next(moments)}\nfrom={begun + WEEK * (n % 500)}\n{figures}")
    yield one("fits: 5,000 plans", roster(handles(1000)), plans, *crews)
    limits = some(2000, lambda n: f'{{limit="{n % 50 + 1} per {n % 44 + 60} weeks"}},')
    yield one("fits: max-duties, 1,300 weeks", roster(handles(1000), f"[rules]\nmax-duties = [{limits}]\n"), *crews)
    sets = some(180, lambda n: f"[{listed(2000, 'p', n * 90)}],")
    yield one(
        "fits: never-together, 490 weeks",
        roster(handles(20_000), f"[rules]\nnever-together = [{sets}]\n"),
        *crews[:490],
    )
    excepted = some(2000, lambda n: f'{{rule="rest",person="p{n % 1000}",date={MONDAY + WEEK * (n % 500)}}},')
    yield one("fits: exceptions, 1,300 weeks", roster(handles(1000), f"[rules]\nexceptions = [{excepted}]\n"), *crews)


# Spreadsheets of past duties


def spreadsheets() -> Iterator[tuple[str, Files]]:
    """Rosters with a CSV file of past duties."""

    def one(name: str, text: str, given: str = SMALL, **more: str) -> tuple[str, Files]:
        return name, {"rotations.toml": given, "past.csv": f"start,rotation,seat,person,end\n{text}", **more}

    first = date(2000, 1, 3)
    yield one("weeks", fill(lambda n: f"{first + WEEK * (n % 3000)},desk,first,bo,\n"))
    yield one(
        "days",
        fill(
            lambda n: (
                f"{date(1900, 1, 1) + DAY * (n % 390_000)},desk,first,bo,{date(1900, 1, 1) + DAY * (n % 390_000)}\n"
            )
        ),
    )
    yield one("former members", fill(lambda n: f"{first + WEEK * (n % 3000)},desk,first,z{n},\n"))
    yield one(
        "former members, 20,000 people",
        fill(lambda n: f"{first + WEEK * (n % 3000)},desk,first,zz{n},\n"),
        roster(handles(20_000)),
    )
    yield one(
        "likely typos",
        fill(lambda n: f"{first + WEEK * (n % 3000)},desk,first,handler{n}x,\n"),
        roster([f"handler{n}" for n in range(20_000)]),
    )
    rotations = [f"r{number}" for number in range(60)]
    spread = "".join(ROTATION.replace("desk", name) for name in rotations)
    everywhere = fill(lambda n: f"{first + WEEK * (n // 60)},r{n % 60},first,p{n % 5000},\n")
    yield one("60 rotations, 5,000 people", everywhere, roster(handles(5000), rotation=spread))
    yield one("one week", fill(lambda n: f"{first},desk,first,bo,\n"))
    yield one("broken rows", fill(lambda n: f"x{n},desk,first,bo,\n"))
    yield one("unknown seats", fill(lambda n: f"{first},desk,frist{n},bo,\n"))
    yield one("unknown people", fill(lambda n: f"{first},desk,first,Jo Doe {n},\n"), roster(handles(20_000)))
    yield one("a long cell", f'"{"x" * SIZE}",desk,first,bo,\n')
    yield one("a long row", "," * SIZE)
    yield one("blank lines", "\n" * SIZE)
    yield one("an open quote", '"' + "\n" * (SIZE - 100))
    yield one("a long header", "x," * (SIZE // 2))


# Calendars


def calendar(*parts: str) -> str:
    return "".join(["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench\r\n", *parts, "END:VCALENDAR\r\n"])


def event(*lines: str, uid: object = "e") -> str:
    inner = "".join(f"{line}\r\n" for line in lines)
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:bo\r\n{inner}END:VEVENT\r\n"


def zone(*lines: str, name: str = "Odd/Zone", observances: int = 1) -> str:
    inner = "".join(f"{line}\r\n" for line in ("TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", *lines))
    one = f"BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n{inner}END:STANDARD\r\n"
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{one * observances}END:VTIMEZONE\r\n"


ON = "DTSTART;VALUE=DATE:20270104"
AT = "DTSTART:20270104T090000Z"
THERE = event("DTSTART;TZID=Odd/Zone:20270104T090000", "DURATION:PT8H")
NEVER = "RRULE:FREQ=DAILY;BYDAY=MO;BYSETPOS=2"


def days(count: int) -> str:
    return ",".join(f"2027{1 + n % 12:02}{1 + n % 28:02}" for n in range(count))


def calendars() -> Iterator[tuple[str, Files]]:
    for name, text in (*repeats(), *zones(), *crowds(), *odd_lines()):
        yield name, {"rotations.toml": SMALL, "leave.ics": text}
    names = fill(lambda n: f"p{n} ")
    text = calendar(event(ON).replace("SUMMARY:bo", f"SUMMARY:{names}"))
    yield "a title of names, 20,000 people", {"rotations.toml": roster(handles(20_000)), "leave.ics": text}


def repeats() -> Iterator[tuple[str, str]]:
    minutes = ",".join(map(str, range(60)))
    rules = {
        "every second": "FREQ=SECONDLY",
        "every second of each minute": f"FREQ=DAILY;BYHOUR=9;BYMINUTE={minutes};BYSECOND={minutes}",
        "never by weekday": "FREQ=MONTHLY;BYDAY=6MO",
        "never by position": "FREQ=DAILY;BYDAY=MO;BYSETPOS=2",
        "never by week": "FREQ=DAILY;BYWEEKNO=53;BYMONTH=6",
        "never by day of year": "FREQ=DAILY;BYYEARDAY=366;BYMONTH=1",
        "never by hour": "FREQ=DAILY;INTERVAL=2;BYHOUR=25",
        "never by yearly week": "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;BYDAY=MO",
        "never, counted": "FREQ=DAILY;BYDAY=MO;BYSETPOS=2;COUNT=5",
        "never, until": "FREQ=DAILY;BYDAY=MO;BYSETPOS=2;UNTIL=99990101",
        "rarely": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=3;COUNT=1000",
        "a huge interval": "FREQ=DAILY;INTERVAL=999999999999",
        "a huge count": f"FREQ=DAILY;COUNT={'9' * 4000}",
        "a huge list of days": f"FREQ=DAILY;BYMONTHDAY={','.join(['1'] * 2_000_000)}",
        "a huge list of weekdays": f"FREQ=DAILY;BYDAY={','.join(['MO'] * 1_500_000)}",
        "a huge list of positions": f"FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS={','.join(['1'] * 2_000_000)}",
    }
    for name, rule in rules.items():
        yield f"repeats {name}", calendar(event(ON, f"RRULE:{rule}"))
    yield "repeats never, 30,000 times", calendar(fill(lambda n: event(ON, NEVER, uid=n), SIZE // 2))
    yield "repeats never, changed", calendar(event(ON, NEVER), event(ON, "RECURRENCE-ID;VALUE=DATE:20270111"))
    yield "repeats never, in 100 rules", calendar(event(ON, *[NEVER] * 100))
    yield "repeats with times, never", calendar(event(AT, "DURATION:PT8H", NEVER))
    yield "leaves out 500,000 days", calendar(event(ON, "RRULE:FREQ=DAILY", f"EXDATE;VALUE=DATE:{days(500_000)}"))
    yield "adds 500,000 days", calendar(event(ON, f"RDATE;VALUE=DATE:{days(500_000)}"))
    some = f"RDATE;VALUE=DATE:{days(490)}"
    yield "adds 490 days to 1,000 events", calendar(*[event(ON, some, uid=n) for n in range(1000)])
    lines = fill(lambda n: f"EXDATE;VALUE=DATE:2027{1 + n % 12:02}{1 + n % 28:02}\r\n", SIZE - 200)
    yield "leaves out days, line by line", calendar(event(ON, "RRULE:FREQ=DAILY", lines.rstrip("\r\n")))
    yield "900 daily events", calendar(*[event(ON, "RRULE:FREQ=DAILY", uid=n) for n in range(900)])
    old = "DTSTART;VALUE=DATE:19010101"
    yield "10 daily events since 1901", calendar(*[event(old, "RRULE:FREQ=DAILY", uid=n) for n in range(10)])
    since = "DTSTART;VALUE=DATE:20200101"
    yield "3,000 weekly events since 2020", calendar(*[event(since, "RRULE:FREQ=WEEKLY", uid=n) for n in range(3000)])
    moved = (f"2027{1 + n % 12:02}{1 + n % 28:02}" for n in range(2400))
    parts = [
        event(f"RECURRENCE-ID;VALUE=DATE:{day}", f"DTSTART;VALUE=DATE:{day}", f"SEQUENCE:{number}")
        for number, day in enumerate(moved)
    ]
    yield "2,400 changes of one event", calendar(event(ON, "RRULE:FREQ=DAILY"), *parts)
    long = event("DTSTART:20250101T000000Z", "DTEND:20261231T000000Z", "RRULE:FREQ=DAILY")
    yield "events of two years, daily", calendar(long)
    later = event("DTSTART;VALUE=DATE:20270101", "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20270111", uid="e")
    yield "changes from a day on", calendar(event(ON, "RRULE:FREQ=DAILY"), *[later] * 2000)


def zones() -> Iterator[tuple[str, str]]:
    for pace in ("SECONDLY", "MINUTELY", "HOURLY", "DAILY"):
        yield f"zone that changes {pace.lower()}", calendar(zone(f"RRULE:FREQ={pace}"), THERE)
    yield "zone that never changes", calendar(zone(NEVER), THERE)
    dates = ",".join(f"{1970 + n % 60}{1 + n % 12:02}{1 + n % 28:02}T{n % 24:02}0000" for n in range(250_000))
    yield "zone of 250,000 dates", calendar(zone(f"RDATE:{dates}"), THERE)
    yield "zone of 20,000 yearly rules", calendar(zone("RRULE:FREQ=YEARLY", observances=20_000), THERE)
    yield "zones of one rule, 15,000", calendar(fill(lambda n: zone("RRULE:FREQ=YEARLY", name=f"Z/{n}")), THERE)
    used = fill(
        lambda n: (
            zone("RRULE:FREQ=YEARLY", name=f"Z/{n}")
            + event(f"DTSTART;TZID=Z/{n}:20270104T090000", "DURATION:PT8H", uid=n)
        )
    )
    yield "zones of one event each", calendar(used)
    yield "a zone without rules, used last", calendar(THERE, zone(f"RDATE:{dates}"))
    yield "a zone that is a path", calendar(event("DTSTART;TZID=../../../../etc/passwd:20270104T090000"))
    yield "a calendar in no zone", calendar("X-WR-TIMEZONE:../../../dev/zero\r\n", event("DTSTART:20270104T090000"))
    strange = fill(lambda n: event(f"DTSTART;TZID=Odd/{n}:20270104T090000", "DURATION:PT8H", uid=n))
    yield "an unknown zone for each event", calendar(strange)


def crowds() -> Iterator[tuple[str, str]]:
    yield "80,000 events", calendar(fill(lambda n: f"BEGIN:VEVENT\r\nUID:{n}\r\n{AT[:16]}\r\nEND:VEVENT\r\n"))
    named = fill(lambda n: event(f"DTSTART:2027{1 + n % 12:02}{1 + n % 28:02}", uid=n))
    yield "60,000 events of one person", calendar(named)
    past = fill(lambda n: event("DTSTART:20200104", uid=n))
    yield "60,000 events long ago", calendar(past)
    yield "tasks", calendar(fill(lambda n: f"BEGIN:VTODO\r\nUID:{n}\r\nEND:VTODO\r\n"))
    yield "alarms of one event", calendar(event(ON, "BEGIN:VALARM\r\nEND:VALARM\r\n" * 150_000 + "X:y"))
    yield "empty events", calendar("BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 180_000)
    yield "events in events", calendar("BEGIN:VEVENT\r\n" * 100_000 + "END:VEVENT\r\n" * 100_000)
    yield "calendars in calendars", calendar()[:-15] * 20_000 + "END:VCALENDAR\r\n" * 20_000
    yield "100,000 calendars", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" * 150_000
    yield "the same event, 65,000 times", calendar(event(ON) * 65_000)
    yield "one identity, 60,000 days", calendar(fill(lambda n: event(f"DTSTART:{day_after(n):%Y%m%d}")))


def odd_lines() -> Iterator[tuple[str, str]]:
    yield "a long line", calendar(event(ON, "DESCRIPTION:" + "x" * SIZE))
    yield "a folded line", calendar(event(ON, "DESCRIPTION:" + "\r\n " * 1_600_000))
    yield "parameters", calendar(event(ON, "ATTENDEE" + fill(lambda n: f";X-P{n}=y") + ":mailto:bo@example.com"))
    yield "attendees", calendar(event(ON, fill(lambda n: f"ATTENDEE;CN=q:mailto:a{n}@x.y\r\n") + "X:y"))
    yield "categories", calendar(event(ON, "CATEGORIES:" + "a," * 2_400_000))
    yield "properties", calendar(event(ON, "X:y\r\n" * 900_000 + "X:y"))
    yield "a huge sequence", calendar(event(ON, "SEQUENCE:" + "9" * SIZE))
    yield "a long duration", calendar(event(ON, "DURATION:P" + "9" * SIZE + "W"))
    yield "quotes", calendar(event(ON, 'ATTENDEE;CN="' + 'a"' * 2_000_000 + ":mailto:x"))
    yield "backslashes", calendar(event(ON, "SUMMARY:" + "\\" * SIZE))
    yield "NUL", calendar(event(ON, "X:\0\0"))
    yield "no colon", calendar(event(ON, "X" * SIZE))
    yield "semicolons", calendar(event(ON, "X" + ";" * SIZE))
    yield "only BEGIN", "BEGIN:VCALENDAR\r\n" * 280_000
    yield "blank lines", calendar("\r\n" * 2_400_000)


# Measuring

READ = (["check"], ["now"], ["show"], ["export"])
LOOK = (["export", "--output", "out/"], ["export", "header"], ["brief"], ["fairness"], ["show", "--format", "json"])
IMPORT = (["leave", "import", "leave.ics", "--dry-run"], ["leave", "import", "leave.ics", "--person", "bo", "--yes"])

KINDS: Mapping[str, tuple[Callable[[], Iterator[tuple[str, Files]]], Sequence[Sequence[str]]]] = {
    "rosters": (rosters, READ),
    "schedules": (schedules, (*READ, *LOOK)),
    "spreadsheets": (spreadsheets, (["import", "csv", "past.csv"], ["import", "csv", "past.csv"])),
    "calendars": (calendars, IMPORT),
}


@dataclass(frozen=True)
class Measured:
    """What one command cost; `said` is the beginning of what it wrote to standard error."""

    kind: str
    file: str
    command: str
    exit: int
    wall: float
    cpu: float
    megabytes: int
    crashed: bool
    said: str
    by_cpu: bool

    @property
    def cost(self) -> float:
        """The part of a limit that the command took."""
        return max((self.cpu if self.by_cpu else self.wall) / SECONDS, self.megabytes / MEGABYTES)

    @property
    def over(self) -> bool:
        return self.crashed or self.exit not in (0, 1, 2) or self.cost > 1

    def line(self) -> str:
        mark = "CRASHED" if self.crashed else "OVER" if self.over else ""
        figures = f"{self.wall:6.1f} s {self.cpu:6.1f} CPU {self.megabytes:5} MB {self.exit:4} {mark:7}"
        return f"{figures}  {self.kind:12}  {self.file:34}  {self.command:40.40}  {self.said[:100]}"


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))


def measured(setrota: Path, kind: str, name: str, command: Sequence[str], folder: Path, by_cpu: bool) -> Measured:
    errors = folder / "errors"
    with open(os.devnull, "w") as out, errors.open("w") as err:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(setrota), *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=os.environ | {"SETROTA_NOW": NOW},
            preexec_fn=_limit,
        )
        alarm = threading.Timer(PATIENCE * 10, os.kill, (process.pid, signal.SIGKILL))
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        alarm.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    said = errors.read_text(errors="replace")
    return Measured(
        kind=kind,
        file=name,
        command=" ".join(command),
        exit=process.returncode,
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        megabytes=usage.ru_maxrss // 1024,
        crashed="Traceback" in said or "internal error" in said or "bug" in said,
        said=" ".join(said.split()),
        by_cpu=by_cpu,
    )


def write(files: Files, folder: Path) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def measure(given: Namespace, runner: Executor) -> list[Measured]:
    found = []
    for kind in given.kind or KINDS:
        make, commands = KINDS[kind]
        for name, files in make():
            if given.only and given.only not in name:
                continue
            with tempfile.TemporaryDirectory() as folder:
                write(files, Path(folder))
                for command in commands[: given.most]:
                    task = runner.submit(
                        measured, given.setrota.absolute(), kind, name, command, Path(folder), given.cpu
                    )
                    each = task.result()
                    print(each.line(), flush=True)
                    found.append(each)
    return found


def main() -> None:
    parser = ArgumentParser(description="Give setrota hostile and huge files, and measure what they cost.")
    parser.add_argument("setrota", type=Path, help="the executable to measure")
    parser.add_argument("--kind", choices=KINDS, action="append", help="some kinds of files alone")
    parser.add_argument("--only", metavar="TEXT", help="only files whose names contain this")
    parser.add_argument("--most", type=int, metavar="N", help="only the first N commands of each file")
    parser.add_argument("--cpu", action="store_true", help="judge by CPU time instead of the clock")
    given = parser.parse_args()
    # A command's memory counts from that of the process that starts it, so this is one that never holds any file.
    with ProcessPoolExecutor(1) as runner:
        runner.submit(os.getpid).result()
        found = measure(given, runner)
    print("\nThe slowest and largest first:\n")
    for each in sorted(found, key=lambda each: each.cost, reverse=True)[:40]:
        print(each.line())
    over = sum(each.over for each in found)
    print(f"\n{len(found)} commands, {over} over {SECONDS:g} s or {MEGABYTES} MB, or crashed")
    sys.exit(over > 0)


if __name__ == "__main__":
    main()
