"""What is said of a repair: what broke, why it takes more changes than that, and what is left to people."""

from dataclasses import replace

from samples import DAY, NOW, crew, leave, roster, rotation, schedule, week

from setrota.planner import FrontierPoint, Range, Repair, repaired
from setrota.reports.replan import document, left_to_people, opening, table, why_not_fewer, why_so_many
from setrota.roster import Length, Person, Roster
from setrota.rules import violations
from setrota.schedule import Schedule

DESK = rotation("engineer", rest=Length(2))
SHARES = {"ana": 1.0, "bo": 1.0, "cy": 1.0, "dee": 1.0}


def published() -> Schedule:
    """One seat, rest 2: ana, bo, cy and dee take one week each."""
    crews = [crew(week(number), {"engineer": who}, shares=SHARES) for number, who in enumerate(SHARES)]
    return schedule(*(each.sealed(NOW, 1) for each in crews))


def mended(question: Roster, before: Schedule, today: int = -1) -> Repair:
    found = repaired(question, before, Range(start=week(0), end=week(4), today=week(today), look_ahead_weeks=0), NOW)
    assert found is not None
    return found


def without_dee(*more: Person) -> Roster:
    people = {"ana": Person("ana"), "bo": Person("bo"), "cy": Person("cy"), "dee": Person("dee", end=week(3))}
    return roster([*{**people, **{person.handle: person for person in more}}.values()], DESK)


def test_one_change_for_one_duty_needs_no_reason() -> None:
    """`ana` served in week 0 and has rested by week 3."""
    question = without_dee()
    found = mended(question, published())

    assert opening(question, found) == (
        "1 duty can no longer be served: dee (left) 2027-01-25 `engineer`. 1 change is needed, proven to be the "
        "fewest. No other rota with this number of changes is fairer."
    )
    assert why_so_many(question, found) == []

    # Filled seats come before fairness, and so do rules.
    [violation] = [each for each in violations(roster("ana bo cy", DESK), published()) if each.people == ("dee",)]
    bent = replace(found, broken=(violation,))
    assert opening(question, bent).endswith(
        " No other rota with this number of changes that fills as many seats and breaks no more rules is fairer."
    )
    empty = replace(found, result=replace(found.result, unfilled=(found.lost[0],)))
    assert opening(question, empty).endswith(
        " No other rota with this number of changes that fills as many seats is fairer."
    )


def test_more_changes_than_duties_are_explained() -> None:
    """`ana` is away in week 3, `bo` and `cy` have not rested. So `dee` takes one of theirs before leaving, and that one
    serves in week 3."""
    question = without_dee(Person("ana", leave=(leave(week(3), week(3) + 4 * DAY),)))
    found = mended(question, published())

    assert found.fewest == 2
    people = [next(iter(each.duties())).person for each in found.schedule.crews]
    assert people in (["ana", "dee", "cy", "bo"], ["ana", "bo", "dee", "cy"])
    assert why_so_many(question, found) == [
        "Nobody can take `engineer` in the engineer period of 2027-01-25 unless other duties move too "
        "(2 resting, 1 away, 1 left)."
    ]


def test_rules_alone_are_named_as_the_reason() -> None:
    """Everybody is there, but no two of them may follow each other so soon: with rest 3 the five weeks of four people
    still do, with `bo` twice in a row they don't."""
    question = roster("ana bo cy dee", DESK)
    twice = published().updated([replace(published().crews[2], seats={"engineer": "bo"}).sealed(NOW, 1)])
    found = mended(question, twice)

    assert not found.lost
    assert found.fewest == 1
    assert why_so_many(question, found) == ["The rules and pins no longer allow what was planned."]
    assert opening(question, found).startswith("1 broken rule can be fixed. 1 change is needed")


def one_seat_is_worth_more() -> tuple[Roster, Repair]:
    """The only person is backup, and the primary seat, which is more important, is empty."""
    question = roster("ana", rotation(seats="primary backup"))
    before = schedule(crew(week(0), {"primary": None, "backup": "ana"}, shares={"ana": 1.0}).sealed(NOW, 1))
    return question, mended(question, before)


def test_what_more_changes_than_necessary_are_for_is_said() -> None:
    question, found = one_seat_is_worth_more()

    assert found.fewest == 2
    assert len(found.result.unfilled) == found.before.unfilled == 1
    assert opening(question, found).startswith(
        "1 empty seat can be filled; 1 other seat will be empty instead. 2 changes are needed, proven to be the fewest."
    )
    assert why_so_many(question, found) == ["These seats can't be filled unless other duties move too."]
    assert why_not_fewer(found) == ["Without a change as many seats are filled, but more `primary` seats stay empty."]
    assert shown_points(question, found, verbose=False) == ["0 1 0 more `primary` empty", "2 1 0 this plan"]


