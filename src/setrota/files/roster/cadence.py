"""Checks when a rotation hands over: that its keys say one cadence, that its handover fits it, and cuts no span in two.

Whether a handover lies inside a span is decided by what clocks show, whatever their changes, on the days on which the
rotation may hand over in some fixed years, never today's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

from setrota.dates.grid import begins_on, span_begins
from setrota.dates.periods import DAY, each_day
from setrota.files.roster.handovers import FITTING, HandoverText, fitting, usual_handover
from setrota.files.roster.keys import ROTATION
from setrota.files.roster.lists import Item
from setrota.files.roster.names import Names
from setrota.files.roster.reading import Spot
from setrota.files.roster.sections import Values
from setrota.files.roster.spans import SpanText, spans_of
from setrota.files.roster.tables import Section
from setrota.problems import nearest
from setrota.roster import ALWAYS, WEEKDAYS, Handover, Span

_TWO_YEARS = date(2024, 1, 1), date(2026, 1, 1)
"""Long enough for every day of a month to be every day of the week."""

_A_CYCLE = date(2024, 1, 1), date(2052, 1, 1)
"""Long enough for every month to begin on every day of the week, in leap years and others."""


def check_cadence(spot: Spot, rotation: Section, values: Values) -> None:
    """Report contradictions between the keys of a rotation that say when it hands over and when it is served."""
    _check_one_cadence(spot, rotation)
    _check_closed(spot, rotation, values)
    unit = _unit(rotation)
    if unit is None:
        return
    rota: Handover | None = values.rota.get("handover")
    own: HandoverText | None = rotation.get("handover")
    if own is not None and own.form not in FITTING[unit]:
        instead = spot.at("handover").instead(f'"{fitting(own, unit, rota)}"')
        message = f"is `{own}`, which does not fit {_cadence(rotation)}"
        spot.at("handover").error(message, instead, code="handover-does-not-fit")
        return
    own_lost = spot.at("handover").path in spot.reading.unread
    handover = own or (usual_handover(rota, unit) if rota and not own_lost else None)
    lost = spot.at("serves").path in spot.reading.unread
    if handover is None or lost:
        return
    _check_anchor(spot, rotation, handover, unit)
    _check_starts(spot, rotation)
    _check_spans(spot, rotation, handover)


def check_rota(spot: Spot, values: Values, names: Names) -> None:
    """Report unknown rotations in `coverage`, and closed holidays of which there are none."""
    for cover in values.rota.get("coverage", ()):
        for rotation in cover.rotations:
            names.is_rotation(*rotation)
    _check_closed(spot, values.rota, values)


def _check_closed(spot: Spot, section: Section, values: Values) -> None:
    """Report the word `holidays` where a roster has none."""
    closed = section.get("closed")
    named = not values.holidays.keys().isdisjoint(("calendar", "dates"))
    if closed is not None and closed.holidays and not named and not spot.reading.is_unread("holidays"):
        hint = 'add them, for example `calendar = "CA-ON"` in `[holidays]`'
        spot.at("closed").error("names the `holidays`, but the roster has none", hint, code="no-holidays")


def _check_one_cadence(spot: Spot, rotation: Section) -> None:
    """Report a rotation that has both `every` and `starts`, or neither, or an anchor beside `starts`."""
    said = {key for key in ("every", "starts", "anchor") if _is_said(spot, rotation, key)}
    if {"every", "starts"} <= said:
        hint = "keep `every` for periods of one length, or `starts` for those that begin on listed days"
        spot.at("starts").error("can't be combined with `every`", hint, code="conflicting-keys")
    elif said.isdisjoint({"every", "starts"}) and not _is_misspelt(spot):
        spot.at("every").missing('for example `every = "2 weeks"`', code="missing-key")
    elif {"starts", "anchor"} <= said:
        hint = "remove it: `starts` has the days on which periods begin"
        spot.at("anchor").error("can't be combined with `starts`", hint, code="conflicting-keys")


def _is_misspelt(spot: Spot) -> bool:
    """Whether the rotation has an unknown key that is like one of those for its cadence, and is reported."""
    unread = {f"{path[-1]}" for path in spot.reading.unread if path[:-1] == spot.path}
    return any(nearest(key, ("every", "starts")) for key in unread - ROTATION.keys())


def _is_said(spot: Spot, rotation: Section, key: str) -> bool:
    return key in rotation or spot.at(key).path in spot.reading.unread


def _unit(rotation: Section) -> str | None:
    """The unit of `every`, or `starts`; None if the rotation doesn't make its cadence clear."""
    if ("every" in rotation) == ("starts" in rotation):
        return None
    return str(rotation["every"].unit) if "every" in rotation else "starts"


def _cadence(rotation: Section) -> str:
    return f'`every = "{rotation["every"]}"`' if "every" in rotation else "`starts`"


