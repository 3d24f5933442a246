"""The shapes of everything that setrota answers as JSON: one type for each document and for each entry in it.

The reports build documents of these types, which mypy checks, and `setrota.reports.schemas` makes the JSON Schemas from
them, so what is written can't differ from what the schema promises. Only type checkers and `setrota schema` import this
module: the other commands don't wait for msgspec.

A key has the same meaning and the same shape in every document. In some it can be null, and an entry can have further
keys in some, such as a duty's `next` in `setrota now`. `start` and `end` are instants, the end not included; `from` and
`to` are days, the last one included; `period` is the first day of a period of `rotation`. `…_count` is one number,
`…_counts` are numbers by what they count. The words of an enumeration are lower-case, with hyphens. A key without a
value is null, never left out.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from msgspec import Meta

Day = Annotated[str, Meta(extra_json_schema={"format": "date"})]
"""`2027-01-04`, in the time zone of the rotation."""

Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""`2027-01-04T09:00:00-05:00`: ISO 8601 with the offset from UTC."""

Count = Annotated[int, Meta(ge=0)]

Severity = Annotated[
    Literal["error", "warning", "note"],
    Meta(description="An error must be dealt with; a warning should be; a note is for information."),
]


class ProgramEntry(TypedDict):
    """The program that answered."""

    format: Annotated[
        int,
        Meta(description="Increases when programs that read today's answers would break. New keys don't change it."),
    ]
    version: Annotated[str, Meta(description="The version of setrota.")]


class ProblemEntry(TypedDict):
    """Something that the user should know; it is also reported on standard error."""

    code: Annotated[
        str,
        Meta(
            description="The kind of mistake or finding, such as `unknown-key`; `setrota explain CODE` explains it.",
            min_length=1,
        ),
    ]
    severity: Severity
    file: Annotated[str | None, Meta(description="The file that it is about; null if there is none.")]
    line: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="The line, counted from 1; null if it is about the whole file."),
    ]
    message: Annotated[str, Meta(description="What is wrong, in one lower-case sentence for people.")]
    hint: Annotated[str | None, Meta(description="What to type or write instead; null without a hint.")]


class EnvelopeDocument(TypedDict):
    """The answer of a command with `--format json`, on standard output whatever the exit status."""

    setrota: ProgramEntry
    command: Annotated[
        str | None,
        Meta(description="The name of the command, such as `leave list`; null if the command line named none."),
    ]
    exit: Annotated[
        int,
        Meta(
            description="The exit status. 0: done. 1: problems were found. 2: the input can't be used."
            " 3: a bug in setrota. 130: interrupted.",
            extra_json_schema={"enum": [0, 1, 2, 3, 130]},
        ),
    ]
    data: Annotated[
        object, Meta(description="The answer; null if the command couldn't give one.", extra_json_schema={})
    ]
    problems: Annotated[
        list[ProblemEntry], Meta(description="Errors, warnings and notes, in the order in which they were reported.")
    ]


# Duties and changes


class SeatEntry(TypedDict):
    """A seat of a rotation between two handovers."""

    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    start: Annotated[
        Instant, Meta(description="The handover at which it starts, with the offset of the rotation's time zone.")
    ]
    end: Annotated[Instant, Meta(description="The handover at which it ends, with the offset of the same zone.")]
    seat: Annotated[str, Meta(description="The full name of the seat, such as `primary` or `engineer-2`.")]


class DutyEntry(SeatEntry):
    """A duty: a seat for as long as one person holds it, or nobody does. A cover of some days splits it."""

    person: Annotated[str | None, Meta(description="The handle of the person who holds the seat; null if nobody does.")]
    name: Annotated[str | None, Meta(description="That person's name; null if nobody holds the seat.")]
    teams: Annotated[list[str], Meta(description="The keys of that person's teams, in the order of the roster.")]


class NextDutyEntry(DutyEntry):
    """A duty at a moment, and the next one in its seat."""

    next: Annotated[DutyEntry | None, Meta(description="The next duty in this seat; null if none is planned.")]
    open_ended: Annotated[
        bool,
        Meta(
            description="Whether it lasts until the next start of its rotation, which isn't listed yet; `end` is then"
            " only what its length is judged by, and may be over."
        ),
    ]
    off_duty_from: Annotated[
        Instant | None, Meta(description="When service ends, if that is before the handover at `end` or at it.")
    ]
    off_duty_to: Annotated[
        Instant | None, Meta(description="When service begins again after `off_duty_from`; null if it doesn't.")
    ]
    away: Annotated[bool, Meta(description="Whether the person is on leave, or doesn't work, on that day.")]


class ChangeEntry(SeatEntry):
    """A seat that passes from one person to another."""

    was: Annotated[
        str | None, Meta(description="The handle of the person who held the seat before; null if nobody did.")
    ]
    now: Annotated[
        str | None, Meta(description="The handle of the person who holds the seat afterwards; null if nobody does.")
    ]


class MadeChangeEntry(ChangeEntry):
    """A change that was made, as the schedule records it."""

    part: Annotated[bool, Meta(description="Whether it is about only some days of a period.")]
    forced: Annotated[
        list[str], Meta(description="The rules that it was known to break when it was made with `--force`.")
    ]


