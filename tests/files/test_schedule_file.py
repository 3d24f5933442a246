"""`schedule.toml`: it reads back as written, hand edits are understood, and all mistakes are reported at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from setrota.dates.periods import DAY, WEEK, Period, handover_on, point_at
from setrota.files.schedule import LIMIT_BYTES, parse_schedule, read_schedule, schedule_text
from setrota.files.schedule.fields import RULES
from setrota.problems import USAGE, Refused
from setrota.roster import Handover, Length, Person, Roster, Team
from setrota.schedule import Change, Crew, Planned, Pool, Schedule
from setrota.schedule.pools import pool_of

ZONE = ZoneInfo("America/Toronto")
ROSTER = samples.roster(
    ["ana", Person("bo", shares={"engineer": 0.5}), "cy", "dee", "eli.f"],
    teams=[Team("channels", "Channels", {"leads": ("ana",), "engineers": ("bo", "cy", "dee", "eli.f")})],
)


def day(month: int, number: int) -> date:
    return date(2027, month, number)


def pooled(rotation: str, start: date, seats: dict[str, str | None], weeks: int = 1, **known: object) -> Crew:
    """A crew with the roster's pool for its period."""
    period = Period(start, start + WEEK * weeks, rotation)
    return replace(Crew(period, seats, pool_of(ROSTER, period)), **known)


def parsed(text: str, roster: Roster = ROSTER) -> Schedule:
    return parse_schedule(text.encode(), "schedule.toml", roster)


def problems(text: str, roster: Roster = ROSTER) -> str:
    with pytest.raises(Refused) as caught:
        parsed(text, roster)
    assert caught.value.exit_status == USAGE
    return "\n".join(map(str, caught.value.problems))


HEADING = 'format = 3\nrota = "SET"\n'

# Bo isn't ready for primary from 11 January on; the covered duty is a change inside its week.
TEXT = """\
format = 3
rota = "SET"

[[pools]]
from = 2027-01-04
weeks = { engineer = 1, lead = 2 }
engineer = { bo = 0.5, cy = 1.0, dee = 1.0, "eli.f" = 1.0 }
lead = { ana = 1.0 }

[engineer.2027-01-04]
primary = "cy"
backup = "dee"
engineer-1 = "eli.f"
engineer-2 = ""
planned = { at = 2026-11-23T09:00:00-05:00, revision = 2, seal = "7c1f9a02" }

[lead.2027-01-04]
lead = "ana"

[[pools]]
from = 2027-01-11
engineer = { bo = 0.5, cy = 1.0, dee = 1.0, "eli.f" = 1.0 }
not-ready = { engineer = { primary = ["bo"] } }

[engineer.2027-01-11]
primary = "dee"
backup = "bo"
engineer-1 = "cy"
engineer-2 = "eli.f"
changes = [
  { at = 2027-01-13T11:40:00-05:00, seat = "primary", was = "dee", now = "cy", from = 2027-01-13, \
to = 2027-01-15, reason = "said \\"no\\"", forced = ["rest"] },
  { at = 2027-01-14T08:00:00-05:00, seat = "backup", was = "bo", now = "" },
]
"""


def example() -> Schedule:
    offset = timezone(timedelta(hours=-5))
    first = pooled("engineer", day(1, 4), {"primary": "cy", "backup": "dee", "engineer-1": "eli.f", "engineer-2": None})
    second = pooled(
        "engineer", day(1, 11), {"primary": "dee", "backup": "bo", "engineer-1": "cy", "engineer-2": "eli.f"}
    )
    assert first.pool is not None
    changes = (
        Change(
            datetime(2027, 1, 13, 11, 40, tzinfo=offset),
            "primary",
            "dee",
            "cy",
            start=day(1, 13),
            end=day(1, 16),  # the 15th is the last day
            reason='said "no"',
            forced=("rest",),
        ),
        Change(datetime(2027, 1, 14, 8, tzinfo=offset), "backup", "bo", None),
    )
    return Schedule(
        "SET",
        (
            replace(first, planned=Planned(datetime(2026, 11, 23, 9, tzinfo=offset), 2, "7c1f9a02")),
            replace(second, pool=Pool(first.pool.shares, {"primary": frozenset({"bo"})}), changes=changes),
            pooled("lead", day(1, 4), {"lead": "ana"}, weeks=2),
        ),
    )


def test_writes_one_block_per_period_and_pools_where_they_change() -> None:
    assert schedule_text(example(), ROSTER) == TEXT


def test_reads_what_it_writes() -> None:
    assert parsed(TEXT) == example()


def test_a_missing_file_is_an_empty_schedule(tmp_path: Path) -> None:
    assert read_schedule(tmp_path / "schedule.toml", ROSTER) == Schedule("SET")
    assert schedule_text(Schedule("SET"), ROSTER) == HEADING


