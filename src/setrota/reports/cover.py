"""What `setrota cover` and `setrota fill` say: who could take a duty, what was changed, or why nothing was.

Names the rules in a person's way, but never why they are away, and never shows the reason of a change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from setrota.changes.cover.proposals import Candidates, Excluded, Outlook, Proposal, balance_changes
from setrota.changes.cover.request import CoverRequest
from setrota.changes.force import forced_rules
from setrota.check import fixes
from setrota.dates.cuts import Cut, day_after, last_day
from setrota.dates.periods import DAY, Period
from setrota.dates.service import hours, stretches
from setrota.dates.text import When, last_text, on_days, period_name, typed_point
from setrota.fairness.shares import is_voluntary
from setrota.problems import Problem, listed
from setrota.reports.check import obstacle_entry, violation_entry
from setrota.reports.duties import entries, entry, place
from setrota.reports.fairness.figures import balance_change_entry, rounded, signed
from setrota.reports.tables import drawn, table
from setrota.reports.wording import duration_text, fairness_change, weekday_moment
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, is_missing
from setrota.schedule.moves import Move
from setrota.schedule.turns import Turn
from setrota.terminal import folded, folded_command

if TYPE_CHECKING:
    from setrota.reports.documents import CandidatesDocument, CoverDocument, MoveEntry, ProposalEntry

MOST_SHOWN = 8
"""Further proposals are shown only with `--all`."""

MOST_MOVES = 4
"""The longest chains that `--ripple` looks for."""

_LEGEND = """overall: the whole rota, compared with now. balance: duties ahead of (+) or
behind (-) the fair share then. last, next: the duties before and after it."""
_SHORT_LEGEND = "last, next: the duties before and after it."


def candidates_text(found: Candidates, typed: str, everybody: bool) -> str:
    """What is asked, the best proposals, why others can't, and the command for the first one; `typed` is the command
    that asked."""
    lines = [folded(_heading(found.request), "")]
    shown = found.proposals if everybody else found.proposals[:MOST_SHOWN]
    if shown:
        shared = not _is_voluntary(found.request)
        order, legend = (", best first", folded(_LEGEND, "")) if shared else ("", _SHORT_LEGEND)
        lines += ["", f"Who could take it{order}:", "", _proposals(found.request, shown, shared), legend]
        if len(found.proposals) > len(shown):
            lines += [f"{len(found.proposals) - len(shown)} more with `--all`."]
        lines += [folded(each, "") for each in _without_pause(found.request.roster, shown)]
    if found.excluded:
        one_by_one = [f"{person}: {'; '.join(each.clause for each in them)}" for person, them in found.excluded]
        reasons = one_by_one if everybody else _grouped(found.excluded)
        lines += ["", f"Not free: {len(found.excluded)}", *(folded(f"  {line}", "    ") for line in reasons)]
    if shown:
        lines += ["", "To choose the first:", folded_command(_command(typed, shown[0]), "  ")]
    elif found.forcible:
        lines += ["", "Possible with `--force`, fewest broken rules first:", ""]
        lines += [_forcible(found.forcible).rstrip("\n")]
    return "\n".join(lines) + "\n"


def done_text(request: CoverRequest, proposal: Proposal, after: Schedule) -> str:
    """Who takes what, which rules that breaks, and whose balances change."""
    lines = [
        f"{taker or 'Nobody'} has {_days(request.roster, duty)}{f' in place of {duty.person}' if duty.person else ''}."
        for taker, duty in proposal.moves
    ]
    lines += [f"Forced, though it breaks `{each.rule}`: {each.message}." for each in proposal.broken]
    found = balance_changes(request, proposal, after)
    changes = [f"{each.person} {signed(each.before)} -> {signed(each.after)}" for each in found]
    if changes:
        lines.append(f"Duties ahead of (+) or behind (-) the fair share: {', '.join(changes)}.")
    return "".join(folded(line, "") + "\n" for line in lines)


def candidates_document(found: Candidates, typed: str) -> CandidatesDocument:
    """The proposals, each with its command, and the people who are excluded, with every rule in the way."""
    roster = found.request.roster
    return {
        "duties": entries(roster, found.request.wanted),
        "proposals": [_proposal_entry(roster, each, _command(typed, each)) for each in found.proposals],
        "excluded": [
            {"person": each.person, "obstacles": [obstacle_entry(one) for one in each.obstacles]}
            for each in found.excluded
        ],
        "unfinished": found.unfinished,
        "with_force": [_proposal_entry(roster, each, f"{_command(typed, each)} --force") for each in found.forcible],
    }


def done_document(request: CoverRequest, proposal: Proposal, after: Schedule, *, saved: bool) -> CoverDocument:
    """What was changed, the rules knowingly broken by it, and whose balances changed."""
    return {
        "saved": saved,
        "price": rounded(proposal.price),
        "steps_up": proposal.steps_up,
        "changes": _moves(request.roster, proposal),
        "breaks": [violation_entry(each) for each in proposal.broken],
        "balance_changes": [balance_change_entry(each) for each in balance_changes(request, proposal, after)],
    }


# Warnings and refusals


def days_options(turn: Turn, wanted: Turn) -> list[str]:
    """The options that ask for part of a turn, so that the same command still means the same time tomorrow."""
    start, end = wanted[0].start, wanted[-1].end
    first = [f"--from {typed_point(start)}"] if start > turn[0].start else []
    last = typed_point(end) if isinstance(end, Cut) else last_text(end)
    return first + ([f"--to {last}"] if end < turn[-1].end else [])


def day_named(turn: Turn, typed: When) -> str:
    """A DATE that names a turn at any time: the day typed or, for an instant or `today`, the first day that begins in
    the turn; of a turn in which none does, its first instant."""
    return f"{typed}" if typed.moment is None and typed.running is None else _first_day(turn[0])


def _first_day(duty: Duty) -> str:
    """The first day that begins in a duty, or its first instant if none does: as a DATE it always names the duty."""
    first = day_after(duty.start)
    return f"{first}" if first < duty.end else typed_point(duty.start)


def not_empty(roster: Roster, schedule: Schedule, duty: Duty, day: When) -> Problem:
    """A seat to be filled has a holder on `day`."""
    hint = f"`{fixes.cover(schedule, duty, day.point(roster, duty.rotation))}` finds someone to take it over"
    return Problem(
        f"`{duty.seat}` isn't empty {day.in_words(roster)}: {duty.person} has it", hint=hint, code="not-empty"
    )


def is_over(turn: Turn, day: When) -> Problem:
    """What a DATE means is over, and the DATE doesn't name the past."""
    who, days = turn[0].person or "nobody", listed(on_days(duty.start, duty.end) for duty in turn)
    message = f"{who} has no duty on {day}: what {who} had {days} is over"
    if turn[0].person is None:
        message = f"`{turn[0].seat}` isn't empty on {day} any more: it was {days}, which is over"
    hint = f"`--from {typed_point(turn[0].start)}` records who served then"
    return Problem(message, hint=hint, code="no-duty-then" if turn[0].person else "not-empty")


