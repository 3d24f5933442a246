"""Who could take a duty, best first: by which moves, at what price in fairness, and why not the others.

Puts people there and asks the checkers, without the solver; prices are those that planning minimises. Knows no terminal
and no file, and never tells why somebody is away.
"""

from setrota.changes.cover.proposals import Candidates, Excluded, Outlook, Proposal, apply_proposal, balance_changes
from setrota.changes.cover.request import CoverRequest, cover_request, empty_part
from setrota.changes.cover.search import find_candidates, propose

__all__ = [
    "Candidates",
    "CoverRequest",
    "Excluded",
    "Outlook",
    "Proposal",
    "apply_proposal",
    "balance_changes",
    "cover_request",
    "empty_part",
    "find_candidates",
    "propose",
]
