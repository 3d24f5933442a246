"""What the keys of rotations, people, rules, pins and holidays mean, and when they fit together.

The words for those that don't are in tests/errors.
"""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from roster_text import read_text

from setrota.problems import Refused
from setrota.roster import (
    EVERY_DAY,
    NO_HOLIDAYS,
    NO_RULES,
    Away,
    Exemption,
    Handover,
    Holidays,
    Leave,
    Length,
    Limit,
    Mix,
    Person,
    Pin,
    Roster,
    Rotation,
    Rules,
    Seat,
    Team,
)

ROTA = """\
[rota]
name = "Front Desk"
timezone = "Europe/Berlin"
handover = "Wednesday 14:30"
"""
DESK = """
[rotations.desk]
every = "1 week"
pool = "staff"
seats = ["primary", "backup"]
"""
LEAD = """
[rotations.lead]
every = "2 weeks"
pool = "leads"
seats = ["lead"]
"""
TEAMS = """
[teams.red]
staff = ["ana", "bo", "cy"]
leads = ["gus"]

[teams.blue]
staff = ["dee", "eli", "fay"]
leads = ["hana"]
"""
SMALL = ROTA + DESK + LEAD + TEAMS


def _problems(folder: Path, text: str, **included: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        read_text(folder, text, **included)
    return [problem.message for problem in caught.value.problems]


def _desk(keys: str) -> str:
    """The small roster with more keys in the rotation of the desk."""
    return SMALL.replace('seats = ["primary", "backup"]\n', f'seats = ["primary", "backup"]\n{keys}\n')


EVERY_KEY = """\
[rota]
name = "Front Desk"
short-name = "Desk"
timezone = "Europe/Berlin"
handover = "Wednesday 14:30"
quarters-start = "February"

[rotations.desk]
every = "1 week"
pool = "staff"
seats = ["primary", "helper", "helper"]
optional-seats = ["shadow"]
seat-teams = { primary = ["red", "blue"], shadow = "red" }
rest = "3 weeks"
max-per-team = 2
team-rest = "1 week"
leave-tolerance = 2
anchor = 2027-01-06

[rotations.pair]
every = "1 week"
pool = "pairs"
seats = ["front", "back"]
pattern = ["back", "front"]
handover = "Friday 15:00"
timezone = "America/Toronto"

[teams.red]
name = "Red team"
staff = ["ana", "bo"]
away = [{ from = 2027-02-01, to = 2027-02-12, owes = true, note = "a fair" }, { from = 2027-03-01 }]

[teams.blue]
staff = ["cy", "dee"]
pairs = ["eli", "fay"]

[people.bo]
name = "Bo Lindqvist"
email = "bo@example.com"
chat = "bo.lindqvist"
share = 0.5
not-seats = ["primary"]
start = 2026-09-01
end = 2027-10-31
leave = [{ from = 2026-12-21, to = 2027-01-03 }]
works = ["mon", "TUE", "Wednesday", "sat"]
tags = ["senior", "emea"]
avoid = [{ from = 2027-02-01, to = 2027-02-05, note = "moving house" }]
prefer = [{ from = 2027-03-01 }]
holidays = "DE-BY"

[people.cy]
tags = ["apac"]

[holidays]
calendar = "CA-ON"
dates = [2026-12-24, { from = 2026-12-30, to = 2027-01-01 }]

[rules]
mix = [
  { rotation = "desk", tag = "senior", at-least = 1 },
  { rotation = ["desk", "pair"], tags = ["emea", "apac"], at-most = 1 },
  { tag = "emea", at-least = 1, at-most = 2, seats = ["primary", "helper"] },
]
never-together = [["bo", "cy"], ["dee", "eli", "fay"]]
teams-apart = [["red", "blue"]]
max-per-team = 3
max-duties = [
  { limit = "1 per 12 weeks", seats = ["primary"] },
  { limit = "2 per 26 weeks", seats = ["pair", "desk/helper"] },
]
long-leave = "6 weeks"
freeze = "0 weeks"
relax = ["rest", "max-per-team"]
exceptions = [{ rule = "rest", person = "bo", date = 2027-02-08 }]

[[pins]]
date = 2027-02-08
seat = "primary"
person = "cy"

[[pins]]
date = 2027-02-08
seat = "desk/helper-2"
person = "dee"

[channel]
header = "{crew}"
"""


def test_every_key(tmp_path: Path) -> None:
    # In the file the last day belongs to a stretch; in code it doesn't, so each end is a day later.
    assert read_text(tmp_path, EVERY_KEY).roster == Roster(
        name="Front Desk",
        short_name="Desk",
        zone=ZoneInfo("Europe/Berlin"),
        handover=Handover(2, time(14, 30)),
        quarters_start=2,
        header="{crew}",
        rotations={
            "desk": Rotation(
                name="desk",
                every=Length(1, "weeks"),
                pool="staff",
                seats=(
                    Seat("primary", 1, "primary"),
                    Seat("helper", 1, "helper-1"),
                    Seat("helper", 2, "helper-2"),
                    Seat("shadow", 1, "shadow"),
                ),
                rest=Length(3),
                max_per_team=2,
                team_rest=Length(1),
                leave_tolerance=2,
                optional=frozenset({"shadow"}),
                seat_teams={"primary": frozenset({"red", "blue"}), "shadow": frozenset({"red"})},
                anchor=date(2027, 1, 6),
            ),
            "pair": Rotation(
                name="pair",
                pool="pairs",
                seats=(Seat("front", 1, "front"), Seat("back", 1, "back")),
                pattern=("back", "front"),
                handover=Handover(4, time(15)),
                zone=ZoneInfo("America/Toronto"),
            ),
        },
        teams={
            "red": Team(
                "red",
                "Red team",
                {"staff": ("ana", "bo")},
                (
                    Away(date(2027, 2, 1), date(2027, 2, 13), owes=True),
                    Away(date(2027, 3, 1), date(2027, 3, 2), owes=False),
                ),
            ),
            "blue": Team("blue", "blue", {"staff": ("cy", "dee"), "pairs": ("eli", "fay")}),
        },
        people={
            "ana": Person("ana", name="ana", chat="ana"),
            "bo": Person(
                "bo",
                name="Bo Lindqvist",
                email="bo@example.com",
                chat="bo.lindqvist",
                shares={"desk": 0.5, "pair": 0.5},
                not_seats=frozenset({"primary"}),
                start=date(2026, 9, 1),
                end=date(2027, 11, 1),
                leave=(Leave(date(2026, 12, 21), date(2027, 1, 4)),),
                works=frozenset({0, 1, 2, 5}),
                tags=frozenset({"senior", "emea"}),
                avoid=(Leave(date(2027, 2, 1), date(2027, 2, 6)),),
                prefer=(Leave(date(2027, 3, 1), date(2027, 3, 2)),),
                holidays="DE-BY",
            ),
            "cy": Person("cy", name="cy", chat="cy", tags=frozenset({"apac"})),
            "dee": Person("dee", name="dee", chat="dee"),
            "eli": Person("eli", name="eli", chat="eli"),
            "fay": Person("fay", name="fay", chat="fay"),
        },
        rules=Rules(
            mix=(
                Mix(tags=frozenset({"senior"}), rotations=frozenset({"desk"}), at_least=1),
                Mix(tags=frozenset({"emea", "apac"}), rotations=frozenset({"desk", "pair"}), at_most=1, distinct=True),
                # Only the desk has such seats.
                Mix(
                    tags=frozenset({"emea"}),
                    rotations=frozenset({"desk"}),
                    kinds=frozenset({"primary", "helper"}),
                    at_least=1,
                    at_most=2,
                ),
            ),
            never_together=(frozenset({"bo", "cy"}), frozenset({"dee", "eli", "fay"})),
            teams_apart=(frozenset({"red", "blue"}),),
            max_per_team=3,
            limits=(
                Limit(1, Length(12), frozenset({"primary"})),
                Limit(2, Length(26), frozenset({"pair", "desk/helper"})),
            ),
            long_leave=Length(6),
            freeze=Length(0),
            relax=("rest", "max-per-team"),
            exemptions=frozenset({Exemption("rest", "bo", date(2027, 2, 8))}),
        ),
        pins=(
            Pin(date(2027, 2, 8), "desk", "primary", "cy"),
            Pin(date(2027, 2, 8), "desk", "helper-2", "dee"),
        ),
        holidays=Holidays(
            "CA-ON", frozenset({date(2026, 12, 24), date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)})
        ),
    )


