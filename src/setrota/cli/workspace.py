"""What a command works on: the roster, the schedule and the clock.

Turns what users type (PERSON, TEAM, DATE) into handles, teams and days.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from setrota import terminal
from setrota.cli.environment import clock, file_of_environment, schedule_path
from setrota.cli.invocation import Invocation, invocation_of
from setrota.cli.nearby import ROSTER, found_above, is_above, nearest_roster
from setrota.cli.overruns import bounded, lift
from setrota.cli.typed import typed_command
from setrota.dates.grid import earliest_handover
from setrota.dates.periods import DAY, Period, handover_on, instant, latest_day_of_duty
from setrota.dates.quarters import Quarter, parse_quarter
from setrota.dates.text import When, check_range, parse_date, parse_when
from setrota.files.roster import RosterFile, read_roster
from setrota.files.roster.places import Places
from setrota.files.saving import OUTPUT_LIMIT, FileChange, read_bytes, save
from setrota.files.schedule import FORMAT, LIMIT_BYTES, format_of, parse_schedule, schedule_text
from setrota.files.toml.places import line_of
from setrota.problems import Place, Problem, Refused, did_you_mean, listed_quotes
from setrota.roster import Pin, Roster
from setrota.schedule import Schedule

if TYPE_CHECKING:
    from setrota.files.undo.recording import Reversal, SaveHistory

DAYS_SAID = 3
"""The first format of schedules in whose rotations all days count."""


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A roster with the places of its keys, its schedule, the time, and this run of `setrota`.

    `content` is the schedule's file as bytes; None if there is no file.
    """

    roster_path: Path
    roster: Roster
    places: Places
    schedule_path: Path
    content: bytes | None
    schedule: Schedule
    now: datetime
    invocation: Invocation

    @property
    def today(self) -> date:
        """The date in the rota's zone."""
        return self.now.date()

    @property
    def day(self) -> date:
        """The date whose crew is on duty: until the handover's time that is yesterday.

        Where rotations differ it is the latest date, so that every period that has begun counts as begun.
        """
        return latest_day_of_duty(self.roster, self.now)

    def place_of(self, period: Period) -> Place:
        """The line of the schedule's file where a period starts."""
        text = (self.content or b"").decode("utf-8-sig")
        return Place(str(self.schedule_path), line_of(text, (period.rotation, f"{period.start}")))

    def place_of_pin(self, pin: Pin) -> Place | None:
        """Where a pin stands in the roster's files."""
        return self.places.of(("pins", self.roster.pins.index(pin)))

    def save(self, schedule: Schedule) -> None:
        """Write the schedule, and say so if its format is new. Raises Refused if the file has changed since it was
        read."""
        text = schedule_text(schedule, self.roster)
        self.write([FileChange(self.schedule_path, self.content, text.encode())])
        if self.content is not None and format_of(self.content, str(self.schedule_path)) != FORMAT:
            message = f"{self.schedule_path} is now in format {FORMAT}, which older versions of setrota can't read"
            renewed = Problem(message, severity="note", code="format-renewed")
            terminal.report_problems([renewed, *self.days_not_said()])

    def write(self, changes: Sequence[FileChange]) -> list[Path]:
        """Save files of the roster, or the schedule, as one step that can be undone, and return their paths.

        Every command that changes them does it here. Raises Refused if one has changed since it was read.
        """
        if not changes:
            return []
        with self._saving(changes):
            notes = self.history.save(changes, typed_command(), self.now)
        terminal.report_problems(notes)
        return [change.path for change in changes]

    def reverse(self, reversal: Reversal) -> None:
        """Undo or redo what a command saved. Raises Refused if a file has changed since it was read."""
        with self._saving(reversal.changes):
            self.history.carry_out(reversal)

    @contextmanager
    def _saving(self, changes: Sequence[FileChange]) -> Iterator[None]:
        """Take the time that saving needs, and note that it was done, even if Ctrl-C ends the command then."""
        lift()
        try:
            yield
        except KeyboardInterrupt:  # which waits until a save that has begun is done
            if all(read_bytes(change.path, OUTPUT_LIMIT) == change.after for change in changes):
                self.invocation.saved = changes[-1].path
            raise
        self.invocation.saved = changes[-1].path

    @property
    def history(self) -> SaveHistory:
        """What was saved before, and can be undone."""
        from setrota.files.undo.folder import JournalFolder
        from setrota.files.undo.recording import SaveHistory

        parts = dict.fromkeys(Path(each.file) for each in self.places.documents)
        return SaveHistory(JournalFolder(self.roster_path), (*parts, self.schedule_path))

    def days_not_said(self) -> list[Problem]:
        """A note for each rotation of an older schedule that doesn't say when it is served.

        Until format 3 only days from Monday to Friday counted; since then all days do, unless the roster says
        otherwise.
        """
        if self.content is None or format_of(self.content, str(self.schedule_path)) >= DAYS_SAID:
            return []
        return [
            Problem(
                f"`{name}` is served on all days now; until this version only Monday to Friday counted",
                self.places.of(("rotations", name)),
                f'write `serves = "Mon-Fri"` under `[rotations.{name}]` to keep that, or `serves = "Mon-Sun"` for all '
                "days",
                severity="note",
                code="serves-not-said",
            )
            for name in self.roster.rotations
            if any(crew.period.rotation == name for crew in self.schedule.crews)
            and self.places.of(("rotations", name, "serves")) is None
        ]

    def day_meant(self, text: str | None) -> date | None:
        """Read a DATE; raises Refused."""
        return None if text is None else parse_date(text, self.roster.handover, self.today)

    def when(self, text: str | None) -> When | None:
        """Read a DATE or an instant; raises Refused."""
        return None if text is None else parse_when(text, self.roster, self.now)

    def date_of(self, moment: datetime) -> str | None:
        """The DATE of a moment, as users would type it; None if that day is over."""
        if moment.date() < self.today:
            return None
        return "today" if moment.date() == self.today else str(moment.date())

    def moment(self, text: str | None) -> datetime:
        """Read `--at`: an instant, or a DATE, which means that day's last handover; None and `today` mean now."""
        if text is None:
            return self.now
        when = parse_when(text, self.roster, self.now)
        if when.moment or when.running:
            return when.moment or self.now
        handovers = (handover_on(self.roster, rotation, when.day) for rotation in self.roster.rotations)
        return max(handovers, key=instant).astimezone(self.roster.zone)

    def span(self, first: str | None, to: str | None, quarter: str | None) -> tuple[date, date]:
        """The days [start, end) for `--from`, `--to` and `--quarter`; without them, the whole schedule.

        `--from` means the period that includes that date, in every rotation; a quarter starts with its first handover.
        """
        crews = self.schedule.crews
        start = crews[0].period.start if crews else self.today
        end = max([crew.period.end for crew in crews], default=self.today + DAY)
        if (chosen := self.quarter(quarter)) is not None:
            if first or to:
                message = "`--quarter` can't be combined with `--from` or `--to`"
                raise Refused(Problem(message, hint="leave one or the other out", code="conflicting-options"))
            return earliest_handover(self.roster, chosen.start), chosen.end
        begin, last = self._first_and_last(first, to)
        start = start if begin is None else min(begin, earliest_handover(self.roster, begin - 6 * DAY))
        return start, last + DAY if last else end

    def days(self, first: str | None, to: str | None) -> tuple[date, date]:
        """The days [start, end) for `--from` and `--to`, to the day; without them, all days."""
        begin, last = self._first_and_last(first, to)
        return begin or date.min, last + DAY if last else date.max

    def _first_and_last(self, first: str | None, to: str | None) -> tuple[date | None, date | None]:
        start, end = self.when(first), self.when(to)
        begin, last = start and start.earliest(self.roster), end and end.day
        if begin and last:
            check_range(begin, last)
        return begin, last

    def quarter(self, text: str | None) -> Quarter | None:
        return None if text is None else parse_quarter(text, self.roster.quarters_start)

    def person(self, text: str | None) -> str | None:
        """The handle of a PERSON, given as a handle, a former handle or a full name, in upper or lower case.

        Raises Refused if nobody is called that, or several people are.
        """
        if text is None:
            return None
        crews = self.schedule.crews
        served = {person for crew in crews for person in (*crew.people, *crew.seats.values()) if person is not None}
        handles = {former.lower(): handle for former, handle in self.roster.renamed.items()}
        handles |= {handle.lower(): handle for handle in [*sorted(served), *self.roster.people]}
        named = [each.handle for each in self.roster.people.values() if each.name.lower() == text.strip().lower()]
        if text.strip().lower() in handles:
            return handles[text.strip().lower()]
        if len(named) == 1:
            return named[0]
        if named:
            message = f"{len(named)} people are called `{text}`"
            raise Refused(Problem(message, hint=f"use a handle: {listed_quotes(named, 'or')}", code="ambiguous-name"))
        names = [person.name for person in self.roster.people.values()]
        hint = did_you_mean(text, [*names, *handles.values()])
        raise Refused(Problem(f"nobody is called `{text}`", hint=hint, code="unknown-person"))

    def team(self, text: str | None) -> str | None:
        return None if text is None else _known(text, self.roster.teams, "team")

    def rotation(self, text: str | None) -> str | None:
        return None if text is None else _known(text, self.roster.rotations, "rotation")


