"""`setrota explain`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated

import typer

from setrota import terminal
from setrota.cli.duties import duty_meant
from setrota.cli.invocation import invocation_of
from setrota.cli.options import FormatOption, FromOption, TimeLimitOption, ToOption
from setrota.cli.workspace import check_calendars, open_workspace, roster_path
from setrota.dates.text import date_like, is_date
from setrota.files.roster import read_roster
from setrota.problems import Problem, Refused, command_line, listed_quotes
from setrota.reports.codes import kind_called, kind_document, kind_like, kind_text
from setrota.terminal.progress import with_progress


def explain(
    ctx: typer.Context,
    word: Annotated[
        str | None,
        typer.Argument(
            metavar="DATE|WORD", help="Any day of the period. Alone: a code, such as `rest` or `unknown-key`."
        ),
    ] = None,
    seat: Annotated[
        str | None,
        typer.Argument(
            metavar="SEAT", help="A seat: `primary`, `engineer-2`, or with its rotation, `engineer/primary`."
        ),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            "--person", metavar="PERSON", help="Why this person, or why not. Alone: why each of their duties."
        ),
    ] = None,
    first: FromOption = None,
    to: ToOption = None,
    time_limit: TimeLimitOption = 60.0,
    form: FormatOption = "table",
) -> None:
    """Explain a duty, all duties of a person, or a code such as `rest`.

    A DATE and a SEAT ask why this person has the seat, or why nobody has it; with `--person`, why not that person.
    A code is the word in brackets at the end of a message.

    Examples:
      setrota explain 2027-01-11 primary --person bo
      setrota explain --person hugo
      setrota explain max-per-team
    """
    if word is not None and not is_date(word) and (seat is None or kind_called(word)):
        options = {"--person": person, "--from": first, "--to": to}
        _explain_word(ctx, word, seat, [option for option, value in options.items() if value is not None], form)
        return
    if (word is None) != (seat is None) or (word is None and person is None):
        raise Refused(_nothing_to_explain(word))
    from setrota.planner import Deadline
    from setrota.reports.explain import formats
    from setrota.reports.explain.explanation import explain as explain_duty
    from setrota.reports.explain.person import explain_person

    work = open_workspace(ctx)
    check_calendars(work)
    deadline = Deadline.within(time_limit)
    handle = work.person(person)
    roster, schedule = work.roster, work.schedule
    document: Mapping[str, object]
    if word is not None and seat is not None:
        if first or to:
            message = "DATE and SEAT name one duty, so `--from` and `--to` have no effect"
            raise Refused(Problem(message, hint="leave `--from` and `--to` out", code="conflicting-options"))
        ask = partial(explain_duty, roster, schedule, duty_meant(work, word, seat), handle, work.day, deadline)
        found = with_progress(ask)
        text, document = formats.text(found), formats.document(roster, found)
    else:
        _, end = work.span(first or "today", to, None)
        days = work.day_meant(first) or work.day, end
        theirs = with_progress(partial(explain_person, roster, schedule, str(handle), days, work.day, deadline))
        text, document = formats.person_text(theirs), formats.person_document(roster, theirs)
    if form == "json":
        work.invocation.answer(document)
    else:
        terminal.show(work.invocation.complete(text))


def _nothing_to_explain(word: str | None) -> Problem:
    if word is not None:
        hint = f"`{command_line('setrota', 'explain', word)} SEAT` explains one duty"
        return Problem("a DATE needs a SEAT as well", hint=hint, code="missing-argument")
    hint = (
        "`setrota explain DATE SEAT` explains a duty, `setrota explain --person PERSON` all duties of a person, and "
        "`setrota explain CODE` a code such as `rest`"
    )
    return Problem("there is nothing to explain", hint=hint, code="nothing-to-explain")


def _explain_word(ctx: typer.Context, word: str, second: str | None, options: Sequence[str], form: str) -> None:
    """Explain a code, a rule or the roster's key for a rule; needs no files. Raises Refused if there is none, or if a
    second word or options about duties follow."""
    kind = kind_called(word)
    if kind is None:
        hint = (
            _name_in_roster(ctx, word)
            or _date_hint(word)
            or kind_like(word)
            or "a code is the word in brackets at the end of a message, such as `rest`"
        )
        raise Refused(Problem(f"there is no code or rule `{word}`", hint=hint, code="unknown-code"))
    if second is not None:
        message = f"`{kind.code}` is a code, so nothing can come after it, but got `{second}` as well"
        hint = f"explain one code at a time: `setrota explain {kind.code}`"
        raise Refused(Problem(message, hint=hint, code="extra-argument"))
    if options:
        message = f"{listed_quotes(options)} {'goes' if len(options) == 1 else 'go'} with duties, not with a code"
        hint = f"`setrota explain {kind.code}` explains the code"
        raise Refused(Problem(message, hint=hint, code="conflicting-options"))
    if form == "json":
        invocation_of(ctx).answer(kind_document(kind))
    else:
        terminal.write(kind_text(kind))


def _date_hint(word: str) -> str | None:
    """A hint for a word that is nearly a DATE, such as `monday`."""
    meant = date_like(word)
    return f"`setrota explain {meant} SEAT` explains one duty" if meant else None


def _name_in_roster(ctx: typer.Context, word: str) -> str | None:
    """A hint for a word that is a person or a seat of the roster, if there is a roster that can be read."""
    try:
        roster = read_roster(roster_path(ctx)).roster
    except (Refused, OSError):
        return None
    text = word.strip().lower()
    for handle, person in roster.people.items():
        if text in (handle.lower(), person.name.lower()):
            return f"`setrota explain --person {handle}` explains their duties"
    for name, rotation in roster.rotations.items():
        seats = {part for seat in rotation.seats for part in (seat.name, seat.kind)}
        if text in {*seats, *(f"{name}/{seat}" for seat in seats)}:
            return f"`setrota explain DATE {text}` explains who has this seat"
    return None
