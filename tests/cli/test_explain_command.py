"""`setrota explain`: why someone has a duty, why someone else doesn't, what would fill an empty seat."""

from __future__ import annotations

import re

import pytest
from command_line import Desk

from setrota.planner import TimeUp
from setrota.reports.codes import RULE_KEYS, kinds
from setrota.reports.explain import explanation
from setrota.rules import RULES

# Five people with a rest of three weeks can fill at most five of the eight seats of four weeks.
FEW = """\
[rota]
name = "Few"
timezone = "Europe/London"
handover = "Monday 09:00"

[rotations.duty]
every = "1 week"
pool = "engineers"
seats = ["primary", "backup"]
rest = "3 weeks"

[teams.red]
engineers = ["ana", "bo", "cy", "dee", "eli"]

[people.ana]
not-seats = ["primary"]

[people.bo]
leave = [{ from = 2027-01-04, to = 2027-01-15, note = "knee surgery" }]
"""


@pytest.fixture
def few(empty: Desk) -> Desk:
    empty.write("rotations.toml", FEW)
    empty.run("plan", "--weeks", "4").at(1)
    return empty


def _holders(desk: Desk, day: str) -> dict[str, str | None]:
    entries = desk.run("show", "--from", day, "--to", day, "--format", "json").at(0).json["duties"]
    return {entry["seat"]: entry["person"] for entry in entries}


def _explained(desk: Desk, *arguments: str) -> str:
    return " ".join(desk.run("explain", *arguments).at(0).out.split())


# Who has it


def test_who_has_it_and_why(planned: Desk) -> None:
    holder = _holders(planned, "2027-03-22")["backup"]
    told = _explained(planned, "2027-03-24", "backup")
    assert told.startswith(f"{holder} has `backup` in the engineer period of 2027-03-22, planned on 2026-11-23.")
    assert re.search(rf"Without this duty, {holder} would be \d\.\d\d of a duty behind their fair share", told)
    assert re.search(rf"The best rota without {holder} in that period would be (just as|(slightly )?less) fair", told)


def test_the_seat_of_another_rotation_and_a_numbered_one(planned: Desk) -> None:
    held = _holders(planned, "2027-01-18")
    for seat, name in (("lead", "lead"), ("engineer/engineer-2", "engineer-2"), ("ENGINEER-2", "engineer-2")):
        assert _explained(planned, "2027-01-18", seat).startswith(f"{held[name]} has `{name}`")


def test_json_of_a_holder(planned: Desk) -> None:
    found = planned.run("explain", "2027-01-11", "primary", "--format", "json").at(0).json
    assert list(found) == [
        *("duty", "person", "reason", "sentences", "obstacles", "alternative"),
        *("obstacle_counts", "remedies", "command", "decision", "conflict"),
    ]
    assert list(found["duty"]) == ["rotation", "start", "end", "seat", "person", "name", "teams"]
    assert found["duty"]["start"] == "2027-01-11T09:00:00-05:00"
    assert found["person"] == found["duty"]["person"]
    assert found["reason"] in ("fairness", "tie")
    assert found["alternative"]["price"] >= 0
    assert all(type(sentence) is str for sentence in found["sentences"])
    for effect in found["alternative"]["effects"]:
        assert list(effect) == [
            *("person", "rotation", "price", "gained_periods", "lost_periods", "deviation", "period"),
        ]
    assert found["obstacles"] == found["remedies"] == []


