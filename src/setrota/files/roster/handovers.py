"""Reads when crews hand over, and knows which form of it fits which cadence.

The rota's own handover, like a meeting, is a weekday and a time. A rotation's is whatever fits its cadence: `09:00`,
`workday 09:00`, `1st 09:00`, `last Friday 17:00`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Literal, NamedTuple

from setrota.files.roster.reading import Spot
from setrota.files.roster.shapes import caseless, line, shaped
from setrota.files.roster.spans import NTH
from setrota.files.roster.time_guesses import ORDINALS, handover_meant, ordinal, own_handover_meant
from setrota.files.roster.values import TIME, WEEKDAY, read_text, read_time, read_weekday
from setrota.roster import WEEKDAYS, Handover

Form = Literal["time", "weekday", "workday", "day", "nth weekday", "first workday"]
"""The forms of a handover."""

FITTING: Mapping[str, tuple[Form, ...]] = {
    "starts": ("time",),
    "days": ("time",),
    "weeks": ("weekday", "workday"),
    "months": ("day", "nth weekday", "first workday"),
}
"""The forms that fit each unit of `every`, or `starts`."""

MONTH_DAYS = {ordinal(day): day for day in range(1, 29)} | {"last": -1}
"""The days of a month that every month has."""

_NTH = f"({'|'.join(caseless(word) for word, number in NTH.items() if number != 5)})"
_WORKDAY = f"({caseless('first')} +)?{caseless('workday')}"
_MONTH_DAY = f"({'|'.join(map(caseless, MONTH_DAYS))})"


class HandoverText(NamedTuple):
    """A handover, and the form in which it is said."""

    form: Form
    handover: Handover

    def __str__(self) -> str:
        """`first Wednesday 10:00`, as a roster says it."""
        at = self.handover.time.strftime("%H:%M")
        return f"{self.day} {at}" if self.day else at

    @property
    def day(self) -> str:
        """Everything but the time."""
        weekday, day, nth = self.handover.weekday, self.handover.day, self.handover.nth
        if self.form in ("workday", "first workday"):
            return self.form
        if day is not None:
            return "last" if day < 0 else ordinal(day)
        words = [word for word, number in ORDINALS.items() if number == nth]
        return " ".join([*words, *([] if weekday is None else [WEEKDAYS[weekday]])])


@shaped(line(f"{WEEKDAY} +{TIME}"))
def read_weekday_and_time(spot: Spot, value: object) -> Handover:
    """Read the rota's handover, or when a meeting is held."""
    text = read_text(spot, value)
    match = re.fullmatch(r"([A-Za-z]+) +([0-9]{1,2}:[0-9]{2})", text)
    if not match:
        meant = handover_meant(text)
        hint = spot.instead(f'"{meant}"') if meant else None
        raise spot.unreadable(f"should be a weekday and a time, not `{text}`", hint, code="not-weekday-and-time")
    return Handover(read_weekday(spot, match[1]), read_time(spot, match[2]))


_HANDOVER = f"(({WEEKDAY}|{_NTH} +{WEEKDAY}|{_WORKDAY}|{_MONTH_DAY}) +)?{TIME}"


@shaped(line(_HANDOVER))
def read_handover(spot: Spot, value: object) -> HandoverText:
    """Read a rotation's handover in any form, fitting or not."""
    text = read_text(spot, value)
    meant = own_handover_meant(text)
    if meant and meant != text and re.fullmatch(_HANDOVER, meant) and not re.fullmatch(_HANDOVER, text):
        hint = spot.instead(f'"{meant}"')
        raise spot.unreadable(f"should be a day and a time, not `{text}`", hint, code="not-a-handover")
    *words, clock = text.split()
    said = _day(spot, words) if re.fullmatch("[0-9]{1,2}:[0-9]{2}", clock) else None
    if said is None:
        raise spot.unreadable(f"should be a day and a time, not `{text}`", code="not-a-handover")
    return said._replace(handover=said.handover._replace(time=read_time(spot, clock)))


def _day(spot: Spot, words: list[str]) -> HandoverText | None:
    """The day that words say, at midnight; None if they say none."""
    match [word.lower() for word in words]:
        case []:
            return HandoverText("time", Handover(None, time()))
        case ["workday"]:
            return HandoverText("workday", Handover(None, time(), workday=True))
        case ["first", "workday"]:
            return HandoverText("first workday", Handover(None, time(), workday=True))
        case [word] if word in MONTH_DAYS:
            return HandoverText("day", Handover(None, time(), day=MONTH_DAYS[word]))
        case [word] if word.isalpha():
            return HandoverText("weekday", Handover(read_weekday(spot, words[0]), time()))
        case [word, day] if NTH.get(word, 5) != 5 and day != "workday":
            return HandoverText("nth weekday", Handover(read_weekday(spot, words[1]), time(), nth=NTH[word]))
    return None


def usual_handover(rota: Handover, unit: str) -> HandoverText:
    """When a rotation without a handover of its own hands over: at the rota's hour, and on its weekday in weeks."""
    if unit == "weeks":
        return HandoverText("weekday", rota)
    if unit == "months":
        return HandoverText("day", Handover(None, rota.time, day=1))
    return HandoverText("time", Handover(None, rota.time))


def fitting(said: HandoverText, unit: str, rota: Handover | None) -> HandoverText:
    """A handover in a form that fits a unit of `every`, or `starts`, as much like this one as possible."""
    at, weekday = said.handover.time, said.handover.weekday
    if said.form in FITTING[unit]:
        return said
    if unit == "weeks" and said.handover.workday:
        return HandoverText("workday", said.handover)
    if unit == "weeks":
        usual = weekday if weekday is not None else rota.weekday if rota else 0
        return HandoverText("weekday", Handover(usual, at))
    if unit == "months" and said.handover.workday:
        return HandoverText("first workday", said.handover)
    if unit == "months" and weekday is not None:
        return HandoverText("nth weekday", Handover(weekday, at, nth=1))
    return usual_handover(Handover(None, at), unit)
