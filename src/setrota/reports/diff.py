"""What `setrota diff` says: a table, Markdown for a review, one person's own list, and JSON.

Puts differences into words; `setrota.schedule.diff` finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from setrota.dates.cuts import day_of
from setrota.dates.periods import Period
from setrota.dates.text import days_text, last_text
from setrota.problems import counted, listed
from setrota.reports.duties import entries, place
from setrota.reports.tables import drawn, table
from setrota.reports.wording import NOBODY, inert, name_of, plain, seat_text, weekday_stamp
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, is_idle
from setrota.schedule.diff import Alteration, Difference, PersonDiff, ScheduleDiff, kept, person_diffs
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import DiffChangeEntry, DiffDocument, PersonDiffEntry

NOT_PLANNED = "not planned"
CLOSED = "closed"

NO_TIME = timedelta()


class DiffReport(NamedTuple):
    """A diff to report: against what (`HEAD`, or a file), on which day, and for whom, if for one person."""

    roster: Roster
    diff: ScheduleDiff
    against: str
    today: date
    person: str | None = None

    def person_diffs(self, differences: Iterable[Difference]) -> list[PersonDiff]:
        """What people lose and gain through these differences."""
        return [each for each in person_diffs(differences) if self.person in (None, each.person)]


def diff_text(report: DiffReport, everything: bool) -> str:
    """The headline, a table of days, and what happens to each person.

    Periods that only one schedule has are counted; with `everything` their duties are listed too.
    """
    rows = report.diff.differences if everything else report.diff.changed
    hidden = not everything and bool(report.diff.planned or report.diff.dropped)
    return _told(report, rows, _headline(report) + (" `--all` lists their duties." if hidden else ""))


def diff_summary(report: DiffReport) -> str:
    """The same without the duties of periods that only one schedule has."""
    return _told(report, report.diff.changed, _headline(report))


def _told(report: DiffReport, rows: Sequence[Difference], headline: str) -> str:
    parts = [folded(headline, "") + "\n"]
    if rows:
        parts.append(difference_table(report, rows))
    people = _alterations(report)
    width = max((len(person) for person, _ in people), default=0)
    lines = [
        folded(f"{'' if number else person:<{width}}  {_alteration_text(report, each)}", " " * (width + 4)) + "\n"
        for person, found in people
        for number, each in enumerate(found)
    ]
    if lines:
        parts.append("".join(lines))
    return "\n".join(parts)


def difference_table(report: DiffReport, rows: Sequence[Difference]) -> str:
    """A row for each difference."""
    drawing = table("from", "to", "seat", "was", "now", "notice")
    for each in rows:
        drawing.add_row(*_cells(report, each, lambda who: who or "NOBODY"))
    return drawn(drawing)


def _headline(report: DiffReport) -> str:
    """How much differs, in a sentence or two."""
    found = report.diff
    if not found.differences:
        return f"No differences: everyone has the same duties as in {plain(report.against)}."
    sentences = []
    if found.changed:
        differ = f"{counted(len(found.changed), 'duty differs', 'duties differ')} from {plain(report.against)}"
        sentences.append(f"{differ}: {listed(_balance(report, found.changed))}.")
    if found.planned:
        sentences.append(f"{_periods(report, found.planned)} newly planned{_span(found.planned)}.")
    if found.dropped:
        sentences.append(f"{_periods(report, found.dropped)} no longer planned{_span(found.dropped)}.")
    return " ".join(sentences)


def _balance(report: DiffReport, changed: Iterable[Difference]) -> list[str]:
    """`2 people gain days`, `1 person loses days`, `1 seat is emptied`: those that apply."""
    found = list(changed)
    times = [person_diff.time for person_diff in report.person_diffs(found)]
    filled = (each.was is None and each.now is not None and each.planned_before for each in found)
    parts = [
        (sum(each > NO_TIME for each in times), "person gains days", "people gain days"),
        (sum(each < NO_TIME for each in times), "person loses days", "people lose days"),
        (times.count(NO_TIME), "person changes days or seats", "people change days or seats"),
        (sum(each.now is None and each.was is not None for each in found), "seat is emptied", "seats are emptied"),
        (sum(filled), "empty seat is filled", "empty seats are filled"),
    ]
    return [counted(number, *words) for number, *words in parts if number] or ["nobody's days change"]


def _periods(report: DiffReport, periods: Sequence[Period]) -> str:
    within = [each for each in report.diff.differences if any(map(each.within, periods))]
    empty = sum(each.was is None and each.now is None for each in within)
    seats = f" with {counted(empty, 'empty seat')}" if empty else ""
    return f"{counted(len(periods), 'period')}{seats} {'is' if len(periods) == 1 else 'are'}"


def _span(periods: Sequence[Period]) -> str:
    return f", {days_text(min(each.start for each in periods), max(each.end for each in periods))}"


def _notice(today: date, start: date, end: date) -> str:
    """How soon days come, counted from `today`: `in 12 days`, `today`, `running` or `past`."""
    if end <= today:
        return "past"
    days = (day_of(start) - today).days
    return f"in {counted(days, 'day')}" if days > 0 else "today" if days == 0 else "running"


def _alteration_text(report: DiffReport, each: Alteration) -> str:
    """What happens to a person, without their name: `gains primary, 2027-02-08 to 2027-02-14, in 77 days`."""
    when = _notice(report.today, each.start, each.end)
    if each.lost and each.gained:
        return f"{_moved(report.roster, each.lost, each.gained)}, {when}"
    verb, duty = ("gains", each.gained) if each.gained else ("loses", each.lost)
    assert duty is not None  # nosec B101  # for mypy: a change has a duty
    return f"{verb} {_seat(report.roster, duty)}, {days_text(duty.start, duty.end)}, {when}"


def _moved(roster: Roster, lost: Duty, gained: Duty) -> str:
    there, here = _seat(roster, lost), _seat(roster, gained)
    if lost.days == gained.days:
        return f"has {here} instead of {there}, {days_text(lost.start, lost.end)}"
    if there == here:
        return f"moves from {lost.start} to {gained.start} ({here})"
    return f"moves from {lost.start} ({there}) to {gained.start} ({here})"


def _seat(roster: Roster, duty: Duty) -> str:
    return seat_text(roster, duty.rotation, duty.seat)


def _alterations(report: DiffReport) -> list[tuple[str, list[Alteration]]]:
    """What happens to each person, by handle, in the periods that both schedules have."""
    return [(person_diff.person, person_diff.alterations()) for person_diff in report.person_diffs(report.diff.changed)]


def _cells(report: DiffReport, each: Difference, name: Callable[[str | None], str]) -> tuple[str, ...]:
    """A difference as a row: from, to, seat, was, now, notice."""
    was = name(each.was) if each.planned_before else NOT_PLANNED
    now = name(each.now) if each.planned_after else _not_planned(report.roster, each)
    seat = seat_text(report.roster, each.rotation, each.seat)
    return f"{each.start}", last_text(each.end), seat, was, now, _notice(report.today, each.start, each.end)


def _not_planned(roster: Roster, each: Difference) -> str:
    return CLOSED if is_idle(roster, Duty(each.start, each.end, each.rotation, each.seat, each.was)) else NOT_PLANNED


def diff_markdown(report: DiffReport, everything: bool) -> str:
    """The same as a comment for a review, without mentions."""
    parts = [inert(_headline(report))]
    differences = report.diff.differences if everything else report.diff.changed
    rows = [_cells(report, each, lambda who: name_of(report.roster, who)) for each in differences]
    if rows:
        heading = ["| From | To | Seat | Was | Now | Notice |", "| --- | --- | --- | --- | --- | --- |"]
        parts.append("\n".join([*heading, *(f"| {' | '.join(map(inert, row))} |" for row in rows)]))
    people = []
    for person, found in _alterations(report):
        sentence = "; ".join(_alteration_text(report, each) for each in found)
        people.append(f"- **{inert(name_of(report.roster, person))}** {inert(sentence)}")
    if people:
        parts.append("\n".join(people))
    return "\n\n".join(parts) + "\n"


def diff_document(report: DiffReport) -> DiffDocument:
    """All differences, and what each person has lost and gained; negative `notice_days` are in the past."""
    return {
        "against": report.against,
        "today": f"{report.today}",
        "changes": [difference_entry(report, each) for each in report.diff.differences],
        "person_diffs": [_person(report, person_diff) for person_diff in report.person_diffs(report.diff.differences)],
    }


def difference_entry(report: DiffReport, each: Difference) -> DiffChangeEntry:
    return {
        **place(report.roster, each),
        "was": each.was,
        "now": each.now,
        "planned_before": each.planned_before,
        "planned_after": each.planned_after,
        "notice_days": (day_of(each.start) - report.today).days,
    }


def _person(report: DiffReport, person_diff: PersonDiff) -> PersonDiffEntry:
    return {
        "person": person_diff.person,
        "name": report.roster.display_name(person_diff.person),
        "lost": entries(report.roster, person_diff.lost),
        "gained": entries(report.roster, person_diff.gained),
    }


def letter(report: DiffReport, schedule: Schedule, person: str) -> str:
    """One person's own list, in the second person, ready to send: what is gone, what is new, and what stays."""
    found = [each for each in person_diffs(report.diff.differences) if each.person == person]
    person_diff = found[0] if found else PersonDiff(person, (), ())
    stays = [duty for duty in kept(schedule, person_diff) if duty.end > report.today]
    rota = f"your duties in {plain(report.roster.name)}"
    parts = [
        f"{name_of(report.roster, person)}, {rota} have {'' if found else 'not '}changed.",
        _paragraph("You no longer have:", _with_others(report, person_diff.lost, _taker)),
        _paragraph("You now have:", _with_others(report, person_diff.gained, _former)),
        _paragraph("You still have:", (_duty_line(report, duty) for duty in stays)),
        f"Days are counted from {report.today}.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _paragraph(heading: str, lines: Iterable[str]) -> str:
    found = list(lines)
    return "\n  ".join([heading, *found]) if found else ""


def _with_others(
    report: DiffReport, duties: Iterable[Duty], other: Callable[[Roster, Difference], str]
) -> Iterator[str]:
    """Duties that a person lost or gained, and below each who has or had it."""
    for duty in duties:
        yield _duty_line(report, duty)
        for each in report.diff.differences:
            if (each.start, each.end, each.rotation, each.seat) == (duty.start, duty.end, duty.rotation, duty.seat):
                yield f"  {other(report.roster, each)}"


def _duty_line(report: DiffReport, duty: Duty) -> str:
    start, end = (weekday_stamp(report.roster, duty.rotation, day) for day in (duty.start, duty.end))
    return f"{start} to {end}, {_seat(report.roster, duty)}, {_notice(report.today, duty.start, duty.end)}"


def _taker(roster: Roster, each: Difference) -> str:
    if not each.planned_after:
        return "this is no longer planned"
    return "nobody has it now" if each.now is None else f"{name_of(roster, each.now)} has it now"


def _former(roster: Roster, each: Difference) -> str:
    if not each.planned_before:
        return "newly planned"
    return f"{NOBODY} had it before" if each.was is None else f"instead of {name_of(roster, each.was)}"