def test_fewer_changes_that_do_as_much_in_these_weeks_are_not_called_fairer() -> None:
    question, found = one_seat_is_worth_more()
    points = [FrontierPoint(0, 2, 0, 9.0), FrontierPoint(1, 1, 0, 2.0), FrontierPoint(2, 1, 0, 3.0)]
    found = replace(found, frontier=tuple(points))

    assert why_not_fewer(found) == [
        "With 1 change as many required seats are filled, but fewer later or optional ones, or more rules give way."
    ]
    assert why_not_fewer(replace(found, frontier=(points[0], points[2]))) == []
    assert why_not_fewer(replace(found, frontier=(replace(points[0], unfilled=1), points[2]))) == []
    assert shown_points(question, found, verbose=False) == [
        "0 2 0",
        "1 1 0 fewer later or optional seats",
        "2 1 0 this plan",
    ]


def test_fewer_changes_that_gain_nothing_are_no_table() -> None:
    question = without_dee()
    points = (FrontierPoint(0, 1, 0, 9.0), FrontierPoint(1, 1, 0, 8.0))
    cut = replace(mended(question, published()), fewest=2, changes=2, frontier=points)

    assert "unfilled" not in table(question, published(), cut, week(-1), verbose=False)


def test_seats_left_empty_for_lack_of_time_are_not_called_repaired() -> None:
    question = without_dee()
    found = mended(question, published())
    proof = replace(found.result.proof, unfinished=("coverage",))
    cut = replace(found, result=replace(found.result, unfilled=(found.lost[0],), proof=proof))

    start = "1 duty can no longer be served: dee (left) 2027-01-25 `engineer`. "
    assert opening(question, replace(cut, fewest=0, changes=0)) == (
        start + "No change was made; the time limit ended the search with 1 seat still empty."
    )
    two = replace(cut, result=replace(cut.result, unfilled=(*cut.result.unfilled, *cut.result.unfilled)))
    assert opening(question, two) == (
        start + "1 change was made; the time limit ended the search with 2 seats still empty."
    )
    assert "1 change is enough" in opening(question, replace(cut, result=replace(cut.result, unfilled=())))


def test_what_has_begun_is_left_to_people() -> None:
    """In week 1 `bo` leaves on the Wednesday: of the weeks that follow none is his."""
    question = without_dee(Person("dee"), Person("bo", end=week(1) + 2 * DAY))
    found = mended(question, published(), today=1)

    [problem] = left_to_people(found.schedule, found.left, week(1))
    assert problem.hint == "`setrota cover bo 2027-01-11`"
    assert document(question, published(), found, week(1), saved=False)["left"][0]["person"] == "bo"


def test_the_frontier_shows_what_buys_something_and_always_this_repair() -> None:
    question = without_dee()
    points = [
        FrontierPoint(changes, 0, 0, unfairness) for changes, unfairness in ((1, 3.0), (2, 2.0), (3, 2.0), (4, 2.0))
    ]
    found = replace(mended(question, published()), frontier=tuple(points), changes=3)

    assert shown_points(question, found, verbose=True) == [
        "1 0 0 3.00 50.0% less fair",
        "2 0 0 2.00 as fair",
        "3 0 0 2.00 this plan",
        "unfairness: from 2027-01-04 on.",
    ]


def test_fairness_is_compared_where_as_much_is_mended() -> None:
    """A rota with an empty seat or a broken rule is neither fairer nor less fair than one without."""
    question = without_dee()
    points = [
        FrontierPoint(0, 1, 0, 1.0),
        FrontierPoint(1, 0, 1, None),
        FrontierPoint(2, 0, 0, 4.0),
        FrontierPoint(4, 0, 0, 3.0, proven=False),
    ]
    found = replace(mended(question, published()), frontier=tuple(points), changes=2)

    assert shown_points(question, found, verbose=False) == [
        "0 1 0",
        "1 0 1",
        "2 0 0 this plan",
        "4 0 0 25.0% fairer, not proven",
    ]


def shown_points(question: Roster, found: Repair, *, verbose: bool) -> list[str]:
    """The rows of the table of changes, which follows its rule, with single spaces."""
    text = table(question, published(), found, week(-1), verbose=verbose)
    rows = text.rpartition("─\n")[2].partition("More changes")[0]
    return [" ".join(row.split()) for row in rows.splitlines()]
