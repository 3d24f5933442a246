"""After covers, swaps, edits of the roster and replans, every duty has an explanation, for everyone who may ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from planning import TODAY, asked
from samples import DAY, NOW, week
from seeds import seeds
from tiny_rules import RuledQuestion, tiny_ruled_question

from setrota.planner import NEVER, Deadline, plan
from setrota.reports.explain.explanation import explain
from setrota.reports.explain.formats import document, text
from setrota.reports.explain.subject import Explanation
from setrota.roster import Leave, Roster
from setrota.schedule import Schedule
from setrota.schedule.moves import give_duty

SECRET = "a funeral nobody needs to know of"
MOST_SENTENCES = 5
"""One for a broken rule, the opening, and three more."""


def lived_with(given: RuledQuestion, random: Random) -> tuple[Roster, Schedule]:
    """A plan with a few covers, swaps and edits since, and a roster with new leave."""
    result = plan(given.roster, given.before, asked(0, given.weeks, fill=given.fill), NOW)
    assert result is not None
    held, roster = result.schedule, given.roster
    for number in range(4):
        duty = random.choice([each for each in held.duties() if each.start >= week(0)])
        at = NOW + timedelta(days=number + 1)
        taker = random.choice([*roster.members_of(duty.rotation), None])
        if random.random() < 0.3 and duty.end - duty.start > DAY:
            duty = replace(duty, start=duty.start + DAY)
        if random.random() < 0.3:
            [other] = random.sample([each for each in held.duties() if each.rotation == duty.rotation], 1)
            held = give_duty(held, other, duty.person, at, reason=SECRET)
            taker = other.person
        held = give_duty(held, duty, taker, at, reason=SECRET, replanned=random.random() < 0.3)
    crew = random.choice(held.crews)
    if crew.planned is not None and random.random() < 0.5:
        seats = {**crew.seats, random.choice([*crew.seats]): random.choice([*roster.people])}
        held = held.updated([replace(crew, seats=seats)])
    person = roster.people[random.choice([*roster.people])]
    away = Leave(week(1), week(1) + 3 * DAY)
    return replace(roster, people={**roster.people, person.handle: replace(person, leave=(*person.leave, away))}), held


def check(given: Roster, found: Explanation) -> None:
    said = " ".join(found.sentences)
    assert 1 <= len(found.sentences) <= MOST_SENTENCES + 1, found.sentences
    assert SECRET not in str(document(given, found)) + text(found)
    assert "holiday" not in said
    assert found.alternative is None or found.alternative.decided != "holidays"
    for sentence in found.sentences:
        assert sentence.endswith("."), sentence
        assert "None" not in sentence, sentence
        assert sentence.count("..") == 0, sentence


@pytest.mark.parametrize("seed", seeds(60, every=20))
@pytest.mark.parametrize("deadline", [NEVER, Deadline.within(0.0)])
def test_every_duty_is_explained(seed: int, deadline: Deadline) -> None:
    given, random = tiny_ruled_question(seed), Random(seed)
    roster, held = lived_with(given, random)
    for duty in held.duties():
        former = [change.was for change in held.crew_of(duty).changes if change.seat == duty.seat and change.was]
        third = random.choice([*roster.people])
        for person in dict.fromkeys([None, duty.person, third, *former]):
            check(roster, explain(roster, held, duty, person, TODAY, deadline))
