"""The rosters of the benchmarks, family by family: each is text of a `rotations.toml`, made from a number.

`hard`: 12 to 60 people, most of them in both of two pools whose rotations have periods of different lengths.
`large`: one team of many people, a year, two seats, no rule but the usual free period between two duties.
`second-line`: seven seats in three rotations that share people, at most one person of a team, few duties each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

START = date(2027, 1, 4)
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
HEAD = '[rota]\nname = "Benchmark"\nshort-name = "BEN"\ntimezone = "America/Toronto"\nhandover = "Monday 09:00"\n'


@dataclass(frozen=True)
class Case:
    """One roster, and how many weeks of it to plan from `START` on."""

    name: str
    text: str
    weeks: int


def hard(seed: int) -> Case:
    """The most people in two pools, so that duties of one week and of two or three stand in each other's way."""
    random = Random(1000 + seed)
    size = random.randint(12, 60)
    weeks = 13 if seed % 2 == 0 else 26
    engineers = max(1, min(6, round(size * random.uniform(0.06, 0.16))))
    leads = 1 if size < 24 else random.choice([1, 2])
    length = random.choice([2, 2, 3])
    rest = random.choice([1, 2, 3])
    while rest > 1 and (engineers * (1 + rest) + leads * (length + rest) / length) / size > 0.85:
        rest -= 1
    rest_of_leads = random.choice([rest, rest + 1])
    teams = max(3, size // random.choice([4, 6, 8]))
    cap = random.choice([1, 1, 2, None])
    if cap is not None and cap * teams < engineers:
        cap = None
    handles = [f"p{number:03d}" for number in range(size)]
    in_both = [random.random() < 0.8 for _ in handles]
    engineer = [random.random() < 0.7 for _ in handles]
    pools = {
        "engineers": [each for each, both, one in zip(handles, in_both, engineer, strict=True) if both or one],
        "leads": [each for each, both, one in zip(handles, in_both, engineer, strict=True) if both or not one],
    }
    seats = ["primary", "backup", *["engineer"] * 4][:engineers]
    parts = [
        rotation("engineer", seats, 1, rest, cap),
        rotation("lead", ["lead"] * leads, length, rest_of_leads),
        *(person(random, handle, weeks) for handle in handles),
        *(team(f"t{number:03d}", handles[number::teams], pools) for number in range(teams)),
    ]
    return Case(f"hard-{seed}", "\n".join([HEAD, *parts]), weeks)


def large(size: int) -> Case:
    """Many people of one team, two seats, a year."""
    handles = [f"p{number:05d}" for number in range(size)]
    return Case(
        f"large-{size}",
        "\n".join([HEAD, rotation("engineer", ["primary", "backup"], 1), team("all", handles, {"engineers": handles})]),
        52,
    )


TEAMS_OF_SECOND_LINE = (11, 8, 7, 4, 4, 3, 1, 1, 1, 1)


def second_line(seed: int) -> Case:
    """Everybody serves in hours, most on standby, some on call; at most five duties a person in the quarter."""
    random = Random(seed)
    parts = [
        HEAD,
        rotation("inhours", ["primary", "secondary"], 1, 1, 1) + 'optional-seats = ["shadow"]\nteam-rest = "1 week"\n',
        rotation("standby", ["primary", "secondary"], 1, 1, 1),
        rotation("oncall", ["primary", "secondary"], 1, 1, 1),
        "[rules]\nmax-duties = [",
        *(
            f'  {{ limit = "{most} per 12 weeks", seats = ["{name}"] }},'
            for name, most in [("inhours", 1), ("standby", 1), ("oncall", 3)]
        ),
        "]\n",
    ]
    handles = [f"q{number:03d}" for number in range(sum(TEAMS_OF_SECOND_LINE))]
    first = 0
    for number, size in enumerate(TEAMS_OF_SECOND_LINE):
        mine = handles[first : first + size]
        standby = [each for each in mine if random.random() < 0.85] or mine[:1]
        oncall = [each for each in standby if random.random() < 0.65]
        parts.append(team(f"t{number}", mine, {"inhours": mine, "standby": standby, "oncall": oncall}))
        first += size
    parts += [second_liner(random, handle) for handle in handles]
    return Case(f"second-line-{seed}", "\n".join(parts), 12)


def second_liner(random: Random, handle: str) -> str:
    """Most don't shadow any more, the rest do nothing else in hours; half of all aren't ready to be first on call."""
    ready = random.random() < 0.85
    not_seats = ["inhours/shadow"] if ready else ["inhours/primary", "inhours/secondary"]
    if random.random() < 0.5:
        not_seats.append("oncall/primary")
    leave = [(START + week * WEEK, START + (week + 1) * WEEK) for week in range(12) if random.random() < 0.09]
    return section(f"people.{handle}", {"not-seats": listed(not_seats), "leave": ranges(leave)})


FAMILIES: dict[str, tuple[Callable[[int], Case], Sequence[int]]] = {
    "hard": (hard, range(40)),
    "large": (large, (300, 1000, 2000)),
    "second-line": (second_line, range(1, 6)),
}
"""How to make a roster of each family, and from which numbers."""


def rotation(name: str, seats: Sequence[str], weeks: int, rest: int | None = None, cap: int | None = None) -> str:
    """A rotation whose pool is called as it is, with an s unless the name is that of a place to be."""
    keys = {
        "every": quoted(span(weeks)),
        "pool": quoted(f"{name}s" if name in ("engineer", "lead") else name),
        "seats": listed(seats),
        "rest": "" if rest is None else quoted(span(rest)),
        "max-per-team": "" if cap is None else str(cap),
    }
    return section(f"rotations.{name}", keys)


def team(key: str, members: Sequence[str], pools: dict[str, list[str]]) -> str:
    """A team with those of its members that are in each pool."""
    return section(
        f"teams.{key}", {name: listed(each for each in members if each in set(pool)) for name, pool in pools.items()}
    )


def person(random: Random, handle: str, weeks: int) -> str:
    """Some with a smaller share of one rotation or both, some leave, and one in ten not ready to be primary."""
    shares = {name: random.choice([1, 1, 1, 1, 0.5, 0.8]) for name in ("engineer", "lead")}
    smaller = ", ".join(f"{name} = {share}" for name, share in shares.items() if share != 1)
    keys = {
        "share": f"{{ {smaller} }}" if smaller else "",
        "leave": ranges(some_leave(random, weeks)),
        "not-seats": listed(["primary"] if random.random() < 0.1 else []),
    }
    return section(f"people.{handle}", keys)


def some_leave(random: Random, weeks: int) -> list[tuple[date, date]]:
    """Of each two weeks that somebody isn't away anyway, one in seventeen begins a leave of one to three weeks."""
    found, week = [], 0
    while week < weeks:
        if random.random() < 0.06:
            length = random.choice([1, 1, 2, 3])
            found.append((START + week * WEEK, START + (week + length) * WEEK))
            week += length
        week += 2
    return found


# How TOML is written


def section(name: str, keys: dict[str, str]) -> str:
    """A table with those keys that have something to say."""
    lines = [f"{key} = {value}" for key, value in keys.items() if value]
    return "\n".join([f"[{name}]", *lines, ""])


def span(weeks: int) -> str:
    return "1 week" if weeks == 1 else f"{weeks} weeks"


def quoted(text: str) -> str:
    return f'"{text}"'


def listed(words: Iterable[str]) -> str:
    """An array of words, or nothing for none."""
    inside = ", ".join(quoted(word) for word in words)
    return f"[{inside}]" if inside else ""


def ranges(spans: Iterable[tuple[date, date]]) -> str:
    """An array of ranges of days, given half-open; or nothing for none."""
    inside = ", ".join(f"{{ from = {first}, to = {end - DAY} }}" for first, end in spans)
    return f"[{inside}]" if inside else ""