def test_reads_a_file_with_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "schedule.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())

    assert read_schedule(path, ROSTER) == example()


def test_the_order_of_crews_seats_and_people_does_not_matter() -> None:
    shuffled = Schedule(
        "SET",
        tuple(
            replace(
                crew,
                seats=dict(reversed(crew.seats.items())),
                pool=Pool(dict(reversed(crew.pool.shares.items())), crew.pool.barred),
            )
            for crew in reversed(example().crews)
            if crew.pool
        ),
    )

    assert schedule_text(shuffled, ROSTER) == TEXT


def test_a_plan_that_goes_on_only_appends() -> None:
    more = example().updated([pooled("engineer", day(1, 18), {"primary": "bo"})])

    assert schedule_text(more, ROSTER).startswith(TEXT)


def test_former_seats_and_rotations_come_last() -> None:
    observer = Crew(Period(day(1, 4), day(1, 11), "a.night"), {"b": "zed", "a": "yan"}, Pool({"zed": 1.0}))
    text = schedule_text(
        Schedule("SET", (observer, pooled("lead", day(1, 4), {"shadow": "zed", "lead": "ana"}))), ROSTER
    )

    assert text == HEADING + (
        '\n[[pools]]\nfrom = 2027-01-04\nweeks = { lead = 1, "a.night" = 1 }\nlead = { ana = 1.0 }\n'
        '"a.night" = { zed = 1.0 }\n'
        '\n[lead.2027-01-04]\nlead = "ana"\nshadow = "zed"\n'
        '\n["a.night".2027-01-04]\na = "yan"\nb = "zed"\n'
    )
    assert schedule_text(parsed(text), ROSTER) == text


def test_an_irregular_length_is_written_in_its_block() -> None:
    # Wednesday to Sunday, inclusive; the next one has the recorded length of a week again.
    odd = Crew(Period(day(1, 6), day(1, 11), "engineer"), {"primary": "bo"}, Pool())
    schedule = Schedule("SET", (odd, replace(pooled("engineer", day(1, 11), {"primary": "cy"}), pool=Pool())))
    text = schedule_text(schedule, ROSTER)

    assert "[engineer.2027-01-06]\nend = 2027-01-10\n" in text
    assert text.count("end =") == 1
    assert parsed(text) == schedule


def test_a_length_once_written_outlives_the_roster() -> None:
    monthly = replace(
        ROSTER, rotations={**ROSTER.rotations, "lead": replace(ROSTER.rotations["lead"], every=Length(4))}
    )

    assert parsed(TEXT, monthly).of("lead")[0].period.end == day(1, 18)


@pytest.mark.parametrize(
    ("blocks", "ends"),
    [
        # Two weeks according to the roster; a handwritten block inside them cuts them short.
        ("[lead.2027-01-04]\n[lead.2027-01-18]", [day(1, 18), day(2, 1)]),
        ("[lead.2027-01-04]\n[lead.2027-01-11]", [day(1, 11), day(1, 25)]),
        ("[lead.2027-01-04]\nend = 2027-01-05\n[lead.2027-01-11]", [day(1, 6), day(1, 25)]),
        # From 11 January on, the entry says three weeks; the blocks are in no order.
        (
            "[lead.2027-01-11]\n[lead.2027-01-04]\n[[pools]]\nfrom = 2027-01-11\nweeks = {lead = 3}",
            [day(1, 11), day(2, 1)],
        ),
        # The length of a former rotation without pools is unknown: a week.
        ("[night.2027-01-04]", [day(1, 11)]),
    ],
)  # fmt: skip
def test_where_a_period_ends(blocks: str, ends: list[date]) -> None:
    assert [crew.period.end for crew in parsed(f"{HEADING}{blocks}\n").crews] == ends


def test_a_block_without_recorded_pool_takes_todays() -> None:
    entry = "[[pools]]\nfrom = 2027-01-11\nengineer = { cy = 1 }\n"
    before, after, former = parsed(
        f"{HEADING}[engineer.2027-01-04]\n[engineer.2027-01-11]\n[night.2027-02-01]\n{entry}"
    ).crews

    assert before.pool == Pool({"bo": 0.5, "cy": 1.0, "dee": 1.0, "eli.f": 1.0})
    assert after.pool == Pool({"cy": 1.0})
    assert former.pool == Pool()


