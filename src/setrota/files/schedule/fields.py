"""The keys and values of a schedule: what each can be, and the problems with values that make no sense.

Knows the fixed keys of the file's tables and the spelling of handles, but no periods and rotations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from setrota.files.toml import KeyPath
from setrota.files.toml.documents import Document, dotted
from setrota.problems import Place, Problem, ProblemList, did_you_mean, listed_quotes, nearest
from setrota.roster import HANDLE, Roster

MOST_WEEKS = 520
MOST_DUTIES = 1_000_000
MOST_UNFAIR = 1_000_000_000_000
"""Far more than any real plan has, so a larger number is a mistake."""

REPLAN = "replan"
"""The value of `by` in a change that `setrota replan` made."""


PRIVATE = ("changes",)
"""The keys in whose values messages quote nothing: the reason of a change may stand anywhere in it."""

NOT_REASONS = ("comment", "end", "note", "start", "why")
"""Words that people write for keys of changes. Messages name them, but no other unknown key, which may be a reason."""


class ValueType(NamedTuple):
    """A type of value in the file: how to recognize it, and what messages call it."""

    fits: Callable[[Any], bool]
    wanted: str


def plausible(day: date) -> bool:
    """Whether a day's year makes sense."""
    return 1900 <= day.year < 3000


_NAME = re.compile("[a-z]{1,20}(-[a-z]{1,20}){0,5}")
"""What names of rules look like; `log` shows them, so no sentence may stand there, such as a change's reason."""

TEXT = ValueType(lambda value: isinstance(value, str), "text in quotes")
PERSON = ValueType(TEXT.fits, 'a handle in quotes, or `""` for nobody')
DATE = ValueType(lambda value: type(value) is date and plausible(value), "a date such as `2027-02-08`, without quotes")
MOMENT = ValueType(
    lambda value: isinstance(value, datetime) and value.tzinfo is not None and plausible(value),
    "a date, time and offset: `2027-02-10T11:40:00-05:00`",
)
POINT = ValueType(
    lambda value: DATE.fits(value) or MOMENT.fits(value),
    "a date such as `2027-02-08`, or one with time and offset",
)
COUNT = ValueType(lambda value: type(value) is int and 1 <= value <= 1_000_000, "a whole number from 1 to 1000000")
WEEKS = ValueType(lambda value: COUNT.fits(value) and value <= MOST_WEEKS, f"a whole number from 1 to {MOST_WEEKS}")
SHARE = ValueType(lambda value: type(value) in (int, float) and 0 <= value <= 1, "a number from 0 to 1")
LOOK_AHEAD = ValueType(
    lambda value: type(value) is int and 0 <= value <= MOST_WEEKS, f"a whole number from 0 to {MOST_WEEKS}"
)
FIGURE = ValueType(
    lambda value: type(value) in (int, float) and 0 <= value <= MOST_UNFAIR, f"a number from 0 to {MOST_UNFAIR}"
)
BALANCE = ValueType(
    lambda value: type(value) in (int, float) and -MOST_DUTIES <= value <= MOST_DUTIES,
    f"a number of duties, such as `-0.5`, from {-MOST_DUTIES} to {MOST_DUTIES}",
)
FLAG = ValueType(lambda value: type(value) is bool, "`true` or `false`")
RULES = ValueType(
    lambda value: isinstance(value, list) and all(isinstance(rule, str) and _NAME.fullmatch(rule) for rule in value),
    'a list of rules, such as `["rest"]`',
)
MAKER = ValueType(lambda value: value == REPLAN, f'`"{REPLAN}"`; a change that people make has no `by`')
TABLE = ValueType(lambda value: isinstance(value, dict), "a table, `{ … = … }`")
LIST = ValueType(lambda value: isinstance(value, list), "a list, `[ … ]`")
NUMBERS = (COUNT, WEEKS, SHARE, LOOK_AHEAD, FIGURE, BALANCE)

