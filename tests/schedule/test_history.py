"""What a schedule knows about its history: plans, covers, swaps, replans and edits, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from samples import DAY, LEAD, NOW, crews, schedule, week

from setrota.schedule import Change, Crew
from setrota.schedule.history import LogEntry, Transfer, history

HOUR = timedelta(hours=1)


def with_changes(crew: Crew, *changes: tuple[str, str | None, str | None, int], **more: Any) -> Crew:
    """A crew with changes: seat, was, now, hours after NOW."""
    made = (Change(NOW + hours * HOUR, seat, was, now, **more) for seat, was, now, hours in changes)
    return replace(crew, changes=(*crew.changes, *made))


def summaries(*held: Crew) -> list[tuple[str, int | None, int]]:
    """Kind, hours after NOW, and how many duties or changes."""
    return [
        (each.kind, None if each.at is None else (each.at - NOW) // HOUR, len(each.duties) + len(each.transfers))
        for each in history(schedule(held))
    ]


def test_a_plan_is_one_entry_with_the_duties_as_they_were_planned() -> None:
    first, second = (crew.sealed(NOW, 1) for crew in crews("ana bo cy - | dee eli fay gus"))
    [entry] = history(schedule([first, second]))
    assert (entry.kind, entry.at, entry.transfers) == ("planned", NOW, ())
    assert [duty.person for duty in entry.duties] == ["ana", "bo", "cy", None, "dee", "eli", "fay", "gus"]
    # Changed since: the planned person is still listed.
    [entry, _cover] = history(schedule([with_changes(first, ("primary", "ana", "hal", 1)), second]))
    assert entry.duties[0].person == "ana"


def test_what_was_recomputed_is_listed_apart_from_what_was_planned_first() -> None:
    old, new, again = crews("a b c d | a b c d | a b c d")
    assert summaries(old.sealed(NOW, 1), new.sealed(NOW + HOUR, 1), again.sealed(NOW + HOUR, 2)) == [
        ("planned", 0, 4),
        ("planned", 1, 4),
        ("planned-again", 1, 4),
    ]


def test_cover_fill_and_emptied_seat() -> None:
    crew = crews("ana bo - -")[0].sealed(NOW, 1)
    changed = with_changes(crew, ("primary", "ana", "cy", 1), ("engineer-1", None, "dee", 2), ("backup", "bo", None, 3))
    assert summaries(changed)[1:] == [("cover", 1, 1), ("fill", 2, 1), ("emptied", 3, 1)]


def test_a_part_of_a_duty_is_listed_with_its_days_and_as_a_part() -> None:
    crew = crews("ana bo cy dee")[0].sealed(NOW, 1)
    wednesday = week(0) + 2 * DAY
    [_, from_wednesday] = history(schedule([with_changes(crew, ("primary", "ana", "eli", 1), start=wednesday)]))
    assert from_wednesday.transfers == (Transfer(wednesday, week(1), "engineer", "primary", "ana", "eli", True, ()),)
    # Explicit dates at the period's borders, or outside them, mean the whole period.
    [_, whole] = history(
        schedule([with_changes(crew, ("primary", "ana", "eli", 1), start=week(0) - DAY, end=week(1), forced=("rest",))])
    )
    assert whole.transfers == (Transfer(week(0), week(1), "engineer", "primary", "ana", "eli", False, ("rest",)),)


def test_two_changes_of_one_moment_that_exchange_two_people_are_a_swap() -> None:
    one, two = (crew.sealed(NOW, 1) for crew in crews("ana bo - - | cy dee - -"))
    swapped = with_changes(one, ("primary", "ana", "cy", 1)), with_changes(two, ("primary", "cy", "ana", 1))
    assert summaries(*swapped)[1:] == [("swap", 1, 2)]
    # Within one crew too.
    assert summaries(with_changes(one, ("primary", "ana", "bo", 1), ("backup", "bo", "ana", 1)))[1:] == [("swap", 1, 2)]
    # An hour apart, or with a third person, they are covers; so are changes with an empty seat.
    apart = with_changes(one, ("primary", "ana", "cy", 1)), with_changes(two, ("primary", "cy", "ana", 2))
    assert summaries(*apart)[1:] == [("cover", 1, 1), ("cover", 2, 1)]
    chain = with_changes(one, ("primary", "ana", "cy", 1)), with_changes(two, ("primary", "cy", "eli", 1))
    assert summaries(*chain)[1:] == [("cover", 1, 1), ("cover", 1, 1)]
    empty = with_changes(one, ("primary", "ana", None, 1), ("engineer-1", None, "ana", 1))
    assert summaries(empty)[1:] == [("emptied", 1, 1), ("fill", 1, 1)]


def test_two_swaps_of_one_moment_are_two() -> None:
    crew = crews("a b c d")[0].sealed(NOW, 1)
    twice = ("primary", "a", "b", 1), ("engineer-1", "c", "d", 1), ("backup", "b", "a", 1), ("engineer-2", "d", "c", 1)
    [_, one, two] = history(schedule([with_changes(crew, *twice)]))
    assert [{transfer.was for transfer in each.transfers} for each in (one, two)] == [{"a", "b"}, {"c", "d"}]


def test_all_that_a_re_plan_changed_is_one_entry_even_where_people_change_places() -> None:
    one, two = (crew.sealed(NOW, 1) for crew in crews("ana bo - - | cy dee - -"))
    held = (
        with_changes(one, ("primary", "ana", "cy", 1), replanned=True),
        with_changes(two, ("primary", "cy", "ana", 1), ("backup", "dee", None, 1), replanned=True),
    )
    assert summaries(*held)[1:] == [("replan", 1, 3)]
    assert summaries(with_changes(held[0], ("backup", "bo", "eli", 1)), held[1])[1:] == [
        ("replan", 1, 3),
        ("cover", 1, 1),
    ]


def test_crews_of_no_plan_come_first_and_edits_by_hand_last_both_without_a_date() -> None:
    imported, planned, edited = crews("a b c d | a b c d | a b c d")
    edited = replace(edited.sealed(NOW, 1), seats={**edited.seats, "primary": "zoe"})
    found = history(schedule([imported, planned.sealed(NOW, 1), edited]))
    assert [(each.kind, each.at) for each in found] == [("not-planned", None), ("planned", NOW), ("edited", None)]
    assert found[-1].duties[0].person == "zoe"
    # A recorded change is not an edit of the seats.
    assert "edited" not in {
        kind for kind, *_ in summaries(with_changes(planned.sealed(NOW, 1), ("primary", "a", "x", 1)))
    }


def test_order_is_by_instant_whatever_the_zone() -> None:
    """18:00 in Auckland is before 10:00 of the same day in London."""
    early = datetime(2027, 1, 5, 18, tzinfo=timezone(timedelta(hours=13)))
    late = datetime(2027, 1, 5, 10, tzinfo=UTC)
    crew = crews("ana bo - -")[0]
    changes = (Change(late, "backup", "bo", "eli"), Change(early, "primary", "ana", "cy"))
    assert [each.at for each in history(schedule([replace(crew, changes=changes)]))[1:]] == [early, late]


def test_what_concerns_one_person() -> None:
    one, two = (crew.sealed(NOW, 1) for crew in crews("ana bo - - | cy dee - -"))
    swapped = with_changes(one, ("primary", "ana", "cy", 1)), with_changes(two, ("primary", "cy", "ana", 1))
    covered = with_changes(swapped[0], ("backup", "bo", "eli", 2)), swapped[1]

    def of(person: str) -> list[tuple[str, int]]:
        found = [entry.of(person) for entry in history(schedule(covered))]
        return [(each.kind, len(each.duties) + len(each.transfers)) for each in found if not each.empty]

    assert of("ana") == [("planned", 1), ("swap", 2)]
    assert of("bo") == [("planned", 1), ("cover", 1)]
    assert of("eli") == [("cover", 1)]
    assert of("nobody") == []


def test_what_is_about_some_days() -> None:
    one, two = (crew.sealed(NOW, 1) for crew in crews("ana bo - - | cy dee - -"))
    swapped = with_changes(one, ("primary", "ana", "cy", 1)), with_changes(two, ("primary", "cy", "ana", 1))
    covered = with_changes(swapped[0], ("backup", "bo", "eli", 2)), swapped[1]

    def between(start: date, end: date) -> list[tuple[str, int]]:
        found = [entry.between(start, end) for entry in history(schedule(covered, crews("x", first=0, of=LEAD)))]
        return [(each.kind, len(each.duties) + len(each.transfers)) for each in found if not each.empty]

    assert between(week(1), week(2)) == [("not-planned", 1), ("planned", 4), ("swap", 2)]
    assert between(week(0), week(0) + DAY) == [("not-planned", 1), ("planned", 4), ("swap", 2), ("cover", 1)]
    assert between(week(2), week(9)) == []
    assert between(date.min, date.max) == [("not-planned", 1), ("planned", 8), ("swap", 2), ("cover", 1)]


def test_no_reason_is_shown() -> None:
    crew = crews("ana bo - -")[0].sealed(NOW, 1)
    assert "secret" not in repr(history(schedule([with_changes(crew, ("primary", "ana", "cy", 1), reason="secret")])))
    assert "reason" not in LogEntry._fields + Transfer._fields


def test_a_swap_of_a_duty_that_a_cover_has_cut_is_one_in_all_its_pieces() -> None:
    """Cy has Wednesday of week 0; ana's days before and after it go to bo, whose week 1 is hers."""
    wednesday = week(0) + 2 * DAY
    first, second = crews("ana - - - | bo - - -")
    pieces = (
        Change(NOW, "primary", "ana", "bo", end=wednesday),
        Change(NOW, "primary", "ana", "bo", start=wednesday + DAY),
    )
    covered = Change(NOW - DAY, "primary", "ana", "cy", start=wednesday, end=wednesday + DAY)
    held = schedule(
        replace(first, changes=(covered, *pieces)),
        replace(second, changes=(Change(NOW, "primary", "bo", "ana"),)),
    )
    [_, cover, swap] = history(held)
    assert cover.kind == "cover"
    assert (swap.kind, len(swap.transfers)) == ("swap", 3)
    assert swap.of("bo") == swap
    assert swap.between(week(1), week(2)) == swap


def test_the_same_person_who_takes_two_pieces_covers_twice() -> None:
    pieces = (Change(NOW, "primary", "ana", "bo", end=week(0) + DAY), Change(NOW, "backup", "ana", "bo"))
    [first] = crews("ana ana - -")
    assert [each.kind for each in history(schedule(replace(first, changes=pieces)))[1:]] == ["cover", "cover"]