def test_a_change_by_hand_is_mentioned_without_its_reason(planned: Desk) -> None:
    holder = _holders(planned, "2027-02-08")["primary"]
    planned.edit(
        "schedule.toml",
        "[engineer.2027-02-08]\n",
        "[engineer.2027-02-08]\nchanges = [\n"
        f'  {{ at = 2027-02-01T11:40:00-05:00, seat = "primary", was = "{holder}", now = "bo", from = 2027-02-10,'
        ' reason = "a dentist nobody needs to know of" },\n]\n',
    )
    told = _explained(planned, "2027-02-11", "primary")
    assert told.startswith(
        "bo has `primary` from 2027-02-10 to 2027-02-14 since the cover of 2027-02-01, "
        f"in place of {holder}. As things stand, no rule keeps {holder} from it. After that period, bo is "
    )
    assert f"{holder} has `primary` from" not in told
    assert "dentist" not in planned.run("explain", "2027-02-11", "primary", "--format", "json").at(0).out + told
    asked = _explained(planned, "2027-02-11", "primary", "--person", str(holder))
    assert asked == (
        f"bo has `primary` from 2027-02-10 to 2027-02-14 since the cover of 2027-02-01, in place of {holder}. "
        f"{holder} has the other days of it, 2027-02-08 to 2027-02-09. As things stand, no rule keeps {holder} "
        f"from it: `setrota cover bo 2027-02-10 --with {holder}` gives it to them."
    )
    # The first days are still the planner's choice.
    assert _explained(planned, "2027-02-08", "primary").startswith(
        f"{holder} has `primary` from 2027-02-08 to 2027-02-09, planned on 2026-11-23; bo has it from 2027-02-10 to "
        f"2027-02-14 since the cover of 2027-02-01. Without this duty, {holder} would be "
    )


def test_a_duty_given_by_a_re_plan(planned: Desk) -> None:
    holder = _holders(planned, "2027-03-22")["backup"]
    planned.edit("rotations.toml", f"[people.{holder}]\n", f"[people.{holder}]\nend = 2027-03-20\n")
    planned.run("replan", "--yes").at(0)
    heir = _holders(planned, "2027-03-22")["backup"]

    found = planned.run("explain", "2027-03-22", "backup", "--format", "json").at(0).json

    assert heir != holder
    assert found["reason"] == "replanned"
    assert found["sentences"][0] == (
        f"{heir} has `backup` in the engineer period of 2027-03-22 since the replan of 2026-11-23, "
        f"in place of {holder}."
    )
    assert found["sentences"][1] == f"{holder} can't have it now: {holder} has left by then."
    assert found["sentences"][2].startswith(f"After that period, {heir} is ")
    assert found["decision"] == {
        "decided_by": "replan",
        "at": "2026-11-23T10:00:00-05:00",
        "earlier_holders": [holder],
    }
    asked = _explained(planned, "2027-03-22", "backup", "--person", str(holder))
    assert asked == f"{found['sentences'][0]} {holder} can't have it as things stand: {holder} has left by then."


def test_days_given_back_are_explained_by_the_change_that_gave_them_back(planned: Desk) -> None:
    """From Wednesday on bo has it, except Friday: `holder` has only that day because of a change."""
    holder = _holders(planned, "2027-02-08")["primary"]
    planned.edit(
        "schedule.toml",
        "[engineer.2027-02-08]\n",
        "[engineer.2027-02-08]\nchanges = [\n"
        f'  {{ at = 2027-02-01T11:40:00-05:00, seat = "primary", was = "{holder}", now = "bo", from = 2027-02-10 }},\n'
        f'  {{ at = 2027-02-02T11:40:00-05:00, seat = "primary", was = "bo", now = "{holder}", from = 2027-02-12,'
        " to = 2027-02-12 },\n]\n",
    )
    assert _explained(planned, "2027-02-08", "primary").startswith(
        f"{holder} has `primary` from 2027-02-08 to 2027-02-09, planned on 2026-11-23; bo has it from 2027-02-10 to "
        "2027-02-11 since the cover of 2027-02-01; bo has it from 2027-02-13 to 2027-02-14 since the cover of "
        "2027-02-01. "
    )
    assert _explained(planned, "2027-02-12", "primary").startswith(
        f"{holder} has `primary` on 2027-02-12 since the cover of 2027-02-02, in place of bo."
    )