def test_no_note_goes_further(tmp_path: Path) -> None:
    said = repr(read_text(tmp_path, EVERY_KEY).roster)
    assert "a fair" not in said
    assert "moving house" not in said


def test_without_these_keys_nothing_is_asked(tmp_path: Path) -> None:
    roster = read_text(tmp_path, SMALL).roster
    assert (roster.rules, roster.pins, roster.holidays) == (NO_RULES, (), NO_HOLIDAYS)
    assert roster.people["bo"].works == EVERY_DAY
    assert roster.handover_of("desk") == roster.handover
    assert roster.zone_of("desk") == roster.zone


# Rotations


def test_optional_seats_ask_for_nobody(tmp_path: Path) -> None:
    # Six people for two seats and seven optional ones; one of a team for two seats and an optional one, with two teams;
    # and nobody is ready for the optional seat.
    seven = ", ".join(['"shadow"'] * 7)
    assert len(read_text(tmp_path, _desk(f"optional-seats = [{seven}]")).roster.rotations["desk"].seats) == 9
    assert read_text(tmp_path, _desk('optional-seats = ["shadow"]\nmax-per-team = 1')).roster
    nobody = "".join(
        f'\n[people.{handle}]\nnot-seats = ["shadow"]\n' for handle in ("ana", "bo", "cy", "dee", "eli", "fay")
    )
    assert read_text(tmp_path, _desk('optional-seats = ["shadow"]') + nobody).roster


