"""Reads `rotations.toml`, with the files it includes, into a `Roster`.

Knows the file's keys, what each may hold, and how included files merge. Reports every problem at once, each at its
line; what could not be read raises no second complaint about what depends on it. Refuses to know how a rota is
planned, and never looks at the clock or the environment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from setrota.files.places import Document, KeyPath, date_meant, read_document
from setrota.periods import DAY, parse_weekday
from setrota.problems import Place, Problem, Refused, Severity, counted, did_you_mean, listed
from setrota.roster import MONTHS, WEEKDAYS, Handover, Leave, Person, Roster, Rotation, Team, seats_named

HANDLE = r"[A-Za-z0-9._-]+"
NAME = r"[A-Za-z0-9_-]+"
NUMBERED = r"(.+?)-\d+"
CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"

RESERVED_ROTATIONS = ("format", "rota", "pools", "from", "weeks", "not-ready")
RESERVED_KINDS = ("end", "changes", "planned")
"""Words that mean something else where schedule.toml has the names of rotations, or of seats."""

PLACEHOLDERS = ("tba", "tbc", "tbd", "nobody", "none", "vacant")
YEARS = range(1970, 2200)
LONGEST_WEEKS = 104


@dataclass(frozen=True)
class RosterFile:
    """A roster as read, where its schedule is kept, and what its author should know without being stopped."""

    roster: Roster
    schedule: Path
    warnings: tuple[Problem, ...] = ()


def read_roster(path: Path) -> RosterFile:
    """Read a roster and everything it includes; raises Refused with all errors, in file order."""
    findings = _Findings()
    _gather(findings, path, str(path), root=path.parent, chain=())
    if not findings.documents:
        findings.refuse_errors()
    values = _read_sections(findings, _merged(findings))
    if findings.complete:
        _judge(findings, values)
    schedule = _schedule_path(findings, path, values.rota.get("schedule", "schedule.toml"))
    findings.refuse_errors()
    return RosterFile(_built(values), schedule, findings.in_order())


# Findings: problems, and what was lost to them


class _Findings:
    """Collects problems by key path; remembers which keys could not be read, and whether a whole file couldn't."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.files: list[str] = []
        self.seen: set[Path] = set()
        self.problems: list[Problem] = []
        self.lost: set[tuple[str | int, ...]] = set()
        self.complete = True

    def add(self, path: KeyPath, message: str, hint: str | None = None, severity: Severity = "error") -> None:
        self.problems.append(Problem(message, self.place(path), hint, severity))

    def place(self, path: KeyPath) -> Place:
        """The place of a key path of the merged roster: in the document that holds most of it."""
        best, best_path, depth = self.documents[0], path, -1
        leave_before = 0
        for document in self.documents:
            inner = list(path)
            if _is_leave(path[:3]) and len(path) > 3:
                inner[3] = int(path[3]) - leave_before
                leave_before += len(document.holding(path[:3]) or [])
            if document.depth_of(inner) > depth:
                best, best_path, depth = document, inner, document.depth_of(inner)
        return best.place(best_path)

    def is_lost(self, section: str, key: str | None = None) -> bool:
        """Whether some entry of a section, or that key of some entry, could not be read."""
        return not self.complete or any(
            path[0] == section and (len(path) < 3 or key is None or path[2] == key) for path in self.lost
        )

    def in_order(self) -> tuple[Problem, ...]:
        """All problems, sorted by file (in the order of reading) and line."""

        def position(problem: Problem) -> tuple[int, int]:
            place = problem.where or Place(self.files[0])
            return self.files.index(place.file), place.line

        return tuple(sorted(self.problems, key=position))

    def refuse_errors(self) -> None:
        if any(problem.severity == "error" for problem in self.problems):
            raise Refused(self.in_order())


class _Spot(NamedTuple):
    """A key path while its value is read: where problems are reported."""

    findings: _Findings
    path: tuple[str | int, ...]

    def at(self, *keys: str | int) -> _Spot:
        return _Spot(self.findings, (*self.path, *keys))

    def __str__(self) -> str:
        return f"`{_dotted(self.path)}`"

    @property
    def key(self) -> str:
        return next(str(part) for part in reversed(self.path) if isinstance(part, str))

    def error(self, message: str, hint: str | None = None) -> None:
        """Report a problem; the message goes on where the key path ends."""
        self.findings.add(self.path, f"{self} {message}", hint)

    def lose(self) -> None:
        self.findings.lost.add(self.path)

    def wants(self, what: str, value: object, hint: str | None = None) -> None:
        """Report a value of the wrong type."""
        verb = "should hold" if isinstance(self.path[-1], int) else "should be"
        self.error(f"{verb} {what}, not {_type_name(value)}", hint or self.example())

    def missing(self, hint: str | None) -> None:
        """Report a key that must be there, unless it may stand in a file that could not be read."""
        if self.findings.complete:
            self.error("is missing", hint)
        self.lose()

    def example(self) -> str | None:
        example = _EXAMPLES.get(f"{self.path[0]}.{self.key}") or _EXAMPLES.get(self.key)
        return f"for example `{self.key} = {example}`" if example else None


