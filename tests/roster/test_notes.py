"""What a roster tells people about its seats."""

from __future__ import annotations

import pytest

from setrota.roster.notes import Notes, SeatText

GENERAL = SeatText("Primary", "Takes every call.")


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (SeatText("First responder"), SeatText("First responder", "Takes every call.")),
        (SeatText(None, "Answers."), SeatText("Primary", "Answers.")),
        (SeatText("First responder", "Answers."), SeatText("First responder", "Answers.")),
    ],
)
def test_a_rotation_s_own_kind_has_what_it_does_not_say_from_the_kind(own: SeatText, expected: SeatText) -> None:
    notes = Notes(seats={"primary": GENERAL, "engineer/primary": own})
    assert notes.of_seat("engineer", "primary") == expected
    assert notes.of_seat("lead", "primary") == GENERAL
    assert notes.of_seat("engineer", "backup") == SeatText()