CHANGE = {
    "at": MOMENT, "seat": TEXT, "was": PERSON, "now": PERSON, "from": POINT, "to": POINT, "reason": TEXT,
    "forced": RULES, "by": MAKER,
}  # fmt: skip
CHANGE_REQUIRED = ("at", "seat", "was", "now")
PLANNED = {"at": MOMENT, "revision": COUNT, "seal": TEXT}
BLOCK = {"end": POINT, "planned": TABLE, "changes": LIST, "first-planned": DATE, "open": FLAG}
ENTRY = {"from": POINT, "weeks": TABLE, "not-ready": TABLE}
PLAN = {
    "at": MOMENT, "from": DATE, "to": DATE, "look-ahead": LOOK_AHEAD, "unfairness": FIGURE, "fairest": FIGURE,
    "bound": FIGURE, "again": FLAG, "filled": TABLE, "settled": TABLE, "repay": FIGURE, "assumed": TABLE,
}  # fmt: skip
PLAN_REQUIRED = ("at", "from", "to", "look-ahead", "unfairness")


def is_private(path: KeyPath) -> bool:
    """Whether messages quote nothing of what a key path leads to."""
    return any(part in PRIVATE for part in path[2:])


class Fields:
    """Checks the fields of a schedule's file and collects the problems."""

    def __init__(self, document: Document, roster: Roster) -> None:
        self.document, self.roster = document, roster
        self.spelled = {handle.lower(): handle for handle in [*roster.people, *roster.renamed]}
        self.problems = ProblemList(lambda problem: (problem.where or Place(document.file),))

    def wrong(self, path: KeyPath, message: str, hint: str | None = None, *, code: str) -> None:
        self.problems.add(Problem(message, self.document.place(path), hint, code=code))

    def fits(self, path: KeyPath, value: Any, kind: ValueType, hint: str | None = None) -> bool:
        """Whether a value is of a type; reports it if not."""
        if not kind.fits(value):
            is_number = kind in NUMBERS and type(value) in (int, float)
            message = f"`{dotted(path)}` should be {kind.wanted}"
            self.wrong(path, message, hint, code="out-of-range" if is_number else "wrong-type")
            return False
        return True

    def of(self, path: KeyPath, value: Any, known: Mapping[str, ValueType], required: Iterable[str]) -> dict[str, Any]:
        """The values of a table with fixed keys; empty, with problems reported, if one is unknown, wrong or missing."""
        if not self.fits(path, value, TABLE):
            return {}
        before = len(self.problems)
        for key, item in value.items():
            if key not in known:
                self.unknown((*path, key), known)
            elif self.fits((*path, key), item, known[key]) and known[key] is PERSON:
                self.handle((*path, key), item)
        for key in required:
            if key not in value:
                self.wrong(path, f"`{dotted((*path, key))}` is missing", code="missing-key")
        return value if len(self.problems) == before else {}

    def unknown(self, path: KeyPath, known: Iterable[str]) -> None:
        """Report a key that isn't known; in a change, where it may be a reason, without its name."""
        key, all_known = str(path[-1]), f"known keys: {listed_quotes(known)}"
        if is_private(path) and not (key in NOT_REASONS or nearest(key, known, likeness=0.75)):
            self.wrong(path, f"`{dotted(path[:-1])}` has a key that is not known", all_known, code="unknown-key")
        else:
            hint = did_you_mean(key, known) or all_known
            self.wrong(path, f"`{dotted(path)}` is not a known key", hint, code="unknown-key")

    def handle(self, path: KeyPath, handle: str) -> None:
        """Report a text that isn't a handle, or a handle that the roster spells differently."""
        spelled = self.spelled.get(handle.lower(), handle)
        if handle and not re.fullmatch(HANDLE, handle):
            hint = did_you_mean(handle, self.roster.people) or "a handle has letters, digits, `.`, `_` and `-` only"
            # It may be a reason.
            text = "a text that" if is_private(path) or " " in handle else f"`{handle}`, which"
            self.wrong(path, f"`{dotted(path)}` has {text} is not a handle", hint, code="not-a-handle")
        elif spelled != handle and handle not in {**self.roster.people, **self.roster.renamed}:
            message = f"`{dotted(path)}` has `{handle}`, but the roster spells it `{spelled}`"
            self.wrong(path, message, f"write `{spelled}`", code="two-spellings")
