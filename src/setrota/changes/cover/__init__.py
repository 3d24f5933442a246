"""Who could take a duty, best first: by which moves, at what price in fairness, and why not the others.

Puts people there and asks the checkers, without the solver; prices are those that planning minimises. Knows no terminal
and no file, and never tells why somebody is away.
"""

from setrota.changes.cover.case import Case
from setrota.changes.cover.prices import Balance, moved_balances
from setrota.changes.cover.proposals import Answer, Excluded, Outlook, Proposal, made
from setrota.changes.cover.search import answered, chosen

__all__ = [
    "Answer",
    "Balance",
    "Case",
    "Excluded",
    "Outlook",
    "Proposal",
    "answered",
    "chosen",
    "made",
    "moved_balances",
]