@pytest.mark.parametrize(
    ("seats", "pattern", "fits"),
    [
        ('"primary", "backup"', '"backup", "primary"', True),
        ('"primary", "primary", "backup", "backup"', '"backup", "primary"', True),
        ('"primary", "backup", "backup"', '"backup", "primary"', False),
        ('"primary", "backup"', '"backup"', False),
    ],
)
def test_the_seats_are_the_pattern_once_or_several_times(tmp_path: Path, seats: str, pattern: str, fits: bool) -> None:
    text = SMALL.replace('"primary", "backup"]', f"{seats}]\npattern = [{pattern}]")
    if fits:
        assert read_text(tmp_path, text).roster.rotations["desk"].steps == pattern.count('"') // 2
    else:
        assert _problems(tmp_path, text) == [
            "`rotations.desk.pattern` doesn't match `seats`, which must have its seats equally often and no others"
        ]


def test_a_kind_is_open_to_the_teams_it_names(tmp_path: Path) -> None:
    one = _desk('seat-teams = { primary = "red" }')
    assert read_text(tmp_path, one).roster.usual_seat_obstacles("bo", "desk", "primary") == ()
    assert read_text(tmp_path, one).roster.usual_seat_obstacles("dee", "desk", "primary") == ("seat-teams",)
    # Three of the red team for three seats are enough, for four they aren't.
    three = one.replace('seats = ["primary",', 'seats = ["primary", "primary", "primary",')
    assert len(read_text(tmp_path, three).roster.rotations["desk"].seats) == 4
    assert _problems(tmp_path, three.replace('seats = ["primary",', 'seats = ["primary", "primary",')) == [
        "`rotations.desk.seats` has 4 seats `primary`, but only `ana`, `bo` and `cy` are ready for it"
    ]


@pytest.mark.parametrize(("day", "nearest"), [("2027-01-03", "2027-01-06"), ("2027-01-09", "2027-01-06")])
def test_an_anchor_is_moved_by_three_days_at_most(tmp_path: Path, day: str, nearest: str) -> None:
    # Handovers are on Wednesdays: from the Sunday before and from the Saturday after, the 6th is the nearest.
    assert read_text(tmp_path, _desk(f"anchor = {nearest}")).roster.rotations["desk"].anchor == date(2027, 1, 6)
    with pytest.raises(Refused, match=f"did you mean `{nearest}`"):
        read_text(tmp_path, _desk(f"anchor = {day}"))