def _dotted(path: KeyPath) -> str:
    """A key path as the file writes it; positions in lists are left to the line number."""
    return ".".join(_quoted(part) for part in path if isinstance(part, str))


def _quoted(key: str) -> str:
    return key if re.fullmatch(NAME, key) else f'"{key}"'


def _type_name(value: object) -> str:
    names = {str: "text", bool: "true or false", int: "a whole number", float: "a number", list: "a list",
             dict: "a table", datetime: "a date with a time", date: "a date", time: "a time"}  # fmt: skip
    return next(name for kind, name in names.items() if isinstance(value, kind))


# Files: includes and merging

_NO_ROSTER = "`setrota init` writes a roster to start from; `--roster FILE` names another"


def _gather(findings: _Findings, path: Path, file: str, root: Path, chain: tuple[Path, ...]) -> None:
    """Read a file and, in order, what it includes."""
    findings.files.append(file)
    try:
        document = read_document(path, file, if_missing=None if chain else _NO_ROSTER)
    except Refused as refused:
        findings.problems += refused.problems
        findings.complete = False
        return
    findings.documents.append(document)
    if "include" in document.data:
        _include(findings, document, document.data["include"], root, (*chain, path))


def _include(findings: _Findings, document: Document, patterns: object, root: Path, chain: tuple[Path, ...]) -> None:
    def error(number: int, message: str, hint: str | None = None, severity: Severity = "error") -> None:
        place = document.place(("include", number))
        findings.problems.append(Problem(f"`include` {message}", place, hint, severity))

    if not isinstance(patterns, list):
        findings.complete = False
        error(0, f"should be a list of files, not {_type_name(patterns)}", 'for example `include = ["teams/*.toml"]`')
        return
    for number, pattern in enumerate(patterns):
        if not isinstance(pattern, str) or not pattern.strip():
            findings.complete = False
            error(number, "should name files only", 'for example `include = ["teams/*.toml"]`')
            continue
        found = _matching(chain[-1].parent, pattern)
        if not found:
            hint = "no harm if it is kept elsewhere, such as private leave; else correct the name"
            error(number, f"names `{pattern}`, which matches no file", hint, severity="warning")
        for path in found:
            resolved = path.resolve()
            if resolved in (link.resolve() for link in chain):
                links = " → ".join(_relative(link, root) for link in (*chain, path))
                error(number, f"goes round in a circle: {links}", "take one of these includes out")
            elif resolved not in findings.seen:
                findings.seen.add(resolved)
                _gather(findings, path, _relative(path, root), root, chain)


def _matching(folder: Path, pattern: str) -> list[Path]:
    """The files a name or glob stands for, sorted; a glob passes over folders."""
    import glob

    if not glob.has_magic(pattern):
        path = folder / pattern
        return [path] if path.exists() or path.is_symlink() else []
    found = sorted(glob.glob(pattern, root_dir=folder, recursive=True))
    return [folder / name for name in found if not (folder / name).is_dir()]


def _relative(path: Path, root: Path) -> str:
    import os

    return Path(os.path.relpath(path, root)).as_posix()


def _merged(findings: _Findings) -> dict[str, Any]:
    if len(findings.documents) == 1:
        return {key: value for key, value in findings.documents[0].data.items() if key != "include"}
    merged: dict[str, Any] = {}
    for document in findings.documents:
        data = {key: value for key, value in document.data.items() if key != "include"}
        _merge(findings, merged, data, (), document)
    return merged


def _merge(
    findings: _Findings, into: dict[str, Any], data: dict[str, Any], path: tuple[str, ...], document: Document
) -> None:
    for key, value in data.items():
        here = (*path, key)
        if isinstance(value, dict) and isinstance(into.get(key, {}), dict):
            _merge(findings, into.setdefault(key, {}), value, here, document)
        elif key not in into:
            into[key] = value
        elif _is_leave(here) and isinstance(value, list) and isinstance(into[key], list):
            into[key] = into[key] + value
        else:
            message = f"`{_dotted(here)}` is set here and in {findings.place(here)}"
            findings.problems.append(Problem(message, document.place(here), "keep one of the two"))


def _is_leave(path: KeyPath) -> bool:
    return len(path) == 3 and path[0] == "people" and path[2] == "leave"


