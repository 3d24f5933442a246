"""How a remedy for an empty seat reads: entries of the roster's `exceptions`, ready to paste, and what they come to."""

from __future__ import annotations

from setrota.planner import Remedy, Waiver
from setrota.problems import counted, listed


def exceptions_line(remedy: Remedy) -> str:
    """The entries, with a comment that says what each means for its person."""
    entries = ", ".join(
        f'{{ rule = "{each.rule}", person = "{each.person}", date = {each.day} }}' for each in remedy.waivers
    )
    return f"{entries},  # {listed(dict.fromkeys(_meaning(each) for each in remedy.waivers))}"


def _meaning(waiver: Waiver) -> str:
    """What it means for somebody that a rule doesn't bind them in a period."""
    person = waiver.person
    if waiver.rule == "rest":
        return f"{person} rests {counted(waiver.weeks or 1, 'week')} less"
    return {
        "leave": f"{person} serves all the same",
        "team-away": f"{person} serves while the team is away",
        "not-seats": f"{person} is ready for the seat by then",
        "seat-teams": f"the seat is open to {person}",
        "max-per-team": f"one more of the team of {person}",
        "max-duties": f"one more duty of {person}",
    }.get(waiver.rule, f"`{waiver.rule}` lets {person} serve")
