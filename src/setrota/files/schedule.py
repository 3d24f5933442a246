"""`schedule.toml`, in and out: one block per period in time order, one seat per line, stable byte for byte.

Knows the file's spelling and reports everything that can't be what its author meant. Refuses to judge the rota itself:
who may sit where, or whether a handle is still somebody's, is for the rules.

Every crew has its own pool in memory. In the file a `[[pools]]` entry stands before the first period that it holds
for, and only where something differs from what was written before; so a plan that goes on only appends. `from`, `to`
and `end` are first and last days, included.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from setrota.files.places import line_of, syntax_problem
from setrota.files.saving import read_bytes
from setrota.periods import DAY, WEEK, Period
from setrota.presence import pool_of
from setrota.problems import Place, Problem, Refused, did_you_mean, listed
from setrota.roster import Roster, kind_of
from setrota.schedule import Change, Crew, Planned, Pool, Schedule

T = TypeVar("T")
KeyPath = tuple[str | int, ...]

FORMAT = 1
LIMIT_BYTES = 20_000_000
MOST_WEEKS = 520
HANDLE = re.compile(r"[A-Za-z0-9._-]+")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def read_schedule(path: Path, roster: Roster) -> Schedule:
    """Read a schedule; a file that doesn't exist yet is an empty one. Raises Refused with every problem found."""
    content = read_bytes(path, LIMIT_BYTES)
    return Schedule(roster.short_name) if content is None else parse_schedule(content, str(path), roster)


def parse_schedule(content: bytes, file: str, roster: Roster) -> Schedule:
    """Read what a schedule file holds; `file` is its name in messages. Raises Refused with every problem found."""
    text = _decoded(content, file)
    return _Reader(_loaded(text, file), text, file, roster).schedule()


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = Place(file, content.count(b"\n", 0, error.start) + 1)
        raise Refused(Problem("this file is not UTF-8 text", where, "save it again as UTF-8")) from None


