"""Dates as text: the DATEs and moments that users write, and the days and ranges that messages show."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from setrota.dates.cuts import Cut, day_of, last_day
from setrota.dates.periods import DAY, Period, day_of_duty, point_at, wall_clock
from setrota.problems import Problem, Refused, did_you_mean, nearest
from setrota.roster import WEEKDAYS, Handover, Roster

YEARS = range(1970, 2200)
"""The years that users can name, far enough from the ends of the calendar for any arithmetic."""

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


DAYS = {"today": 0, "now": 0, "tomorrow": 1, "yesterday": -1}
"""Words that are a DATE, and how many days after today each is."""


class When(NamedTuple):
    """A time that a user named: a day or, with a `moment`, an instant.

    An instant without an offset `is_local`: each rotation reads it on the clock of its own zone, as answers show it;
    `moment` is what it means in the rota's. `running` is the time now if the word was `today`: until a rotation hands
    over on that day, it means the day of the rotation that still runs, while the same day as a date means the one that
    begins then.
    """

    day: date
    moment: datetime | None = None
    running: datetime | None = None
    is_local: bool = False

    def __str__(self) -> str:
        """The day or the instant as users type it."""
        return str(self.day) if self.moment is None else self.moment.strftime("%Y-%m-%dT%H:%M")

    def in_words(self, roster: Roster) -> str:
        """`on 2027-02-08`; for `today` before the hour of a handover, that it means what still runs."""
        if self.running is not None and self.earliest(roster) < self.day:
            return f"now, before the handover of {self.day}"
        return f"on {self}" if self.moment is None else f"at {self}"

    def earliest(self, roster: Roster) -> date:
        """The day: for `today`, the earliest that still runs in any rotation."""
        return min((day_of(self.point(roster, rotation)) for rotation in roster.rotations), default=self.day)

    def typed(self, roster: Roster, rotation: str) -> str:
        """The same in a rotation: `today` where the date would mean another day of it."""
        return str(self) if self.moment or self.point(roster, rotation) == self.day else "today"

    def point(self, roster: Roster, rotation: str) -> date:
        """The point in a rotation's time: an instant of a handover or a cut, or else the day."""
        if self.moment is not None:
            own = wall_clock(self.day, self.moment.time(), roster.zone_of(rotation)) if self.is_local else self.moment
            return point_at(roster, rotation, own)
        return self.day if self.running is None else day_of_duty(roster, rotation, self.running)

    def after(self, roster: Roster, rotation: str) -> date:
        """The end of a stretch that it is the last of: an instant itself, and the end of a day."""
        point = self.point(roster, rotation)
        return point if self.moment is not None else point + DAY


def is_date(text: str) -> bool:
    """Whether a text is meant as a DATE, as `parse_date` reads it, even if there is no such day."""
    word = text.strip().lower()
    return word in DAYS or word.startswith("next-") or word[:1].isdigit()


def parse_date(text: str, handover: Handover, today: date) -> date:
    """Read a DATE: `2027-02-08`, `2027-W06` (the handover day of that week), `today`, `tomorrow`, `next-monday`.

    Raises
    ------
    Refused
        If the text is not a date, there is no such day, or its year is not one of `YEARS`.
    """
    word = text.strip().lower()
    if word in DAYS:
        return today + DAY * DAYS[word]
    if match := re.fullmatch(r"next-([a-z]+)", word):
        return today + DAY * ((_next_weekday(match[1]) - today.weekday() - 1) % 7 + 1)
    try:
        if match := re.fullmatch(r"([0-9]{4})-?w([0-9]{1,2})", word):
            return _plausible(date.fromisocalendar(int(match[1]), int(match[2]), (handover.weekday or 0) + 1), text)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
            return _plausible(date.fromisoformat(word), text)
    except ValueError:
        what = "week" if "w" in word else "day"
        raise Refused(Problem(f"there is no such {what} as `{text}`", code="no-such-date")) from None
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[t ]", word):
        raise Refused(Problem(f"`{text}` is not a date", hint=f"name the day only: `{word[:10]}`", code="not-a-date"))
    meant = date_like(text)
    hint = f"did you mean `{meant}`?" if meant else "write `2027-02-08`, `2027-W06`, `today` or `next-monday`"
    raise Refused(Problem(f"`{text}` is not a date", hint=hint, code="not-a-date"))


def parse_when(text: str, roster: Roster, now: datetime) -> When:
    """Read a DATE or an instant: `2027-02-08T14:00`, on the clock of a rotation's zone, or `now`, to the minute.

    Raises
    ------
    Refused
        If the text is neither.
    """
    word = text.strip().lower()
    if word == "now":
        return When(now.astimezone(roster.zone).date(), now.astimezone(roster.zone).replace(second=0, microsecond=0))
    if ":" in word:
        moment = parse_moment(text, roster.zone).replace(microsecond=0)
        return When(moment.date(), moment, is_local=datetime.fromisoformat(text.strip()).tzinfo is None)
    today = now.astimezone(roster.zone).date()
    return When(parse_date(text, roster.handover, today), running=now if word == "today" else None)


