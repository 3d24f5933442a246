"""What people do with a plan once it is there: extend it in time, and swap weeks, as their rules say."""

from __future__ import annotations

from pathlib import Path

import pytest
from convert import STATED, convert
from office import Duty, Office, planned, recorded, too_close


def test_k8s_federation_is_told_in_time_to_extend_the_plan(tmp_path: Path) -> None:
    """The schedule is to be extended by whoever has fewer than two people after them."""
    office = Office(tmp_path, convert("k8s_federation_oncall"), "2017-11-10T10:00")
    office.import_csv("past.csv", 25)
    office.plan("--from", "2017-11-13", "--weeks", "13")

    told = {}
    # The last crew of the plan begins on 2018-02-05. In the week of 2018-01-15 three people follow, then two, then one.
    for followers, day in enumerate(["2018-02-05", "2018-01-29", "2018-01-22", "2018-01-15"]):
        office.now = f"{day}T10:00"
        told[followers] = [finding["message"] for finding in office.findings("warning")]
    sentence = "the plan for `k8s_federation_oncall` ends on 2018-02-12"
    assert told == {0: [sentence], 1: [sentence], 2: [sentence], 3: []}


@pytest.mark.parametrize("name", ["k8s_federation_oncall", "knative_serving_contacts"])
def test_two_people_swap_by_pull_request(name: str, tmp_path: Path) -> None:
    """Names are changed in `schedule.toml`; nothing is wrong with that, and planning anew leaves it alone."""
    case, rest = convert(name), STATED[name].rest_weeks
    office = Office(tmp_path, case, f"{case.ends}T10:00")
    office.import_csv("past.csv", len(recorded(name)))
    duties = planned(office.plan("--from", f"{case.ends}", "--weeks", "13"))

    def swapped(this: Duty, that: Duty) -> list[Duty]:
        others = [duty for duty in duties if duty not in (this, that)]
        return sorted([*others, this._replace(person=that.person), that._replace(person=this.person)])

    # Any two who can swap without a duty too close to their others; not in the first period, which has begun.
    agreed = next(
        (this, that)
        for this in duties[1:]
        for that in duties[1:]
        if this.start < that.start
        and this.person != that.person
        and not too_close(swapped(this, that), recorded(name), rest=rest)
    )
    text = office.schedule.read_text(encoding="utf-8")
    for duty, other in (agreed, agreed[::-1]):
        block = f"[{name}.{duty.start}]\n{duty.seat} = "
        assert text.count(f'{block}"{duty.person}"') == 1
        text = text.replace(f'{block}"{duty.person}"', f'{block}"{other.person}"')
    office.schedule.write_text(text, encoding="utf-8")

    assert office.findings() == []
    assert office.show(f"{case.ends}", f"{duties[-1].start}") == swapped(*agreed)
    office.plan("--again")
    there = {duty.start: duty.person for duty in office.show(f"{case.ends}", f"{duties[-1].start}")}
    assert [there[duty.start] for duty in agreed] == [duty.person for duty in agreed[::-1]]
    assert office.findings() == []