def test_an_edit_by_hand(planned: Desk) -> None:
    holder = _holders(planned, "2027-02-08")["primary"]
    planned.seat("engineer.2027-02-08", "primary", "nia")
    found = planned.run("explain", "2027-02-08", "primary", "--format", "json").at(0).json
    assert found["reason"] == "by-hand"
    assert f"which was edited by hand after it was planned; {holder} was planned for it." in found["sentences"][0]
    assert re.fullmatch(
        rf"After that period, nia is \d\.\d+ .* and {holder} is \d\.\d+ of a duty behind their fair share\.",
        found["sentences"][2],
    )


def test_a_roster_that_has_changed_since(few: Desk) -> None:
    holder = _holders(few, "2027-01-25")["primary"]
    few.edit("rotations.toml", "[people.ana]", f"[people.{holder}]\nend = 2027-01-20\n\n[people.ana]")
    found = few.run("explain", "2027-01-25", "primary", "--format", "json").at(0).json
    assert found["reason"] == "changed-since"
    assert found["sentences"][0] == f"{holder} has left, so this duty breaks `membership`."
    assert found["sentences"][2].startswith(f"Since then, {holder} has left: planned again, the crew here would be ")
    assert found["command"] == "setrota replan"


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("words", [("2027-01-11", "primary"), ("--person", "{holder}")])
def test_a_rule_that_the_duty_breaks_comes_first(planned: Desk, words: tuple[str, ...]) -> None:
    """With the command that repairs it, here `replan`, and `cover` once the duty has begun."""
    holder = _holders(planned, "2027-01-11")["primary"]
    arguments = [word.format(holder=holder) for word in words]
    assert "  hint: " not in planned.run("explain", *arguments).at(0).out
    planned.run("leave", "add", holder, "2027-01-11", "2027-01-15").at(0)
    for now, command in (
        ("2026-11-23T10:00", "setrota replan"),
        ("2027-01-12T10:00", f"setrota cover {holder} 2027-01-12"),
    ):
        out = planned.run("explain", *arguments, now=now).at(0).out
        assert re.search(rf"^{holder} is away then, so this duty breaks `leave`\. {holder} has\b", out, re.MULTILINE)
        assert f"\n  hint: `{command}`\n" in f"{out}\n"
    assert planned.run("explain", "2027-01-11", "primary", "--format", "json").at(0).json["command"] == "setrota replan"
    # Not about what is over.
    since = ["--from", "2027-01-01"] if "--person" in arguments else []
    over = planned.run("explain", *arguments, *since, now="2027-02-01T10:00").at(0).out
    assert f"{holder} has `primary` in the engineer period of 2027-01-11" in over.replace("\n", " ")
    assert "breaks" not in over


def test_a_rule_that_was_forced_needs_no_repair(planned: Desk) -> None:
    planned.run("leave", "add", "lola", "2027-02-08", "2027-02-12").at(0)
    planned.run("cover", _holders(planned, "2027-02-08")["primary"], "2027-02-08", "--with", "lola", "--force").at(0)
    found = planned.run("explain", "2027-02-08", "primary", "--format", "json").at(0).json
    assert found["sentences"][0] == "lola is away then, so this duty breaks `leave`, which was forced on 2026-11-23."
    assert found["command"] is None


# Why not someone else


def test_rules_in_the_way_are_named_and_nothing_more(few: Desk) -> None:
    found = few.run("explain", "2027-01-04", "primary", "--person", "bo", "--format", "json").at(0).json
    assert found["person"] == "bo"
    assert found["reason"] == "rules"
    assert found["obstacles"][0]["rule"] == "leave"
    assert "bo is away" in found["sentences"][0]
    text = few.run("explain", "2027-01-04", "primary", "--person", "bo").at(0)
    assert "knee" not in text.out + text.talk + str(found)