class DiffChangeEntry(ChangeEntry):
    """A difference between two schedules."""

    planned_before: Annotated[
        bool, Meta(description="Whether the earlier schedule has this seat on these days, filled or empty.")
    ]
    planned_after: Annotated[
        bool, Meta(description="Whether the later schedule has this seat on these days, filled or empty.")
    ]
    notice_days: Annotated[
        int, Meta(description="The number of days from today to the first day; negative if it has begun.")
    ]


class MoveEntry(ChangeEntry):
    """A change that a proposal makes, and its effect on the person who takes the seat."""

    balance: Annotated[
        float | None,
        Meta(
            description="Duties ahead of the fair share after the change; negative if behind; null if nobody takes it."
        ),
    ]
    previous_duty: Annotated[
        DutyEntry | None, Meta(description="That person's duty before this one; null without one.")
    ]
    following_duty: Annotated[
        DutyEntry | None, Meta(description="That person's duty after this one; null without one.")
    ]


class EmptySeatEntry(TypedDict):
    """A kind of seat that stays empty in a period."""

    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    period: Annotated[Day, Meta(description="The first day of the period.")]
    seat_kind: Annotated[str, Meta(description="The kind of seat, such as `engineer` for `engineer-2`.")]


# Rules


class ViolationEntry(TypedDict):
    """A broken rule."""

    rule: Annotated[str, Meta(description="The name of the rule, such as `rest`, or `given-up`.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    period: Annotated[
        Day, Meta(description="The first day of the period in which it is broken; the later one if there are two.")
    ]
    people: Annotated[list[str], Meta(description="The handles of the people it is about.")]
    message: Annotated[str, Meta(description="What breaks the rule, as a sentence for people.")]


class ObstacleEntry(TypedDict):
    """A rule that keeps a person from a seat."""

    rule: Annotated[str, Meta(description="The name of the rule, such as `rest`, or `given-up`.")]
    people: Annotated[list[str], Meta(description="The handles of the other people it is about.")]
    phrase: Annotated[str, Meta(description="The obstacle in a few words, such as `away`.")]
    message: Annotated[str, Meta(description="The obstacle as a sentence for people.")]


class ExcludedEntry(TypedDict):
    """Someone who can't take a seat."""

    person: Annotated[str, Meta(description="The person's handle.")]
    obstacles: Annotated[list[ObstacleEntry], Meta(description="Every rule that keeps them from it.")]


# Fairness


FromTo = TypedDict(
    "FromTo",
    {
        "from": Annotated[Day, Meta(description="The first day.")],
        "to": Annotated[Day, Meta(description="The last day, included.")],
    },
)


class DaySpan(FromTo):
    """Consecutive days."""


class BalanceEntry(TypedDict):
    """Duties served and the fair share of them: `balance` is `opening` + `served` - `entitled`."""

    opening: Annotated[float, Meta(description="The balance before the first day, in duties.")]
    served: Annotated[
        float, Meta(description="Duties served. Each person who shares a duty is credited with a part of it.")
    ]
    entitled: Annotated[
        float, Meta(description="The fair share of the seats that were filled, without the opening balance.")
    ]
    balance: Annotated[float, Meta(description="Duties ahead of the fair share; negative if behind.")]


class PersonBalanceEntry(BalanceEntry):
    """A person's balance in a rotation."""

    person: Annotated[str, Meta(description="The person's handle.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    worst_deviation: Annotated[float, Meta(description="Of the balances after each period, the one furthest from 0.")]
    shortest_gap_weeks: Annotated[
        float | None,
        Meta(
            description="The fewest free weeks between the end of one duty and the start of the next; null with"
            " fewer than two duties."
        ),
    ]
    by_seat: Annotated[dict[str, BalanceEntry], Meta(description="The balance in each kind of seat.")]
    counts: Annotated[
        dict[str, BalanceEntry],
        Meta(
            description="The balance in each count of its own: `holidays`, if the roster has any, over periods with a"
            " holiday of the person's on a served day; each of the roster's `counts`, over periods served then."
        ),
    ]


class TeamBalanceEntry(BalanceEntry):
    """The sum of a team's balances in a rotation; people in two teams count in both."""

    team: Annotated[str, Meta(description="The key of the team in the roster.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    member_count: Annotated[Count, Meta(description="How many people's balances were added up.")]


class CountProofEntry(TypedDict):
    """How evenly a rotation's duties in one count, such as holidays, are shared out, and how evenly they could be."""

    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    count: Annotated[str, Meta(description="The name of the count: `holidays`, or one of the roster's `counts`.")]
    unfairness: Annotated[
        Unfairness, Meta(description="The sum of squared balances, over people and the periods that count.")
    ]
    bound: Annotated[float, Meta(description="No rota that fills as many seats has a lower sum.")]
    gap: Annotated[float, Meta(description="How much lower the sum of another rota could be at most: 0.01 is 1 %.")]
    worst_deviation: Annotated[float, Meta(description="The largest balance, ahead or behind, after any period.")]
    proven: Annotated[bool, Meta(description="Whether no rota that fills as many seats shares them out more evenly.")]


class PeopleBalances(DaySpan):
    """The balances over the periods that start on some days."""

    balances: Annotated[list[PersonBalanceEntry], Meta(description="Each person's balance in each of their rotations.")]


class PlanBalances(PeopleBalances):
    """The balances of a plan."""

    within_to_fill: Annotated[
        dict[str, float],
        Meta(
            description="For each rotation, the furthest that anyone gets from their fair share of all seats, including"
            " empty ones, in duties."
        ),
    ]
    count_proofs: Annotated[
        list[CountProofEntry], Meta(description="How evenly each count is shared out in each rotation.")
    ]


class BalanceChangeEntry(TypedDict):
    """A person's balance before and after a change."""

    person: Annotated[str, Meta(description="The person's handle.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    seat_kind: Annotated[str | None, Meta(description="The kind of seat counted; null for all seats together.")]
    before: Annotated[float, Meta(description="Duties ahead of the fair share without the change; negative if behind.")]
    after: Annotated[float, Meta(description="Duties ahead of the fair share with the change; negative if behind.")]


Price = Annotated[
    float, Meta(description="How much it adds to the sum of squared balances; negative if the rota gets fairer.")
]

PriceIfAny = Annotated[
    float | None,
    Meta(description="How much it would add to the sum of squared balances; null if seats would have to stay empty."),
]

Unfairness = Annotated[float, Meta(ge=0)]
"""The sum of squared balances, over people and weeks."""


# setrota now, show, fairness


class IdleRotationEntry(TypedDict):
    """A rotation in which nobody is on duty."""

    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    off_duty: Annotated[
        bool,
        Meta(description="Whether nobody need be on duty at that moment: outside its hours and on closed days."),
    ]
    until: Annotated[
        Instant | None,
        Meta(
            description="When it is served again or, if it should be served, when its next crew begins; null if never."
        ),
    ]
    next_duties: Annotated[
        list[DutyEntry],
        Meta(description="The duties with which it is served again, or of its next crew; empty if none is planned."),
    ]


class NowDocument(TypedDict):
    """Who is on duty at a moment."""

    at: Annotated[Instant, Meta(description="The moment, with the offset of the rota's time zone.")]
    duties: Annotated[
        list[NextDutyEntry],
        Meta(description="The duties of each rotation that has a crew on duty, in the order of the roster."),
    ]
    idle: Annotated[
        list[IdleRotationEntry], Meta(description="The rotations in which nobody is on duty at that moment.")
    ]


class ShowDocument(TypedDict):
    """All or some of the duties of a schedule."""

    duties: Annotated[list[DutyEntry], Meta(description="The duties, in time order, then in the order of the roster.")]


class TrailEntry(TypedDict):
    """A person's balance after a period."""

    period_start: Annotated[Day, Meta(description="The first day of the period.")]
    balance: Annotated[float, Meta(description="Duties ahead of the fair share; negative if behind.")]


class TrailedBalanceEntry(PersonBalanceEntry):
    """A person's balance in a rotation, and how it came about."""

    trail: Annotated[list[TrailEntry], Meta(description="The balance after each period, in time order.")]


class RecordedProofEntry(FromTo):
    """What was proven when a plan was made; `from` and `to` are the days that it planned."""

    at: Annotated[Instant, Meta(description="When the plan was made.")]
    period_count: Annotated[Count, Meta(description="How many of the periods shown it made.")]
    proven: Annotated[
        bool, Meta(description="Whether no rota that keeps the rules and fills as many seats is fairer, up to `gap`.")
    ]
    gap: Annotated[
        float | None,
        Meta(description="How much fairer another rota could be at most: 0.01 is 1 %; null if nothing is known."),
    ]


class FairnessDocument(DaySpan):
    """The balances of people and teams."""

    verdict: Annotated[
        str,
        Meta(
            description="How near everyone is to their fair share, what is proven, and what stands out, in sentences;"
            " empty if nobody owes a share."
        ),
    ]
    plan_proofs: Annotated[
        list[RecordedProofEntry], Meta(description="The plans that made the periods, the latest first.")
    ]
    unrecorded_periods: Annotated[Count, Meta(description="How many periods no recorded plan made.")]
    changed_periods: Annotated[Count, Meta(description="How many periods were changed after they were planned.")]
    balances: Annotated[
        list[TrailedBalanceEntry], Meta(description="Each person's balance in each of their rotations.")
    ]
    team_balances: Annotated[list[TeamBalanceEntry], Meta(description="Each team's balance in each of its rotations.")]
    count_proofs: Annotated[
        list[CountProofEntry], Meta(description="How evenly each count is shared out in each rotation.")
    ]


# setrota check


class FindingEntry(TypedDict):
    """Something that is wrong with the roster or the schedule, or soon will be."""

    code: Annotated[str, Meta(description="The name of the broken rule, or the kind of finding.")]
    severity: Severity
    rotation: Annotated[str | None, Meta(description="The key of the rotation; null if it is not about a period.")]
    period: Annotated[Day | None, Meta(description="The first day of the period; null if it is not about one.")]
    people: Annotated[list[str], Meta(description="The handles of the people it is about.")]
    message: Annotated[str, Meta(description="What is wrong, as a sentence for people.")]
    duties: Annotated[list[DutyEntry], Meta(description="The duties that should be repaired.")]
    command: Annotated[str | None, Meta(description="The command that repairs it; null if none does.")]


class SeverityCounts(TypedDict):
    """How many findings there are of each severity."""

    error: Annotated[Count, Meta(description="How many are errors; with any, the exit status is 1.")]
    warning: Annotated[Count, Meta(description="How many are warnings.")]
    note: Annotated[Count, Meta(description="How many are notes.")]


class CheckDocument(TypedDict):
    """What `setrota check` found. The findings are also in `problems`, with file and line: all of them, or the hundred
    most severe and an entry `more-problems`."""

    findings: Annotated[list[FindingEntry], Meta(description="All findings, including those about the past.")]
    severity_counts: SeverityCounts


# setrota plan, replan


class ProofEntry(TypedDict):
    """How good a plan is."""

    status: Annotated[
        Literal["optimal", "time-limit"],
        Meta(
            description="optimal: the search was finished, so no other plan is better; after `replan`, none with as"
            " few changes. time-limit: the time limit ended the search."
        ),
    ]
    objective: Annotated[
        Unfairness,
        Meta(
            description="The unfairness of the plan with its look-ahead, which planning minimizes: the sum of squared"
            " balances, over people and weeks."
        ),
    ]
    unproven: Annotated[
        list[str],
        Meta(
            description="The stages that the time limit cut short, in order: `coverage` (which seats stay empty),"
            " `changes` (how few are needed), `fairness`, `spacing`, `wishes`, `seats` (who takes which). Without"
            " `coverage`, other seats might be filled, so the figures hold only for the seats that are."
        ),
    ]


class PlanProofEntry(ProofEntry):
    """How good a new plan is; only `unfairness` leaves out its look-ahead."""

    bound: Annotated[
        float | None,
        Meta(
            description="No rota that keeps the rules and fills these seats has a lower unfairness; null if coverage"
            " isn't proven."
        ),
    ]
    gap: Annotated[
        float | None,
        Meta(
            description="How much fairer another rota could be at most: 0.01 is one per cent; null if coverage isn't"
            " proven."
        ),
    ]
    unfairness: Annotated[Unfairness, Meta(description="The unfairness of the plan alone, without the look-ahead.")]
    fairest: Annotated[
        float | None,
        Meta(description="The lowest unfairness of any rota that fills these seats; null if it isn't known."),
    ]
    seconds: Annotated[float, Meta(description="How long planning took, in seconds.")]


class WishEntry(DaySpan):
    """A person's wish for some days."""

    person: Annotated[str, Meta(description="The person's handle.")]
    wish: Annotated[
        Literal["avoid", "prefer"],
        Meta(description="avoid: to be free on all of these days. prefer: to be on duty on one of them."),
    ]
    granted: Annotated[bool, Meta(description="Whether the plan grants it.")]
    price: Annotated[
        float | None,
        Meta(
            description="How much it would have added to the sum of squared balances; null if it was granted, or would"
            " have left a seat empty."
        ),
    ]


class PlanDocument(TypedDict):
    """A plan for a range of days."""

    saved: Annotated[bool, Meta(description="Whether the schedule's file was written.")]
    assignments: Annotated[list[DutyEntry], Meta(description="The duties that were planned, in time order.")]
    fairness: Annotated[
        PlanBalances | None, Meta(description="The balances over the planned days; null if there was nothing to plan.")
    ]
    proof: Annotated[
        PlanProofEntry | None, Meta(description="How good the plan is; null if there was nothing to plan.")
    ]
    unfilled: Annotated[list[DutyEntry], Meta(description="The seats that stay empty.")]
    gave_way: Annotated[list[ViolationEntry], Meta(description="The rules that gave way so that seats are filled.")]
    wishes: Annotated[list[WishEntry], Meta(description="The wishes for these days.")]


class FrontierEntry(TypedDict):
    """The best rota with at most this number of changes."""

    change_count: Annotated[Count, Meta(description="How many changes it makes.")]
    unfilled_count: Annotated[Count, Meta(description="How many seats stay empty.")]
    broken_count: Annotated[Count, Meta(description="How many rules stay broken.")]
    objective: Annotated[
        Unfairness | None,
        Meta(description="The unfairness with the look-ahead, as in `proof`; null if rules stay broken."),
    ]
    proven: Annotated[
        bool, Meta(description="Whether it is proven to be the best; false if the time limit ended the search.")
    ]


class NewcomerEntry(TypedDict):
    """Someone who joined since the plan was made and gets no duty in it, and what one would cost."""

    person: Annotated[str, Meta(description="The handle of the person.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    entitled: Annotated[float, Meta(description="Their fair share of the periods ahead, in duties.")]
    change_count: Annotated[
        Count | None,
        Meta(description="How many changes give them a duty: `--changes` of `replan`; null if none was found."),
    ]
    objective: Annotated[
        Unfairness | None,
        Meta(description="The unfairness with so many changes, with the look-ahead, as in `proof`; null without them."),
    ]


class ReplanDocument(TypedDict):
    """A repair of the plan."""

    saved: Annotated[bool, Meta(description="Whether the schedule's file was written.")]
    lost: Annotated[list[DutyEntry], Meta(description="The duties whose holders can no longer serve them.")]
    left: Annotated[
        list[DutyEntry], Meta(description="Those of `lost` that `replan` doesn't move: only people can reassign them.")
    ]
    fewest: Annotated[Count, Meta(description="The fewest changes that were found to be enough.")]
    fewest_proven: Annotated[bool, Meta(description="Whether it is proven that fewer changes aren't enough.")]
    change_count: Annotated[Count, Meta(description="How many changes the repair makes.")]
    changes: Annotated[list[DiffChangeEntry], Meta(description="What changes in the schedule, in time order.")]
    frontier: Annotated[list[FrontierEntry], Meta(description="What more changes would buy, the fewest changes first.")]
    proof: Annotated[
        ProofEntry | None, Meta(description="How good the repair is; null if no period could be planned again.")
    ]
    unfilled: Annotated[list[DutyEntry], Meta(description="The seats that stay empty.")]
    broken: Annotated[list[ViolationEntry], Meta(description="The rules that stay broken.")]
    newcomers: Annotated[
        list[NewcomerEntry],
        Meta(description="The people who joined since the plan was made and get no duty before it ends."),
    ]


# setrota cover, fill, swap


class ProposalEntry(TypedDict):
    """One way to give a duty to someone else."""

    price: Price
    steps_up: Annotated[bool, Meta(description="Whether the next person in line takes the seat and leaves their own.")]
    changes: Annotated[list[MoveEntry], Meta(description="The changes that it consists of, in order.")]
    breaks: Annotated[
        list[ViolationEntry], Meta(description="The rules that it breaks, other than those already broken.")
    ]
    command: Annotated[str, Meta(description="The command that does it, as it is typed.")]


class CandidatesDocument(TypedDict):
    """Who could take a duty or an empty seat."""

    duties: Annotated[list[DutyEntry], Meta(description="The duty to be covered, or the empty seat, period by period.")]
    proposals: Annotated[list[ProposalEntry], Meta(description="The ways that keep the rules, best first.")]
    excluded: Annotated[list[ExcludedEntry], Meta(description="The people who can't take it.")]
    unfinished: Annotated[bool, Meta(description="Whether the search for longer chains of changes was given up.")]
    with_force: Annotated[
        list[ProposalEntry],
        Meta(description="If no way keeps the rules: what `--force` allows, the fewest broken rules first."),
    ]


class CoverDocument(TypedDict):
    """A duty or an empty seat that was given to someone."""

    saved: Annotated[bool, Meta(description="Whether the schedule's file was written.")]
    price: Price
    steps_up: Annotated[bool, Meta(description="Whether the next person in line takes the seat and leaves their own.")]
    changes: Annotated[list[MoveEntry], Meta(description="The changes that it consists of, in order.")]
    breaks: Annotated[
        list[ViolationEntry], Meta(description="The rules that it breaks, other than those already broken.")
    ]
    balance_changes: Annotated[list[BalanceChangeEntry], Meta(description="The balances that it changes.")]


class SwapEntry(TypedDict):
    """An exchange of two people's duties."""

    people: Annotated[list[str], Meta(description="The handles of the two people, in the order of the command.")]
    changes: Annotated[list[ChangeEntry], Meta(description="The duties that change hands.")]
    breaks: Annotated[
        list[ViolationEntry], Meta(description="The rules that it breaks, other than those already broken.")
    ]
    mends: Annotated[list[ViolationEntry], Meta(description="The broken rules that it mends.")]
    price: Price
    balance_changes: Annotated[
        list[BalanceChangeEntry],
        Meta(description="Balances at the end of the plan: of all seats, and of the kinds of seat that change hands."),
    ]


class SwapDocument(SwapEntry):
    """The swap that was asked for."""

    saved: Annotated[bool, Meta(description="Whether the schedule's file was written.")]


class PartnerEntry(SwapEntry):
    """A swap that keeps the rules."""

    command: Annotated[str, Meta(description="The command that does it, as it is typed.")]


class PartnersDocument(TypedDict):
    """The people with whom a duty could be exchanged."""

    duties: Annotated[list[DutyEntry], Meta(description="The duty to be exchanged, period by period.")]
    partners: Annotated[list[PartnerEntry], Meta(description="The swaps that keep the rules, best first.")]
    impossible_counts: Annotated[
        dict[str, Count], Meta(description="How many other people's duties can't be exchanged, by what is in the way.")
    ]


# setrota diff, log


class PersonDiffEntry(TypedDict):
    """The duties that differ for a person."""

    person: Annotated[str, Meta(description="The person's handle.")]
    name: Annotated[str, Meta(description="The person's name.")]
    lost: Annotated[list[DutyEntry], Meta(description="The duties of the earlier schedule that they no longer have.")]
    gained: Annotated[list[DutyEntry], Meta(description="The duties of the later schedule that are new to them.")]


class DiffDocument(TypedDict):
    """What differs from an earlier schedule."""

    against: Annotated[str, Meta(description="The git revision or file that the schedule is compared with.")]
    today: Annotated[Day, Meta(description="The day from which `notice_days` is counted.")]
    changes: Annotated[list[DiffChangeEntry], Meta(description="The differences, in time order.")]
    person_diffs: Annotated[list[PersonDiffEntry], Meta(description="What differs for each person, sorted by handle.")]


class LogEntryDocument(TypedDict):
    """Something that happened to the schedule."""

    kind: Annotated[
        Literal["not-planned", "planned", "planned-again", "cover", "swap", "fill", "emptied", "replan", "edited"],
        Meta(
            description="not-planned: imported or written by hand. planned-again: with `plan --again`. emptied: a seat"
            " was left empty. edited: changed by hand after it was planned. The others are the commands that did it."
        ),
    ]
    at: Annotated[
        Instant | None, Meta(description="When, with the offset of the rota's time zone; null if it wasn't recorded.")
    ]
    duties: Annotated[list[DutyEntry], Meta(description="The duties that were planned, imported or edited.")]
    changes: Annotated[list[MadeChangeEntry], Meta(description="The changes that were made.")]


class LogDocument(TypedDict):
    """What was planned and what changed."""

    entries: Annotated[list[LogEntryDocument], Meta(description="What happened, the newest last.")]


# setrota explain


class EffectEntry(TypedDict):
    """What another rota would mean for a person."""

    person: Annotated[str, Meta(description="The person's handle.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    price: Price
    gained_periods: Annotated[
        list[Day], Meta(description="The first days of the periods in which they would gain a duty.")
    ]
    lost_periods: Annotated[
        list[Day], Meta(description="The first days of the periods in which they would lose a duty.")
    ]
    deviation: Annotated[
        float,
        Meta(
            description="Duties ahead of the fair share in the period in which the person is furthest from it; negative"
            " if behind."
        ),
    ]
    period: Annotated[Day, Meta(description="The first day of that period.")]


class AlternativeEntry(TypedDict):
    """The best rota with one thing changed."""

    price: PriceIfAny
    decided: Annotated[
        Literal["holidays", "counts", "wishes", "spacing", "tie-break"] | None,
        Meta(description="Why it was not chosen although it is as fair; null if it is less fair."),
    ]
    effects: Annotated[
        list[EffectEntry], Meta(description="How it differs for each person, those it costs most first.")
    ]
    empty: Annotated[list[EmptySeatEntry], Meta(description="The seats that would have to stay empty.")]


class ExceptionEntry(TypedDict):
    """An entry of the roster's `exceptions`."""

    rule: Annotated[str, Meta(description="The name of the rule, such as `rest`, or `given-up`.")]
    person: Annotated[str, Meta(description="The handle of the person it would exempt.")]
    date: Annotated[Day, Meta(description="A day of the period.")]


class RemedyEntry(TypedDict):
    """Exceptions that would fill an empty seat."""

    exceptions: Annotated[list[ExceptionEntry], Meta(description="The entries; all of them are needed.")]
    roster_line: Annotated[str, Meta(description="The line to add to `exceptions` under `[rules]`.")]


class DecisionEntry(TypedDict):
    """What gave a duty to its holder other than planning."""

    decided_by: Annotated[
        Literal["cover", "swap", "fill", "emptied", "replan", "pinned", "edited", "not-planned"],
        Meta(
            description="cover, swap, replan: the command that did it. fill: the seat was empty before. emptied: it was"
            " left empty. pinned: a pin of the roster. edited: changed by hand after it was planned. not-planned:"
            " imported or written by hand."
        ),
    ]
    at: Annotated[
        Instant | None, Meta(description="When, with the offset of the rota's time zone; null if it isn't known.")
    ]
    earlier_holders: Annotated[
        list[str | None],
        Meta(description="The handles of the people who had it before, the latest first; null stands for nobody."),
    ]


class BindingRuleEntry(TypedDict):
    """A rule that binds a person."""

    rule: Annotated[str, Meta(description="The name of the rule, such as `rest`.")]
    person: Annotated[str, Meta(description="The handle of the person.")]


class ConflictEntry(TypedDict):
    """Rules that together make something impossible."""

    rules: Annotated[list[BindingRuleEntry], Meta(description="The rules, each with a person whom it binds.")]
    is_smallest: Annotated[
        bool,
        Meta(description="Whether none of them can be left out; false if time ran out before that was known."),
    ]


class ExplanationEntry(TypedDict):
    """Why a person has a duty, why another person doesn't, or why a seat is empty."""

    duty: DutyEntry
    person: Annotated[str | None, Meta(description="The handle of the person it is about; null for an empty seat.")]
    reason: Annotated[
        Literal[
            "empty", "by-hand", "pinned", "replanned", "going-on", "changed-since",
            "rules", "coverage", "fairness", "tie", "seats", "not-compared",
        ],
        Meta(
            description="What decided. by-hand: people did. replanned: `replan` did. going-on: the duty has several"
            " periods, and this isn't the first. changed-since: the roster or the schedule has changed since it was"
            " planned. rules: these rules are in the way. coverage: a seat would be empty otherwise. fairness: another"
            " rota would be less fair. tie: another rota would be as fair; `decided` says what decided. seats: how the"
            " seats of a crew were assigned. not-compared: time ran out before other rotas were compared."
        ),
    ]  # fmt: skip
    sentences: Annotated[list[str], Meta(description="The explanation, as sentences for people.")]
    obstacles: Annotated[list[ObstacleEntry], Meta(description="The rules that keep that person from the seat.")]
    alternative: Annotated[
        AlternativeEntry | None,
        Meta(description="The best rota with that person, or without the holder; null if there is nothing to compare."),
    ]
    obstacle_counts: Annotated[
        dict[str, Count], Meta(description="For an empty seat, how many people each obstacle keeps out.")
    ]
    remedies: Annotated[list[RemedyEntry], Meta(description="For an empty seat, what would fill it, best first.")]
    command: Annotated[
        str | None,
        Meta(
            description="The command that repairs the duty, or fills the seat (with one of the remedies); null if none."
        ),
    ]
    decision: Annotated[
        DecisionEntry | None, Meta(description="What decided it other than planning; null if planning did.")
    ]
    conflict: Annotated[
        ConflictEntry | None,
        Meta(
            description="The rules that together prevent a rota with that person, without the holder, or with the empty"
            " seat filled; null if they don't, or if time ran out before that was known."
        ),
    ]


class PersonExplanationDocument(TypedDict):
    """A person's balances, and why they have each of their duties."""

    person: Annotated[str, Meta(description="The person's handle.")]
    fairness_so_far: Annotated[
        PeopleBalances, Meta(description="The balances so far, including duties that have begun.")
    ]
    fairness_planned: Annotated[PeopleBalances, Meta(description="The balances when the plan ends.")]
    explanations: Annotated[
        list[ExplanationEntry], Meta(description="An explanation of each of their duties, in time order.")
    ]


class CodeDocument(TypedDict):
    """What a code means."""

    code: Annotated[str, Meta(description="The code, such as `unknown-key`, or the name of a rule.")]
    meaning: Annotated[str, Meta(description="What the code means, in a sentence or two.")]
    example: Annotated[str, Meta(description="A part of a file or a command line that gets this code.")]
    fix: Annotated[str, Meta(description="What to write or type instead.")]


# setrota brief, publish


class CrewAtHandoverEntry(TypedDict):
    """A rotation's crew that goes, comes or stays at a handover, or the period in which it has none."""

    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    start: Annotated[Instant, Meta(description="The handover at which its period starts.")]
    end: Annotated[Instant, Meta(description="The handover at which its period ends.")]
    planned: Annotated[bool, Meta(description="Whether the period has a crew.")]
    duties: Annotated[
        list[DutyEntry],
        Meta(description="Its duties that aren't over, in the order of the roster; none without a crew."),
    ]


class NoteEntry(TypedDict):
    """A part of the Friday note, such as the checklist or the meetings."""

    title: Annotated[str, Meta(description="Its heading.")]
    text: Annotated[str, Meta(description="What is under the heading, as Markdown.")]


class BriefDocument(TypedDict):
    """The Friday note about a handover, or all handovers until the next note."""

    handover: Annotated[
        Instant | None,
        Meta(
            description="The handover, with the offset of the rota's time zone; the earliest if there are several. "
            "null if none is known, because crews stay until another of their rotations' `starts`."
        ),
    ]
    last_handover: Annotated[
        Instant | None, Meta(description="The last handover that the note is about; null if none is known.")
    ]
    goes: Annotated[list[CrewAtHandoverEntry], Meta(description="The crews whose periods end at the handovers.")]
    comes: Annotated[
        list[CrewAtHandoverEntry],
        Meta(description="The crews whose periods start at the handovers; of a rotation with several, in time order."),
    ]
    stays: Annotated[list[CrewAtHandoverEntry], Meta(description="The crews of the other rotations.")]
    notes: Annotated[list[NoteEntry], Meta(description="The parts after the crews; empty ones are left out.")]
    text: Annotated[str, Meta(description="The whole note as Markdown.")]


CallOutcome = Literal["done", "done-before", "failed", "not-sent", "would-be-sent"]


class CallEntry(TypedDict):
    """A request to a server."""

    description: Annotated[str, Meta(description="What it does, such as `header of eng/desk`.")]
    method: Annotated[str, Meta(description="The HTTP method, such as `PUT`.")]
    url: Annotated[str, Meta(description="Where it goes, with `•••` in place of secrets.")]
    outcome: Annotated[
        CallOutcome,
        Meta(
            description="What became of it. done-before: an earlier run had done it. not-sent: the server failed or"
            " refused others, or time was up. would-be-sent: it was a dry run, so nothing was sent."
        ),
    ]
    code: Annotated[
        str | None,
        Meta(description="The code of the error that is why it wasn't done, which is in `problems`; otherwise null."),
    ]


_CallCounts = TypedDict(
    "_CallCounts",
    {
        "done": Annotated[Count, Meta(description="How many succeeded.")],
        "done-before": Annotated[Count, Meta(description="How many an earlier run had already done.")],
        "failed": Annotated[Count, Meta(description="How many failed; with any, the exit status is 2.")],
        "not-sent": Annotated[
            Count, Meta(description="How many weren't tried because of others; with any, the exit status is 2.")
        ],
        "would-be-sent": Annotated[Count, Meta(description="How many a dry run would have sent.")],
    },
)


class CallCounts(_CallCounts):
    """How many requests have each outcome."""


class PublishDocument(TypedDict):
    """What was sent to a server, or would be."""

    calls: Annotated[list[CallEntry], Meta(description="The requests, in the order in which they were sent.")]
    call_counts: CallCounts
    remarks: Annotated[
        list[str], Meta(description="Sentences about the run as a whole, such as that everything is up to date.")
    ]


# setrota leave, pin, unpin, import csv


class AwayEntry(DaySpan):
    """A person's leave, or days on which a team is away."""

    person: Annotated[str | None, Meta(description="The person's handle; null if a team is away.")]
    team: Annotated[str | None, Meta(description="The key of the team that is away; null for a person's leave.")]
    served_days: Annotated[
        Count, Meta(description="How many of the days are days on which a rotation of theirs is served, and they work.")
    ]
    long: Annotated[bool, Meta(description="Whether the leave is too long for a share to accrue.")]


class LeaveDocument(TypedDict):
    """Who is away, but never why."""

    leave: Annotated[list[AwayEntry], Meta(description="The days on which people or teams are away, in time order.")]


class LeaveChangeEntry(DaySpan):
    """A change to a person's leave."""

    person: Annotated[str, Meta(description="The person's handle.")]
    what: Annotated[
        Literal["new", "moved", "gone", "there-already"],
        Meta(
            description="new: added. moved: moved to these days. gone: removed because it is no longer in the calendar,"
            " or because it was undone."
            " there-already: not changed, because the roster has it already."
        ),
    ]
    moved_from: Annotated[DaySpan | None, Meta(description="The days before it moved; null if it didn't.")]


class LeaveSavedDocument(TypedDict):
    """Leave that was added to the roster, moved or removed."""

    saved: Annotated[bool, Meta(description="Whether the roster was written.")]
    files: Annotated[list[str], Meta(description="The files that were written.")]
    leave_changes: Annotated[list[LeaveChangeEntry], Meta(description="What happens to each period of leave.")]


class PinnedEntry(TypedDict):
    """A seat that a person has on a day because the roster says so."""

    date: Annotated[Day, Meta(description="A day of the period.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    seat: Annotated[str, Meta(description="The seat, such as `engineer-2`, or its kind, such as `engineer`.")]
    person: Annotated[str, Meta(description="The person's handle.")]


class PinDocument(TypedDict):
    """A pin that was added to the roster, or removed."""

    saved: Annotated[bool, Meta(description="Whether the roster was written; false if nothing had to change.")]
    files: Annotated[list[str], Meta(description="The files that were written.")]
    pin: PinnedEntry


class ImportDocument(TypedDict):
    """Duties that were imported from a spreadsheet."""

    saved: Annotated[bool, Meta(description="Whether the schedule's file was written.")]
    row_count: Annotated[Count, Meta(description="How many rows were new.")]
    duties: Annotated[list[DutyEntry], Meta(description="The duties that were imported, in time order.")]


# setrota undo


class CommandEntry(TypedDict):
    """A command that saved something, and that can be undone or redone."""

    typed: Annotated[str, Meta(description="The command line, without secrets, notes and reasons.")]
    at: Annotated[Instant, Meta(description="When it ran, with the offset of the rota's time zone.")]
    state: Annotated[Literal["done", "undone"], Meta(description="undone: it was undone, and can be redone.")]
    files: Annotated[
        list[str],
        Meta(description="The files that it saved; those in the roster's folder are relative to it."),
    ]


class PublishedEntry(TypedDict):
    """What was published before something was undone or redone, and shows another state now."""

    command: Annotated[str, Meta(description="The command that published it, and that brings it up to date.")]
    at: Annotated[Instant, Meta(description="When it was last published, with the offset of the rota's time zone.")]


class UndoDocument(TypedDict):
    """What is undone or redone."""

    saved: Annotated[bool, Meta(description="Whether it was done; false with `--dry-run`.")]
    files: Annotated[list[str], Meta(description="The files that were written or removed.")]
    step: Annotated[CommandEntry, Meta(description="The command that is undone or redone.")]
    leave_changes: Annotated[list[LeaveChangeEntry], Meta(description="What happens to each period of leave.")]
    schedule: Annotated[DiffDocument, Meta(description="What happens to the schedule.")]
    outdated: Annotated[list[PublishedEntry], Meta(description="What was published, and shows another state now.")]


class UndoListDocument(TypedDict):
    """The commands that can be undone and redone."""

    commands: Annotated[list[CommandEntry], Meta(description="The commands, the newest last.")]
