"""One thing that `setrota check` reports."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from setrota.dates.periods import Period
from setrota.problems import Severity
from setrota.roster import Pin
from setrota.schedule import Duty


@dataclass(frozen=True)
class Finding:
    """One thing that `setrota check` reports; `code` is the broken rule's name, or the kind of finding.

    `command` repairs it (None where only editing the files helps), also the `duties` that it concerns; `hint` says what
    to edit. `pin` is the pin that can't be kept, and `rival` the one that it contradicts. `is_over` says whether its
    period is in the past, and `forced` whether duties that aren't over break the rule by force.
    """

    severity: Severity
    message: str
    _: KW_ONLY
    code: str
    period: Period | None = None
    people: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()
    command: str | None = None
    hint: str | None = None
    pin: Pin | None = None
    rival: Pin | None = None
    is_over: bool = False
    forced: bool = False