def test_entries_may_stand_in_any_order() -> None:
    blocks = "[engineer.2027-01-04]\n[engineer.2027-01-11]\n"
    later = "[[pools]]\nfrom = 2027-01-11\nengineer = { cy = 1 }\n"
    earlier = "[[pools]]\nfrom = 2027-01-04\nengineer = { dee = 1 }\n"

    assert [crew.pool for crew in parsed(HEADING + blocks + later + earlier).crews] == [
        Pool({"dee": 1.0}),
        Pool({"cy": 1.0}),
    ]


def test_unknown_handles_and_missing_seats_are_for_the_rules_to_judge() -> None:
    (found,) = parsed(f'{HEADING}[engineer.2027-01-04]\nprimary = "nobody.knows"\n').crews

    assert found.seats == {"primary": "nobody.knows"}


def test_seats_that_setrota_wrote_are_not_taken_for_typing_errors() -> None:
    # `primery` looks like the missing `primary`, but is a former seat: the seal shows that it was planned.
    sealed = pooled("engineer", day(1, 4), {"primery": "bo"}).sealed(datetime(2026, 11, 23, tzinfo=UTC), 1)
    text = schedule_text(Schedule("SET", (sealed,)), ROSTER)

    assert parsed(text).crews == (sealed,)
    assert "did you mean `primary`" in problems(text.replace('"bo"', '"cy"'))


def test_a_kind_that_lost_or_gained_seats_keeps_its_history() -> None:
    seats = {"primary": "bo", "backup": "cy", "engineer": "dee", "engineer-3": "eli.f"}

    assert (
        parsed(schedule_text(Schedule("SET", (pooled("engineer", day(1, 4), seats),)), ROSTER)).crews[0].seats == seats
    )


def test_a_former_rotation_with_pools_may_be_called_almost_like_a_present_one() -> None:
    text = TEXT.replace("engineer", "engineers").replace("engineers-", "engineer-")

    assert {crew.period.rotation for crew in parsed(text).crews} == {"engineers", "lead"}


# Mistakes


def test_every_mistake_is_named_at_once_in_file_order() -> None:
    text = """\
format = 3
rota = "SET"
rotaa = 3

[[pools]]
from = "2027-01-04"

[[pools]]
form = 2027-01-04
week = { engineer = 1 }

[[pools]]
from = 2027-01-11
weeks = { engineer = 0 }
engineeer = { bo = 1.0 }
engineer = { eli.f = 1.0, BO = 1.0, cy = 2 }
not-ready = { engineer = { primary = "bo" }, lead = {} }

[enginer.2027-01-04]
primary = "bo"

[engineer.2027-01-04]
primery = "bo"
backup = 7
engineer-1 = "bo, cy"
engineer-2 = "Cy"
end = 2027-01-12
planned = { at = 2026-11-23T09:00:00, revision = "1" }
changes = [
  { at = 2027-01-05T11:40:00-05:00, seat = "bakup", was = "bo", now = "cy" },
  { at = 2027-01-05T11:40:00-05:00, seat = "backup", wass = "bo", now = "cy" },
  { at = 2027-01-05T11:40:00-05:00, seat = "backup", was = "bo", now = "cy", from = 2027-01-06, to = 2027-01-05 },
  { at = 2027-01-05T11:40:00-05:00, seat = "backup", was = "bo", now = "cy", from = 2027-03-06 },
]

[engineer.2027-01-11]
end = 2027-01-10

[engineer.2027-1-18]
primary = "bo"

[engineer.0207-01-18]
planed = { }
"""
    assert problems(text) + "\n" == EXPECTED


