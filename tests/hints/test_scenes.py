"""Every template of a command in the source has a scene in which it is shown, and typed as it is shown.

A scene is a state, a command whose answer names others, and what each of these says when it is typed. The states of
`test_typed` type what `check`, `now`, `brief`, `show` and the header name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import desks
import pytest
from command_line import Desk, Outcome
from desks import NOW, ROSTER, holder, plan
from inventory import templates
from seeds import ALL
from test_typed import NAMES
from typist import Typist, named


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A state, what is typed in it, and the status of its answer.

    `names` are the templates of commands in the answer, each with the status of the command that was shown and a part
    of what it says. `words` are typed for words in capitals; `first` is what the hint asks to do before.
    """

    title: str
    before: Callable[[Desk], object] = desks.planned
    typed: str | Callable[[Desk], str]
    status: int = 0
    names: dict[str, tuple[int, str]]
    now: str = NOW
    words: dict[str, str] = field(default_factory=dict)
    patches: dict[str, object] = field(default_factory=dict)
    first: Callable[[Desk, Outcome], object] = lambda desk, answer: None


def _served(desk: Desk) -> None:
    desk.write("served.csv", "start,rotation,seat,person\n2026-10-05,desk,primary,ana\n2026-10-05,desk,backup,eva\n")


def _planned_and(*more: Callable[[Desk], object]) -> Callable[[Desk], None]:
    def before(desk: Desk) -> None:
        plan(desk)
        for each in more:
            each(desk)

    return before


def _roster(old: str, new: str) -> Callable[[Desk], object]:
    return lambda desk: desk.edit("rotations.toml", old, new)


def _append(text: str) -> Callable[[Desk], object]:
    return lambda desk: desk.write("rotations.toml", (desk.folder / "rotations.toml").read_text("utf-8") + text)


def _write(name: str, text: str) -> Callable[[Desk], object]:
    return lambda desk: desk.write(name, text)


def _without_roster(desk: Desk) -> None:
    (desk.folder / "rotations.toml").unlink()


def _copied(desk: Desk) -> None:
    desk.write("old.toml", desk.schedule.decode())


def _volunteers(desk: Desk) -> None:
    desk.edit("rotations.toml", 'seats = ["primary", "backup"]', 'seats = []\noptional-seats = ["primary", "backup"]')


def _by_holder(words: str, seat: str = "primary", day: str = "2026-12-14") -> Callable[[Desk], str]:
    """A command in which `{}` is who has a seat on a day."""
    return lambda desk: words.format(holder(desk, seat, day))


def _out_of_turn(desk: Desk) -> str:
    """A cover by somebody who served the week before."""
    before, holds = (holder(desk, "primary", day) for day in ("2026-12-07", "2026-12-14"))
    return f"cover {holds} 2026-12-14 --with {before} --force"


def _empty(desk: Desk) -> None:
    desk.seat("desk.2026-12-14", "primary", "")


def _others(desk: Desk, day: str) -> set[str]:
    return {*desks.PEOPLE} - {holder(desk, "primary", day)}


def _away(desk: Desk, day: str, *who: str, days: int = 7) -> None:
    """Send people on leave from a day on."""
    last = date.fromisoformat(day) + timedelta(days=days - 1)
    desks.people(desk, **dict.fromkeys(who, f"leave = [{{ from = {day}, to = {last} }}]"))


def _add_exception(desk: Desk, answer: Outcome) -> None:
    """Add the first line of a hint to the roster."""
    line = re.search(r"\{ rule = .*? \}", " ".join((answer.out + answer.talk).split()))
    assert line is not None
    _append(f"\n[rules]\nexceptions = [{line[0]}]\n")(desk)


ICS = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//test//EN
BEGIN:VEVENT
UID:a@example.com
DTSTAMP:20261101T000000Z
DTSTART;VALUE=DATE:20270301
DTEND;VALUE=DATE:20270306
SUMMARY:ana away
END:VEVENT
END:VCALENDAR
"""

PAGER = '\n[publish.pagerduty]\nschedules = { primary = "P1" }\n'
ACCOUNTS = "".join(
    f'\n[people.{who}]\naccounts = {{ pagerduty = "P{who}" }}\nemail = "{who}@example.com"\n' for who in desks.PEOPLE
)

LEADS = """\
[rota]
name = "Desk"
timezone = "Europe/London"
handover = "Monday 09:00"