# People


def test_somebody_may_work_on_weekends_only(tmp_path: Path) -> None:
    person = read_text(tmp_path, SMALL + '\n[people.bo]\nworks = ["sun"]\n').roster.people["bo"]
    assert person.works == {6}


@pytest.mark.parametrize(
    ("calendar", "fits"), [("CA", True), ("CA-ON", True), ("FR-57", True), ("CAN", False), ("C", False), ("CA-", False)]
)
def test_the_looks_of_a_calendar(tmp_path: Path, calendar: str, fits: bool) -> None:
    text = f'{SMALL}\n[holidays]\ncalendar = "{calendar}"\n'
    if fits:
        assert read_text(tmp_path, text).roster.holidays.calendar == calendar
    else:
        assert len(_problems(tmp_path, text)) == 1


# Rules


def _rules(keys: str) -> str:
    return f'{SMALL}\n[people.bo]\ntags = ["senior"]\n\n[people.dee]\ntags = ["junior"]\n\n[rules]\n{keys}\n'


def test_a_mix_without_a_rotation_is_about_the_only_one(tmp_path: Path) -> None:
    text = _rules('mix = [{ tag = "senior", at-most = 0 }]').replace(LEAD, "").replace("leads = ", "# ")
    (mix,) = read_text(tmp_path, text).roster.rules.mix
    assert (mix.rotations, mix.kinds, mix.at_least, mix.at_most, mix.distinct) == ({"desk"}, set(), 0, 0, False)


def test_a_mix_asks_for_no_more_than_the_seats_that_must_be_filled(tmp_path: Path) -> None:
    # Two seats, and an optional one that counts only if it is named.
    optional = 'seats = ["primary", "backup"]\noptional-seats = ["shadow"]'
    text = _rules('mix = [{ rotation = "desk", tag = "senior", at-least = 2 }]').replace(
        'seats = ["primary", "backup"]', optional
    )
    assert read_text(tmp_path, text).roster.rules.mix[0].at_least == 2
    three = text.replace("at-least = 2", "at-least = 3")
    assert _problems(tmp_path, three) == ["`rules.mix.at-least` is 3, but `desk` has only 2 seats"]
    named = three.replace("at-least = 3", 'at-least = 3, seats = ["primary", "backup", "shadow"]')
    assert read_text(tmp_path, named).roster.rules.mix[0].at_least == 3


def test_a_rotation_has_a_mix_of_its_own(tmp_path: Path) -> None:
    """It comes after those in `[rules]`, whatever the order in the file, and may say all but the rotation."""
    own = 'mix = [{ tag = "junior", at-most = 0, seats = "primary" }, { tags = ["senior", "junior"], at-least = 1 }]'
    text = _rules('mix = [{ rotation = ["desk", "lead"], tag = "senior", at-least = 3 }]')
    found = read_text(tmp_path, text.replace("[rotations.desk]", f"[rotations.desk]\n{own}")).roster.rules.mix
    desk = frozenset({"desk"})
    assert found == (
        Mix(frozenset({"senior"}), frozenset({"desk", "lead"}), at_least=3),
        Mix(frozenset({"junior"}), desk, frozenset({"primary"}), at_most=0),
        Mix(frozenset({"senior", "junior"}), desk, at_least=1, distinct=True),
    )


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ('{ tag = "senor", at-most = 1 }', "`rotations.desk.mix.tag` names the tag `senor`, which nobody has"),
        ('{ tag = "senior" }', "`rotations.desk.mix` has neither `at-least` nor `at-most`"),
        ('{ tag = "senior", at-least = 3 }', "`rotations.desk.mix.at-least` is 3, but `desk` has only 2 seats"),
        (
            '{ tag = "senior", at-most = 1, seats = ["lead"] }',
            "`rotations.desk.mix.seats` names the seat `lead`, which does not exist",
        ),
        (
            '{ tag = "senior", at-most = 1, rotation = "lead" }',
            "`rotations.desk.mix.rotation` is not a key of the roster",
        ),
    ],
)
def test_what_is_wrong_with_a_rotations_own_mix(tmp_path: Path, own: str, message: str) -> None:
    text = _rules("").replace("[rotations.desk]", f"[rotations.desk]\nmix = [{own}]")
    assert _problems(tmp_path, text) == [message]


