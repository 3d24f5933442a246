"""Reads spans of time, the one grammar of `serves`, `counts` and `coverage`: `Mon-Fri 09:00-17:00`, `1st Sun`, `24/7`.

Others were tried and lost: `opening-hours-py` knows neither `Mon` nor a span over several nights (`Fri 17:30 - Mon
09:30`), `osm-humanized-opening-hours` no longer loads, and `recurrent` makes one moment of whatever it is given. Knows
what a span looks like, not when it is in any week.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import time
from typing import NamedTuple

from setrota.files.roster.lists import Item, read_each, read_names, read_one_or_list, words_as_list
from setrota.files.roster.reading import Spot, Unreadable
from setrota.files.roster.shapes import Shape, array, caseless, either, line, shaped
from setrota.files.roster.time_guesses import ORDINALS, spans_meant
from setrota.files.roster.values import TIME, WEEKDAY, read_text, read_weekday
from setrota.files.toml.documents import BARE_KEY
from setrota.problems import did_you_mean
from setrota.roster import ALWAYS, EVERY_DAY, WEEKDAYS, Span

NTH: dict[str, int] = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, **ORDINALS}
"""Words for which one of the same weekdays in a month is meant; -1 is the last one."""

RESERVED_COUNTS = ("holidays",)
"""What fairness counts anyway."""

_NTH = f"({'|'.join(map(caseless, NTH))})"
_END = rf"({TIME}|24:00)"
_HOURS = rf"{TIME}\s*-\s*{_END}"
_MOMENTS = rf"({_NTH}\s+)?{WEEKDAY}\s+{TIME}\s*-\s*{WEEKDAY}\s+{_END}"
_DAYS = rf"({_NTH}\s+{WEEKDAY}|{WEEKDAY}(\s*-\s*{WEEKDAY})?)"
_SPAN = rf"24/7|{caseless('always')}|{_HOURS}|{_MOMENTS}|{_DAYS}(\s*,\s*{_DAYS})*(\s+{_HOURS})?"

_CLOCK = r"([0-9]{1,2}:[0-9]{2})"


class SpanText(NamedTuple):
    """A text, and the spans that it says."""

    text: str
    spans: tuple[Span, ...]


class Cover(NamedTuple):
    """Spans, and the rotations of which one must be served in them."""

    spans: SpanText
    rotations: tuple[Item[str], ...]


Instead = Callable[[list[str]], str]
"""Makes the hint to write some spans instead."""


@shaped(line(_SPAN))
def read_span(spot: Spot, value: object) -> SpanText:
    def instead(meant: list[str]) -> str:
        shown = words_as_list(meant)
        return spot.instead(shown[1:-1] if isinstance(spot.path[-1], int) or len(meant) == 1 else shown)

    return _read(spot, read_text(spot, value), instead)


@shaped(either(read_span.shape, array(read_span.shape, minItems=1)))
def read_spans(spot: Spot, value: object) -> tuple[Item[SpanText], ...]:
    """Read one text, or a list of texts that count together."""
    if value == []:
        raise spot.unreadable(
            "is empty, so nobody would ever serve", "to serve always, remove the key", code="empty-list"
        )
    return read_one_or_list(spot, value, read_span)


def spans_of(texts: Iterable[Item[SpanText]]) -> tuple[Span, ...]:
    """The spans of several texts, each once."""
    return tuple(dict.fromkeys(span for text in texts for span in text.value.spans))


_COUNTS: Shape = {
    "type": "object",
    "propertyNames": {"pattern": f"^{BARE_KEY}$"},
    "additionalProperties": read_spans.shape,
}


@shaped(_COUNTS)
def read_counts(spot: Spot, value: object) -> dict[str, tuple[Item[SpanText], ...]]:
    """Read a table that gives names to spans."""
    table = spot.expect(dict, "a table", value, spot.hint)
    return read_each(
        spot, {name: each for name, each in table.items() if _is_name(spot.at(name))}, read_spans, '"Sat-Sun"'
    )


def _is_name(spot: Spot) -> bool:
    """Whether a count may have the name of its key; reports one that it may not have."""
    if spot.key in RESERVED_COUNTS:
        message = f"can't be called `{spot.key}`, which fairness counts anyway"
        spot.error(message, "choose another name", code="reserved-name")
    elif not re.fullmatch(BARE_KEY, spot.key):
        spot.error("is not a valid name", "names may only have letters, digits, `_` and `-`", code="bad-name")
    else:
        return True
    return False


_COVERAGE: Shape = {
    "type": "object",
    "propertyNames": {"pattern": line(_SPAN)["pattern"]},
    "additionalProperties": read_names.shape,
}


@shaped(_COVERAGE)
def read_coverage(spot: Spot, value: object) -> tuple[Cover, ...]:
    """Read a table that says in which spans one of which rotations must be served."""
    table = spot.expect(dict, "a table", value, spot.hint)
    found = []
    for key, named in table.items():
        here = spot.at(key, '["apac", "emea", "amer"]')
        spans, rotations = here.read(_read_key, key), here.read(read_names, named)
        if spans is not None and rotations is not None:
            found.append(Cover(spans, rotations))
    return tuple(found)


def _read_key(spot: Spot, value: object) -> SpanText:
    return _read(spot, f"{value}", lambda meant: f"write `{words_as_list(meant)[1:-1]} = …`")


def _read(spot: Spot, text: str, instead: Instead) -> SpanText:
    said = " ".join(text.split())
    if not _is_span(said):
        raise _unreadable(spot, said, instead)
    if said.lower() in ("24/7", "always"):
        return SpanText(said, ALWAYS)
    if moments := re.fullmatch(rf"(?:(\w+) )?([A-Za-z]+) {_CLOCK} ?- ?([A-Za-z]+) {_CLOCK}", said):
        return SpanText(said, (_from_to(spot, *moments.groups()),))
    days, start, end = re.fullmatch(rf"(.*?) ?(?:{_CLOCK} ?- ?{_CLOCK})?", said).groups()  # type: ignore[union-attr]
    return SpanText(said, tuple(_on_days(spot, days, Span() if start is None else _hours(start, end))))


def _is_span(text: str) -> bool:
    """Whether a text matches `_SPAN`, of which it needs a part only: all of it takes milliseconds to compile."""
    if re.fullmatch(f"24/7|{caseless('always')}|{_HOURS}", text):
        return True
    days = re.fullmatch(rf"(?s:(.*?))(\s+{_HOURS})?", text)
    if days and all(re.fullmatch(_DAYS, part) for part in re.split(r"\s*,\s*", days[1])):
        return True
    return re.fullmatch(_MOMENTS, text) is not None


def _from_to(spot: Spot, nth: str | None, first: str, start: str, last: str, end: str) -> Span:
    """`Fri 17:30 - Mon 09:30`: from one moment of the week to another."""
    begins, ends = read_weekday(spot, first), read_weekday(spot, last)
    nights = (ends - begins) % 7
    if nights == 0 and _minutes(end) <= _minutes(start):
        nights = 7
    until = time() if end == "24:00" else _time(end)
    return Span(frozenset({begins}), _which(nth), _time(start), until, nights + (end == "24:00"))


def _hours(start: str, end: str) -> Span:
    """`20:00-08:00` on every day; hours that end at or before their start run into the next day."""
    until = time() if end == "24:00" else _time(end)
    return Span(start=_time(start), end=until, nights=int(until <= _time(start)))


def _on_days(spot: Spot, text: str, hours: Span) -> Iterable[Span]:
    """The hours on days such as `Mon-Wed, Fri` or `1st Sun, 3rd Sun`; no days are all of them."""
    found: dict[frozenset[int], frozenset[int]] = {}
    for part in re.split(" ?, ?", text) if text else []:
        first, *others = re.split(" ?- ?", part)
        *nth, day = first.split()
        begin = read_weekday(spot, day)
        length = (read_weekday(spot, others[0]) - begin) % 7 if others else 0
        if others and not length:
            raise spot.unreadable(f"has `{part}`, from a day to the same day", f"write `{day}`", code="not-a-span")
        days = frozenset((begin + number) % 7 for number in range(length + 1))
        which = _which(nth[0] if nth else None)
        found[which] = found.get(which, frozenset()) | days
    if not text:
        found = {frozenset(): EVERY_DAY}
    return [hours._replace(weekdays=days, nth=which) for which, days in found.items()]


def _which(nth: str | None) -> frozenset[int]:
    return frozenset() if nth is None else frozenset({NTH[nth.lower()]})


def _time(text: str) -> time:
    hour, minute = map(int, text.split(":"))
    return time(hour, minute)


def _minutes(text: str) -> int:
    hour, minute = map(int, text.split(":"))
    return 60 * hour + minute


def _unreadable(spot: Spot, text: str, instead: Instead) -> Unreadable:
    """What is wrong with a text that says no spans."""
    meant = spans_meant(text)
    if meant and all(map(_is_span, meant)):
        return spot.unreadable(f"should be spans of time, not `{text}`", instead(meant), code="not-a-span")
    for clock in re.findall(_CLOCK, text):
        if not re.fullmatch(TIME, clock):
            hint = "times go from 00:00 to 23:59, and spans end at 24:00 at the latest"
            return spot.unreadable(f"has `{clock}`, which is not a time of day", hint, code="not-a-time")
    for word in re.findall(r"(?<![0-9A-Za-z])[A-Za-z]+", text):
        near = did_you_mean(word, [*WEEKDAYS, *(day[:3] for day in WEEKDAYS)])
        if near and not re.fullmatch(f"{WEEKDAY}|{_NTH}", word):
            return spot.unreadable(f"has `{word}`, which is not a weekday", near, code="unknown-weekday")
    hint = "for example `Mon-Fri 09:00-17:00`, `Fri 17:30 - Mon 09:30` or `1st Sun`"
    return spot.unreadable(f"should be spans of time, not `{text}`", hint, code="not-a-span")
