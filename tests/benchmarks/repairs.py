"""What repairs come to on the example quarter: `python tests/benchmarks/repairs.py`.

Each engineer in turn leaves in week 3; then four leave at once. Prints the changes it takes, beside the duties they had
left, and how long each repair takes with its frontier. Nothing here is a test: it prints, it never fails.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from figures import EXAMPLE, NOW, START, WEEK, quarter

from setrota.files.roster import read_roster
from setrota.planner import Range, Repair, repaired
from setrota.roster import Roster
from setrota.schedule import Schedule

TODAY = START + 2 * WEEK
LAST_DAY = date(2027, 1, 22)


def main() -> None:
    roster = read_roster(EXAMPLE).roster
    saved = quarter(roster, Schedule(roster.short_name), START).schedule
    engineers = roster.members_of("engineer")
    found = [timed(roster, saved, [handle]) for handle in engineers]
    more = sum(repair.fewest > duties for repair, duties, _ in found)
    seconds = [each for _, _, each in found]
    print(f"one engineer leaves in week 3, {len(found)} cases: more changes than duties left in {more} of them")
    print(f"  proven in {sum(repair.result.proof.proven for repair, _, _ in found)}")
    print(f"  seconds with the frontier: median {statistics.median(seconds):.2f}, largest {max(seconds):.2f}")
    for number in (4, 12):
        some = engineers[:: len(engineers) // number][:number]
        repair, duties, took = timed(roster, saved, some)
        print(
            f"{number} engineers leave at once: {duties} duties left, {repair.fewest} changes, {took:.2f} s; frontier:"
        )
        for step in repair.frontier:
            fairness = "" if step.unfairness is None else f"{step.unfairness:.2f}"
            print(f"  {step.changes:3} changes, {step.unfilled} unfilled, {step.broken} broken, {fairness}")


def timed(roster: Roster, saved: Schedule, leavers: Iterable[str]) -> tuple[Repair, int, float]:
    people = {handle: replace(roster.people[handle], end=LAST_DAY) for handle in leavers}
    changed = replace(roster, people={**roster.people, **people})
    asked = Range(start=TODAY, end=START + 13 * WEEK, today=TODAY)
    began = time.perf_counter()
    repair = repaired(changed, saved, asked, datetime.fromisoformat(NOW))
    took = time.perf_counter() - began
    assert repair is not None
    return repair, sum(duty.person in people and duty.start > TODAY for duty in saved.duties()), took


if __name__ == "__main__":
    main()