def _check_anchor(spot: Spot, rotation: Section, handover: HandoverText, unit: str) -> None:
    """Report an anchor on a day of the week on which no period can begin; of months, any day says which month."""
    anchor = rotation.get("anchor")
    spans = _spans(rotation)
    if anchor is None:
        return
    here = spot.at("anchor")
    if unit == "weeks" and handover.form == "weekday" and anchor.weekday() != handover.handover.weekday:
        days = [anchor + DAY * number for number in (0, -1, 1, -2, 2, -3, 3)]
        nearest = next(day for day in days if day.weekday() == handover.handover.weekday)
        message = f"is {anchor}, a {WEEKDAYS[anchor.weekday()]}, but handovers are on {handover.day}"
        here.error(message, f"did you mean `{nearest}`?", code="wrong-weekday")
    if unit == "days" and not begins_on(spans, anchor):
        following = next(day for day in each_day(anchor, anchor + 366 * DAY) if begins_on(spans, day))
        message = f"is {anchor}, a {WEEKDAYS[anchor.weekday()]}, on which nothing of `serves` begins"
        here.error(message, f"did you mean `{following}`?", code="wrong-weekday")


def _check_starts(spot: Spot, rotation: Section) -> None:
    """Report listed periods in none of which a span begins; the last one is as long as the one before."""
    starts: Sequence[date] = rotation.get("starts", ())
    days = each_day(starts[0], starts[-1] + (starts[-1] - starts[-2])) if starts else []
    if days and not any(begins_on(_spans(rotation), day) for day in days):
        message = f"has no span that begins from {days[0]} to {days[-1]}, in the periods of `starts`"
        spot.at("serves").error(message, "change it, or correct `starts`", code="never-served")


def _spans(rotation: Section) -> tuple[Span, ...]:
    return spans_of(rotation["serves"]) if "serves" in rotation else ALWAYS


# Handovers inside spans


def _check_spans(spot: Spot, rotation: Section, handover: HandoverText) -> None:
    """Report the first span in the middle of which the rotation hands over."""
    serves: Sequence[Item[SpanText]] = rotation.get("serves", ())
    if all(span.start is None for span in _spans(rotation)):
        return
    for item in serves:
        cut = next((span for span in item.value.spans if _cuts(handover, (span,), rotation)), None)
        if cut is None:
            continue
        instead = _that_works(handover, cut, rotation)
        if "handover" in rotation:
            hint = spot.at("handover").instead(f'"{instead}"') if instead else None
            message = f"is `{handover}`, which is inside the span `{item.value.text}`"
            spot.at("handover").error(message, hint or _SPLIT, code="handover-inside-span")
        else:
            hint = f'add `handover = "{instead}"`' if instead else None
            message = f"has `{item.value.text}`, but the rota's handover, `{handover}`, is inside it"
            item.spot.error(message, hint or _SPLIT, code="handover-inside-span")
        return


_SPLIT = "end the span at the handover, and begin another one there"


def _that_works(handover: HandoverText, cut: Span, rotation: Section) -> HandoverText | None:
    """The handover nearest to one that cuts a span in two, but cuts none: at another hour, or where this span ends."""
    spans = _spans(rotation)
    asked = handover.handover.time
    hours = {hour for span in spans for hour in (span.start, span.end) if hour is not None}
    nearest = sorted(hours, key=lambda hour: (abs(_minutes(hour) - _minutes(asked)), hour))
    others = [handover._replace(handover=handover.handover._replace(time=hour)) for hour in nearest]
    if handover.form in ("weekday", "day", "nth weekday") and cut.end is not None:
        where = Handover((min(cut.weekdays) + cut.nights) % 7, cut.end)
        weekly = handover.form == "weekday"
        others.append(HandoverText("weekday", where) if weekly else HandoverText("nth weekday", where._replace(nth=1)))
    return next((other for other in others if not _cuts(other, spans, rotation)), None)


def _cuts(handover: HandoverText, spans: Iterable[Span], rotation: Section) -> bool:
    """Whether a handover is in the middle of one of some spans on some day on which the rotation may hand over."""
    timed = [span for span in spans if span.start is not None]
    days = list(_days(handover, rotation))
    if not any(span.nth for span in timed):
        days = list({day.weekday(): day for day in days}.values())
    return any(_is_inside(span, day, handover.handover.time) for span in timed for day in days)


def _days(handover: HandoverText, rotation: Section) -> Iterator[date]:
    """Days on which a rotation may hand over: enough of them to meet every span that it ever meets."""
    if "starts" in rotation:
        yield from rotation["starts"]
        return
    spans = _spans(rotation)
    by_month = handover.form in FITTING["months"] and any(span.nth for span in spans)
    for day in each_day(*(_A_CYCLE if by_month else _TWO_YEARS)):
        if begins_on(spans, day) if handover.form == "time" else _is_on(handover, day):
            yield day


def _is_on(handover: HandoverText, day: date) -> bool:
    """Whether a handover in weeks or months may be on a day."""
    said = handover.handover
    if said.workday:
        return day.weekday() < 5 and (handover.form == "workday" or day.day <= 7)
    if said.weekday is None:
        return day.day == said.day or (said.day == -1 and (day + DAY).day == 1)
    return span_begins(Span(frozenset({said.weekday}), frozenset({said.nth} if said.nth else ())), day)


def _is_inside(span: Span, day: date, at: time) -> bool:
    """Whether a time on a day is later than the start and earlier than the end of a span that begins then or before."""
    if span.start is None or span.end is None:
        return False
    moment = datetime.combine(day, at)
    for nights in range(span.nights + 1):
        first = day - DAY * nights
        start, end = datetime.combine(first, span.start), datetime.combine(first + DAY * span.nights, span.end)
        if start < moment < end and span_begins(span, first):
            return True
    return False


def _minutes(at: time) -> int:
    return 60 * at.hour + at.minute
