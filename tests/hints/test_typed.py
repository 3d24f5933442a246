"""Every command that a message or a hint names, typed as it is shown, in the state in which it was shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import desks
import pytest
from command_line import Desk
from desks import NOW, ROSTER
from inventory import templates
from seeds import seeds
from typist import Typist

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

READS: tuple[tuple[str, ...], ...] = ((), ("check",), ("now",), ("brief",), ("show",), ("export", "header"))

STATES: tuple[Callable[[Desk], None], ...] = (
    desks.nothing_planned,
    desks.planned,
    desks.a_week_left_out,
    desks.the_plan_has_run_out,
    desks.the_plan_ends_this_week,
    desks.somebody_on_duty_falls_ill,
    desks.somebody_ahead_is_away,
    desks.seats_are_empty,
    desks.a_whole_crew_is_empty,
    desks.the_handover_moves_to_wednesday,
    desks.a_seat_is_added,
    desks.somebody_leaves,
    desks.pins_that_are_not_kept,
    desks.pins_that_contradict_each_other,
    desks.everybody_is_away_at_christmas,
    desks.tolerated_days,
    desks.a_morning_of_leave,
    desks.a_schedule_edited_off_the_grid,
)


NAMES = {
    desks.nothing_planned: {
        "reports/now: setrota plan --from {}": "now",
        "export/brief/__init__: setrota plan --from {}{}": "brief",
    },
    desks.a_week_left_out: {"check/findings: setrota plan --from {} --to {}": "check"},
    desks.the_plan_has_run_out: {
        "check/findings: setrota plan": "check",
        "check/findings: setrota plan --from today": "check",
    },
    desks.the_plan_ends_this_week: {"reports/now: setrota plan --from {}": "now"},
    desks.somebody_on_duty_falls_ill: {"check/fixes: setrota cover {} {}{}": "check"},
    desks.somebody_ahead_is_away: {"check/fixes: setrota replan": "check"},
    desks.a_whole_crew_is_empty: {"check/fixes: setrota fill {} {}/{}": "check"},
}
"""The templates of commands that states are there for, each with the command whose answer names it."""


BEFORE_NINE = "2026-12-07T08:59"
ASKED = [
    *((state, NOW) for state in STATES),
    *((STATES[number], BEFORE_NINE) for number in seeds(len(STATES), every=2)),
]


@pytest.mark.parametrize(("state", "now"), ASKED, ids=lambda each: each if isinstance(each, str) else each.__name__)
def test_what_answers_name(tmp_path: Path, state: Callable[[Desk], None], now: str) -> None:
    typist = _type_all(tmp_path, state, now)
    for template, read in NAMES.get(state, {}).items() if now == NOW else ():
        assert any(map(templates()[template].fits, typist.shown[read])), template


@pytest.mark.parametrize(
    "state",
    [desks.other_cadences, desks.other_cadences_with_holes, desks.other_cadences_and_illness],
    ids=lambda state: state.__name__,
)
def test_what_answers_name_where_time_is_counted_otherwise(tmp_path: Path, state: Callable[[Desk], None]) -> None:
    _type_all(tmp_path, state, NOW, READS[:3])


def _type_all(
    folder: Path, state: Callable[[Desk], None], now: str, reads: tuple[tuple[str, ...], ...] = READS
) -> Typist:
    desk = Desk(folder / "rota")
    desk.write("rotations.toml", ROSTER)
    state(desk)
    typist = Typist(desk, now)
    for command in reads:
        typist.follow(*command)
    return typist