def to_be_planned(when: When, period: Period) -> Problem:
    """A period without any crew is for planning, not for filling one seat."""
    message = f"nobody is planned for {when}"
    hint = f"`setrota plan --from {period.start} --to {last_day(period.end)}` plans {period_name(period)}"
    return Problem(message, hint=hint, code="outside-the-plan")


def without_taker(typed: str) -> Problem:
    """Options for making a change were given without the person to make it with."""
    message = "`--reason` and `--force` need `--with`, the person who takes the duty"
    return Problem(message, hint=f"`{typed} --with PERSON`", code="nobody-named")


def others_could(typed: str) -> str:
    """The hint at a command that proposes people, where the one who was named may not take a duty."""
    return f"`{typed}` shows who could"


def nothing_to_take(person: str | None, typed: str) -> Problem:
    """Nothing is left that the last person named could take."""
    message = f"there is nothing left for {person} to take" if person else "there is nothing left to leave empty"
    return Problem(message, hint=f"`{typed}` lists who could take what", code="nothing-to-take")


def nobody(found: Candidates, typed: str, most_moves: int) -> Problem:
    """A warning that nobody can take it, and what could be tried instead."""
    rotation = found.request.wanted[0].rotation
    if rotation not in found.request.roster.rotations:
        return Problem(
            f"the roster no longer has the rotation `{rotation}`, so there is nobody to propose",
            hint=f"`{typed} --with PERSON`",
            severity="warning",
            code="rotation-gone",
        )
    message = "nobody can take it without breaking a rule"
    if most_moves > 1:
        message += f", even in a chain of up to {most_moves} moves"
    if found.unfinished:
        message += "; there were too many chains to try them all"
    hint = None
    if most_moves < MOST_MOVES and not found.unfinished:
        hint = f"`{typed} --ripple {most_moves + 1}` looks for {'longer ' if most_moves > 1 else ''}chains of moves"
    if left := found.left_by_step_up:
        hint = f"`{typed} --with {left.person}` leaves `{left.seat}` empty instead"
    return Problem(message, hint=hint, severity="warning", code="nobody-free")


def left_empty(roster: Roster, proposal: Proposal) -> list[Problem]:
    """Warnings about required seats that the change leaves empty."""
    left = [replace(duty, person=None) for duty in proposal.left]
    return [
        Problem(
            f"nobody has {_days(roster, duty)} now",
            hint=f"`{fixes.fill(duty)}` finds someone for it",
            severity="warning",
            code="unfilled",
        )
        for duty in left
        if is_missing(roster, duty)
    ]


# Parts of these


def _heading(request: CoverRequest) -> str:
    holder = f"{request.holder} has" if request.holder else "Nobody has"
    text = f"{holder} {listed(_days(request.roster, each) for each in request.wanted)} ({request.wanted[0].rotation})"
    if request.is_over:
        return f"{text}. This is over: anyone you name now is recorded as having served."
    begun = request.schedule.period_of(request.wanted[0]).start
    if request.is_running and begun < request.wanted[0].start == request.today:
        return f"{text}. What is before now stays as it was, unless you give an earlier `--from`."
    return f"{text}."


