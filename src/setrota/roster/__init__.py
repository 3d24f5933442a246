"""The question: which people there are, which teams lend them, and which rotations they serve in.

Plain frozen facts, already validated by their builder (`setrota.files.roster` for files). Knows no calendar
arithmetic, no schedule and no file. Date ranges are half-open: `end` is the first day after.
"""

from setrota.roster.people import EVERY_DAY, HANDLE, Away, Leave, Person, Team
from setrota.roster.roster import NO_HOLIDAYS, Holidays, Roster
from setrota.roster.rotations import WEEKDAYS, Handover, Rotation, Seat, kind_of, seats_named
from setrota.roster.rules import ALWAYS_BINDING, NO_RULES, RELAXABLE, Exemption, Limit, Mix, Pin, Rules

__all__ = [
    "ALWAYS_BINDING",
    "EVERY_DAY",
    "HANDLE",
    "NO_HOLIDAYS",
    "NO_RULES",
    "RELAXABLE",
    "WEEKDAYS",
    "Away",
    "Exemption",
    "Handover",
    "Holidays",
    "Leave",
    "Limit",
    "Mix",
    "Person",
    "Pin",
    "Roster",
    "Rotation",
    "Rules",
    "Seat",
    "Team",
    "kind_of",
    "seats_named",
]