def _schedule_path(findings: _Findings, path: Path, name: str) -> Path:
    schedule = path.parent / name
    if schedule.resolve() in (document.path.resolve() for document in findings.documents):
        message = f"`rota.schedule` names `{name}`, which is part of the roster"
        findings.add(("rota", "schedule"), message, "a schedule is a file of its own, such as `schedule.toml`")
    return schedule


# Values: each reader returns what it read, or reports why not and returns None


def _text(spot: _Spot, value: object) -> str | None:
    if not isinstance(value, str):
        spot.wants("text", value)
    elif not value.strip():
        spot.error("is blank", spot.example())
    elif re.search(CONTROL, value):
        spot.error("should be one line of text, without tabs", spot.example())
    else:
        return value.strip()
    return None


def _template(spot: _Spot, value: object) -> str | None:
    if not isinstance(value, str):
        spot.wants("text", value)
    elif not value.strip():
        spot.error("is blank", spot.example())
    else:
        return value
    return None


def _email(spot: _Spot, value: object) -> str | None:
    text = _text(spot, value)
    if text and not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+", text):
        spot.error(f"is `{text}`, which is no e-mail address", spot.example())
        return None
    return text


def _chat(spot: _Spot, value: object) -> str | None:
    text = _text(spot, value)
    return text and text.removeprefix("@")


def _zone(spot: _Spot, value: object) -> ZoneInfo | None:
    text = _text(spot, value)
    if text is None:
        return None
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        from zoneinfo import available_timezones

        hint = did_you_mean(text, sorted(available_timezones())) or spot.example()
        spot.error(f"names `{text}`, which is no time zone", hint)
        return None


def _handover(spot: _Spot, value: object) -> Handover | None:
    text = _text(spot, value)
    if text is None:
        return None
    match = re.fullmatch(r"([A-Za-z]+) +(\d{1,2}):(\d{2})", text)
    if not match:
        spot.error(f"is `{text}`; a weekday and a time are meant", spot.example())
        return None
    try:
        weekday = parse_weekday(match[1])
    except ValueError:
        spot.error(f"names `{match[1]}`, which is no weekday", f"the weekdays are {listed(WEEKDAYS)}")
        return None
    if int(match[2]) > 23 or int(match[3]) > 59:
        spot.error(f"has the time `{match[2]}:{match[3]}`, which no clock shows", "from 00:00 to 23:59")
        return None
    return Handover(weekday, time(int(match[2]), int(match[3])))


def _month(spot: _Spot, value: object) -> int | None:
    text = _text(spot, value)
    if text is None:
        return None
    for number, month in enumerate(MONTHS, start=1):
        if text.lower() in (month.lower(), month[:3].lower()):
            return number
    spot.error(f"names `{text}`, which is no month", did_you_mean(text, MONTHS) or spot.example())
    return None


def _weeks(spot: _Spot, value: object, least: int) -> int | None:
    if not isinstance(value, str):
        spot.wants("text", value)
        return None
    match = re.fullmatch(r"\s*(\d{1,9})\s+weeks?\s*", value)
    if not match:
        spot.error(f"is `{value}`; a number of whole weeks is meant", spot.example())
        return None
    if not least <= int(match[1]) <= LONGEST_WEEKS:
        spot.error(f"is `{value}`; {least} to {LONGEST_WEEKS} weeks are possible", spot.example())
        return None
    return int(match[1])


def _period_weeks(spot: _Spot, value: object) -> int | None:
    return _weeks(spot, value, least=1)


def _rest_weeks(spot: _Spot, value: object) -> int | None:
    return _weeks(spot, value, least=0)


def _pool(spot: _Spot, value: object) -> str | None:
    text = _text(spot, value)
    if text is None:
        return None
    if text in _TEAM or text in _TEAM_LATER:
        spot.error(f"is `{text}`, a word with a meaning of its own in a team", spot.example())
    elif not re.fullmatch(NAME, text):
        spot.error(f"is `{text}`; the name of a pool has only letters, digits, `_` and `-`", spot.example())
    else:
        return text
    return None


def _kinds(spot: _Spot, value: object) -> tuple[str, ...] | None:
    """Read `seats`: kinds of seat, in order of importance."""
    if not isinstance(value, list):
        spot.wants("a list", value)
        return None
    if not value:
        spot.error("is empty: nobody would serve", spot.example())
        return None
    kinds = [_kind(spot.at(number), kind) for number, kind in enumerate(value)]
    return tuple(kind for kind in kinds if kind is not None) if None not in kinds else None


