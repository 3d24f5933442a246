"""Reads `schedule.toml`, so that every crew in memory has its own pool and whole period.

Reports everything that makes no sense, but doesn't judge the rota: who may hold which seat, or whether a handle still
exists, is up to the rules. `text` writes the file and describes it, `fields` knows its keys, `plans` reads what each
plan was asked, and `renaming` replaces former handles.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from setrota.dates.periods import DAY, WEEK, Period, point_at
from setrota.dates.text import last_text
from setrota.files.saving import read_bytes
from setrota.files.schedule.fields import (
    BLOCK,
    CHANGE,
    CHANGE_REQUIRED,
    ENTRY,
    LIST,
    MOST_WEEKS,
    PERSON,
    PLANNED,
    PRIVATE,
    SHARE,
    TABLE,
    TEXT,
    WEEKS,
    Fields,
    plausible,
)
from setrota.files.schedule.plans import PlansReader
from setrota.files.schedule.renaming import renamed
from setrota.files.schedule.starts import followed, usual_end
from setrota.files.schedule.text import FORMAT, schedule_text
from setrota.files.toml import KeyPath
from setrota.files.toml.documents import Document, before_tables, dotted, parse_ours
from setrota.problems import Place, Problem, Refused, did_you_mean
from setrota.roster import Roster, kind_of
from setrota.schedule import Change, Crew, Planned, Pool, Schedule
from setrota.schedule.pools import pools_of

__all__ = ["FORMAT", "LIMIT_BYTES", "MOST_PERIODS", "format_of", "parse_schedule", "read_schedule", "schedule_text"]

T = TypeVar("T")

LIMIT_BYTES = 5_000_000

MOST_PERIODS = 20_000
MOST_RECORDS = 5_000
MOST_CHANGES = 500
MOST_SEATS = 300
"""The most periods, plans or pools, changes of one period, and keys of one period: what a rota has in decades."""

MOST_SEATS_IN_ALL = 60_000
MOST_CHANGES_IN_ALL = 20_000
"""The same in all periods together: a company with 20 rotations of five seats has fewer in ten years."""

MOST_MEMBERSHIPS = 5_000_000
"""The most periods of a rotation times people in its pool today: a thousand people for more than ten years of days."""

FORMATS = (1, 2, FORMAT)
"""The formats that can be read: in the first one, plans have no records; in the first two, all is in whole days and
weeks."""

TOP = ("format", "rota", "plans", "pools")
"""The keys of the file that are not rotations."""


def read_schedule(path: Path, roster: Roster) -> Schedule:
    """Read a schedule; a file that doesn't exist yet counts as empty. Raises Refused with every problem found."""
    return parse_schedule(read_bytes(path, LIMIT_BYTES), str(path), roster)


def parse_schedule(content: bytes | None, file: str, roster: Roster) -> Schedule:
    """Read a schedule from a file's content, which is None if there is no file; `file` is its name in messages.

    Raises Refused with every problem.
    """
    if content is None:
        return Schedule(roster.short_name)
    return _Reader(_document(content, file), roster).schedule()


def format_of(content: bytes, file: str) -> Any:
    """The `format` of a schedule's file. Raises Refused if it can't be read."""
    found = before_tables(content).get("format")
    return found if found is not None else _document(content, file).data.get("format")


def _document(content: bytes, file: str) -> Document:
    """The content of a schedule's file. Raises Refused if it isn't TOML, without a word of it if it is no schedule."""
    hint = f"a schedule begins with `format = {FORMAT}`"
    foreign = Problem("this is not a schedule: it has no `format`", Place(file), hint, code="not-a-schedule")

    def looks_like_ours(text: str) -> bool:
        return re.search(r"^(format[ \t]*=[ \t]*[0-9]|\[\[(plans|pools)\]\])", text, re.MULTILINE) is not None

    document = parse_ours(content, file, PRIVATE, looks_like_ours, foreign)
    if type(document.data.get("format")) is not int:
        raise Refused(foreign)
    return document