EXPECTED = """\
error: schedule.toml:3: `rotaa` is not a known key [unknown-key]
  hint: did you mean `rota`?
error: schedule.toml:6: `pools.from` should be a date such as `2027-02-08`, or one with time and offset [wrong-type]
error: schedule.toml:8: `pools.from` is missing [missing-key]
error: schedule.toml:9: `pools.form` is neither a rotation nor a known key [unknown-key]
  hint: did you mean `from`?
error: schedule.toml:10: `pools.week` is neither a rotation nor a known key [unknown-key]
  hint: did you mean `weeks`?
error: schedule.toml:14: `pools.weeks.engineer` should be a whole number from 1 to 520 [out-of-range]
error: schedule.toml:15: `pools.engineeer` is neither a rotation nor a known key [unknown-key]
  hint: did you mean `engineer`?
error: schedule.toml:16: `pools.engineer.eli` should be a number from 0 to 1 [unquoted-dot]
  hint: write a handle with dots in quotes: `"eli.f"`
error: schedule.toml:16: `pools.engineer.BO` has `BO`, but the roster spells it `bo` [two-spellings]
  hint: write `bo`
error: schedule.toml:16: `pools.engineer.cy` should be a number from 0 to 1 [out-of-range]
error: schedule.toml:17: `pools.not-ready.engineer.primary` should be a list, `[ … ]` [wrong-type]
error: schedule.toml:17: `not-ready` names `lead`, but this entry has no shares for it [not-ready-without-shares]
  hint: add them as `lead = { … }`
error: schedule.toml:19: the roster has no rotation `enginer` [unknown-rotation]
  hint: did you mean `engineer`?
error: schedule.toml:23: `engineer.2027-01-04.primery` is not a seat in the roster [unknown-seat]
  hint: did you mean `primary`?
error: schedule.toml:24: `engineer.2027-01-04.backup` should be a handle in quotes, or `\"\"` for nobody [wrong-type]
error: schedule.toml:25: `engineer.2027-01-04.engineer-1` has a text that is not a handle [not-a-handle]
  hint: a handle has letters, digits, `.`, `_` and `-` only
error: schedule.toml:26: `engineer.2027-01-04.engineer-2` has `Cy`, but the roster spells it `cy` [two-spellings]
  hint: write `cy`
error: schedule.toml:27: `engineer.2027-01-04` overlaps the period that starts on 2027-01-11 [overlapping-periods]
  hint: `end` is the last day of the period
error: schedule.toml:28: `engineer.2027-01-04.planned.at` should be a date, time and offset: \
`2027-02-10T11:40:00-05:00` [wrong-type]
error: schedule.toml:28: `engineer.2027-01-04.planned.revision` should be a whole number from 1 to 1000000 [wrong-type]
error: schedule.toml:28: `engineer.2027-01-04.planned.seal` is missing [missing-key]
error: schedule.toml:30: `engineer.2027-01-04` has no seat `bakup` to change [unknown-seat]
  hint: did you mean `backup`?
error: schedule.toml:31: `engineer.2027-01-04.changes.wass` is not a known key [unknown-key]
  hint: did you mean `was`?
error: schedule.toml:31: `engineer.2027-01-04.changes.was` is missing [missing-key]
error: schedule.toml:32: this change ends on 2027-01-05, before it starts on 2027-01-06 [ends-before-it-starts]
error: schedule.toml:33: this change is outside its period, 2027-01-04 to 2027-01-12 [outside-its-period]
error: schedule.toml:37: `engineer.2027-01-11.end` is before the period starts [ends-before-it-starts]
  hint: `end` is the last day of the period
error: schedule.toml:39: `2027-1-18` in `[engineer.2027-1-18]` is not a date [not-a-date]
  hint: name a block by its first day: `[engineer.2027-01-04]`
error: schedule.toml:42: `0207-01-18` in `[engineer.0207-01-18]` is not a date [not-a-date]
  hint: name a block by its first day: `[engineer.2027-01-04]`
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "",
            "error: schedule.toml: this is not a schedule: it has no `format` [not-a-schedule]\n"
            "  hint: a schedule begins with `format = 3`",
        ),
        (
            'format = 4\nrota = "OPS"\n[engineer.nonsense]\n',
            "error: schedule.toml:1: `format = 4` is unknown [unknown-format]\n"
            "  hint: a newer setrota may have written this file; this version reads formats 1 to 3",
        ),
        (
            "format = 3\n",
            "error: schedule.toml: `rota` must be the short name of a roster [missing-key]\n"
            '  hint: if the schedule belongs to this roster, write `rota = "SET"`',
        ),
        (
            'format = 3\nrota = "OPS"\n[enginer.nonsense]\n',
            "error: schedule.toml:2: this schedule belongs to `OPS`, but the roster is `SET` [wrong-rota]\n"
            "  hint: use this roster's own schedule; if you changed `short-name`, change `rota` as well",
        ),
    ],
)
def test_what_is_not_a_schedule_of_this_rota_is_not_read_any_further(text: str, expected: str) -> None:
    assert problems(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[pools]\nfrom = 2027-01-04\n",
            "3: `pools` should be a list, `[ … ]` [wrong-type]\n  hint: each entry begins with `[[pools]]`",
        ),
        (
            "pools = [1]\n",
            "3: `pools` should be a table, `{ … = … }` [wrong-type]\n  hint: each entry begins with `[[pools]]`",
        ),
        (
            "[[pools]]\nfrom = 2027-01-04\nlead = {}\n" * 2,
            "8: two `[[pools]]` entries from 2027-01-04 have `lead` [pool-twice]\n  hint: keep one of them",
        ),
        (
            "[lead.2027-01-04]\nplanned = 3\n",
            "4: `lead.2027-01-04.planned` should be a table, `{ … = … }` [wrong-type]",
        ),
        (
            "[lead.2027-01-04]\nchnages = []\n",
            '4: `lead.2027-01-04.chnages` should be a handle in quotes, or `""` for nobody [wrong-type]\n'
            "  hint: did you mean `changes`?",
        ),
        (
            "[lead.2027-02-30]\n",
            "3: `2027-02-30` in `[lead.2027-02-30]` is not a date [not-a-date]\n"
            "  hint: name a block by its first day: `[lead.2027-01-04]`",
        ),
        (
            "[lead.2027-01-04]\nend = 2072-01-17\n",
            "4: `lead.2027-01-04.end` is more than ten years after the period starts [period-too-long]\n"
            "  hint: `end` is the last day of the period",
        ),
        (
            '[engineer.2027-01-04]\nengineer = "bo"\nprimary = "cy"\nengineer-1 = "dee"\n',
            "6: `engineer.2027-01-04.engineer-1` is the same seat as `engineer` [seat-twice]\n"
            "  hint: keep one of the two",
        ),
        (
            '[night.2027-01-04]\nwatch-1 = "bo"\nwatch = ""\n',
            "5: `night.2027-01-04.watch` is the same seat as `watch-1` [seat-twice]\n  hint: keep one of the two",
        ),
    ],
)
def test_mistakes_of_one_kind(text: str, expected: str) -> None:
    assert problems(HEADING + text) == f"error: schedule.toml:{expected}"


def test_a_rotation_without_blocks_is_fine() -> None:
    assert parsed(HEADING + "[lead]\n").crews == ()


def test_a_merge_conflict_is_called_one() -> None:
    conflict = '<<<<<<< ours\nprimary = "bo"\n=======\nprimary = "cy"\n>>>>>>> theirs\n'

    said = problems(f"{HEADING}[engineer.2027-01-04]\n{conflict}")

    assert said.startswith("error: schedule.toml:4: ")
    assert "merge conflict" in said


def test_a_date_that_does_not_exist_is_named() -> None:
    said = problems(f"{HEADING}[engineer.2027-01-04]\nend = 2027-02-30\n")

    assert said.startswith("error: schedule.toml:4: ")
    assert "2027-02-30" in said


def test_a_period_that_appears_twice_is_reported() -> None:
    assert "schedule.toml:4: " in problems(f"{HEADING}[engineer.2027-01-04]\n[engineer.2027-01-04]\n")


@pytest.mark.parametrize(
    ("nonsense", "said"),
    [
        ("[" * 100_000, "not TOML"),
        ("x = [" * 50_000, "not TOML"),
        ("x = " + "9" * 10_000, "has a number with hundreds of digits"),
        ("format = 0x" + "f" * 10_000, "has a number with hundreds of digits"),
        (".".join("x" * 3000) + " = 1", "nests tables or lists more than 50 deep"),
        ("\0" * 1000, "not TOML"),
        ("a" * 1_000_000, "not TOML"),
    ],
)
def test_nonsense_is_refused(nonsense: str, said: str) -> None:
    assert said in problems(nonsense if nonsense.startswith("format") else f"format = 3\n{nonsense}")


@pytest.mark.parametrize("beginning", ["format = 3 # ours", "format = 3 ", "format=3\t# a b\r", "x x\nformat = 3"])
def test_a_mistake_below_the_format_is_explained(beginning: str) -> None:
    assert "this is not TOML" in problems(f'{beginning}\nrota = "x\n')


@pytest.mark.parametrize("nonsense", ["[" * 100_000, "x = [", ".".join("x" * 3000) + " = 1", "\0" * 1000, "a", "x = 1"])
def test_nonsense_that_does_not_look_like_a_schedule_is_none(nonsense: str) -> None:
    assert problems(nonsense) == (
        "error: schedule.toml: this is not a schedule: it has no `format` [not-a-schedule]\n"
        "  hint: a schedule begins with `format = 3`"
    )


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "schedule.toml"
    path.write_bytes(b'format = 3\nrota = "\xff"\n')

    with pytest.raises(Refused, match=r"schedule\.toml:2: is not UTF-8 text"):
        read_schedule(path, ROSTER)


def test_a_file_that_is_too_big(tmp_path: Path) -> None:
    path = tmp_path / "schedule.toml"
    path.write_bytes(b"#" * (LIMIT_BYTES + 1))

    with pytest.raises(Refused, match="larger than 5 MB"):
        read_schedule(path, ROSTER)


# Any schedule reads back unchanged

HANDLES = st.sampled_from(["ana", "bo", "cy", "dee", "eli.f", "gone", "gone.too", "-"])
SEATS = {"engineer": ["primary", "backup", "engineer-1", "engineer-2"], "lead": ["lead"], "night watch": ["a", "b.c"]}
OFFSETS = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=OFFSETS)
POOLS = st.builds(
    Pool,
    st.dictionaries(HANDLES, st.floats(0, 1), max_size=4),
    st.dictionaries(st.sampled_from(["primary", "odd kind"]), st.frozensets(HANDLES, max_size=2), max_size=2),
)


def within(rotation: str, on: date, minutes: int) -> date:
    """The point so many minutes after the handover of a day; none is the day itself."""
    return point_at(ROSTER, rotation, handover_on(ROSTER, rotation, on).astimezone(UTC) + timedelta(minutes=minutes))


MINUTES = st.sampled_from([0, 0, 0, 1, 300, 1439])


@st.composite
def drawn_crews(draw: st.DrawFn, rotation: str) -> list[Crew]:
    # In the first days clocks repeat an hour.
    start = draw(st.sampled_from([date(2026, 10, 31), date(2026, 12, 1)])) + DAY * draw(st.integers(0, 20))
    pools = draw(st.lists(POOLS, min_size=1, max_size=2))
    found = []
    for _ in range(draw(st.integers(0, 4))):
        days = draw(st.sampled_from([5, 7, 7, 7, 14]))
        seats = draw(st.dictionaries(st.sampled_from(SEATS[rotation]), st.none() | HANDLES, min_size=1))
        changes = [
            Change(
                draw(MOMENTS),
                draw(st.sampled_from(sorted(seats))),
                draw(st.none() | HANDLES),
                draw(st.none() | HANDLES),
                start=within(rotation, start + DAY, draw(MINUTES)) if draw(st.booleans()) else None,
                end=within(rotation, start + DAY * 3, draw(MINUTES)) if draw(st.booleans()) else None,
                reason=draw(st.none() | st.text()),
                forced=draw(st.lists(st.sampled_from(["rest", "leave"]), max_size=2).map(tuple)),
                replanned=draw(st.booleans()),
            )
            for _ in range(draw(st.integers(0, 2)))
        ]
        planned = draw(st.none() | st.builds(Planned, MOMENTS, st.integers(1, 999), st.text("0123456789abcdef")))
        period = Period(start, within(rotation, start + DAY * days, draw(MINUTES)), rotation)
        known = draw(st.none() | st.just(date(2026, 11, 3)))
        found.append(Crew(period, seats, draw(st.sampled_from(pools)), tuple(changes), planned, known))
        gap = draw(st.sampled_from([0, 0, 0, 1, 7]))
        start = period.end + DAY * gap if gap else period.end
    return found


@pytest.mark.no_cover  # quicker tests run the same lines
@given(drawn_crews("engineer"), drawn_crews("lead"), drawn_crews("night watch"))
@settings(deadline=None)
def test_every_schedule_comes_back(engineers: list[Crew], leads: list[Crew], former: list[Crew]) -> None:
    schedule = Schedule("SET", (*engineers, *leads, *former))

    text = schedule_text(schedule, ROSTER)

    assert parsed(text) == schedule
    assert schedule_text(parsed(text), ROSTER) == text


def test_rotations_on_grids_of_their_own_read_back_equal() -> None:
    """Mondays, Fridays and anchored fortnights: a block of one rotation doesn't affect the end of another's."""
    friday = replace(ROSTER.rotations["lead"], handover=Handover(4, time(15)), anchor=day(1, 15))
    roster = replace(ROSTER, rotations={**ROSTER.rotations, "lead": friday})
    mondays = [pooled("engineer", day(1, 4) + WEEK * number, {"primary": "bo"}) for number in range(4)]
    # The grid moved by a week: a handwritten week is between its fortnights, and five days later on.
    fridays = [
        pooled("lead", day(1, 1), {"lead": "ana"}, 1),
        pooled("lead", day(1, 8), {"lead": "ana"}, 2),
        Crew(Period(day(1, 22), day(1, 27), "lead"), {"lead": "ana"}, Pool({"ana": 1.0})),
        pooled("lead", day(1, 29), {"lead": "ana"}, 2),
    ]
    schedule = Schedule("SET", (*mondays, *fridays))
    text = schedule_text(schedule, roster)
    assert parsed(text, roster) == schedule
    assert text.count("end = ") == 1
    assert [line for line in text.splitlines() if line.startswith("weeks")] == [
        "weeks = { lead = 1 }",
        "weeks = { engineer = 1 }",
        "weeks = { lead = 2 }",
    ]


def test_what_begins_or_ends_within_a_day_is_written_as_an_instant() -> None:
    """At half past one on 7 November 2027, clocks show that time for the second time: the key has its offset."""
    first, second = (datetime(2027, 11, 7, 1, 30, tzinfo=ZONE, fold=fold) for fold in (0, 1))
    earlier, later = (point_at(ROSTER, "lead", each) for each in (first, second))
    offset = timezone(timedelta(hours=-4))
    crews = [
        Crew(
            Period(day(11, 1), earlier, "lead"),
            {"lead": "ana"},
            Pool({"ana": 1.0}),
            (
                Change(datetime(2027, 11, 3, 14, tzinfo=offset), "lead", "ana", "bo",
                       start=point_at(ROSTER, "lead", datetime(2027, 11, 3, 14, tzinfo=ZONE)), end=day(11, 6)),
            ),
        ),
        Crew(Period(earlier, later, "lead"), {"lead": "bo"}, Pool({"ana": 1.0})),
        Crew(Period(later, day(11, 15), "lead"), {"lead": "ana"}, Pool({"ana": 1.0})),
    ]  # fmt: skip
    schedule = Schedule("SET", tuple(crews))
    assert schedule_text(schedule, ROSTER) == (
        HEADING
        + """
