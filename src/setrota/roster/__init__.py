"""The question: which people there are, which teams lend them, and which rotations they serve in.

Plain frozen facts, already validated by their builder (`setrota.files.roster` for files). Knows no calendar
arithmetic, no schedule and no file. Date ranges are half-open: `end` is the first day after.
"""

from setrota.roster.lengths import NO_TIME, Length
from setrota.roster.people import EVERY_DAY, HANDLE, Away, Leave, Person, Team
from setrota.roster.roster import NO_HOLIDAYS, Holidays, Roster
from setrota.roster.rotations import WEEKDAYS, Handover, Rotation, Seat, kind_of, seats_named
from setrota.roster.rules import ALWAYS_BINDING, NO_RULES, RELAXABLE, Exemption, Limit, Mix, Pin, Rules
from setrota.roster.service import ALWAYS, NEVER_CLOSED, WORKING_DAYS, Closed, Coverage, Span

__all__ = [
    "ALWAYS",
    "ALWAYS_BINDING",
    "EVERY_DAY",
    "HANDLE",
    "NEVER_CLOSED",
    "NO_HOLIDAYS",
    "NO_RULES",
    "NO_TIME",
    "RELAXABLE",
    "WEEKDAYS",
    "WORKING_DAYS",
    "Away",
    "Closed",
    "Coverage",
    "Exemption",
    "Handover",
    "Holidays",
    "Leave",
    "Length",
    "Limit",
    "Mix",
    "Person",
    "Pin",
    "Roster",
    "Rotation",
    "Rules",
    "Seat",
    "Span",
    "Team",
    "kind_of",
    "seats_named",
]