def test_rules_in_the_way_say_what_would_be(planned: Desk) -> None:
    """Cleo and hugo's colleague are of one team: together they would be one too many."""
    crew = _holders(planned, "2027-02-08")
    told = (
        planned.run("explain", "2027-02-08", "primary", "--person", "cleo", "--format", "json").at(0).json["sentences"]
    )
    assert "esra" in crew.values()
    assert "2 people of team `integrations` would serve together (cleo and esra), but at most 1 may" in told[0]


def test_a_person_who_is_not_ready(few: Desk) -> None:
    crew = _holders(few, "2027-01-11")
    if crew["backup"] == "ana":
        assert "not ready for `primary`" in _explained(few, "2027-01-11", "primary", "--person", "ana")
    found = few.run("explain", "2027-01-11", "primary", "--person", "ana", "--format", "json").at(0).json
    assert found["alternative"] is None


def test_the_price_of_another(planned: Desk) -> None:
    """Bo has half a share: a duty in the second week of the quarter puts him far ahead of it."""
    found = planned.run("explain", "2027-01-11", "primary", "--person", "Bo Lindquarry", "--format", "json").at(0).json
    assert found["obstacles"] == []
    assert found["reason"] == "fairness"
    assert found["alternative"]["price"] > 1
    first = found["alternative"]["effects"][0]
    assert (first["person"], first["gained_periods"]) == ("bo", ["2027-01-11"])
    assert first["deviation"] > 0.5


def test_someone_in_the_same_crew(planned: Desk) -> None:
    held = _holders(planned, "2027-01-11")
    told = _explained(planned, "2027-01-11", "primary", "--person", str(held["backup"]))
    assert told.startswith(f"{held['backup']} has `backup` in that period")
    same = _explained(planned, "2027-01-11", "engineer-1", "--person", str(held["engineer-2"]))
    assert "in that period, the same kind of seat with another number" in same


# Nobody


def test_what_would_fill_an_empty_seat(few: Desk) -> None:
    """All five are there and ready, except for bo's leave; their rest keeps them from a second seat."""
    outcome = few.run("explain", "2027-01-25", "backup").at(0)
    told = " ".join(outcome.out.split())
    assert re.match(r"Nobody has `backup` in the duty period of 2027-01-25: of 5 people, \d resting, \d ", told)
    assert "To fill it, add one of these lines to" in told
    assert "and run `setrota plan --fill`:" in told
    lines = [line.strip() for line in outcome.out.splitlines() if line.startswith("  ")]
    assert 1 <= len(lines) <= 3
    for line in lines:
        assert re.match(r'\{ rule = "rest", person = "\w+", date = 2027-01-25 \},  # \w+ rests', line)
    found = few.run("explain", "2027-01-25", "backup", "--format", "json").at(0).json
    assert [each["roster_line"] for each in found["remedies"]] == lines
    assert found["remedies"][0]["exceptions"][0]["rule"] == "rest"
    assert sum(found["obstacle_counts"].values()) == 5
    assert "knee" not in outcome.out + str(found)


def test_people_who_could_take_an_empty_seat_are_named(planned: Desk) -> None:
    holder = _holders(planned, "2027-02-08")["primary"]
    planned.seat("engineer.2027-02-08", "primary", "")
    found = planned.run("explain", "2027-02-08", "primary", "--format", "json").at(0).json
    assert (found["reason"], found["command"]) == ("empty", "setrota plan --fill")
    barred, free = sum(found["obstacle_counts"].values()), found["sentences"][2].count(",") + 2
    assert barred + free == 48
    first = ", ".join(f"{count} {reason}" for reason, count in found["obstacle_counts"].items())
    assert found["sentences"][0].endswith(f": {free} people could take it, and {barred} can't ({first}).")
    assert found["sentences"][1] == f"{holder} was planned for it, before it was edited by hand."
    assert found["sentences"][2].startswith("`setrota plan --fill` gives it to the fairest choice among ")
    late = planned.run("explain", "2027-02-08", "primary", now="2027-03-01T10:00").at(0).out
    assert f"{free} people could have taken it, and {barred} couldn't (" in late.replace("\n", " ")