def _known(text: str, known: Iterable[str], noun: str) -> str:
    words = {word.lower(): word for word in known}
    if text.strip().lower() not in words:
        hint = did_you_mean(text, words.values()) or f"the {noun}s are {listed_quotes(words.values())}"
        message = f"there is no {noun} `{text}`"
        raise Refused(Problem(message, hint=hint, code="unknown-team" if noun == "team" else "unknown-rotation"))
    return words[text.strip().lower()]


def named_roster(ctx: typer.Context) -> Path | None:
    """The roster's path, if the option or the environment names it."""
    return invocation_of(ctx).files.get("roster") or file_of_environment("SETROTA_ROSTER")


def new_roster_path(ctx: typer.Context) -> Path:
    """Where a new roster goes: to the path that is named, or into the current folder."""
    return named_roster(ctx) or Path(ROSTER)


def roster_path(ctx: typer.Context) -> Path:
    """The roster's path: the one that is named, or the nearest one. Raises Refused if that is another user's."""
    return named_roster(ctx) or nearest_roster()


def open_workspace(ctx: typer.Context) -> Workspace:
    """Read the roster and the schedule, and report warnings about the roster."""
    this, path = invocation_of(ctx), roster_path(ctx)
    if named_roster(ctx) is None and is_above(path) and path not in this.in_use:  # or it was read, and named, before
        terminal.report_problems([found_above(path)])
    with bounded():
        read = read_roster(path)
    terminal.report_problems(read.warnings)
    if read.roster.header is not None:
        _check_placeholders(read)
    where = schedule_path(read, path, this.files.get("schedule"))
    this.in_use |= {where, *(Path(each.file) for each in read.places.documents)}
    content = read_bytes(where, LIMIT_BYTES)
    with bounded():
        held = parse_schedule(content, str(where), read.roster)
    return Workspace(
        roster_path=path,
        roster=read.roster,
        places=read.places,
        schedule_path=where,
        content=content,
        schedule=held,
        now=clock(read.roster),
        invocation=this,
    )