[[pools]]
from = 2027-11-01
lead = { ana = 1.0 }

[lead.2027-11-01]
end = 2027-11-07T01:30:00-04:00
lead = "ana"
changes = [
  { at = 2027-11-03T14:00:00-04:00, seat = "lead", was = "ana", now = "bo", from = 2027-11-03T14:00:00-04:00, \
to = 2027-11-05 },
]

[lead."2027-11-07T01:30-04:00"]
end = 2027-11-07T01:30:00-05:00
lead = "bo"

[lead."2027-11-07T01:30-05:00"]
end = 2027-11-14
lead = "ana"
"""
    )
    assert parsed(schedule_text(schedule, ROSTER)) == schedule


def test_an_instant_of_a_handover_is_a_day() -> None:
    text = (
        HEADING
        + """
[lead."2027-01-04T09:00"]
end = 2027-01-18T09:00:00-05:00
lead = "ana"
changes = [{ at = 2027-01-04T00:00:00Z, seat = "lead", was = "ana", now = "bo", from = 2027-01-06T14:00:00Z }]
"""
    )
    [crew] = parsed(text).crews
    assert (crew.period, crew.changes[0].start) == (Period(day(1, 4), day(1, 18), "lead"), day(1, 6))


# Turns that begin on listed days


def releases(*days: date) -> Roster:
    release = samples.rotation("lead", starts=days)
    return replace(ROSTER, rotations={**ROSTER.rotations, "lead": release})


def turns_of(schedule: Schedule) -> list[tuple[date, date]]:
    return [(crew.period.start, crew.period.end) for crew in schedule.crews]


BEGINNINGS = day(1, 12), day(2, 23), day(4, 6)
PLANNED = Schedule(
    "SET",
    tuple(
        Crew(period, {"lead": who}, Pool({"ana": 1.0})).sealed(samples.PLANNED_AT, 1)
        # The last turn counts as long as the one before: six weeks.
        for who, period in zip(
            ("ana", "bo", "cy"),
            (Period(*each, "lead") for each in pairwise((*BEGINNINGS, day(5, 18)))),
            strict=True,
        )
    ),
)


def test_the_last_of_listed_turns_is_open_and_ends_where_the_next_begins() -> None:
    text = schedule_text(PLANNED, releases(*BEGINNINGS))
    assert text.count("open = true") == 1
    assert parsed(text, releases(*BEGINNINGS)) == PLANNED

    longer = releases(*BEGINNINGS, day(6, 7))
    after = parsed(text, longer)
    assert turns_of(after)[-1] == (day(4, 6), day(6, 7))
    assert not any(crew.edited or crew.first_planned for crew in after.crews)
    assert "open" not in schedule_text(after, longer)


@pytest.mark.parametrize(
    ("moved", "turns", "known"),
    [
        # By a week: a turn lasts six.
        ((day(1, 12), day(3, 2), day(4, 6)), [(day(1, 12), day(3, 2)), (day(3, 2), day(4, 6))], [None, day(2, 23)]),
        # The last one by 20 days of 42; it counts as long as the one before does now.
        (
            (day(1, 12), day(2, 23), day(4, 26)),
            [(day(2, 23), day(4, 26)), (day(4, 26), day(4, 26) + DAY * 62)],
            [None, day(4, 6)],
        ),
        # By half of the turn and more, it is another one.
        ((day(1, 12), day(3, 16), day(4, 6)), [(day(1, 12), day(2, 23)), (day(2, 23), day(4, 6))], [None, None]),
    ],
    ids=["a week", "the last", "too far"],
)
def test_a_turn_whose_start_was_moved_is_the_same_turn(
    moved: tuple[date, ...], turns: list[tuple[date, date]], known: list[date | None]
) -> None:
    after = parsed(schedule_text(PLANNED, releases(*BEGINNINGS)), releases(*moved))
    found = dict(zip(turns_of(after), after.crews, strict=True))
    assert [found[turn].first_planned for turn in turns] == known
    assert [crew.seats["lead"] for crew in after.crews] == ["ana", "bo", "cy"]
    assert not any(crew.edited for crew in after.crews)
    text = schedule_text(after, releases(*moved))
    assert parsed(text, releases(*moved)) == after
    # Moved back, all is as before.
    assert parsed(text, releases(*BEGINNINGS)) == PLANNED


def test_what_was_served_between_listed_turns_stays_as_it_was() -> None:
    imported = Crew(Period(day(1, 12), day(2, 20), "lead"), {"lead": "ana"}, Pool({"ana": 1.0}))
    place = releases(*BEGINNINGS)
    assert parsed(schedule_text(Schedule("SET", (imported,)), place), place).crews == (imported,)


def test_a_block_without_an_end_lasts_as_long_as_its_own_rotation_says() -> None:
    friday = replace(ROSTER.rotations["lead"], handover=Handover(4, time(15)), anchor=day(1, 15))
    roster = replace(ROSTER, rotations={**ROSTER.rotations, "lead": friday})
    text = HEADING + '[engineer.2027-01-11]\nprimary = "bo"\n[lead.2027-01-08]\nlead = "ana"\n'
    # The engineers' block three days later doesn't end the lead's.
    assert [each.period for each in parsed(text, roster).crews] == [
        Period(day(1, 8), day(1, 22), "lead"),
        Period(day(1, 11), day(1, 18), "engineer"),
    ]


def test_how_many_periods_a_large_pool_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f'{HEADING}[engineer.2027-01-04]\nprimary = "bo"\n\n[engineer.2027-01-11]\nprimary = "cy"\n'
    people = len(ROSTER.members_of("engineer"))
    monkeypatch.setattr("setrota.files.schedule.MOST_MEMBERSHIPS", 2 * people)
    assert len(parsed(text).crews) == 2
    monkeypatch.setattr("setrota.files.schedule.MOST_MEMBERSHIPS", 2 * people - 1)
    assert f"too many periods of `engineer` for a pool of {people} people [schedule-too-large]" in problems(text)


@pytest.mark.parametrize(
    ("limit", "most", "what"),
    [
        ("PERIODS", 2, "2 periods"),
        ("RECORDS", 2, "2 plans or pools"),
        ("CHANGES", 2, "2 changes of one period"),
        ("SEATS", 3, "3 seats in one period"),
        ("SEATS_IN_ALL", 4, "4 seats in all periods"),
        ("CHANGES_IN_ALL", 2, "2 changes in all periods"),
    ],
)
def test_how_much_a_schedule_may_hold(monkeypatch: pytest.MonkeyPatch, limit: str, most: int, what: str) -> None:
    pools = "".join(f"[[pools]]\nfrom = 2027-01-{number:02}\nlead = {{ ana = 1.0 }}\n" for number in (4, 11))
    change = '{ at = 2027-01-04T10:00:00Z, seat = "primary", was = "bo", now = "cy" }'
    block = f'primary = "bo"\nbackup = "dee"\nchanges = [{change}, {change}]\n'
    text = f'{HEADING}{pools}[engineer.2027-01-04]\n{block}\n[engineer.2027-01-11]\nprimary = "cy"\n'
    monkeypatch.setattr(f"setrota.files.schedule.MOST_{limit}", most)
    assert len(parsed(text).crews) == 2
    monkeypatch.setattr(f"setrota.files.schedule.MOST_{limit}", most - 1)
    said = problems(text)
    assert f"has more than {most - 1} {what[2:]} [schedule-too-large]" in said


def test_pools_of_today_are_found_for_all_periods_at_once() -> None:
    """As for each alone, also around a pool that is recorded and for people who join or leave."""
    roster = replace(ROSTER, people=ROSTER.people | {"cy": replace(ROSTER.people["cy"], start=day(1, 18))})
    blocks = "".join(f'[engineer.2027-01-{number:02}]\nprimary = "bo"\n' for number in (4, 11, 18, 25))
    found = parsed(f"{HEADING}[[pools]]\nfrom = 2027-01-25\nengineer = {{ dee = 1.0 }}\n{blocks}", roster).crews
    assert [crew.pool for crew in found[:3]] == [pool_of(roster, crew.period) for crew in found[:3]]
    assert found[3].pool == Pool({"dee": 1.0})


def test_no_sentence_stands_where_the_names_of_forced_rules_are() -> None:
    """It may be the reason of the change, and `log` shows the rules."""
    assert RULES.fits(["rest", "max-duties"])
    assert not RULES.fits(["out with a broken leg"])
    assert not RULES.fits(["Leg"])
