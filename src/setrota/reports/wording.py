"""Words that all formats share: names made harmless, seats, and dates as people read them.

Knows roster and duties. Of a format's syntax it knows only what makes a name safe in a chat or in Markdown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote

from setrota.dates.cuts import Cut, last_day
from setrota.dates.periods import Period, moment_of
from setrota.dates.service import begins, ends
from setrota.dates.text import MONTHS
from setrota.problems import counted, listed
from setrota.roster import WEEKDAYS, Roster, Span
from setrota.schedule import Duty

NOBODY = "nobody"
NOTHING_PLANNED = "Nothing is planned yet: `setrota plan`"

OPEN = "open"
"""What an empty seat of volunteers is called: it is no mistake."""

LEAST_NOTICED, SLIGHT, MUCH = 0.005, 1.0, 10.0
"""Changes of the unfairness: not mentioned below the first; slight below the second; large from the third on."""

_BREAKS = {"Cc", "Zl", "Zp"}
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_ADDRESS = re.compile(
    # Brackets inside belong to the address; those around it and a full stop after it don't.
    r"""\b(https?://(?:[^\s<>"()]|\([^\s<>"()]*\))*(?:[^\s<>".,;:!?()\]']|\([^\s<>"()]*\)))""",
    re.IGNORECASE,
)
_EVERYBODY = {"all", "channel", "here"}


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Text on one line: control characters and line breaks become spaces; direction overrides and surrogates go."""
    kept = (
        " " if unicodedata.category(character) in _BREAKS else character
        for character in text
        if character not in _REORDERING and unicodedata.category(character) != "Cs"
    )
    return " ".join("".join(kept).split())


def inert(text: str) -> str:
    """Text escaped for chat messages and Markdown: no mention, link, emphasis, tag or table border is left in it."""
    return _escaped(plain(text))


def _escaped(line: str) -> str:
    escaped = re.sub(r"([\\`*_{}\[\]<>#~|!])", r"\\\1", line).replace("@", "\uff20")
    # Entities would turn into the characters they stand for, and addresses into links.
    escaped = re.sub(r"&(?=\w+;)", r"\&", escaped).replace("://", ":\\//")
    return re.sub(r"(?<=www)\.", r"\.", escaped, flags=re.IGNORECASE)


def prose(text: str) -> str:
    """A sentence of the roster as one line of a list: escaped, except for addresses, which stay links."""
    parts = _ADDRESS.split(plain(text))
    return unlisted(
        "".join(f"<{address(part)}>" if number % 2 else _escaped(part) for number, part in enumerate(parts))
    )


def unlisted(line: str) -> str:
    """Escaped Markdown for the start of a line, where text that looks like a list item would become one."""
    return re.sub(r"^(\d{1,9})?([-+.)])(?=[\s-]|$)", r"\1\\\2", line)


def bare(text: str) -> str:
    """Text for places without Markdown and escapes, such as Slack's topics: no mention, link or tag is left in it."""
    wide = plain(text).translate({ord("@"): "\uff20", ord("<"): "\uff1c", ord(">"): "\uff1e"})
    # Addresses would turn into links.
    return re.sub(r"(?<=www)\.", "\uff0e", wide.replace("://", "\uff1a//"), flags=re.IGNORECASE)


def link(name: str, url: str) -> str:
    """A Markdown link with an escaped name, and an address that can't end the link early."""
    return f"[{inert(name)}]({address(url)})"


def address(url: str) -> str:
    """A URL with every character percent-encoded that Markdown or a chat could interpret.

    Such characters are rare, such as a bracket in a path; the host stays as it is.
    """
    scheme, _, rest = plain(url).partition("://")
    host = re.match(r"[\w.:\[\]-]*", rest)
    end = host.end() if host else 0
    path = quote(re.sub(r"&(#?\w+);", r"&\1%3B", rest[end:]), safe="/?#&=+:;,.%$~_-")
    return f"{scheme}://{rest[:end]}{path}"


def name_of(roster: Roster, handle: str | None) -> str:
    """The name to print for a seat's holder; `nobody` for an empty seat."""
    return NOBODY if handle is None else plain(roster.display_name(handle)) or plain(handle)


def label_of(roster: Roster, handle: str) -> str:
    """The display name of a person, with the handle if somebody else has the same name."""
    name = name_of(roster, handle)
    others = (each for each in roster.people if each != handle)
    return f"{name} ({plain(handle)})" if any(name_of(roster, each) == name for each in others) else name