def date_like(text: str) -> str | None:
    """The word for a DATE that a text is close to: `tomorrow` for `tomorow`, `next-monday` for `monday`."""
    word = text.strip().lower()
    by_name = {day.lower(): f"next-{day.lower()}" for day in WEEKDAYS}
    by_short_name = {day[:3]: following for day, following in by_name.items()}
    meant = nearest(word, [*DAYS, *by_name, *by_name.values()], likeness=0.8)
    return by_short_name.get(word) or by_name.get(meant or "", meant)


def _next_weekday(word: str) -> int:
    """The weekday in `next-monday`."""
    try:
        return parse_weekday(word)
    except ValueError as error:
        hint = did_you_mean(word, WEEKDAYS) or "write a weekday in English, such as `next-monday`"
        raise Refused(Problem(str(error), hint=hint, code="unknown-weekday")) from None


def _plausible(day: date, text: str) -> date:
    if day.year not in YEARS:
        message = f"`{text}` is not in the years {YEARS[0]} to {YEARS[-1]}"
        raise Refused(Problem(message, hint="check the year", code="year-out-of-range"))
    return day


def parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO date-time such as `2027-02-08T10:00`; without an offset it is in `zone`.

    Raises
    ------
    Refused
        If the text is not a date and time, or its year is not one of `YEARS`.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        message = f"`{text}` is not a date and time"
        raise Refused(Problem(message, hint="write `2027-02-08T10:00`", code="not-a-date-time")) from None
    _plausible(moment.date(), text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC).astimezone(zone)


def parse_weekday(text: str) -> int:
    """Read a weekday's English name, in full or its first three letters; 0 is Monday. Raises ValueError."""
    for number, name in enumerate(WEEKDAYS):
        if text.lower() in (name.lower(), name[:3].lower()):
            return number
    raise ValueError(f"`{text}` is not a weekday")


def check_range(first: date, last: date, noun: str = "range") -> None:
    """Raise Refused if the last day of a range is before its first."""
    if last < first:
        message = f"the {noun} ends on {last}, before it starts on {first}"
        raise Refused(Problem(message, code="ends-before-it-starts"))


def last_text(end: date) -> str:
    """How a stretch that ends at a point names its end: the last day, or the instant."""
    return str(end if isinstance(end, Cut) else last_day(end))


def typed_point(point: date) -> str:
    """A point in a rotation's time as users type it: a day, or an instant on the clock of the rotation's zone.

    An hour that clocks show twice has its offset the second time.
    """
    if not isinstance(point, Cut):
        return f"{point}"
    first = point.at.replace(fold=0).astimezone(UTC)
    return point.at.isoformat(timespec="minutes") if first != point.at.astimezone(UTC) else f"{point}"


def days_text(start: date, end: date) -> str:
    """`2027-02-08 to 2027-02-14`, with the last day included; a single day as `2027-02-08`.

    Where it begins or ends within a day, the instant stands there: `2027-02-08T14:00 to 2027-02-14`; a part of a day
    that lasts to its end is `2027-02-08T14:00 to the handover`.
    """
    if is_one_day(start, end):
        return f"{start}"
    ends_today = isinstance(start, Cut) and not isinstance(end, Cut) and last_day(end) == start.on
    return f"{start} to {'the handover' if ends_today else last_text(end)}"


def on_days(start: date, end: date) -> str:
    """`from 2027-02-08 to 2027-02-14`, as `days_text` has it; a single day as `on 2027-02-08`."""
    return f"{'on' if is_one_day(start, end) else 'from'} {days_text(start, end)}"


def is_one_day(start: date, end: date) -> bool:
    """Whether a stretch is one whole day of its rotation."""
    return not isinstance(start, Cut) and not isinstance(end, Cut) and end - start == DAY


def weekdays_text(start: date, end: date) -> str:
    """`Mon 2027-02-08 to Sun 2027-02-14`, as `days_text` has it, with weekdays."""
    last = end if isinstance(end, Cut) else last_day(end)
    return f"{_with_weekday(start)} to {_with_weekday(last)}"


def _with_weekday(point: date) -> str:
    shown = point.at if isinstance(point, Cut) else point
    return f"{WEEKDAYS[shown.weekday()][:3]} {point}"


def period_name(period: Period) -> str:
    """`the desk period of 2027-02-08`."""
    return f"the {period.rotation} period of {period.start}"