def test_at_least_may_be_at_most(tmp_path: Path) -> None:
    text = _rules('mix = [{ rotation = "desk", tags = ["senior", "junior"], at-least = 2, at-most = 2 }]')
    assert read_text(tmp_path, text).roster.rules.mix[0].at_least == 2


def test_one_limit_for_all_duties(tmp_path: Path) -> None:
    assert read_text(tmp_path, _rules('max-duties = "3 per 26 weeks"')).roster.rules.limits == (Limit(3, Length(26)),)
    assert read_text(tmp_path, _rules('max-duties = "1 per 1 week"')).roster.rules.limits == (Limit(1, Length(1)),)


# Pins


def _pins(*pins: tuple[str, str], more: str = "") -> str:
    """Pins of one day."""
    three = SMALL.replace('"primary", "backup"', '"primary", "engineer", "engineer"') + more
    return three + "".join(
        f'\n[[pins]]\ndate = 2027-02-08\nseat = "{seat}"\nperson = "{person}"\n' for seat, person in pins
    )


@pytest.mark.parametrize(
    "pins",
    [
        # As many people as there are seats; the same said twice, or more exactly.
        [("engineer", "ana"), ("engineer", "bo"), ("primary", "cy"), ("lead", "gus")],
        [("engineer-1", "ana"), ("engineer", "bo")],
        [("engineer", "ana"), ("engineer-2", "ana")],
        [("primary", "ana"), ("desk/primary", "ana")],
    ],
)
def test_pins_that_can_hold_together(tmp_path: Path, pins: list[tuple[str, str]]) -> None:
    assert len(read_text(tmp_path, _pins(*pins)).roster.pins) == len(pins)


@pytest.mark.parametrize(
    "pins",
    [
        [("engineer", "ana"), ("engineer", "bo"), ("engineer", "cy")],
        [("engineer-1", "ana"), ("engineer-1", "bo")],
        [("engineer-1", "ana"), ("engineer-2", "ana")],
        [("engineer", "ana"), ("primary", "ana")],
        [("primary", "ana"), ("desk/primary", "bo")],
    ],
)
def test_pins_that_contradict(tmp_path: Path, pins: list[tuple[str, str]]) -> None:
    assert len(_problems(tmp_path, _pins(*pins))) == 1


def test_a_kind_in_two_rotations_is_pinned_with_its_rotation(tmp_path: Path) -> None:
    night = DESK.replace("desk", "night")
    assert read_text(tmp_path, _pins(("night/primary", "ana"), more=night)).roster.pins == (
        Pin(date(2027, 2, 8), "night", "primary", "ana"),
    )
    assert _problems(tmp_path, _pins(("primary", "ana"), more=night)) == [
        "`pins.seat` names `primary`, which is a seat in `desk` and `night`"
    ]
    assert _problems(tmp_path, _pins(("/primary", "ana"))) == [
        "`pins.seat` names the seat `/primary`, which does not exist"
    ]


# Included files


def test_days_exceptions_and_pins_add_up_over_files(tmp_path: Path) -> None:
    pin = '[[pins]]\ndate = {}\nseat = "primary"\nperson = "bo"\n'
    days = "[{{ from = {} }}]"
    text = (
        "[people.bo]\navoid = " + days + "\nprefer = " + days + "\n[teams.red]\naway = " + days + "\n"
        '[rules]\nexceptions = [{{ rule = "rest", person = "bo", date = {} }}]\n' + pin
    )
    here, there = ("2027-02-08",) * 5, ("2027-03-08",) * 5
    roster = read_text(
        tmp_path,
        'include = ["one.toml", "two.toml"]\n' + SMALL,
        one=text.format(*here),
        two=text.format(*there),
    ).roster
    both = [date(2027, 2, 8), date(2027, 3, 8)]
    assert [leave.start for leave in roster.people["bo"].avoid] == both
    assert [leave.start for leave in roster.people["bo"].prefer] == both
    assert [away.start for away in roster.teams["red"].away] == both
    assert sorted(exemption.day for exemption in roster.rules.exemptions) == both
    assert [pin.day for pin in roster.pins] == both