def test_why_a_person_does_not_fill_an_empty_seat(few: Desk) -> None:
    [day, *_] = [day for day in ("2027-01-11", "2027-01-18", "2027-01-25") if _holders(few, day)["backup"] is None]
    for person in ("ana", "bo", "cy", "dee", "eli"):
        found = few.run("explain", day, "backup", "--person", person, "--format", "json").at(0).json
        assert found["sentences"]


# All duties of one person


def test_every_coming_duty_has_its_reason(planned: Desk) -> None:
    shown = planned.run("show", "--person", "hugo", "--format", "json").at(0).json["duties"]
    found = planned.run("explain", "--person", "hugo", "--format", "json").at(0).json
    assert [each["duty"] for each in found["explanations"]] == shown
    assert [each["served"] for each in found["fairness_planned"]["balances"]] == [len(shown)]
    assert found["fairness_so_far"]["balances"] == []
    told = _explained(planned, "--person", "Hugo Valdemint")
    assert told.startswith(f"When the plan ends, hugo will have served {len(shown)} engineer duties, with a fair share")
    assert told.count("hugo has `") == len(shown)


def test_a_range_of_days(planned: Desk) -> None:
    shown = planned.run("show", "--person", "hugo", "--format", "json").at(0).json["duties"]
    day = shown[-1]["start"][:10]
    found = planned.run("explain", "--person", "hugo", "--from", day, "--to", day, "--format", "json").at(0).json
    assert [each["duty"]["start"][:10] for each in found["explanations"]] == [day]
    assert "has no duties from" in _explained(planned, "--person", "uma", "--to", "2027-01-10")


def test_what_is_over_is_left_out_until_asked_for(planned: Desk) -> None:
    later = planned.run("explain", "--person", "hugo", "--format", "json", now="2027-03-01T10:00").at(0).json
    assert all(each["duty"]["end"] > "2027-03-01" for each in later["explanations"])
    assert later["fairness_so_far"]["balances"][0]["served"] >= 1
    everything = planned.run(
        "explain", "--person", "hugo", "--from", "2027-01-04", "--format", "json", now="2027-03-01T10:00"
    )
    assert len(everything.at(0).json["explanations"]) > len(later["explanations"])


# What can't be asked


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            (),
            "`setrota explain DATE SEAT` explains a duty, `setrota explain --person PERSON` all duties of a person",
        ),
        ((), "`setrota explain CODE` a code such as `rest`"),
        (("2027-01-11",), "a DATE needs a SEAT as well [missing-argument]"),
        (("2027-01-11", "--person", "bo"), "hint: `setrota explain 2027-01-11 SEAT` explains one duty"),
        (
            ("rest", "--person", "bo"),
            "`--person` goes with duties, not with a code [conflicting-options]",
        ),
        (("rest", "--person", "bo"), "hint: `setrota explain rest` explains the code"),
        (("rest", "--from", "today"), "`--from` goes with duties, not with a code [conflicting-options]"),
        (("rest", "--from", "today", "--to", "today"), "`--from` and `--to` go with duties, not with a code"),
        (
            ("rest", "unknown-key"),
            "`rest` is a code, so nothing can come after it, but got `unknown-key` as well [extra-argument]\n"
            "  hint: explain one code at a time: `setrota explain rest`",
        ),
        (("tomorow", "primary"), "`tomorow` is not a date [not-a-date]\n  hint: did you mean `tomorrow`?"),
        (("Mon", "primary"), "`Mon` is not a date [not-a-date]\n  hint: did you mean `next-monday`?"),
        (("rset", "--person", "bo"), "there is no code or rule `rset` [unknown-code]"),
        (("Tomorrow", "--person", "bo"), "a DATE needs a SEAT as well [missing-argument]"),
        (("2027-01-11", "primry"), "did you mean `primary`?"),
        (("2027-01-11", "lead/primary"), "there is no seat `lead/primary`"),
        (("2027-01-11", "engineer"), "write `engineer-1` or `engineer-2`"),
        (("2029-01-11", "primary"), "nobody is planned for 2029-01-11"),
        (("2027-02-30", "primary"), "there is no such day"),
        (("2027-01-11", "primary", "--person", "hugoo"), "did you mean `hugo`?"),
        (("2027-01-11", "primary", "--from", "2027-01-11"), "leave `--from` and `--to` out"),
    ],
)
def test_what_cannot_be_asked(planned: Desk, arguments: tuple[str, ...], told: str) -> None:
    assert told in planned.run("explain", *arguments).at(2).talk


