"""The planner: from a roster, a schedule and a range to the fairest crews there can be, proven and audited.

The only package that knows the solver; array positions of people and periods never leave it. Its subpackages, each of
which knows only the ones before it, are `problem` (the question), `incumbent` (a rota without the solver), `program`
(variables, rows and costs), `stages` (coverage, fairness, seats, proof, audit), `repair` (fewest changes) and `whatif`
(why this rota and no other). Other packages import from here.
"""

from setrota.planner.deadline import NEVER, Deadline, TimeUp
from setrota.planner.problem.instance import build_instance
from setrota.planner.problem.timeslots import Range, kept_schedule, look_ahead_weeks
from setrota.planner.repair.budget import FrontierPoint
from setrota.planner.repair.newcomers import Newcomer
from setrota.planner.repair.repair import Repair, TooFewError, repaired, unfit
from setrota.planner.stages.clock import TOLERANCE, Progress, Step
from setrota.planner.stages.losses import unable
from setrota.planner.stages.plan import AuditError, Result, broken_by_pins, plan
from setrota.planner.stages.solve import Proof
from setrota.planner.whatif.alternatives import Alternative, Effect, SoftTerm, best_with, best_without
from setrota.planner.whatif.conflicts import (
    Bond,
    Conflict,
    Filled,
    Seated,
    Wanted,
    Without,
    fewest_empty,
    what_prevents,
)
from setrota.planner.whatif.exchanges import SeatExchange, seat_exchanges
from setrota.planner.whatif.inquiry import Inquiry, inquire, inquiry_key, instance_of_run
from setrota.planner.whatif.question import NoLongerAllowed
from setrota.planner.whatif.remedies import Remedy, Waiver, find_remedies

__all__ = [
    "NEVER",
    "TOLERANCE",
    "Alternative",
    "AuditError",
    "Bond",
    "Conflict",
    "Deadline",
    "Effect",
    "Filled",
    "FrontierPoint",
    "Inquiry",
    "Newcomer",
    "NoLongerAllowed",
    "Progress",
    "Proof",
    "Range",
    "Remedy",
    "Repair",
    "Result",
    "SeatExchange",
    "Seated",
    "SoftTerm",
    "Step",
    "TimeUp",
    "TooFewError",
    "Waiver",
    "Wanted",
    "Without",
    "best_with",
    "best_without",
    "broken_by_pins",
    "build_instance",
    "fewest_empty",
    "find_remedies",
    "inquire",
    "inquiry_key",
    "instance_of_run",
    "kept_schedule",
    "look_ahead_weeks",
    "plan",
    "repaired",
    "seat_exchanges",
    "unable",
    "unfit",
    "what_prevents",
]