# What can't be read raises no second complaint


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('mix = [{ rotation = 1, tag = "senior", at-least = 9 }]', "should be text or a list"),
        ('mix = [{ rotation = "desk", tag = 1, at-least = 1 }]', "should be text"),
        ('mix = [{ rotation = "desk", tag = "senior", at-least = 0 }]', "must be at least 1, not 0"),
        (
            'mix = [{ rotation = "desk", tags = ["senior", 1], at-least = 2 }]',
            "has a whole number where text should be",
        ),
        ('mix = [{ tag = "senior", at-most = 1, seats = [] }]', "is empty"),
        (
            'mix = [{ tag = "senior", at-most = 1, seats = ["primry"] }]',
            "names the seat `primry`, which does not exist",
        ),
        ('never-together = [["bo", 1]]', "has a whole number where text should be"),
        ('never-together = [["bo", "bo"]]', "twice"),
    ],
)
def test_one_mistake_in_a_rule(tmp_path: Path, keys: str, problem: str) -> None:
    (message,) = _problems(tmp_path, _rules(keys))
    assert problem in message


USES = """
[people.bo]
tags = ["senior"]
not-seats = ["shadow"]

[rules]
mix = [{ tag = "senior", at-least = 1, seats = ["shadow"] }]
max-duties = [{ limit = "1 per 4 weeks", seats = ["shadow", "desk"] }]
never-together = [["bo", "dee"]]
teams-apart = [["red", "blue"]]

[[pins]]
date = 2027-02-08
seat = "shadow"
person = "bo"
"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("optional-seats", "optional-seat"),
        ('["shadow"]\n\n[rotations.lead', '"shadow"\n\n[rotations.lead'),
        ('tags = ["senior"]', "tags = 1"),
        ('tags = ["senior"]', 'tag = ["senior"]'),
        ('"ana", "bo"', '"ana", "bo lind"'),
        ('staff = ["ana"', 'staf = ["ana"'),
        ('handover = "Wednesday 14:30"', "handover = 1"),
    ],
)
def test_one_mistake_in_what_the_rules_name(tmp_path: Path, right: str, wrong: str) -> None:
    text = _desk('anchor = 2027-01-06\noptional-seats = ["shadow"]') + USES
    assert read_text(tmp_path, text).roster
    assert right in text
    assert len(_problems(tmp_path, text.replace(right, wrong, 1))) == 1


# Leave out of calendars


def test_only_leave_has_the_mark_of_an_event(tmp_path: Path) -> None:
    days = '[{{ from = 2027-02-01, event = "{}" }}]'
    marked = read_text(tmp_path, f"{SMALL}[people.bo]\nleave = {days.format('0123456789ab')}\n").roster
    assert marked.people["bo"].leave == (Leave(date(2027, 2, 1), date(2027, 2, 2)),)
    for mark in ("0123456789a", "0123456789abc", "Dentist"):
        [problem] = _problems(tmp_path, f"{SMALL}[people.bo]\nleave = {days.format(mark)}\n")
        assert problem == "`people.bo.leave.event` should be 12 hexadecimal digits"
    for keys in ("[people.bo]\navoid", "[people.bo]\nprefer", "[teams.green]\nstaff = ['gus']\naway"):
        [problem] = _problems(tmp_path, f"{SMALL}{keys} = {days.format('0123456789ab')}\n")
        assert problem.endswith("event` is not a key of the roster")


def test_former_handles(tmp_path: Path) -> None:
    roster = read_text(
        tmp_path, f'{SMALL}[people.bo]\nformerly = "bob"\n[people.cy]\nformerly = ["cyrus", "cy-2"]\n'
    ).roster
    assert roster.renamed == {"bob": "bo", "cyrus": "cy", "cy-2": "cy"}