def _command(typed: str, proposal: Proposal) -> str:
    """What to type for a proposal."""
    return " ".join([typed, *(f"--with {person}" for person in proposal.people)])


def _days(roster: Roster, duty: Duty) -> str:
    """A seat and its days; with the time that is served where that is less than a day."""
    text = f"`{duty.seat}` {on_days(duty.start, duty.end)}"
    if duty.end - duty.start >= DAY:
        return text
    return f"{text} ({duration_text(timedelta(hours=hours(roster, duty.days))) or 'off duty'})"


def _is_voluntary(request: CoverRequest) -> bool:
    """Whether nobody owes a share of what is asked for, so that fairness has nothing to say."""
    return all(is_voluntary(request.roster, duty.rotation) for duty in request.wanted)


def _proposals(request: CoverRequest, proposals: Sequence[Proposal], shared: bool) -> str:
    """The proposals in a table; unless what is asked for is shared out, without fairness."""
    several = any(len(each.moves) > 1 for each in proposals)
    fairness = ["overall", ">balance"] if shared else []
    rows = table("#", "who", *(["takes"] if several else []), *fairness, "last", "next")
    for number, proposal in enumerate(proposals, 1):
        for position, outlook in enumerate(proposal.outlooks):
            move, first = outlook.move, position == 0
            rows.add_row(
                f"{number}" if first else "",
                move.person or "",
                *([_takes(request, move.duty)] if several else []),
                *([fairness_change(proposal.price) if first else "", signed(outlook.balance)] if shared else []),
                f"{outlook.previous.start}" if outlook.previous else "never",
                f"{outlook.following.start}" if outlook.following else "",
            )
    return drawn(rows)


def _without_pause(roster: Roster, proposals: Sequence[Proposal]) -> list[str]:
    """Who would go on from a duty of theirs to what they take, or the other way round, without any time off duty."""
    found = dict[str, None]()
    for outlook in (each for proposal in proposals for each in proposal.outlooks):
        for start, end in _runs_on(roster, outlook):
            zone = roster.zone_of(outlook.move.duty.rotation)
            times = f"{weekday_moment(start.astimezone(zone))} to {weekday_moment(end.astimezone(zone))}"
            found[f"{outlook.move.person} would serve without a pause from {times}: {duration_text(end - start)}."] = (
                None
            )
    return list(found)


def _runs_on(roster: Roster, outlook: Outlook) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches of service that join what somebody takes to their duties before and after."""
    taken = stretches(roster, outlook.move.duty.days)
    beside = [each for each in (outlook.previous, outlook.following) if each and each.rotation in roster.rotations]
    others = [stretch for duty in beside for stretch in stretches(roster, duty.days)]
    for start, end in taken:
        since = min([begin for begin, until in others if until == start], default=start)
        until = max([until for begin, until in others if begin == end], default=end)
        if until - since > end - start:
            yield since, until


def _forcible(proposals: Sequence[Proposal]) -> str:
    rows = table("--with", "breaks", "overall", ">balance")
    for each in proposals:
        broken = ", ".join(forced_rules(each.broken))
        rows.add_row(each.people[0], broken, fairness_change(each.price), signed(each.outlooks[0].balance))
    return drawn(rows)


def _takes(request: CoverRequest, duty: Duty) -> str:
    """A seat, with its first day unless that is the wanted duty's."""
    wanted = {(each.rotation, each.start) for each in request.wanted}
    return duty.seat if (duty.rotation, duty.start) in wanted else f"{duty.seat} {duty.start}"


def _grouped(excluded: Sequence[Excluded]) -> list[str]:
    """People grouped by the first rule in their way, the largest group first."""
    groups: dict[str, list[str]] = {}
    for each in excluded:
        groups.setdefault(each.obstacles[0].phrase, []).append(each.person)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [f"{len(people)} {phrase}: {', '.join(people)}" for phrase, people in ordered]


def _proposal_entry(roster: Roster, proposal: Proposal, command: str) -> ProposalEntry:
    return {
        "price": rounded(proposal.price),
        "steps_up": proposal.steps_up,
        "changes": _moves(roster, proposal),
        "breaks": [violation_entry(each) for each in proposal.broken],
        "command": command,
    }


def _moves(roster: Roster, proposal: Proposal) -> list[MoveEntry]:
    outlooks = {each.move: each for each in proposal.outlooks}
    return [_move(roster, move, outlooks.get(move)) for move in proposal.moves]


def _move(roster: Roster, move: Move, outlook: Outlook | None) -> MoveEntry:
    previous, following = (outlook.previous, outlook.following) if outlook else (None, None)
    return {
        **place(roster, move.duty),
        "was": move.duty.person,
        "now": move.person,
        "balance": rounded(outlook.balance) if outlook else None,
        "previous_duty": entry(roster, previous) if previous else None,
        "following_duty": entry(roster, following) if following else None,
    }