def test_a_seat_that_two_rotations_have(empty: Desk) -> None:
    second = FEW.replace(
        "[teams.red]", '[rotations.night]\nevery = "1 week"\npool = "engineers"\nseats = ["primary"]\n\n[teams.red]'
    )
    empty.write("rotations.toml", second)
    empty.run("plan", "--weeks", "2")
    talk = empty.run("explain", "2027-01-11", "primary").at(2).talk
    assert "write `duty/primary` or `night/primary`" in talk
    empty.run("explain", "2027-01-11", "night/primary").at(0)


@pytest.mark.parametrize("other", [False, True])
def test_time_that_runs_out_leaves_the_rules(planned: Desk, monkeypatch: pytest.MonkeyPatch, other: bool) -> None:
    def too_late(*given: object) -> None:
        raise TimeUp

    monkeypatch.setattr(explanation, "inquire", too_late)
    person = ("--person", "gus") if other else ()
    found = planned.run("explain", "2027-01-11", "primary", *person, "--format", "json").at(0).json
    assert found["sentences"][-1] == "The time limit was too short to compare it with other rotas."
    assert found["reason"] == "not-compared"


def test_nothing_planned(desk: Desk) -> None:
    assert (
        ": nothing is planned yet [outside-the-plan]\n  hint: `setrota plan`\n"
        in desk.run("explain", "today", "primary").at(2).talk
    )
    told = _explained(desk, "--person", "hugo")
    assert told == "Nothing is planned yet; `setrota plan` plans the next quarter."


# Codes


@pytest.mark.parametrize("word", ["unknown-key", "[unknown-key]", "Unknown-Key"])
def test_a_code(empty: Desk, word: str) -> None:
    """It needs no roster."""
    assert empty.run("explain", word, COLUMNS="80").at(0).out == (
        """\
unknown-key

A roster may only have the keys that setrota knows; this one is misspelt or in
the wrong table.

For example:

  [rota]
  time-zone = "Europe/Berlin"

How to fix it:

  Use the key that the hint names: here `timezone`. `setrota schema` describes
  every key.
"""
    )


@pytest.mark.no_cover  # quicker tests run the same lines
def test_every_code_fits_a_terminal_of_80_columns(empty: Desk) -> None:
    for code, kind in kinds().items():
        lines = empty.run("explain", code, COLUMNS="80").at(0).out.splitlines()
        example = kind.example.splitlines()
        assert lines[0] == code
        assert [line for line in lines if len(line) > 80 and line.strip() not in map(str.strip, example)] == []


def test_a_rule_and_the_key_that_sets_it(empty: Desk) -> None:
    for key, code in RULE_KEYS.items():
        assert empty.run("explain", key).at(0).out == empty.run("explain", code).at(0).out
    for rule in RULES:
        assert empty.run("explain", rule.name).at(0).out.startswith(f"{rule.name}\n")


def test_a_code_as_json(empty: Desk) -> None:
    kind = kinds()["unknown-key"]
    assert empty.run("explain", "unknown-key", "--format", "json").at(0).json == {
        "code": "unknown-key",
        "meaning": " ".join(kind.meaning.split()),
        "example": kind.example,
        "fix": " ".join(kind.fix.split()),
    }