[rotations.lead]
every = "1 week"
pool = "leads"
seats = ["lead"]
rest = "0 days"

[rotations.engineer]
every = "1 week"
pool = "engineers"
seats = ["engineer"]
rest = "0 days"

[teams.all]
leads = ["ana", "cy"]
engineers = ["ana"]

[people.cy]
leave = [{ from = 2026-12-21 }]
"""
"""Only ana can be engineer, but is needed as the lead while cy is away."""


OFFICE = """\
[rota]
name = "Desk"
timezone = "Europe/London"
handover = "Monday 09:00"

[rotations.office]
every = "1 week"
serves = "Mon-Fri 09:00-17:00"
pool = "staff"
seats = ["desk"]
rest = "0 days"

[rotations.evening]
every = "1 week"
serves = "Mon-Thu 20:00-23:00"
pool = "staff"
seats = ["phone"]
rest = "0 days"

[teams.red]
staff = ["ana", "bo", "cy", "dan"]
"""
"""Whoever has a day in the office may have its evening, too."""


def _day_and_evening(desk: Desk) -> None:
    desk.write("rotations.toml", OFFICE)
    plan(desk)
    for day in ("2026-12-14", "2026-12-21"):
        desk.seat(f"evening.{day}", "phone", holder(desk, "desk", day))


def _leads(desk: Desk) -> None:
    desk.write("rotations.toml", LEADS)
    plan(desk, status=1)


def _pinned_pair(desk: Desk) -> None:
    """Two people who served the week before are pinned to seats of one kind, once others have them."""
    desk.edit("rotations.toml", '["primary", "backup"]', '["engineer", "engineer"]')
    plan(desk)
    for seat in ("engineer-1", "engineer-2"):
        who = holder(desk, seat, "2026-12-07")
        _append(f'\n[[pins]]\ndate = 2026-12-14\nseat = "engineer"\nperson = "{who}"\n')(desk)


def _five_rotations(desk: Desk) -> None:
    text = (desk.folder / "rotations.toml").read_text(encoding="utf-8")
    rotation = text[text.index("[rotations.desk]") : text.index("[teams.red]")]
    more = "".join(rotation.replace("rotations.desk", f"rotations.desk-{number}") for number in range(2, 6))
    desk.write("rotations.toml", text.replace(rotation, rotation + more).replace('rest = "1 week"', 'rest = "0 weeks"'))
    desks.planned_by(desk, ("plan", "--from", "2026-11-30", "--weeks", "1"), NOW, 1)


SCENES = (
    Scene(
        title="all is undone",
        before=lambda desk: (desk.run("plan", now=NOW).at(0), desk.run("undo", "--yes", now=NOW).at(0)),
        typed="undo --yes",
        status=2,
        names={"files/undo/recording: setrota undo --list": (0, "")},
    ),
    Scene(
        title="edited since it was saved",
        before=_planned_and(
            lambda desk: desk.run("plan", "--from", "2027-01-25", "--weeks", "2", now=NOW).at(0), _empty
        ),
        typed="undo --yes",
        status=2,
        names={"files/undo/recording: setrota diff {}": (1, "")},
    ),
    Scene(
        title="another schedule was saved",
        before=lambda desk: desk.run("plan", "--schedule", "trial.toml", now=NOW).at(0),
        typed="undo --yes",
        status=2,
        names={"files/undo/recording: setrota undo --schedule {}": (0, "removed trial.toml")},
    ),
    Scene(
        title="another schedule was undone",
        before=lambda desk: [
            desk.run(*words.split(), "--schedule", "trial.toml", now=NOW).at(0) for words in ("plan", "undo --yes")
        ],
        typed="redo --yes",
        status=2,
        names={"files/undo/recording: setrota redo --schedule {}": (0, "saved trial.toml")},
    ),
    Scene(
        title="earlier duties are left out",
        typed=_by_holder("show --person {} --rotation desk", day="2026-12-14"),
        names={"cli/show: setrota show --from {}{}": (0, "2026-1")},
        now="2027-01-12T10:00",
    ),
    Scene(
        title="a range that is over",
        before=_planned_and(_served),
        typed="plan --from 2026-01-05 --to 2026-02-01",
        status=2,
        names={"reports/plan: setrota import csv FILE": (0, "imported 2 rows")},
    ),
    Scene(
        title="a range that is planned",
        typed="plan --from 2026-12-07 --weeks 2",
        names={"reports/plan: setrota plan --again": (0, "duties changed")},
    ),
    Scene(
        title="nothing to plan again",
        before=desks.nothing_planned,
        typed="plan --again",
        names={"reports/plan: setrota plan": (0, "saved")},
    ),
    Scene(
        title="nothing to fill from today on",
        before=desks.the_plan_has_run_out,
        typed="plan --fill",
        names={"reports/plan: setrota plan": (0, "saved")},
    ),
    Scene(
        title="only volunteers",
        before=_volunteers,
        typed="plan",
        names={"reports/plan: setrota fill DATE SEAT": (0, "ana")},
    ),
    Scene(
        title="rules broken when a plan goes on",
        before=desks.somebody_ahead_is_away,
        typed="plan --from 2027-01-25 --weeks 2",
        names={"reports/plan: setrota check": (1, "[leave]")},
    ),
    Scene(
        title="nobody is there at Christmas",
        before=lambda desk: desks.people(
            desk, **dict.fromkeys(desks.PEOPLE, "leave = [{ from = 2026-12-21, to = 2026-12-27 }]")
        ),
        typed="plan --from 2026-12-14 --weeks 2",
        status=1,
        names={"reports/explain/remedies: setrota plan --fill": (1, "1 of 2 duties changed")},
        first=_add_exception,
    ),
    Scene(
        title="explain without a plan",
        before=desks.nothing_planned,
        typed="explain --person ana",
        names={"reports/explain/formats: setrota plan": (0, "saved")},
    ),
    Scene(
        title="an empty seat that somebody could have",
        before=_planned_and(_empty),
        typed="explain 2026-12-14 desk/primary",
        names={
            "reports/explain/sentences: setrota plan --fill": (0, "1 of 2 duties changed"),
            "reports/explain/vacancy: setrota plan --fill": (0, "saved"),
        },
    ),
    Scene(
        title="explained after the roster changed",
        before=_planned_and(_roster('"dan"]', '"dan", "ivy"]')),
        typed="explain 2026-12-21 desk/primary",
        names={"reports/explain/sentences: setrota replan --dry-run": (0, "")},
    ),
    Scene(
        title="before there were records",
        before=_planned_and(_served),
        typed="now --at 2026-10-06T10:00",
        status=1,
        names={"reports/now: setrota import csv FILE": (0, "imported 2 rows")},
    ),
    Scene(
        title="a brief with many absences",
        before=_planned_and(
            lambda desk: desks.people(
                desk,
                ana="leave = [" + ", ".join(f"{{ from = 2026-12-{day:02} }}" for day in range(7, 21, 2)) + "]",
                eva="leave = [" + ", ".join(f"{{ from = 2026-12-{day:02} }}" for day in range(8, 21, 2)) + "]",
            )
        ),
        typed="brief",
        names={"export/brief/dates: setrota leave list": (0, "2026-12-07")},
    ),
    Scene(
        title="a calendar without a plan",
        before=desks.nothing_planned,
        typed="export ics",
        names={"export/calendars/feeds: setrota plan": (0, "saved")},
    ),
    Scene(
        title="no pager",
        typed="export oncall",
        status=2,
        names={"export/oncall/overrides: setrota explain no-publish-section": (0, "[publish.")},
    ),
    Scene(
        title="no webhook",
        typed="publish webhook --dry-run",
        status=2,
        names={"publish/secrets: setrota explain no-publish-section": (0, "[publish.")},
    ),
    Scene(
        title="a pager while nobody has a seat",
        before=_planned_and(_empty, _append(PAGER + ACCOUNTS)),
        typed="export oncall",
        names={"check/fixes: setrota fill {} {}/{}": (0, "could")},
    ),
    Scene(
        title="a pager while somebody has left",
        before=_planned_and(
            lambda desk: desk.edit("rotations.toml", f'"{holder(desk, "primary", "2026-12-14")}"', '"zoe"'),
            _append(PAGER + '[people.zoe]\naccounts = { pagerduty = "Pzoe" }\n'),
        ),
        typed="export oncall",
        status=2,
        names={"export/oncall/overrides: setrota replan": (0, "saved")},
    ),
    Scene(
        title="a service that ends",
        before=_planned_and(_append(PAGER.replace("pagerduty", "opsgenie") + ACCOUNTS)),
        typed="export oncall",
        names={"export/oncall/overrides: setrota export oncall --service opsgenie": (0, '"requests"')},
    ),
    Scene(
        title="publishing to pagers without a plan",
        before=_append(PAGER + ACCOUNTS),
        typed="publish oncall --dry-run",
        status=2,
        names={"cli/publish/oncall: setrota plan": (0, "saved")},
    ),
    Scene(
        title="diff without a repository",
        before=_planned_and(_copied),
        typed="diff",
        status=2,
        names={"files/revisions: setrota diff OLD.toml": (0, "")},
    ),
    Scene(
        title="a mark that no import made",
        before=_append('\n[people.ana]\nleave = [{ from = 2027-02-01, event = "x" }]\n'),
        typed="check",
        status=2,
        names={"files/roster/days: setrota leave import FILE": (0, "")},
        words={"FILE": "ana.ics --person ana"},
        first=lambda desk, answer: (desk.edit("rotations.toml", ', event = "x"', ""), desk.write("ana.ics", ICS)),
    ),
    Scene(
        title="no roster",
        before=_without_roster,
        typed="check",
        status=2,
        names={"files/roster/includes: setrota init": (0, "wrote rotations.toml")},
    ),
    Scene(
        title="a schema that is missing",
        before=lambda desk: desk.write("rotations.toml", "#:schema ./rotations.schema.json\n" + ROSTER),
        typed="check",
        names={"files/roster/schema: setrota schema --output {}": (0, "")},
    ),
    Scene(
        title="a new roster",
        before=_without_roster,
        typed="init",
        names={"cli/start: setrota check": (0, ""), "cli/start: setrota plan": (0, "saved")},
    ),
    Scene(
        title="a seat of a week that nobody planned",
        before=desks.a_week_left_out,
        typed="fill 2026-12-08 desk/primary",
        status=2,
        names={"reports/cover: setrota plan --from {} --to {}": (0, "saved")},
    ),
    Scene(
        title="a cover by nobody yet",
        typed=_by_holder("cover {} 2026-12-14 --force"),
        status=2,
        names={"reports/cover: {} --with PERSON": (1, "saved")},
        words={"PERSON": "nobody"},
    ),
    Scene(
        title="a cover that leaves a seat empty",
        typed=_by_holder("cover {} 2026-12-14 --with nobody"),
        status=1,
        names={"check/fixes: setrota fill {} {}/{}": (0, "could")},
    ),
    Scene(
        title="a swap with oneself",
        typed=_by_holder("swap {0} 2026-12-14 {0} 2026-12-15"),
        status=2,
        names={"reports/swap: setrota swap {} {}{}": (0, "")},
    ),
    Scene(
        title="partners for a swap",
        typed=_by_holder("swap {} 2026-12-14"),
        names={"reports/swap: setrota swap {} {} {} {}{}{}": (0, "saved")},
    ),
    Scene(
        title="partners of somebody with two duties",
        before=_day_and_evening,
        typed=_by_holder("swap {} 2026-12-14 --seat phone", seat="phone"),
        names={"reports/swap: setrota swap {} {} {} {}{}{}": (0, "saved")},
    ),
    Scene(
        title="a partner with several duties",
        before=_day_and_evening,
        typed=lambda desk: (
            f"swap {holder(desk, 'phone', '2026-12-14')} 2026-12-14 {holder(desk, 'phone', '2026-12-21')} --seat phone"
        ),
        status=2,
        names={},
    ),
    Scene(
        title="a plan that ends with the quarter",
        before=lambda desk: plan(desk, weeks="6"),
        typed="check",
        now="2026-12-22T10:00",
        names={"check/fixes: setrota plan": (0, "saved")},
    ),
    Scene(
        title="a plan that ends within the quarter",
        before=desks.the_plan_ends_this_week,
        typed="check",
        names={"check/fixes: setrota plan --from {}": (0, "saved")},
    ),
    Scene(
        title="repair without a plan",
        before=desks.nothing_planned,
        typed="replan",
        status=2,
        names={"reports/replan: setrota plan": (0, "saved")},
    ),
    Scene(
        title="a repair that nobody can make",
        before=_planned_and(
            lambda desk: desks.people(
                desk, **dict.fromkeys(desks.PEOPLE, "leave = [{ from = 2026-12-21, to = 2026-12-27 }]")
            )
        ),
        typed="replan",
        status=1,
        names={"reports/replan: setrota explain {} {}/{}": (0, "leave")},
    ),
    Scene(
        title="a rule broken by choice",
        typed=_out_of_turn,
        names={"cli/consent: setrota check": (0, "forced on 2026-12-02 [rest]")},
    ),
    Scene(
        title="no duty before a plan",
        before=desks.nothing_planned,
        typed="cover ana 2026-12-14",
        status=2,
        names={"cli/duties: setrota plan": (0, "saved")},
    ),
    Scene(
        title="nothing to explain",
        typed="explain",
        status=2,
        names={
            "cli/explain: setrota explain DATE SEAT": (0, ""),
            "cli/explain: setrota explain --person PERSON": (0, ""),
            "cli/explain: setrota explain CODE": (0, "How to fix it"),
        },
    ),
    Scene(
        title="a code and more",
        typed="explain rest 2026-12-14",
        status=2,
        names={"cli/explain: setrota explain {}": (0, "How to fix it")},
    ),
    Scene(
        title="a date without a seat",
        typed="explain 2026-12-14",
        status=2,
        names={"cli/explain: setrota explain {} SEAT": (0, "")},
    ),
    Scene(
        title="a weekday without a seat",
        typed="explain monday",
        status=2,
        names={"cli/explain: setrota explain {} SEAT": (0, "")},
    ),
    Scene(
        title="a person for a code",
        typed="explain ana",
        status=2,
        names={"cli/explain: setrota explain --person {}": (0, "ana")},
    ),
    Scene(
        title="a seat for a code",
        typed="explain primary",
        status=2,
        names={"cli/explain: setrota explain DATE {}": (0, "primary")},
    ),
    Scene(
        title="a service for the header",
        before=_planned_and(_append(PAGER + ACCOUNTS)),
        typed="export header --service pagerduty",
        status=2,
        names={"cli/export: setrota export oncall --service SERVICE": (0, "start")},
    ),
    Scene(
        title="a time for a calendar",
        typed="export ics --at today",
        status=2,
        names={"cli/export: setrota export header --at WHEN": (0, "primary")},
    ),
    Scene(
        title="a calendar named as a page",
        typed="export --output rota.html",
        status=2,
        names={"cli/export: setrota export html --output {}": (0, "wrote rota.html")},
    ),
    Scene(
        title="a style for a calendar",
        typed="export ics --style short",
        status=2,
        names={"cli/export: setrota export header --style STYLE": (0, "")},
    ),
    Scene(
        title="the schema of a command that has none",
        typed="schema no-such-command",
        status=2,
        names={"cli/schema: setrota --help": (0, "Usage")},
    ),
    Scene(
        title="the schema of a roster as a document",
        typed="schema schema",
        status=2,
        names={"cli/schema: setrota schema": (0, '"$schema"')},
    ),
    *(
        Scene(
            title=f"publish {word}",
            typed=f"publish {word}",
            status=2,
            names={f"cli/usage: setrota publish {command}": (2, "explain no-publish-section")},
        )
        for word, command in (
            ("slack", "webhook"),
            ("pagerduty", "oncall --service pagerduty"),
            ("opsgenie", "oncall --service opsgenie"),
            ("jira", "oncall --service jira"),
            ("calendar", "caldav"),
        )
    ),
    Scene(
        title="a calendar to import",
        typed="import ics ana.ics",
        before=_planned_and(_write("ana.ics", ICS)),
        status=2,
        names={"cli/usage: setrota leave import FILE": (0, "")},
        words={"FILE": "ana.ics --person ana"},
    ),
    Scene(
        title="duties to import",
        before=_planned_and(_served),
        typed="import served.csv",
        status=2,
        names={"cli/usage: setrota {} csv {}": (0, "imported 2 rows")},
    ),
    Scene(
        title="an option before its command",
        typed="--at today now",
        status=2,
        names={"cli/usage: setrota {}": (0, "desk, until")},
    ),
    Scene(
        title="nothing but help",
        typed="--help",
        names={"cli/app: setrota init": (2, "[roster-exists]"), "cli/app: setrota COMMAND --help": (0, "Usage")},
    ),
    Scene(
        title="nobody free",
        before=_planned_and(lambda desk: _away(desk, "2026-12-14", *_others(desk, "2026-12-14"))),
        typed=_by_holder("cover {} 2026-12-14"),
        status=1,
        names={"reports/cover: {} --ripple {}": (1, "even in a chain of up to 2 moves")},
    ),
    Scene(
        title="nobody free but a colleague",
        before=_planned_and(
            lambda desk: _away(
                desk, "2026-12-14", *(_others(desk, "2026-12-14") - {holder(desk, "backup", "2026-12-14")})
            )
        ),
        typed=_by_holder("cover {} 2026-12-14 --ripple 2"),
        status=1,
        now="2026-12-15T10:00",
        names={"reports/cover: {} --with {}": (1, "saved")},
    ),
    Scene(
        title="a search for seats that ended early",
        before=_roster('rest = "1 week"', 'rest = "6 weeks"'),
        typed="plan --from 2026-12-07 --weeks 6",
        status=1,
        names={
            "reports/empty_seats: {} --time-limit {}": (1, "NOBODY"),
        },
        patches={"setrota.reports.empty_seats.is_unproven": lambda result: True},
    ),
    Scene(
        title="a repair that ended early",
        before=_planned_and(_empty, _roster('rest = "1 week"', 'rest = "6 weeks"')),
        typed="replan",
        status=1,
        names={"reports/empty_seats: {} --time-limit {}": (1, "")},
        patches={"setrota.reports.empty_seats.is_unproven": lambda result: True},
    ),
    Scene(
        title="three weeks without anybody",
        before=lambda desk: _away(desk, "2026-12-14", *desks.PEOPLE, days=21),
        typed="plan --from 2026-12-14 --weeks 3",
        status=1,
        names={"reports/empty_seats: setrota explain {} {}/{}": (0, "leave")},
    ),
    Scene(
        title="explained where the search was cut short",
        before=_planned_and(lambda desk: desk.edit("schedule.toml", "fairest = ", "bound = 0.25 # ")),
        typed="explain 2026-12-21 desk/primary",
        names={"reports/explain/sentences: setrota plan --again --time-limit 300": (0, "Mon 2026-12-21")},
    ),
    Scene(
        title="a newcomer without a duty",
        before=_planned_and(_roster('"dan"]', '"dan", "ivy"]')),
        typed="replan",
        names={"reports/replan: setrota replan --changes {}": (0, "ivy")},
    ),
    Scene(
        title="a lead who must be free for another seat",
        before=_leads,
        typed="explain 2026-12-21 engineer",
        names={"reports/explain/remedies: setrota plan --again": (0, "saved")},
        first=_add_exception,
    ),
    Scene(
        title="rules that stay broken",
        before=desks.pins_that_are_not_kept,
        typed="replan",
        status=1,
        names={"reports/replan: setrota check": (1, "[pins]")},
        patches={"setrota.reports.replan.MOST_NAMED": 0},
    ),
    Scene(
        title="a newcomer whom no few changes give a duty",
        before=_planned_and(_roster('"dan"]', '"dan", "ivy"]')),
        typed="replan",
        names={"reports/replan: setrota plan --again": (0, "ivy")},
        patches={"setrota.planner.repair.newcomers._with_a_duty": lambda *_: None},
    ),
    Scene(
        title="an incoming crew with an empty seat",
        before=_planned_and(lambda desk: desk.seat("desk.2026-12-07", "primary", "")),
        typed="brief",
        status=1,
        names={"check/fixes: setrota fill {} {}/{}": (0, "could")},
    ),
    Scene(
        title="two pins of one kind of seat that break a rule",
        before=_pinned_pair,
        typed="check",
        status=1,
        names={"check/fixes: setrota unpin {} {}/{}{}": (0, "saved")},
    ),
    Scene(
        title="a swap of what is over",
        typed=_by_holder("swap {} 2026-11-24", day="2026-11-24"),
        status=2,
        names={"reports/swap: {} --with PERSON": (0, "saved")},
        words={"PERSON": "gus"},
    ),
    Scene(
        title="a missing argument",
        typed="cover",
        status=2,
        names={"cli/usage: {} --help": (0, "Usage")},
    ),
    Scene(
        title="no command and no roster",
        before=_without_roster,
        typed="",
        names={
            "reports/status: setrota init": (0, "wrote rotations.toml"),
            "reports/status: setrota --help": (0, "Usage"),
        },
    ),
    Scene(
        title="no command and nothing planned",
        before=desks.nothing_planned,
        typed="",
        names={"reports/wording: setrota plan": (0, "saved")},
    ),
    Scene(
        title="no command and more rotations than fit a few lines",
        before=_five_rotations,
        typed="",
        names={"reports/status: setrota now": (1, "desk-5, until")},
    ),
    Scene(
        title="no command and errors in weeks that are frozen",
        before=desks.the_handover_moves_to_wednesday,
        typed="",
        names={"reports/status: setrota check": (1, "error")},
    ),
)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.title.replace(" ", "-"))
def test_what_a_scene_names(tmp_path: Path, scene: Scene) -> None:
    desk = Desk(tmp_path / "rota")
    desk.write("rotations.toml", ROSTER)
    scene.before(desk)
    words = (scene.typed if isinstance(scene.typed, str) else scene.typed(desk)).split()
    typist = Typist(desk, scene.now, words=scene.words)
    told = " ".join(["setrota", *words])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in scene.patches.items():
            patch.setattr(name, value)
        answer = typist.run(desk, told).at(scene.status)
    shown = list(dict.fromkeys(named(answer.out + answer.talk)))
    assert shown
    for template, (status, said) in scene.names.items():
        commands = [each for each in shown if templates()[template].fits(each)]
        assert commands, f"{template} is not shown\n{answer.out}{answer.talk}"
        for each in commands:
            copy = typist.copy(desk)
            scene.first(copy, answer)
            outcome = typist.run(copy, each).at(status)
            assert said in outcome.out + outcome.talk, f"{each}\n{outcome.out}{outcome.talk}"
    for each in shown:
        # A message about a command line repeats it.
        if not told.startswith(each) and not any(templates()[template].fits(each) for template in scene.names):
            outcome = typist.run(typist.copy(desk), each)
            assert outcome.status in (0, 1), f"{each}\n{outcome.talk}"


def test_planning_again_is_not_named_for_what_it_leaves_alone(tmp_path: Path) -> None:
    """The weeks that `freeze` keeps stay as they are, so that no exception would fill their seats."""
    desk = Desk(tmp_path)
    desk.write("rotations.toml", LEADS.replace("2026-12-21", "2026-12-07"))
    answer = desk.run("plan", "--from", "2026-12-07", "--weeks", "1", now=NOW).at(1)
    assert "  hint: `setrota explain 2026-12-07 engineer/engineer`\n" in answer.talk
    for seat in ("engineer", "lead"):
        assert "plan --again" not in desk.run("explain", "2026-12-07", seat, now=NOW).at(0).out


OTHER_CADENCES = (
    "cover {triage} 2026-12-03",
    "swap {triage} 2026-12-03",
    "cover {night} today",
    "cover {release} 2026-12-03 --seat release/shepherd",
    "fill 2026-12-04 triage/primary",
    "fill 2027-02-07 tea/maker",
    "explain 2026-12-04 triage/primary",
    "explain 2026-12-01 release/shepherd",
    "pin 2026-12-09 triage/primary ana",
    *(("replan", "brief", "plan", "plan --from 2027-05-01 --to 2027-05-03") if ALL else ()),
)
"""What is typed where rotations count their time in other ways than weeks: days, nights, listed starts, months."""


@pytest.mark.parametrize(
    "state",
    [desks.other_cadences_with_holes, *([desks.other_cadences, desks.other_cadences_and_illness] if ALL else [])],
    ids=lambda state: state.__name__,
)
def test_what_is_named_where_time_is_counted_otherwise(tmp_path: Path, state: Callable[[Desk], None]) -> None:
    desk = Desk(tmp_path / "rota")
    desk.write("rotations.toml", ROSTER)
    desks.other_cadences_planned(desk)
    seats = {"triage": "primary", "night": "on-call", "release": "shepherd"}
    who = {name: holder(desk, seat, "2026-12-03") for name, seat in seats.items()}
    (desk.folder / "schedule.toml").unlink()
    state(desk)
    typist, typed = Typist(desk, NOW), 0
    for words in OTHER_CADENCES:
        copy = typist.copy(desk)
        answer = typist.run(copy, f"setrota {words.format(**who)}")
        for each in dict.fromkeys(named(answer.out + answer.talk)):
            there = typist.copy(copy)
            outcome = typist.run(there, each)
            assert outcome.status in (0, 1), f"{words}: {each}\n{outcome.talk}"
            assert " --with " not in each or "saved schedule.toml" in outcome.talk, each
            typed += 1
    assert typed > 5


ELSEWHERE = {
    "publish/oncall/service_update: setrota cover PERSON DATE": "tests/publish/test_oncall.py has the service for it",
    "reports/codes/__init__: setrota explain CODE": "the introduction of docs/codes.md; test_fixes types it",
}
"""Templates that other tests type, since they take a server or a page."""

NO_HINTS = {
    "cli/app: setrota {}": "the version",
    "cli/schema: setrota {}": "repeats what was typed",
    "cli/usage: setrota publish": "compared with what was typed",
    "cli/usage: setrota import": "compared with what was typed",
    "export/calendars/folder: setrota didn't write this file, so it isn't replaced": "a sentence",
    "files/locking: setrota {}": "the name of a process in a message",
    "files/roster/days: setrota leave import": "describes a key in the schema",
    "files/roster/keys: setrota brief": "describes a key in the schema",
    "files/roster/keys: setrota publish": "describes a key in the schema",
    "files/roster/keys: setrota check": "describes a key in the schema",
    "reports/empty_seats: setrota plan --fill": "the beginning of `{} --time-limit {}`",
    "reports/replan: setrota replan": "the beginning of `{} --time-limit {}`",
    "reports/documents: setrota explain CODE": "describes a key in the schema",
    "reports/schemas: setrota {} --format json": "the title of a schema",
}
"""Texts that look like a template, but ask nobody to type them, and what they are."""


def test_every_template_in_the_source_is_typed() -> None:
    """A hint that names a command needs a scene, or a line here that says what types it."""
    typed = {*chain(*NAMES.values()), *chain(*(scene.names for scene in SCENES))}
    apart = {*ELSEWHERE, *NO_HINTS}
    assert typed | apart == templates().keys()
    assert typed & apart == set()