def empty_word(roster: Roster, rotation: str) -> str:
    """What an empty seat of a rotation is called: `nobody`, or `open` where people volunteer."""
    known = roster.rotations.get(rotation)
    return OPEN if known is not None and known.is_voluntary else NOBODY


def holder_name(roster: Roster, duty: Duty) -> str:
    """The name to print for who has a duty; of an empty seat `nobody`, or `open`."""
    return empty_word(roster, duty.rotation) if duty.person is None else name_of(roster, duty.person)


def chat_of(roster: Roster, handle: str) -> str | None:
    """The mention of a person, `@bo`, or None if it would reach nobody, someone else or everyone."""
    person = roster.people.get(handle)
    chat = (person.chat or person.handle).removeprefix("@") if person else ""
    # Chat servers drop trailing punctuation before they look up a mention: `@all.` reaches everyone.
    if not re.fullmatch(r"[\w.-]+", chat, re.ASCII) or chat.rstrip("._-").lower() in {"", *_EVERYBODY}:
        return None
    return f"@{chat}"


def mention(roster: Roster, handle: str | None) -> str:
    """How a chat names a seat's holder: the mention, else the name as escaped text."""
    return (handle is not None and chat_of(roster, handle)) or inert(name_of(roster, handle))


def seat_title(roster: Roster, rotation: str, kind: str) -> str:
    """What people call a kind of seat: its title in the roster, else the kind."""
    return plain(roster.notes.of_seat(rotation, kind).title or "") or plain(kind)


def title_of(roster: Roster, duty: Duty) -> str:
    return seat_title(roster, duty.rotation, roster.seat_of(duty.rotation, duty.seat).kind)


def team_names(roster: Roster, handle: str) -> list[str]:
    """Names of the teams a person is in, in file order."""
    return [plain(roster.teams[key].name) or key for key in roster.teams_of(handle)]


def kind_of(roster: Roster, duty: Duty) -> str:
    return plain(roster.seat_of(duty.rotation, duty.seat).kind)


def seat_text(roster: Roster, rotation: str, seat: str) -> str:
    """A seat's name, with its rotation's name if another rotation has a seat of the same name."""
    others = (each for name, each in roster.rotations.items() if name != rotation)
    shared = any(seat == known.name for each in others for known in each.seats)
    return plain(f"{rotation}/{seat}" if shared else seat)


def fairness_change(growth: float) -> str:
    """What a growth of the unfairness means, in words: `slightly less fair`, `fairer`, `just as fair`.

    One person being a whole duty away from their fair share for one week more is a growth of 1.
    """
    if abs(growth) < LEAST_NOTICED:
        return "just as fair"
    degree = "much " if abs(growth) >= MUCH else "slightly " if abs(growth) < SLIGHT else ""
    return f"{degree}{'less fair' if growth > 0 else 'fairer'}"


def escalation(roster: Roster) -> list[str]:
    """The kinds of seat that a call goes through in turn: those held by exactly one person."""
    kinds = [
        kind
        for rotation in roster.rotations.values()
        for kind, seats in rotation.kinds.items()
        if seats == 1 and kind not in rotation.optional
    ]
    return [plain(kind) for kind in dict.fromkeys(kinds)]


def day_text(day: date, year: int | None = None) -> str:
    """`Mon 11 Jan`, with the year unless it is `year`; always in English, so that files don't depend on the locale."""
    text = f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"
    return text if day.year == year else f"{text} {day.year}"


def point_text(point: date, year: int | None = None) -> str:
    """`Mon 11 Jan`; for an instant within a day with its time, `Mon 11 Jan 14:00 CET`."""
    return moment_text(point.at, year) if isinstance(point, Cut) else day_text(point, year)


def span_text(start: date, end: date, year: int | None = None) -> str:
    """`Mon 11 Jan to Fri 15 Jan` for the days [start, end), with the last day shown; a single day alone.

    An instant within a day is shown as such: `Mon 11 Jan to Wed 13 Jan 14:00 CET`.
    """
    first, last = point_text(start, year), point_text(end if isinstance(end, Cut) else last_day(end), year)
    return first if first == last else f"{first} to {last}"


