"""What `setrota undo` and `setrota redo` say: what becomes of duties, leave and pins, and what was published before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from setrota.dates.text import days_text
from setrota.files.undo.journal import Journal, Publication, SavedStep
from setrota.files.undo.recording import Reversal
from setrota.problems import Place, Problem, listed, printable
from setrota.reports.diff import DiffReport, diff_document, diff_summary
from setrota.reports.leave import leave_change_entry
from setrota.reports.tables import drawn, table
from setrota.reports.wording import moment_stamp
from setrota.roster import Roster
from setrota.schedule import Schedule
from setrota.schedule.diff import compare

if TYPE_CHECKING:
    from setrota.reports.documents import CommandEntry, UndoDocument, UndoListDocument

AS_IT_IS = "the schedule as it is"


@dataclass(frozen=True)
class ShownReversal:
    """A step that is undone or redone, and the roster and the schedule before and after that."""

    reversal: Reversal
    roster: Roster
    roster_after: Roster
    schedule: Schedule
    schedule_after: Schedule
    today: date

    @property
    def step(self) -> SavedStep:
        return self.reversal.step

    @property
    def diff(self) -> DiffReport:
        return DiffReport(self.roster_after, compare(self.schedule, self.schedule_after), AS_IT_IS, self.today)

    @property
    def outdated(self) -> list[Publication]:
        """What was published, and doesn't show what is saved now."""
        journal = self.reversal.journal
        return journal.not_showing(self.step) if self.reversal.again else journal.showing(self.step)


def text(shown: ShownReversal) -> str:
    """The command, and what becomes of the duties, in the words of `diff`, and of leave and pins."""
    verb = "Redo" if shown.reversal.again else "Undo"
    at = moment_stamp(shown.step.at.astimezone(shown.roster.zone))
    parts = [f"{verb} `{shown.step.command}` of {at}:\n"]
    lines = [*_leave_lines(shown), *_pin_lines(shown)]
    if lines:
        parts.append("".join(f"{line}\n" for line in lines))
    if shown.schedule != shown.schedule_after or not lines:
        parts.append(diff_summary(shown.diff))
    return "\n".join(parts)


def _leave(roster: Roster) -> set[tuple[str, date, date]]:
    return {(handle, each.start, each.end) for handle, person in roster.people.items() for each in person.leave}


def _leave_changes(shown: ShownReversal) -> list[tuple[str, date, date, bool]]:
    """Leave that goes or, if True, comes."""
    before, after = _leave(shown.roster), _leave(shown.roster_after)
    return sorted((*each, each in after) for each in before ^ after)


def _leave_lines(shown: ShownReversal) -> list[str]:
    return [
        f"{person} is {'away' if comes else 'no longer away'} {days_text(start, end)}"
        for person, start, end, comes in _leave_changes(shown)
    ]


def _pin_lines(shown: ShownReversal) -> list[str]:
    before, after = shown.roster.pins, shown.roster_after.pins
    gone = [f"{each.person} is no longer pinned to `{each.seat}` on {each.day}" for each in before if each not in after]
    return gone + [f"{each.person} is pinned to `{each.seat}` on {each.day}" for each in after if each not in before]


def question(shown: ShownReversal) -> str:
    return f"{'Redo' if shown.reversal.again else 'Undo'} `{shown.step.command}`?"


def done(shown: ShownReversal) -> str:
    """`undone: `setrota plan`; saved schedule.toml`."""
    gone = [f"{each.path}" for each in shown.reversal.changes if each.after is None]
    saved = [f"{each.path}" for each in shown.reversal.changes if each.after is not None]
    what = [f"saved {listed(saved)}"] * bool(saved) + [f"removed {listed(gone)}"] * bool(gone)
    return f"{'redone' if shown.reversal.again else 'undone'}: `{shown.step.command}`; {' and '.join(what)}"


def still_published(shown: ShownReversal) -> list[Problem]:
    """A warning for each target that shows another state afterwards."""
    return [
        Problem(
            _published(each, shown),
            hint=f"`{each.command}` brings it up to date afterwards",
            severity="warning",
            code="published-since",
        )
        for each in shown.outdated
    ]


def _published(each: Publication, shown: ShownReversal) -> str:
    at = moment_stamp(each.at.astimezone(shown.roster.zone))
    if shown.reversal.again:
        return f"`{each.command}` published on {at}, while this was undone, and doesn't show it"
    return f"`{each.command}` published this on {at}, and still shows it"


def unreadable_then(reversal: Reversal) -> Problem:
    """The problem that what is brought back doesn't fit the files that were edited since."""
    message = f"`{reversal.step.command}` can't be {'redone' if reversal.again else 'undone'}: what it would bring back"
    return Problem(
        f"{message} has the errors below, since other files have changed",
        Place(str(reversal.changes[0].path)),
        "take the edits of the other files back first",
        code="unreadable-then",
    )


def list_text(journal: Journal, now: datetime) -> str:
    """The commands, the newest first, and which of them are undone."""
    if not journal.steps:
        return "No saving command is remembered here.\n"
    rows = table("when", "command", "files", "")
    for number, step in reversed([*enumerate(journal.steps)]):
        names = listed(printable(file.name) for file in step.files)
        state = "done" if number < journal.done else "undone"
        rows.add_row(moment_stamp(step.at.astimezone(now.tzinfo)), step.command, names, state)
    return drawn(rows)


def list_document(journal: Journal) -> UndoListDocument:
    """All commands that are remembered, the newest last."""
    return {"commands": [_command(step, number < journal.done) for number, step in enumerate(journal.steps)]}


def _command(step: SavedStep, is_done: bool) -> CommandEntry:
    return {
        "typed": step.command,
        "at": step.at.isoformat(),
        "state": "done" if is_done else "undone",
        "files": [file.name for file in step.files],
    }


def document(shown: ShownReversal, *, saved: bool) -> UndoDocument:
    """The command, what becomes of everything, and what was published before."""
    is_done = saved if shown.reversal.again else not saved
    return {
        "saved": saved,
        "files": [f"{each.path}" for each in shown.reversal.changes] if saved else [],
        "step": _command(shown.step, is_done),
        "leave_changes": [
            leave_change_entry(person, start, end, "new" if comes else "gone")
            for person, start, end, comes in _leave_changes(shown)
        ],
        "schedule": diff_document(shown.diff),
        "outdated": [{"command": each.command, "at": each.at.isoformat()} for each in shown.outdated],
    }