@pytest.mark.parametrize(
    "word",
    [
        "[rest]",
        "`rest`",
        "error[rest]",
        "error: desk 2027-01-04: cy serves too soon again [rest]",
        "[rest].",
        "[Rest] ",
    ],
)
def test_a_pasted_message_is_explained_by_its_code(word: str, empty: Desk) -> None:
    assert empty.run("explain", word).at(0).out.startswith("rest\n")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("unkown-key", "did you mean `unknown-key`?"),
        ("max-per-tema", "did you mean `max-per-team`?"),
        ("leave-tolerence", "did you mean `leave-tolerance`?"),
        ("tomorow", "`setrota explain tomorrow SEAT` explains one duty"),
        ("monday", "`setrota explain next-monday SEAT` explains one duty"),
        ("Thu", "`setrota explain next-thursday SEAT` explains one duty"),
        ("wensday", "`setrota explain next-wednesday SEAT` explains one duty"),
        ("nxt-monday", "`setrota explain next-monday SEAT` explains one duty"),
        ("resst", "did you mean `rest`?"),
        ("error[resst]", "did you mean `rest`?"),
        ("day", "a code is the word in brackets at the end of a message, such as `rest`"),
        ("zebra", "a code is the word in brackets at the end of a message, such as `rest`"),
    ],
)
def test_an_unknown_code(empty: Desk, word: str, hint: str) -> None:
    talk = empty.run("explain", word).at(2).talk
    assert talk == f"error: there is no code or rule `{word}` [unknown-code]\n  hint: {hint}\n"


def test_words_in_capitals(empty: Desk) -> None:
    assert empty.run("explain", "[REST]").at(0).out == empty.run("explain", "rest").at(0).out
    for day in ("Tomorrow", "NEXT-monday", "today"):
        assert "a DATE needs a SEAT as well" in empty.run("explain", day).at(2).talk


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("hugo", "`setrota explain --person hugo` explains their duties"),
        ("Hugo", "`setrota explain --person hugo` explains their duties"),
        ("primary", "`setrota explain DATE primary` explains who has this seat"),
        ("engineer-2", "`setrota explain DATE engineer-2` explains who has this seat"),
        ("engineer/primary", "`setrota explain DATE engineer/primary` explains who has this seat"),
        ("tomorow", "`setrota explain tomorrow SEAT` explains one duty"),
        ("monday", "`setrota explain next-monday SEAT` explains one duty"),
        ("Thu", "`setrota explain next-thursday SEAT` explains one duty"),
        ("wensday", "`setrota explain next-wednesday SEAT` explains one duty"),
        ("nxt-monday", "`setrota explain next-monday SEAT` explains one duty"),
        ("resst", "did you mean `rest`?"),
        ("error[resst]", "did you mean `rest`?"),
        ("day", "a code is the word in brackets at the end of a message, such as `rest`"),
        ("zebra", "a code is the word in brackets at the end of a message, such as `rest`"),
    ],
)
def test_a_word_of_the_roster_is_no_code(desk: Desk, word: str, hint: str) -> None:
    assert desk.run("explain", word).at(2).talk == (
        f"error: there is no code or rule `{word}` [unknown-code]\n  hint: {hint}\n"
    )


@pytest.mark.parametrize("roster", [None, "[[", "[rota]\n", 'include = ["/"]\n'])
def test_a_word_that_is_no_code_needs_no_roster_that_can_be_read(empty: Desk, roster: str | None) -> None:
    if roster is not None:
        empty.write("rotations.toml", roster)
    assert empty.run("explain", "hugo").at(2).talk == (
        "error: there is no code or rule `hugo` [unknown-code]\n"
        "  hint: a code is the word in brackets at the end of a message, such as `rest`\n"
    )