class _Recorded(NamedTuple):
    """What the `[[pools]]` entries say about one rotation, each with its first day."""

    pools: list[tuple[date, Pool]]
    weeks: list[tuple[date, int]]


class _Block(NamedTuple):
    """A period's block in the file; `end` is the first day after it, None if the file doesn't say.

    `changes` are keyed by their position in the file's list, for messages. `open` says that the end wasn't known.
    """

    path: KeyPath
    start: date
    end: date | None
    open: bool
    first_planned: date | None
    seats: dict[str, str | None]
    changes: dict[int, Change]
    planned: Planned | None


class _Reader(Fields):
    """Turns a parsed file into a schedule and collects the problems."""

    def schedule(self) -> Schedule:
        self.heading()
        self.sizes()
        self.problems.refuse_errors()
        recorded = self.recorded()
        crews = [crew for rotation in self.rotations() for crew in self.crews(rotation, recorded)]
        plans = PlansReader(self, self.is_rotation, self.start, self.whole_weeks).plans(
            self.document.data.get("plans", [])
        )
        self.problems.refuse_errors()
        return renamed(Schedule(self.roster.short_name, tuple(crews)).recorded(plans), self.roster.renamed)

    @property
    def whole_weeks(self) -> bool:
        """Whether the file's format knows only periods of whole weeks."""
        return bool(self.document.data["format"] < FORMAT)

    def heading(self) -> None:
        number, rota = self.document.data.get("format"), self.document.data.get("rota")
        if number not in FORMATS:
            hint = "a newer setrota may have written this file; this version reads formats 1 to 3"
            self.wrong(("format",), f"`format = {number}` is unknown", hint, code="unknown-format")
        elif not isinstance(rota, str):
            hint = f'if the schedule belongs to this roster, write `rota = "{self.roster.short_name}"`'
            self.wrong(("rota",), "`rota` must be the short name of a roster", hint, code="missing-key")
        elif rota != self.roster.short_name:
            message = f"this schedule belongs to `{rota}`, but the roster is `{self.roster.short_name}`"
            hint = "use this roster's own schedule; if you changed `short-name`, change `rota` as well"
            self.wrong(("rota",), message, hint, code="wrong-rota")

    def sizes(self) -> None:
        """Refuse more periods, plans, pools or changes than any rota has in decades."""
        data = self.document.data
        blocks = [block for table in data.values() if isinstance(table, dict) for block in table.values()]
        crews = [block for block in blocks if isinstance(block, dict)]
        changes = [block["changes"] for block in crews if isinstance(block.get("changes"), list)]
        records = [data[key] for key in ("plans", "pools") if isinstance(data.get(key), list)]
        for most, what, counts in (
            (MOST_PERIODS, "periods", [len(blocks)]),
            (MOST_RECORDS, "plans or pools", map(len, records)),
            (MOST_CHANGES, "changes of one period", map(len, changes)),
            (MOST_SEATS, "seats in one period", map(len, crews)),
            (MOST_SEATS_IN_ALL, "seats in all periods", [sum(map(len, crews))]),
            (MOST_CHANGES_IN_ALL, "changes in all periods", [sum(map(len, changes))]),
        ):
            if max(counts, default=0) > most:
                self.too_large(f"has more than {most:,} {what}")
        for rotation in self.roster.rotations:
            table, members = data.get(rotation), len(self.roster.members_of(rotation))
            if isinstance(table, dict) and len(table) * members > MOST_MEMBERSHIPS:
                self.too_large(f"has too many periods of `{rotation}` for a pool of {members:,} people")

    def too_large(self, message: str) -> None:
        self.wrong((), message, "check that this is the right file", code="schedule-too-large")

    def rotations(self) -> list[str]:
        """The rotations that have blocks. A former rotation also has pools in the file; a misspelt one has none."""
        found = []
        for name, value in self.document.data.items():
            if name in TOP:
                continue
            known = name in self.roster.rotations or name in self.pool_keys()
            if not isinstance(value, dict):
                hint = did_you_mean(name, TOP)
                self.wrong((name,), f"`{name}` is not a known key", hint, code="unknown-key")
            elif not known and (hint := did_you_mean(name, self.roster.rotations)):
                self.wrong((name,), f"the roster has no rotation `{name}`", hint, code="unknown-rotation")
            else:
                found.append(name)
        return found

    def pool_keys(self) -> set[str]:
        entries = self.document.data.get("pools")
        tables = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        return {key for table in tables for key in table}

    # The pools

    def recorded(self) -> dict[str, _Recorded]:
        found: dict[str, _Recorded] = {}
        entries = self.document.data.get("pools", [])
        if self.fits(("pools",), entries, LIST, "each entry begins with `[[pools]]`"):
            for number, entry in enumerate(entries):
                self.entry(("pools", number), entry, found)
        for recorded in found.values():
            recorded.pools.sort(key=lambda dated: dated[0])
            recorded.weeks.sort(key=lambda dated: dated[0])
        return found

    def entry(self, path: KeyPath, entry: Any, found: dict[str, _Recorded]) -> None:
        if not self.fits(path, entry, TABLE, "each entry begins with `[[pools]]`"):
            return
        fixed = self.of(path, {key: entry[key] for key in ENTRY if key in entry}, ENTRY, ["from"])
        not_ready = fixed.get("not-ready", {})
        for rotation, weeks in fixed.get("weeks", {}).items():
            if self.fits((*path, "weeks", rotation), weeks, WEEKS):
                start = self.point(rotation, fixed["from"])
                found.setdefault(rotation, _Recorded([], [])).weeks.append((start, weeks))
        for rotation in [key for key in entry if key not in ENTRY and self.is_rotation((*path, key))]:
            shares = self.shares((*path, rotation), entry[rotation])
            kinds = self.not_ready((*path, "not-ready", rotation), not_ready.get(rotation, {}))
            pools = found.setdefault(rotation, _Recorded([], [])).pools
            start = self.point(rotation, fixed.get("from", date.min))
            if any(start == other for other, _pool in pools):
                message = f"two `[[pools]]` entries from {start} have `{rotation}`"
                self.wrong((*path, rotation), message, "keep one of them", code="pool-twice")
            pools.append((start, Pool(shares, kinds)))
        for rotation in [key for key in not_ready if key not in entry]:
            message = f"`not-ready` names `{rotation}`, but this entry has no shares for it"
            hint = f"add them as `{rotation} = {{ … }}`"
            self.wrong((*path, "not-ready", rotation), message, hint, code="not-ready-without-shares")

    def is_rotation(self, path: KeyPath) -> bool:
        """Whether a key of a pools entry can be a rotation: one in the roster, or a former one that has blocks."""
        key = str(path[-1])
        if key in self.roster.rotations or isinstance(self.document.data.get(key), dict):
            return True
        if hint := did_you_mean(key, [*self.roster.rotations, *ENTRY]):
            message = f"`{dotted(path)}` is neither a rotation nor a known key"
            self.wrong(path, message, hint, code="unknown-key")
        return hint is None

    def shares(self, path: KeyPath, value: Any) -> dict[str, float]:
        shares: dict[str, float] = {}
        for handle, share in value.items() if self.fits(path, value, TABLE) else ():
            if isinstance(share, dict):
                hint = f'write a handle with dots in quotes: `"{handle}.{next(iter(share), "")}"`'
                message = f"`{dotted((*path, handle))}` should be {SHARE.wanted}"
                self.wrong((*path, handle), message, hint, code="unquoted-dot")
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
        known = recorded.get(rotation, _Recorded([], []))
        parsed = (self.block((rotation, key), value) for key, value in self.document.data[rotation].items())
        blocks = sorted((block for block in parsed if block), key=lambda block: block.start)
        periods = [
            Period(block.start, self.end(block, following, rotation, known), rotation)
            for block, following in zip(blocks, [*blocks[1:], None], strict=False)
        ]
        crews = []
        for block, period, pool in zip(blocks, periods, self.pools(rotation, periods, known), strict=True):
            crew = Crew(period, block.seats, pool, tuple(block.changes.values()), block.planned, block.first_planned)
            self.slots(block.path, crew)
            self.seats(block.path, crew)
            self.days(block, period)
            crews.append(crew)
        return followed(self.roster, rotation, crews, [block.open for block in blocks])

    def pools(self, rotation: str, periods: Sequence[Period], known: _Recorded) -> list[Pool]:
        """The pool of each period: the one that is recorded, or else today's."""
        recorded = {period: _in_force(known.pools, period.start) for period in periods}
        missing = [period for period, pool in recorded.items() if pool is None]
        if rotation in self.roster.rotations:
            today = dict(zip(missing, pools_of(self.roster, rotation, missing), strict=True))
        else:
            today = dict.fromkeys(missing, Pool())
        return [recorded[period] or today[period] for period in periods]

    def end(self, block: _Block, following: _Block | None, rotation: str, known: _Recorded) -> date:
        """The first day after a block's period. A block without `end` ends at the next block at the latest."""
        if block.end is None:
            weeks = _in_force(known.weeks, block.start)
            end = block.start + WEEK * weeks if weeks else usual_end(self.roster, rotation, block.start)
            return min(end, following.start) if following else end
        if following and block.end > following.start:
            message = f"`{dotted(block.path)}` overlaps the period that starts on {following.start}"
            self.wrong((*block.path, "end"), message, "`end` is the last day of the period", code="overlapping-periods")
        return block.end

    def block(self, path: KeyPath, value: Any) -> _Block | None:
        start = self.start(path)
        if not self.fits(path, value, TABLE) or start is None:
            return None
        fixed = self.of(path, {key: value[key] for key in BLOCK if key in value}, BLOCK, ())
        seats = {key: item or None for key, item in value.items() if key not in BLOCK and self.seat((*path, key), item)}
        end = self.after(str(path[0]), fixed.get("end"))
        if end is not None and not start < end <= start + WEEK * MOST_WEEKS:
            what = "before the period starts" if end <= start else "more than ten years after the period starts"
            self.wrong(
                (*path, "end"),
                f"`{dotted((*path, 'end'))}` is {what}",
                "`end` is the last day of the period",
                code="ends-before-it-starts" if end <= start else "period-too-long",
            )
        changes = {
            number: change
            for number, item in enumerate(fixed.get("changes", ()))
            if (change := self.change((*path, "changes", number), item, value))
        }
        planned = self.of((*path, "planned"), fixed["planned"], PLANNED, PLANNED) if "planned" in fixed else None
        return _Block(
            path=path,
            start=start,
            end=end,
            open=fixed.get("open", False),
            first_planned=fixed.get("first-planned"),
            seats=seats,
            changes=changes,
            planned=Planned(**planned) if planned else None,
        )

    def start(self, path: KeyPath) -> date | None:
        """The start of a period that a key names, of the rotation that the key before it names."""
        key = str(path[-1])
        try:
            found = self.named(str(path[-2]), key)
        except ValueError:
            found = None
        if found is None or not plausible(found):
            if path[0] == "plans":
                message, hint = f"`{dotted(path)}` is not a date", "name a period by its first day: `2027-01-04`"
            else:
                message = f"`{key}` in `[{dotted(path)}]` is not a date"
                hint = f"name a block by its first day: `[{path[0]}.2027-01-04]`"
            self.wrong(path, message, hint, code="not-a-date")
            return None
        return found

    def named(self, rotation: str, key: str) -> date | None:
        """The day or instant that a key names, as `start_key` writes it. Raises ValueError if there is none such."""
        if re.fullmatch(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]", key):
            return date.fromisoformat(key)
        if not re.fullmatch(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9:]+([+-][0-9:]+)?", key):
            return None
        moment = datetime.fromisoformat(key)
        return self.point(rotation, moment if moment.tzinfo else moment.replace(tzinfo=self.roster.zone_of(rotation)))

    def point(self, rotation: str, stamp: date) -> date:
        """The point in a rotation's time that a day or an instant in the file is."""
        return point_at(self.roster, rotation, stamp) if isinstance(stamp, datetime) else stamp

    def after(self, rotation: str, stamp: date | None) -> date | None:
        """The point after a last day, or at the instant at which a stretch ends."""
        if stamp is None or isinstance(stamp, datetime):
            return stamp and self.point(rotation, stamp)
        return stamp + DAY

    def seat(self, path: KeyPath, value: Any) -> bool:
        if path[-1] in ("reason", "note") and isinstance(value, str):
            message = f"`{dotted(path)}` is not a seat: a reason belongs to a change"
            self.wrong(path, message, "write it in an entry of `changes`, as `reason`", code="unknown-key")
            return False
        if PERSON.fits(value):
            self.handle(path, value)
            return True
        return self.fits(path, value, PERSON, did_you_mean(str(path[-1]), BLOCK))

    def slots(self, path: KeyPath, crew: Crew) -> None:
        """Report seats that appear under two names, such as `engineer` and `engineer-1`."""
        named: dict[tuple[str, int], str] = {}
        for seat in crew.seats:
            first = named.setdefault(self.roster.seat_of(crew.period.rotation, seat).slot, seat)
            if first != seat:
                message = f"`{dotted((*path, seat))}` is the same seat as `{first}`"
                self.wrong((*path, seat), message, "keep one of the two", code="seat-twice")

    def seats(self, path: KeyPath, crew: Crew) -> None:
        """Report seats that look like a typo of a missing one, unless the seal shows that nobody edited the block."""
        rotation = self.roster.rotations.get(crew.period.rotation)
        names = [seat.name for seat in rotation.seats] if rotation else []
        unknown = [seat for seat in crew.seats if seat not in names]
        if rotation is None or not unknown or (crew.planned is not None and not crew.edited):
            return
        missing = [name for name in names if name not in crew.seats]
        for seat in unknown:
            hint = did_you_mean(seat, missing)
            if hint and kind_of(seat) not in rotation.kinds:
                message = f"`{dotted((*path, seat))}` is not a seat in the roster"
                self.wrong((*path, seat), message, hint, code="unknown-seat")

    def days(self, block: _Block, period: Period) -> None:
        """Report changes without effect, because none of their days is in the period."""
        for number, change in block.changes.items():
            if (change.start or period.start) >= period.end or (change.end or period.end) <= period.start:
                message = f"this change is outside its period, {period.start} to {last_text(period.end)}"
                self.wrong((*block.path, "changes", number), message, code="outside-its-period")

    def change(self, path: KeyPath, value: Any, block: Mapping[str, Any]) -> Change | None:
        change = self.of(path, value, CHANGE, CHANGE_REQUIRED)
        if not change:
            return None
        rotation, seat = str(path[0]), change["seat"]
        start = self.point(rotation, change["from"]) if "from" in change else None
        end = self.after(rotation, change.get("to"))
        if seat in BLOCK or seat not in block:
            hint = did_you_mean(seat, [key for key in block if key not in BLOCK])
            # A text that is nothing like a seat may be the reason, in the wrong place.
            message = f"`{dotted(path[:2])}` has no {f'seat `{seat}`' if hint else 'such seat'} to change"
            self.wrong((*path, "seat"), message, hint, code="unknown-seat")
        if start and end and end <= start:
            message = f"this change ends on {last_text(end)}, before it starts on {start}"
            self.wrong((*path, "to"), message, code="ends-before-it-starts")
        return Change(
            at=change["at"],
            seat=seat,
            was=change["was"] or None,
            now=change["now"] or None,
            start=start,
            end=end,
            reason=change.get("reason"),
            forced=tuple(change.get("forced", ())),
            replanned="by" in change,
        )


def _in_force(dated: Sequence[tuple[date, T]], day: date) -> T | None:
    """The value of the last entry that begins on or before `day`."""
    position = bisect_right(dated, day, key=lambda entry: entry[0])
    return dated[position - 1][1] if position else None
