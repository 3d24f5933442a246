"""The letters and colours of kinds of seat."""

from __future__ import annotations

from samples import MONDAY, crew, roster, rotation, schedule

from setrota.reports.marks import marks
from setrota.roster import Rotation
from setrota.schedule import Crew


def letters(*rotations: Rotation, crews: tuple[Crew, ...] = ()) -> str:
    found = marks(roster("ana", rotations), schedule(crews)).values()
    assert [mark.colour for mark in found] == list(range(len(found)))
    return " ".join(mark.letter for mark in found)


def test_a_kind_has_the_first_letter_of_its_name() -> None:
    assert letters(rotation("engineer", "primary backup engineer engineer"), rotation("lead")) == "P B E L"


def test_the_next_letter_of_the_name_is_taken_where_the_first_one_is() -> None:
    assert letters(rotation("desk", "shepherd shadow deputy deacon")) == "S H D E"


def test_letters_that_are_not_ascii_do_not_count() -> None:
    assert letters(rotation("desk", "2nd_line été")) == "N T"


def test_a_name_without_a_free_letter_gets_the_first_free_one() -> None:
    assert letters(rotation("desk", "abc a b c aa")) == "A B C D E"
    assert letters(rotation("desk", "42 7")) == "A B"


def test_digits_and_pairs_follow_when_the_alphabet_is_used_up() -> None:
    found = letters(rotation("desk", " ".join(f"k{number}" for number in range(38))))
    assert found.endswith(" Y Z 0 1 2 3 4 5 6 7 8 9 AA AB")


def test_a_kind_that_rotations_share_goes_by_its_rotation_where_it_is_alone() -> None:
    regions = [rotation(name, "primary") for name in ("apac", "emea", "amer")]
    assert letters(*regions) == "A E M"
    # Where it isn't alone, its own name says more than the rotation's.
    both = [rotation(name, "primary backup") for name in ("inhours", "outhours")]
    assert letters(*both) == "P B R A"


def test_kinds_that_only_the_schedule_has_come_last() -> None:
    former = Crew(crew(MONDAY, "ana", of=rotation("pair")).period, {"caller": "ana", "pair": "bo"})
    assert letters(rotation("engineer", "primary"), crews=(former,)) == "P C A"