def _kind(spot: _Spot, value: object) -> str | None:
    text = _text(spot, value)
    if text is None:
        return None
    numbered = re.fullmatch(NUMBERED, text)
    if text in RESERVED_KINDS:
        spot.error(f"names a seat `{text}`, a word that the schedule uses itself", "call it something else")
    elif numbered:
        hint = f"write `{numbered[1]}` once for each such seat; setrota numbers them"
        spot.error(f"names a seat `{text}`, with a number", hint)
    elif not re.fullmatch(NAME, text):
        spot.error(f"names a seat `{text}`; only letters, digits, `_` and `-` are possible", spot.example())
    else:
        return text
    return None


def _count(spot: _Spot, value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        spot.wants("a whole number", value)
    elif value < 1:
        spot.error(f"is {value}; at least 1 is meant", "without this key there is no limit")
    else:
        return value
    return None


def _share(spot: _Spot, value: object) -> float | dict[str, float] | None:
    """Read one share, or one for each rotation that the table names."""
    if isinstance(value, list):
        spot.error("with dates is not supported yet", spot.example())
        return None
    if not isinstance(value, dict):
        return _one_share(spot, value)
    shares = {rotation: _one_share(spot.at(rotation), share) for rotation, share in value.items()}
    return {rotation: share for rotation, share in shares.items() if share is not None}


def _one_share(spot: _Spot, value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        spot.wants("a number", value, "half time is `0.5`")
    elif value == 0:
        spot.error("is 0", "leave a person who doesn't serve out of the team's list")
    elif not 0 < value <= 1:
        hint = f"did you mean `{value / 100:g}`?" if 1 < value <= 100 else "half time is `0.5`"
        spot.error(f"is {value}; more than 0 and at most 1 is possible", hint)
    else:
        return float(value)
    return None


def _texts(spot: _Spot, value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        spot.wants("a list", value)
        return None
    texts = [_text(spot.at(number), text) for number, text in enumerate(value)]
    return tuple(text for text in texts if text is not None)


def _date(spot: _Spot, value: object) -> date | None:
    if isinstance(value, str):
        meant = date_meant(value)
        hint = f"without quotes: `{meant}`" if meant else f"for example `{spot.key} = 2026-12-21`"
        spot.error(f"is the text `{value}`; a date is meant", hint)
    elif isinstance(value, datetime):
        spot.error("has a time of day; a date is meant", f"write `{value.date()}`")
    elif not isinstance(value, date):
        spot.wants("a date", value, f"for example `{spot.key} = 2026-12-21`")
    elif value.year not in YEARS:
        spot.error(f"is in the year {value.year}", _year_hint(spot, value.year))
    else:
        return value
    return None


def _year_hint(spot: _Spot, year: int) -> str:
    if year < 100:
        return f"did you mean the year 20{year:02}?"
    return "leave `end` out for somebody who stays" if spot.key == "end" else f"for example `{spot.key} = 2026-12-21`"


def _leave(spot: _Spot, value: object) -> tuple[Leave, ...] | None:
    """Read a list of `{ from, to }`; the last day is included in the file, and a note goes no further."""
    if not isinstance(value, list):
        spot.wants("a list", value)
        return None
    entries = [_leave_entry(spot.at(number), entry) for number, entry in enumerate(value)]
    return tuple(entry for entry in entries if entry is not None)


def _leave_entry(spot: _Spot, value: object) -> Leave | None:
    if not isinstance(value, dict):
        spot.wants("a table", value)
        return None
    values = _section(spot, value, _LEAVE)
    first, last = values.get("from"), values.get("to", values.get("from"))
    if first is None or last is None:
        return None
    if last < first:
        spot.at("to").error(f"is {last}, before `from`, {first}", "both days are included; without `to` it is one day")
        return None
    return Leave(first, last + DAY)


def _note(spot: _Spot, value: object) -> str | None:
    """A note is for the people who read the file: whatever it says is dropped."""
    if isinstance(value, str):
        return ""
    spot.wants("text", value)
    return None


def _handles(spot: _Spot, value: object) -> tuple[str, ...] | None:
    """Read a team's list of people; handles that can't be are reported and left out."""
    if not isinstance(value, list):
        spot.wants("a list of handles", value, f'for example `{spot.key} = ["ana", "bo"]`')
        return None
    handles: list[str] = []
    for number, item in enumerate(value):
        here = spot.at(number)
        if not _is_handle(here, item):
            here.lose()
        elif item in handles:
            here.error(f"names `{item}` twice", "once is enough")
        else:
            handles.append(item)
    return tuple(handles)


def _is_handle(spot: _Spot, value: object) -> bool:
    if not isinstance(value, str):
        spot.error(f"should hold handles, not {_type_name(value)}", 'for example `["ana", "bo"]`')
    elif not value.strip():
        spot.error("has a blank handle", "take it out")
    elif not re.fullmatch(HANDLE, value):
        spot.error(f"has `{value}`, which is no handle", _handle_hint(value))
    elif value.lower() in PLACEHOLDERS:
        spot.error(f"has `{value}`, which is nobody", "leave it out until there is somebody")
    else:
        return True
    return False


def _handle_hint(value: str) -> str:
    """What was meant by something that is not a handle: several people, or a name."""
    import unicodedata

    several: list[str] = [part.strip() for part in re.split(r"\s*(?:[,;/&+]|\band\b|\bor\b)\s*", value) if part.strip()]
    if len(several) > 1 and all(re.fullmatch(HANDLE, part) for part in several):
        return "one handle each: " + ", ".join(f'`"{part}"`' for part in several)
    ascii_only = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    handle = ".".join(re.findall(r"[A-Za-z0-9._-]+", ascii_only)).lower()
    rule = "letters a-z, digits, `.`, `_` and `-` make a handle"
    return f"{rule}: `{handle}`" if handle else rule


# Sections: the keys each may have


class _Key(NamedTuple):
    read: Callable[[_Spot, object], Any]
    required: bool = False


_ROTA = {
    "name": _Key(_text, required=True),
    "short-name": _Key(_text),
    "timezone": _Key(_zone, required=True),
    "handover": _Key(_handover, required=True),
    "schedule": _Key(_text),
    "quarters-start": _Key(_month),
}
_ROTATION = {
    "every": _Key(_period_weeks, required=True),
    "pool": _Key(_pool, required=True),
    "seats": _Key(_kinds, required=True),
    "rest": _Key(_rest_weeks),
    "max-per-team": _Key(_count),
}
_TEAM = {"name": _Key(_text)}
_PERSON = {
    "name": _Key(_text),
    "email": _Key(_email),
    "chat": _Key(_chat),
    "share": _Key(_share),
    "not-seats": _Key(_texts),
    "start": _Key(_date),
    "end": _Key(_date),
    "leave": _Key(_leave),
}
_LEAVE = {"from": _Key(_date, required=True), "to": _Key(_date), "note": _Key(_note)}
_CHANNEL = {"header": _Key(_template)}
_TOP = ("include", "rota", "rotations", "teams", "people", "channel")

_TOP_LATER = ("rules", "holidays", "pins", "seats", "meetings", "sources", "brief", "calendar", "publish")
_ROTA_LATER = ("holidays",)
_ROTATION_LATER = ("anchor", "pattern", "optional-seats", "leave-tolerance", "timezone", "handover", "holidays")
_TEAM_LATER = ("commitment", "away")
_PERSON_LATER = ("tags", "works", "avoid", "prefer", "formerly", "team", "holidays")

_EXAMPLES = {
    "rota.name": '"Sustained Engineering"',
    "teams.name": '"Channels"',
    "people.name": '"Bo Lindqvist"',
    "short-name": '"SET"',
    "timezone": '"America/Toronto"',
    "handover": '"Monday 09:00"',
    "schedule": '"schedule.toml"',
    "quarters-start": '"January"',
    "every": '"2 weeks"',
    "pool": '"engineers"',
    "seats": '["primary", "backup"]',
    "rest": '"3 weeks"',
    "max-per-team": "1",
    "email": '"bo@example.com"',
    "chat": '"bo.lindqvist"',
    "share": "0.5",
    "not-seats": '["primary"]',
    "from": "2026-12-21",
    "start": "2026-09-01",
    "end": "2027-02-19",
    "leave": "[{ from = 2026-12-21, to = 2027-01-03 }]",
    "header": '"{rota}: {crew}"',
}


def _section(
    spot: _Spot, table: Mapping[str, object], keys: Mapping[str, _Key], later: Iterable[str] = ()
) -> dict[str, Any]:
    """Read the known keys of a table; report the others, and required ones that are missing."""
    values: dict[str, Any] = {}
    for name, value in table.items():
        here = spot.at(name)
        key = keys.get(name)
        if key is None:
            _unknown(here, keys, later)
            continue
        read = key.read(here, value)
        if read is None:
            here.lose()
        else:
            values[name] = read
    for name, key in keys.items():
        if key.required and name not in table:
            here = spot.at(name)
            here.missing(here.example())
    return values


def _unknown(spot: _Spot, known: Iterable[str], later: Iterable[str]) -> None:
    if spot.key in later:
        spot.error("is not supported yet", "take it out for now")
    else:
        spot.lose()
        words = list(known)
        hint = did_you_mean(spot.key, words) or f"possible here: {listed(f'`{word}`' for word in words)}"
        spot.error("is not a key of the roster", hint)


class _Values(NamedTuple):
    """What could be read of each section; `teams` maps a team's key to its name and pools."""

    rota: dict[str, Any]
    rotations: dict[str, dict[str, Any]]
    teams: dict[str, dict[str, Any]]
    people: dict[str, dict[str, Any]]
    channel: dict[str, Any]

    def members(self, pool: str) -> list[str]:
        """Who feeds a pool, each once."""
        return list(dict.fromkeys(handle for team in self.teams.values() for handle in team.get(pool, ())))


def _read_sections(findings: _Findings, data: dict[str, Any]) -> _Values:
    top = _Spot(findings, ())
    for key in data:
        if key not in _TOP:
            _unknown(top.at(key), _TOP, _TOP_LATER)
    rota = _table(top.at("rota"), data, "[rota]")
    channel = _table(top.at("channel"), data) or {}
    rotations = _rotations(top.at("rotations"), data)
    spellings = _Spellings(data)
    teams = _teams(top.at("teams"), data, rotations, spellings)
    members = {handle.lower() for team in teams.values() for handle in _handles_of(team)}
    return _Values(
        rota=_section(top.at("rota"), rota, _ROTA, _ROTA_LATER) if rota is not None else {},
        rotations=rotations,
        teams=teams,
        people=_people(top.at("people"), data, members, spellings),
        channel=_section(top.at("channel"), channel, _CHANNEL),
    )


def _table(spot: _Spot, data: Mapping[str, object], heading: str | None = None) -> dict[str, Any] | None:
    """A section that should be a table, or None; with a heading to show, the file can't do without it."""
    value = data.get(spot.key)
    if isinstance(value, dict):
        return value
    if value is not None:
        spot.wants("a table", value, f"it begins with `{heading or f'[{spot.key}]'}`")
        spot.lose()
    elif heading:
        spot.missing(f"it begins with `{heading}`")
    return None


def _subsections(spot: _Spot, table: Mapping[str, object]) -> Iterable[tuple[_Spot, str, dict[str, Any]]]:
    """The tables in a section, such as `[teams.channels]` and the other teams."""
    for key, value in table.items():
        here = spot.at(key)
        if isinstance(value, dict):
            yield here, key, value
        else:
            here.error(f"should be a table, not {_type_name(value)}", f"it begins with `[{_dotted(here.path)}]`")
            here.lose()


def _rotations(spot: _Spot, data: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    table = _table(spot, data)
    if not table and spot.path not in spot.findings.lost:
        if spot.findings.complete:
            spot.findings.add(spot.path, "there is no rotation", "a rotation begins with `[rotations.engineer]`")
        spot.lose()
    rotations = {}
    for here, name, section in _subsections(spot, table or {}):
        if name in RESERVED_ROTATIONS:
            here.error(f"can't be called `{name}`, a word that the schedule uses itself", "call it something else")
        elif not re.fullmatch(NAME, name):
            here.error("is not a good name", "a rotation's name has only letters, digits, `_` and `-`")
        rotations[name] = _section(here, section, _ROTATION, _ROTATION_LATER)
    return rotations


class _Spellings:
    """One spelling per handle: the one that heads a section of `people`, else the first."""

    def __init__(self, data: Mapping[str, object]) -> None:
        people = data.get("people")
        self.known: dict[str, str] = {}
        for handle in people if isinstance(people, dict) else ():
            self.known.setdefault(handle.lower(), handle)

    def settle(self, spot: _Spot, handle: str) -> str:
        """The known spelling of a handle; reports another one."""
        known = self.known.setdefault(handle.lower(), handle)
        if known != handle:
            spot.error(f"has `{handle}`, who is `{known}` elsewhere", f"write `{known}` everywhere")
        return known


def _teams(
    spot: _Spot, data: Mapping[str, object], rotations: Mapping[str, Any], spellings: _Spellings
) -> dict[str, dict[str, Any]]:
    table = _table(spot, data, "[teams.channels]")
    pools = list(dict.fromkeys(rotation["pool"] for rotation in rotations.values() if "pool" in rotation))
    guess = spot.findings.is_lost("rotations", "pool")
    teams = {}
    for here, key, section in _subsections(spot, table or {}):
        if not re.fullmatch(HANDLE, key):
            here.error("is not a good key for a team", "it has only letters, digits, `.`, `_` and `-`; `name` is free")
        team: dict[str, Any] = {"name": key}
        teams[key] = team
        for name, value in section.items():
            if name in pools or (guess and name not in {*_TEAM, *_TEAM_LATER} and not isinstance(value, dict)):
                team[name] = _members(here.at(name), value, spellings)
            else:
                _about_team(here.at(name), value, team, pools)
    return teams


def _members(spot: _Spot, value: object, spellings: _Spellings) -> tuple[str, ...]:
    handles = _handles(spot, value)
    if handles is None:
        spot.lose()
        return ()
    items = value if isinstance(value, list) else []
    return tuple(dict.fromkeys(spellings.settle(spot.at(items.index(handle)), handle) for handle in handles))


def _about_team(spot: _Spot, value: object, team: dict[str, Any], pools: list[str]) -> None:
    """Read a key of a team that is not one of its pools."""
    if spot.key in _TEAM:
        team.update(_section(_Spot(spot.findings, spot.path[:-1]), {spot.key: value}, _TEAM))
    elif isinstance(value, dict) and spot.key not in _TEAM_LATER:
        _report_dotted(spot, ".".join(map(str, spot.path[1:])))
    elif isinstance(value, list) and not did_you_mean(spot.key, [*_TEAM, *pools]) and spot.key not in _TEAM_LATER:
        hint = f"there are {listed(f'`{pool}`' for pool in pools)}" if pools else None
        spot.error("feeds no rotation: none has a pool of that name", hint)
        spot.lose()
    else:
        _unknown(spot, [*_TEAM, *pools], _TEAM_LATER)


def _people(
    spot: _Spot, data: Mapping[str, object], members: set[str], spellings: _Spellings
) -> dict[str, dict[str, Any]]:
    people: dict[str, dict[str, Any]] = {}
    for here, handle, section in _subsections(spot, _table(spot, data) or {}):
        names = {key: name for key, value in section.items() if (name := _dotted_handle(handle, key, value, members))}
        for key, name in names.items():
            _report_dotted(here.at(key), name)
        if names and len(names) == len(section):
            continue
        if not _is_handle(here, handle):
            here.lose()
            continue
        values = _section(
            here, {key: value for key, value in section.items() if key not in names}, _PERSON, _PERSON_LATER
        )
        start, end = values.get("start"), values.get("end")
        if start and end and end < start:
            here.at("end").error(f"is {end}, before `start`, {start}", "both days are included")
        people.setdefault(spellings.settle(here, handle), values)
    return people


def _dotted_handle(handle: str, key: str, value: object, members: set[str]) -> str | None:
    """The handle that `[people.bo.lindqvist]` was meant for, if a key of `bo` looks like that."""
    if not isinstance(value, dict):
        return None
    name = f"{handle}.{key}"
    inner = [deeper for part, below in value.items() if (deeper := _dotted_handle(name, part, below, members))]
    if inner:
        return inner[0]
    meant = name.lower() in members or (key not in _PERSON and any(part in _PERSON for part in value))
    return name if meant else None


def _report_dotted(spot: _Spot, name: str) -> None:
    section = spot.path[0]
    owner, _, rest = name.rpartition(".")
    spot.findings.add(
        spot.path,
        f"`[{section}.{name}]` without quotes is TOML for something else: `{rest}` inside of `{owner}`",
        f'write `[{section}."{name}"]`',
    )
    spot.lose()


# Judging: what only shows when all sections are read


def _judge(findings: _Findings, values: _Values) -> None:
    teams_lost = any(path[0] == "teams" and path[2:3] != ("name",) for path in findings.lost)
    if not teams_lost:
        _judge_people(findings, values)
        for name, rotation in values.rotations.items():
            if "pool" in rotation:
                _judge_pool(_Spot(findings, ("rotations", name)), rotation, values)
    for key, team in values.teams.items():
        readable = not any(path[:2] == ("teams", key) for path in findings.lost)
        if readable and not _handles_of(team):
            _Spot(findings, ("teams", key)).error("has nobody in it", "name its people, or delete the team")
    for handle, person in values.people.items():
        _judge_words(_Spot(findings, ("people", handle)), person, values)


def _handles_of(team: Mapping[str, Any]) -> list[str]:
    return [handle for pool, handles in team.items() if pool != "name" for handle in handles]


def _judge_people(findings: _Findings, values: _Values) -> None:
    members = {handle for team in values.teams.values() for handle in _handles_of(team)}
    for handle in values.people:
        if handle not in members:
            strangers = sorted(members - values.people.keys())
            hint = did_you_mean(handle, strangers) or f"add `{handle}` to a team, or delete the section"
            _Spot(findings, ("people", handle)).error("is in no team", hint)


def _judge_pool(spot: _Spot, rotation: Mapping[str, Any], values: _Values) -> None:
    """Report a rotation whose seats can't all be filled whoever is on leave: too few people, in all or per team."""
    pool, kinds, cap = rotation["pool"], rotation.get("seats", ()), rotation.get("max-per-team")
    members = values.members(pool)
    if not members:
        spot.at("pool").error(f"names `{pool}`, which no team feeds", f"a team feeds it with `{pool} = [...]`")
        return
    if len(members) < len(kinds):
        people = counted(len(members), "person").replace("persons", "people")
        verb = "is" if len(members) == 1 else "are"
        hint = f"add people to the teams' `{pool}`, or take out seats"
        spot.at("seats").error(f"has {counted(len(kinds), 'seat')}, but only {people} {verb} in `{pool}`", hint)
        return
    sizes = [len(set(team.get(pool, ()))) for team in values.teams.values()]
    possible = sum(min(size, cap) for size in sizes) if cap else len(kinds)
    if possible < len(kinds):
        message = f"lets only {possible} of the {counted(len(kinds), 'seat')} be filled"
        spot.at("max-per-team").error(message, "raise it, or leave it out")
    for kind in dict.fromkeys(kinds):
        _judge_readiness(spot, kind, kinds.count(kind), members, values)


def _judge_readiness(spot: _Spot, kind: str, seats: int, members: Iterable[str], values: _Values) -> None:
    words = {kind, f"{spot.key}/{kind}"}
    not_ready = {handle for handle in members if words.intersection(values.people.get(handle, {}).get("not-seats", ()))}
    ready = [handle for handle in members if handle not in not_ready]
    hint = f"take `{kind}` out of somebody's `not-seats`"
    if not ready:
        spot.at("seats").error(f"has `{kind}`, for which nobody is ready", hint)
    elif len(ready) < seats:
        names = listed(f"`{handle}`" for handle in ready)
        verb = "is" if len(ready) == 1 else "are"
        spot.at("seats").error(f"has {seats} times `{kind}`, for which only {names} {verb} ready", hint)


def _judge_words(spot: _Spot, person: Mapping[str, Any], values: _Values) -> None:
    """Report rotations and kinds of seat that a person's keys name and that don't exist."""
    findings = spot.findings
    shares = person.get("share")
    rotations = list(values.rotations)
    if isinstance(shares, dict) and not any(path == ("rotations",) for path in findings.lost):
        for name in shares:
            if name not in rotations:
                hint = did_you_mean(name, rotations) or f"the rotations are {listed(f'`{r}`' for r in rotations)}"
                spot.at("share", name).error("names no rotation", hint)
    if findings.is_lost("rotations", "seats"):
        return
    kinds = list(dict.fromkeys(kind for rotation in values.rotations.values() for kind in rotation["seats"]))
    known = kinds + [f"{name}/{kind}" for name, rotation in values.rotations.items() for kind in rotation["seats"]]
    for number, word in enumerate(person.get("not-seats", ())):
        if word not in known:
            spot.at("not-seats", number).error(
                f"names `{word}`, which is no kind of seat", _kind_hint(word, kinds, known)
            )


def _kind_hint(word: str, kinds: list[str], known: list[str]) -> str:
    numbered = re.fullmatch(NUMBERED, word)
    if numbered and numbered[1] in known:
        return f"seats of one kind go together: `{numbered[1]}`"
    return did_you_mean(word, known) or f"the kinds are {listed(f'`{kind}`' for kind in kinds)}"


# Building


def _built(values: _Values) -> Roster:
    rota = values.rota
    rotations = {name: _rotation(name, rotation) for name, rotation in values.rotations.items()}
    teams = {
        key: Team(key, team["name"], {pool: handles for pool, handles in team.items() if pool != "name"})
        for key, team in values.teams.items()
    }
    handles = dict.fromkeys(handle for team in values.teams.values() for handle in _handles_of(team))
    return Roster(
        name=rota["name"],
        short_name=rota.get("short-name") or _initials(rota["name"]),
        zone=rota["timezone"],
        handover=rota["handover"],
        rotations=rotations,
        teams=teams,
        people={handle: _person(handle, values.people.get(handle, {}), rotations) for handle in handles},
        quarters_start=rota.get("quarters-start", 1),
        header=values.channel.get("header"),
    )


def _initials(name: str) -> str:
    """`Sustained Engineering` is `SE`; a single word stays whole."""
    words = re.findall(r"\w+", name)
    return "".join(word[0].upper() for word in words) if len(words) > 1 else name


def _rotation(name: str, values: Mapping[str, Any]) -> Rotation:
    return Rotation(
        name=name,
        weeks=values["every"],
        pool=values["pool"],
        seats=seats_named(values["seats"]),
        rest_weeks=values.get("rest", values["every"]),
        max_per_team=values.get("max-per-team"),
    )


def _person(handle: str, values: Mapping[str, Any], rotations: Iterable[str]) -> Person:
    share = values.get("share", {})
    end = values.get("end")
    return Person(
        handle=handle,
        name=values.get("name", handle),
        email=values.get("email"),
        chat=values.get("chat", handle),
        shares=share if isinstance(share, dict) else dict.fromkeys(rotations, share),
        not_seats=frozenset(values.get("not-seats", ())),
        start=values.get("start"),
        end=end + DAY if end else None,
        leave=values.get("leave", ()),
    )