def spans_text(spans: Iterable[Span]) -> str:
    """`Mon-Thu 17:30-09:30, Fri 17:30 - Mon 09:30`: when something is served, as rosters say it."""
    return ", ".join(_span_words(span) for span in spans)


def _span_words(span: Span) -> str:
    days = _weekdays_words(sorted(span.weekdays))
    if span.nth:
        days = " and ".join(f"{_ORDINALS[number]} {days}" for number in sorted(span.nth, key=lambda number: number % 9))
    if span.start is None or span.end is None:
        return days
    if span.nights > 1:
        until = WEEKDAYS[(min(span.weekdays) + span.nights) % 7][:3]
        return f"{days} {span.start:%H:%M} - {until} {span.end:%H:%M}"
    hours = f"{span.start:%H:%M}-{span.end:%H:%M}"
    return hours if len(span.weekdays) == 7 and not span.nth else f"{days} {hours}"


_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", -1: "last"}


def _weekdays_words(days: Sequence[int]) -> str:
    """`Mon-Fri`, `Sat and Sun`."""
    names = [WEEKDAYS[day][:3] for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]}-{names[-1]}"
    return listed(names)


def duration_text(duration: timedelta) -> str:
    """`45 minutes`, `2 hours`, `1 hour 30 minutes`."""
    hours, minutes = divmod(round(duration / timedelta(minutes=1)), 60)
    parts = [(hours, "hour"), (minutes, "minute")]
    return " ".join(counted(number, noun) for number, noun in parts if number)


def handover_text(roster: Roster, rotation: str, point: date, year: int | None = None) -> str:
    """`Mon 11 Jan 09:00 CET`: a rotation's handover at a point, with the year unless it is `year`."""
    return moment_text(moment_of(roster, rotation, point), year)


def end_of_service(roster: Roster, held: Duty | Period) -> datetime:
    """When people say that a duty ends: when its last service does, in its rotation's zone, however long after that the
    handover is. Days that are served without hours say no hour, so where all are, it is the handover."""
    days = held.days if isinstance(held, Duty) else held
    if all(span.end is None for span in roster.serves_of(days.rotation)):
        return moment_of(roster, days.rotation, days.end)
    return ends(roster, days).astimezone(roster.zone_of(days.rotation))


def start_of_service(roster: Roster, held: Duty) -> datetime:
    """When a duty begins, by the same rule: when its first service does."""
    if all(span.end is None for span in roster.serves_of(held.rotation)):
        return moment_of(roster, held.rotation, held.start)
    return begins(roster, held.days).astimezone(roster.zone_of(held.rotation))


def handover_stamp(roster: Roster, rotation: str, point: date) -> str:
    """`2027-01-11 09:00 CET`: a rotation's handover at a point, as tables show it."""
    return moment_stamp(moment_of(roster, rotation, point))


def weekday_stamp(roster: Roster, rotation: str, point: date, *, zoned: bool = True) -> str:
    """`Mon 2027-01-11 09:00 CET`: the same with the weekday, and without the zone unless `zoned`."""
    return weekday_moment(moment_of(roster, rotation, point), zoned=zoned)


def weekday_moment(moment: datetime, *, zoned: bool = True) -> str:
    """`Mon 2027-01-11 09:00 CET`: a moment in its own zone, with its weekday."""
    stamp = moment_stamp(moment) if zoned else f"{moment:%Y-%m-%d %H:%M}"
    return f"{WEEKDAYS[moment.weekday()][:3]} {stamp}"


def moment_text(moment: datetime, year: int | None = None) -> str:
    """`Mon 11 Jan 09:00 CET`: a moment in its own zone, with the year unless it is `year`."""
    return f"{day_text(moment.date(), year)} {clock_text(moment)}"


def moment_stamp(moment: datetime) -> str:
    """`2027-01-11 09:00 CET`: a moment in its own zone, as tables show it."""
    return f"{moment:%Y-%m-%d} {clock_text(moment)}"


def clock_text(moment: datetime) -> str:
    """`09:00 CET`: the time of a moment in its own zone, always with the zone."""
    return f"{moment:%H:%M} {_zone_text(moment)}"


def _zone_text(moment: datetime) -> str:
    """The zone's abbreviation; `UTC+3` or `UTC+5:30` where that is only a number."""
    name = moment.tzname() or ""
    if name[:1].isalpha() and not name.startswith("UTC"):
        return name
    minutes = (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    shift = f"{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
    return f"UTC{shift if minutes else ''}"
