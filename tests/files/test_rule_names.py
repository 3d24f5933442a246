"""The words that a roster may use for rules are the names of rules."""

from setrota.files.roster import rules as written
from setrota.rules import RELAXABLE, RULES


def test_what_may_give_way_is_what_can_be_relaxed() -> None:
    assert set(written.YIELDING) == set(RELAXABLE)


def test_every_rule_is_known_to_the_reader() -> None:
    assert {*written.YIELDING, *written.UNYIELDING} == {rule.name for rule in RULES}