def _check_placeholders(read: RosterFile) -> None:
    """Refuse a `[channel] header` with unknown placeholders."""
    from setrota.export.channel.header import header_problems

    if wrong := header_problems(read.roster.header or "", read.roster):
        raise Refused([replace(each, where=read.places.of(("channel", "header"))) for each in wrong])


def check_calendars(work: Workspace) -> None:
    """Refuse unknown calendars of public holidays, for commands that need to know which periods have holidays."""
    from setrota.dates.holidays import calendars_unknown
    from setrota.files.toml.documents import dotted

    problems = []
    for calendar, person, hint in calendars_unknown(work.roster):
        key = ("people", person, "holidays") if person else ("holidays", "calendar")
        message = f"`{dotted(key)}`: there is no holiday calendar `{calendar}`"
        problems.append(Problem(message, work.places.of(key), hint, code="unknown-holidays"))
    if problems:
        raise Refused(problems)


def read_given(path: Path, limit: int, hint: str | None = None) -> bytes:
    """The content of a file that a user named. Raises Refused if there is no such file."""
    content = read_bytes(path, limit)
    if content is None:
        hint = hint or "check the name, and the folder you are in"
        raise Refused(Problem("there is no such file", Place(str(path)), hint, code="no-such-file"))
    return content


def is_folder(output: str) -> bool:
    """Whether `--output` names a folder. Raises Refused if it is empty."""
    if not output.strip():
        hint = "name a file or a folder (`rota/`), or write `-` for standard output"
        raise Refused(Problem("`--output` is empty", hint=hint, code="empty-output"))
    return output != "-" and (output.endswith(("/", os.sep)) or Path(output).is_dir())


def write_output(text: str, output: str, this: Invocation) -> None:
    """Write to the file that `--output` names, replacing it, or to stdout for `-`; always as UTF-8.

    Raises Refused if the file is, or may be, a roster or a schedule.
    """
    if output == "-":
        terminal.write(text)
    else:
        # A name that isn't UTF-8 has surrogates.
        write_file(text.encode(errors="backslashreplace"), output, this)


def write_file(content: bytes, output: str, this: Invocation) -> None:
    """Write to the file that `--output` names, replacing it. Raises Refused if it is, or may be, a roster or a
    schedule."""
    path = Path(output)
    if is_folder(output):
        message = "`--output` is a folder, but this command writes one file"
        raise Refused(Problem(message, Place(output), "name a file in the folder", code="output-is-folder"))
    if path.exists() and not path.is_file():
        hint = "write `-` for standard output"
        raise Refused(Problem("is not an ordinary file", Place(output), hint, code="not-a-file"))
    if os.path.realpath(path).lower().endswith(".toml"):
        message = "a file that ends in `.toml` may be a roster or a schedule, so it isn't replaced"
        raise Refused(Problem(message, Place(output), "choose another ending", code="output-is-toml"))
    if any(_is_same_file(path, each) for each in (*this.in_use, *this.files.values(), *_files_of_environment())):
        message = "this is the roster or the schedule in use, so it isn't replaced"
        raise Refused(Problem(message, Place(output), "choose another name", code="output-in-use"))
    save(path, content, read_bytes(path, OUTPUT_LIMIT))
    terminal.say(f"wrote {path}")


def _files_of_environment() -> Iterator[Path]:
    for name in ("SETROTA_ROSTER", "SETROTA_SCHEDULE"):
        if given := file_of_environment(name):
            yield given


def _is_same_file(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return os.path.realpath(one) == os.path.realpath(other)