def _loaded(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(syntax_problem(error, text, file)) from None
    except (ValueError, RecursionError):  # numbers of thousands of digits, thousands of brackets in each other
        raise Refused(Problem("this is not TOML that anybody wrote on purpose", Place(file))) from None


class _Kind(NamedTuple):
    """A type of value in the file: how to recognize it, and how to ask for it."""

    fits: Callable[[Any], bool]
    wanted: str


def _sane(day: date) -> bool:
    return 1900 <= day.year < 3000


TEXT = _Kind(lambda value: isinstance(value, str), "text in quotes")
PERSON = _Kind(TEXT.fits, 'a handle in quotes, or `""` for nobody')
DATE = _Kind(lambda value: type(value) is date and _sane(value), "a date such as `2027-02-08`, without quotes")
MOMENT = _Kind(
    lambda value: isinstance(value, datetime) and value.tzinfo is not None and _sane(value),
    "a date, time and offset: `2027-02-10T11:40:00-05:00`",
)
COUNT = _Kind(lambda value: type(value) is int and value >= 1, "a whole number from 1")
WEEKS = _Kind(lambda value: COUNT.fits(value) and value <= MOST_WEEKS, f"a whole number from 1 to {MOST_WEEKS}")
SHARE = _Kind(lambda value: type(value) in (int, float) and 0 <= value <= 1, "a number from 0 to 1")
FLAG = _Kind(lambda value: isinstance(value, bool), "`true` or `false`")
TABLE = _Kind(lambda value: isinstance(value, dict), "a table, `{ … = … }`")
LIST = _Kind(lambda value: isinstance(value, list), "a list, `[ … ]`")

CHANGE = {
    "at": MOMENT, "seat": TEXT, "was": PERSON, "now": PERSON, "from": DATE, "to": DATE, "reason": TEXT, "forced": FLAG,
}  # fmt: skip
CHANGE_REQUIRED = ("at", "seat", "was", "now")
PLANNED = {"at": MOMENT, "revision": COUNT, "seal": TEXT}
BLOCK = {"end": DATE, "planned": TABLE, "changes": LIST}
ENTRY = {"from": DATE, "weeks": TABLE, "not-ready": TABLE}


@dataclass
class _Recorded:
    """What the `[[pools]]` entries say of one rotation, each with its first day."""

    pools: list[tuple[date, Pool]] = field(default_factory=list)
    weeks: list[tuple[date, int]] = field(default_factory=list)


class _Block(NamedTuple):
    """A period's block as it stands in the file; `end` is the first day after, None where the file doesn't say.

    `changes` are keyed by their place in the list, for messages.
    """

    path: KeyPath
    start: date
    end: date | None
    seats: dict[str, str | None]
    changes: dict[int, Change]
    planned: Planned | None


class _Reader:
    """Turns a parsed file into a schedule and collects on the way what is wrong with it."""

    def __init__(self, table: dict[str, Any], text: str, file: str, roster: Roster) -> None:
        self.table, self.text, self.file, self.roster = table, text, file, roster
        self.spelled = {handle.lower(): handle for handle in roster.people}
        self.problems: list[Problem] = []

    def schedule(self) -> Schedule:
        self.heading()
        self.refuse()
        recorded = self.recorded()
        crews = [crew for rotation in self.rotations() for crew in self.crews(rotation, recorded)]
        self.refuse()
        return Schedule(self.roster.short_name, tuple(crews))

    def refuse(self) -> None:
        if self.problems:
            raise Refused(sorted(self.problems, key=lambda problem: problem.where or Place(self.file)))

    def wrong(self, path: KeyPath, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(message, Place(self.file, line_of(self.text, path)), hint))

    def fits(self, path: KeyPath, value: Any, kind: _Kind, hint: str | None = None) -> bool:
        """Whether a value is of a kind; reported if not."""
        if not kind.fits(value):
            self.wrong(path, f"`{_dotted(path)}` should be {kind.wanted}", hint)
            return False
        return True

    def fields(self, path: KeyPath, value: Any, known: Mapping[str, _Kind], required: Iterable[str]) -> dict[str, Any]:
        """The values of a table with fixed keys; empty, and reported, if one is unknown, wrong or missing."""
        if not self.fits(path, value, TABLE):
            return {}
        before = len(self.problems)
        for key, item in value.items():
            if key not in known:
                hint = did_you_mean(key, known) or f"known are {listed(f'`{word}`' for word in known)}"
                self.wrong((*path, key), f"`{_dotted((*path, key))}` is not a key of a schedule", hint)
            elif self.fits((*path, key), item, known[key]) and known[key] is PERSON:
                self.handle((*path, key), item)
        for key in required:
            if key not in value:
                self.wrong(path, f"`{_dotted(path)}` lacks `{key}`")
        return value if len(self.problems) == before else {}

    def handle(self, path: KeyPath, handle: str) -> None:
        """Report a handle that can't be one, or that the roster spells in another way."""
        spelled = self.spelled.get(handle.lower(), handle)
        if handle and not HANDLE.fullmatch(handle):
            hint = did_you_mean(handle, self.roster.people) or "a handle has letters, digits, `.`, `_` and `-` only"
            self.wrong(path, f"`{_dotted(path)}`: `{handle}` is not a handle", hint)
        elif spelled != handle and handle not in self.roster.people:
            self.wrong(path, f"`{_dotted(path)}`: the roster spells `{handle}` as `{spelled}`", f"write `{spelled}`")

    # The heading

    def heading(self) -> None:
        number, rota = self.table.get("format"), self.table.get("rota")
        if "format" not in self.table:
            self.wrong((), "this is not a schedule: it has no `format`", f"a schedule begins with `format = {FORMAT}`")
        elif type(number) is not int or number != FORMAT:
            hint = "a newer setrota may have written this file; this one reads and writes `format = 1`"
            self.wrong(("format",), f"`format = {number!r}` is unknown", hint)
        elif not isinstance(rota, str):
            hint = f'the second line of this one would be `rota = "{self.roster.short_name}"`'
            self.wrong(("rota",), "`rota` doesn't say whose schedule this is", hint)
        elif rota != self.roster.short_name:
            hint = "take the schedule that belongs to this roster; after a change of `short-name`, change `rota` too"
            self.wrong(
                ("rota",), f"this is the schedule of `{rota}`, the roster is that of `{self.roster.short_name}`", hint
            )

    def rotations(self) -> list[str]:
        """The rotations that have blocks; setrota wrote a former one's pools too, a mistyped one has none."""
        found = []
        for name, value in self.table.items():
            if name in ("format", "rota", "pools"):
                continue
            if not isinstance(value, dict):
                hint = did_you_mean(name, ("format", "rota", "pools"))
                self.wrong((name,), f"`{name}` is not a key of a schedule", hint)
            elif name in self.roster.rotations or name in self.pool_keys():
                found.append(name)
            elif hint := did_you_mean(name, self.roster.rotations):
                self.wrong((name,), f"`{name}` is not a rotation of the roster", hint)
            else:
                found.append(name)
        return found

    def pool_keys(self) -> set[str]:
        entries = self.table.get("pools")
        entries = entries if isinstance(entries, list) else []
        return {key for entry in entries if isinstance(entry, dict) for key in entry}

    # The pools

    def recorded(self) -> dict[str, _Recorded]:
        found: dict[str, _Recorded] = {}
        entries = self.table.get("pools", [])
        if self.fits(("pools",), entries, LIST, "an entry is headed `[[pools]]`"):
            for number, entry in enumerate(entries):
                self.entry(("pools", number), entry, found)
        for recorded in found.values():
            recorded.pools.sort(key=lambda dated: dated[0])
            recorded.weeks.sort(key=lambda dated: dated[0])
        return found

    def entry(self, path: KeyPath, entry: Any, found: dict[str, _Recorded]) -> None:
        if not self.fits(path, entry, TABLE, "an entry is headed `[[pools]]`"):
            return
        fixed = self.fields(path, {key: entry[key] for key in ENTRY if key in entry}, ENTRY, ["from"])
        not_ready = fixed.get("not-ready", {})
        for rotation, weeks in fixed.get("weeks", {}).items():
            if self.fits((*path, "weeks", rotation), weeks, WEEKS):
                found.setdefault(rotation, _Recorded()).weeks.append((fixed["from"], weeks))
        for rotation in [key for key in entry if key not in ENTRY and self.is_rotation((*path, key))]:
            shares = self.shares((*path, rotation), entry[rotation])
            kinds = self.not_ready((*path, "not-ready", rotation), not_ready.get(rotation, {}))
            pools = found.setdefault(rotation, _Recorded()).pools
            if any(start == fixed.get("from") for start, _pool in pools):
                self.wrong((*path, rotation), f"two `[[pools]]` from {fixed['from']} have `{rotation}`", "keep one")
            pools.append((fixed.get("from", date.min), Pool(shares, kinds)))
        for rotation in [key for key in not_ready if key not in entry]:
            hint = f"an entry with `not-ready` of a rotation has its shares too, `{rotation} = {{ … }}`"
            self.wrong((*path, "not-ready", rotation), f"`not-ready` names `{rotation}`, whose pool isn't here", hint)

    def is_rotation(self, path: KeyPath) -> bool:
        """Whether a key of a pools entry can be a rotation: the roster's, or a former one that has blocks."""
        key = str(path[-1])
        if key in self.roster.rotations or isinstance(self.table.get(key), dict):
            return True
        if hint := did_you_mean(key, [*self.roster.rotations, *ENTRY]):
            self.wrong(path, f"`{_dotted(path)}` is neither a rotation nor a key of a schedule", hint)
        return hint is None

    def shares(self, path: KeyPath, value: Any) -> dict[str, float]:
        shares: dict[str, float] = {}
        for handle, share in value.items() if self.fits(path, value, TABLE) else ():
            if isinstance(share, dict):
                hint = f'write a handle with dots in quotes: `"{handle}.{next(iter(share), "")}"`'
                self.wrong((*path, handle), f"`{_dotted((*path, handle))}` should be {SHARE.wanted}", hint)
            elif self.fits((*path, handle), share, SHARE):
                self.handle((*path, handle), handle)
                shares[handle] = float(share)
        return shares

    def not_ready(self, path: KeyPath, value: Any) -> dict[str, frozenset[str]]:
        kinds: dict[str, frozenset[str]] = {}
        for kind, handles in value.items() if self.fits(path, value, TABLE) else ():
            if self.fits((*path, kind), handles, LIST):
                fitting = [handle for handle in handles if self.fits((*path, kind), handle, TEXT)]
                for handle in fitting:
                    self.handle((*path, kind), handle)
                kinds[kind] = frozenset(fitting)
        return kinds

    # The periods

    def crews(self, rotation: str, recorded: Mapping[str, _Recorded]) -> list[Crew]:
        known = recorded.get(rotation, _Recorded())
        parsed = (self.block((rotation, key), value) for key, value in self.table[rotation].items())
        blocks = sorted((block for block in parsed if block), key=lambda block: block.start)
        crews = []
        for block, following in zip(blocks, [*blocks[1:], None], strict=False):
            period = Period(block.start, self.end(block, following, rotation, known), rotation)
            pool = _in_force(known.pools, period.start)
            if pool is None:
                pool = pool_of(self.roster, period) if rotation in self.roster.rotations else Pool()
            crew = Crew(period, block.seats, pool, tuple(block.changes.values()), block.planned)
            self.seats(block.path, crew)
            self.days(block, period)
            crews.append(crew)
        return crews

    def end(self, block: _Block, following: _Block | None, rotation: str, known: _Recorded) -> date:
        """The first day after a block's period; one that says nothing gives way to the next block."""
        if block.end is None:
            cadence = self.roster.rotations[rotation].weeks if rotation in self.roster.rotations else 1
            end = block.start + WEEK * (_in_force(known.weeks, block.start) or cadence)
            return min(end, following.start) if following else end
        if following and block.end > following.start:
            message = f"`{_dotted(block.path)}` overlaps the period that starts on {following.start}"
            self.wrong((*block.path, "end"), message, "`end` is the last day of the period")
        return block.end

    def block(self, path: KeyPath, value: Any) -> _Block | None:
        start = self.start(path)
        if not self.fits(path, value, TABLE) or start is None:
            return None
        fixed = self.fields(path, {key: value[key] for key in BLOCK if key in value}, BLOCK, ())
        seats = {key: item or None for key, item in value.items() if key not in BLOCK and self.seat((*path, key), item)}
        last = fixed.get("end")
        if last is not None and not start <= last < start + WEEK * MOST_WEEKS:
            what = "before the period starts" if last < start else "years after the period starts"
            self.wrong((*path, "end"), f"`{_dotted((*path, 'end'))}` is {what}", "`end` is the last day of the period")
        changes = {
            number: change
            for number, item in enumerate(fixed.get("changes", ()))
            if (change := self.change((*path, "changes", number), item, value))
        }
        planned = self.fields((*path, "planned"), fixed["planned"], PLANNED, PLANNED) if "planned" in fixed else None
        return _Block(path, start, last and last + DAY, seats, changes, Planned(**planned) if planned else None)

    def start(self, path: KeyPath) -> date | None:
        key = str(path[-1])
        try:
            day = date.fromisoformat(key) if re.fullmatch(r"\d{4}-\d\d-\d\d", key) else None
        except ValueError:
            day = None
        if day is None or not _sane(day):
            message = f"`{key}` in `[{_dotted(path)}]` is not a date"
            self.wrong(path, message, f"a block is named by its first day, `[{path[0]}.2027-01-04]`")
            return None
        return day

    def seat(self, path: KeyPath, value: Any) -> bool:
        if PERSON.fits(value):
            self.handle(path, value)
            return True
        return self.fits(path, value, PERSON, did_you_mean(str(path[-1]), BLOCK))

    def seats(self, path: KeyPath, crew: Crew) -> None:
        """Report names of seats that are near a missing one; where the seal holds nobody has mistyped anything."""
        rotation = self.roster.rotations.get(crew.period.rotation)
        sealed = crew.planned is not None and not replace(crew, changes=()).by_hand
        if rotation is None or sealed:
            return
        missing = [seat.name for seat in rotation.seats if seat.name not in crew.seats]
        names = {seat.name for seat in rotation.seats}
        for seat in [seat for seat in crew.seats if seat not in names]:
            hint = did_you_mean(seat, missing)
            if hint and kind_of(seat) not in rotation.kinds:
                self.wrong((*path, seat), f"`{_dotted((*path, seat))}` is not a seat of the roster", hint)

    def days(self, block: _Block, period: Period) -> None:
        """Report changes that change nothing, since none of their days is in the period."""
        for number, change in block.changes.items():
            if (change.start or period.start) >= period.end or (change.end or period.end) <= period.start:
                message = f"the days of this change are not in the period, {period.start} to {period.end - DAY}"
                self.wrong((*block.path, "changes", number), message)

    def change(self, path: KeyPath, value: Any, block: Mapping[str, Any]) -> Change | None:
        change = self.fields(path, value, CHANGE, CHANGE_REQUIRED)
        if not change:
            return None
        first, last, seat = change.get("from"), change.get("to"), change["seat"]
        if seat in BLOCK or seat not in block:
            hint = did_you_mean(seat, [key for key in block if key not in BLOCK])
            self.wrong((*path, "seat"), f"`{_dotted(path[:2])}` has no seat `{seat}` to change", hint)
        if first and last and last < first:
            self.wrong((*path, "to"), "the last day of a change, `to`, is before its first, `from`")
        reason, forced = change.get("reason"), change.get("forced", False)
        was, now = change["was"] or None, change["now"] or None
        return Change(change["at"], seat, was, now, first, last and last + DAY, reason, forced)


def _in_force(dated: Sequence[tuple[date, T]], day: date) -> T | None:
    """What the last entry that begins by `day` says."""
    position = bisect_right(dated, day, key=lambda entry: entry[0])
    return dated[position - 1][1] if position else None


def _dotted(path: KeyPath) -> str:
    """A key path for people; list items are told apart by their line."""
    return ".".join(_key(part) for part in path if isinstance(part, str))


# Writing


def schedule_text(schedule: Schedule, roster: Roster) -> str:
    """Write a schedule; the same schedule and roster give the same bytes, and what was written reads back equal."""
    order = {name: position for position, name in enumerate(roster.rotations)}

    def place(crew: Crew) -> tuple[date, int, str]:
        return crew.period.start, order.get(crew.period.rotation, len(order)), crew.period.rotation

    weeks: dict[str, int] = {}
    pools: dict[str, Pool] = {}
    parts = [f"format = {FORMAT}\nrota = {_string(schedule.rota)}\n"]
    for start, group in groupby(sorted(schedule.crews, key=place), key=lambda crew: crew.period.start):
        crews = list(group)
        new_weeks = {crew.period.rotation: int(crew.period.weeks) for crew in crews if _whole_weeks(crew.period)}
        new_pools = {crew.period.rotation: crew.pool for crew in crews if crew.pool is not None}
        new_weeks = {name: value for name, value in new_weeks.items() if weeks.get(name) != value}
        new_pools = {name: pool for name, pool in new_pools.items() if pools.get(name) != pool}
        weeks.update(new_weeks)
        pools.update(new_pools)
        if new_weeks or new_pools:
            parts.append(_pools_entry(start, new_weeks, new_pools, roster))
        parts += [_block(crew, roster) for crew in crews]
    return "\n".join(parts)


def _whole_weeks(period: Period) -> bool:
    return (period.end - period.start) % WEEK == DAY * 0


def _pools_entry(start: date, weeks: Mapping[str, int], pools: Mapping[str, Pool], roster: Roster) -> str:
    lines = ["[[pools]]", f"from = {start}"]
    if weeks:
        lines.append(f"weeks = {_inline({name: str(value) for name, value in weeks.items()})}")
    for name, pool in pools.items():
        shares = {handle: repr(float(pool.shares[handle])) for handle in sorted(pool.shares)}
        lines.append(f"{_key(name)} = {_inline(shares)}")
    not_ready = {name: _not_ready(name, pool, roster) for name, pool in pools.items() if pool.not_ready}
    if not_ready:
        lines.append(f"not-ready = {_inline(not_ready)}")
    return "\n".join(lines) + "\n"


def _not_ready(rotation: str, pool: Pool, roster: Roster) -> str:
    kinds = roster.rotations[rotation].kinds if rotation in roster.rotations else ()
    return _inline(
        {kind: f"[{', '.join(map(_string, sorted(pool.not_ready[kind])))}]" for kind in _ordered(pool.not_ready, kinds)}
    )


def _block(crew: Crew, roster: Roster) -> str:
    rotation = roster.rotations.get(crew.period.rotation)
    lines = [f"[{_key(crew.period.rotation)}.{crew.period.start}]"]
    if not _whole_weeks(crew.period):
        lines.append(f"end = {crew.period.end - DAY}")
    names = _ordered(crew.seats, [seat.name for seat in rotation.seats] if rotation else ())
    lines += [f"{_key(name)} = {_string(crew.seats[name] or '')}" for name in names]
    if crew.planned:
        at, revision, seal = crew.planned.at.isoformat(), str(crew.planned.revision), _string(crew.planned.seal)
        lines.append(f"planned = {_inline({'at': at, 'revision': revision, 'seal': seal})}")
    if crew.changes:
        lines += ["changes = [", *(f"  {_change(change)}," for change in crew.changes), "]"]
    return "\n".join(lines) + "\n"


def _change(change: Change) -> str:
    values = {
        "at": change.at.isoformat(),
        "seat": _string(change.seat),
        "was": _string(change.was or ""),
        "now": _string(change.now or ""),
    }
    if change.start is not None:
        values["from"] = str(change.start)
    if change.end is not None:
        values["to"] = str(change.end - DAY)
    if change.reason is not None:
        values["reason"] = _string(change.reason)
    if change.forced:
        values["forced"] = "true"
    return _inline(values)


def _ordered(names: Iterable[str], first: Iterable[str]) -> list[str]:
    """Names in the roster's order; those it doesn't have follow, by name."""
    order = {name: position for position, name in enumerate(first)}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _inline(values: Mapping[str, str]) -> str:
    pairs = ", ".join(f"{_key(key)} = {value}" for key, value in values.items())
    return f"{{ {pairs} }}" if pairs else "{}"


def _key(text: str) -> str:
    return text if BARE_KEY.fullmatch(text) else _string(text)


def _string(text: str) -> str:
    text = text.encode(errors="replace").decode()  # a lone surrogate, out of a terminal, has no place in UTF-8
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\u{ord(match[0]):04x}", escaped) + '"'
