"""The shapes of all that setrota answers as JSON: one type for each document, and for each entry in one.

The reports build documents of these types, which mypy checks; `setrota.reports.schemas` makes the JSON Schemas out of
them. So what is written and what the schema promises can't differ. Only type checkers and `setrota schema` import this
module: the other commands don't wait for msgspec.

The same thing has the same key and the same shape in every document. `start` and `end` are instants, the end not
included; `from` and `to` are days, the last one included; `period` is the first day of a period of `rotation`. Where
there is nothing to say a key is null, not left out.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from msgspec import Meta

Day = Annotated[str, Meta(extra_json_schema={"format": "date"})]
"""`2027-01-04`, in the zone of the rotation."""

Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""`2027-01-04T09:00:00-05:00`: ISO 8601 with the offset from UTC."""

Count = Annotated[int, Meta(ge=0)]

Severity = Annotated[
    Literal["error", "warning", "note"],
    Meta(description="An error must be dealt with; a warning should be; a note is for information."),
]


class ProgramEntry(TypedDict):
    """The program that answers."""

    format: Annotated[
        int, Meta(description="Grows when a program that reads today's answers would break. New keys don't change it.")
    ]
    version: Annotated[str, Meta(description="The version of setrota.")]


class ProblemEntry(TypedDict):
    """Something that the user should know: what is reported on standard error too."""

    code: Annotated[
        str,
        Meta(
            description="The kind of mistake or finding, such as `unknown-key`; `setrota explain` knows it.",
            min_length=1,
        ),
    ]
    severity: Severity
    file: Annotated[str | None, Meta(description="The file it is about; null if it is about none.")]
    line: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="The line, from 1; null if it is about the whole file.")
    ]
    message: Annotated[str, Meta(description="What is wrong, in one lower-case sentence for people.")]
    hint: Annotated[str | None, Meta(description="What to type or write instead; null if there is no hint.")]


class EnvelopeDocument(TypedDict):
    """The answer of a command with `--format json`, on standard output whatever the exit status."""

    setrota: ProgramEntry
    command: Annotated[
        str | None, Meta(description="The command, such as `leave list`; null if the command line names none.")
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
        object, Meta(description="The answer; null if the command could not give one.", extra_json_schema={})
    ]
    problems: Annotated[list[ProblemEntry], Meta(description="Errors, warnings and notes, in the order reported.")]


# Duties and changes


class SeatEntry(TypedDict):
    """A seat of a rotation, from one handover to another."""

    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    start: Annotated[Instant, Meta(description="The first handover, with the offset of the rotation's time zone.")]
    end: Annotated[Instant, Meta(description="The handover at which it ends, with the same zone's offset.")]
    seat: Annotated[str, Meta(description="The full name of the seat, such as `primary` or `engineer-2`.")]


class DutyEntry(SeatEntry):
    """A duty: a seat for as long as one person holds it, or nobody does. One that is covered in part is two duties."""

    person: Annotated[str | None, Meta(description="The handle of whoever holds the seat; null if nobody does.")]
    name: Annotated[str | None, Meta(description="That person's name; null if nobody holds the seat.")]
    teams: Annotated[list[str], Meta(description="The keys of that person's teams, in the order of the roster.")]


class NextDutyEntry(DutyEntry):
    """A duty of a moment, and the one after it."""

    next: Annotated[DutyEntry | None, Meta(description="The duty that follows in this seat; null if none is planned.")]


class ChangeEntry(SeatEntry):
    """A seat that goes from one person to another."""

    was: Annotated[str | None, Meta(description="The handle of whoever held the seat before; null for nobody.")]
    now: Annotated[str | None, Meta(description="The handle of whoever holds the seat afterwards; null for nobody.")]


class MadeChangeEntry(ChangeEntry):
    """A change that was made, as the schedule records it."""

    part: Annotated[bool, Meta(description="Whether it is about some days of a period only.")]
    forced: Annotated[list[str], Meta(description="The rules that it was known to break: those that `--force` broke.")]


class DiffChangeEntry(ChangeEntry):
    """A difference between two schedules."""

    planned_before: Annotated[bool, Meta(description="Whether the earlier schedule has this seat on these days.")]
    planned_after: Annotated[bool, Meta(description="Whether the later schedule has this seat on these days.")]
    notice_days: Annotated[int, Meta(description="Days from today to the first day; below 0 if it has begun.")]


class MoveEntry(ChangeEntry):
    """A change that a proposal makes, and what it comes to for the person who takes the seat."""

    balance: Annotated[
        float | None, Meta(description="Duties ahead of the fair share after it; below 0 is behind; null for nobody.")
    ]
    previous: Annotated[DutyEntry | None, Meta(description="That person's duty before this one; null if none.")]
    next: Annotated[DutyEntry | None, Meta(description="That person's duty after this one; null if none.")]


class EmptySeatEntry(TypedDict):
    """A kind of seat that stays empty in a period."""

    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    period: Annotated[Day, Meta(description="The first day of the period.")]
    seat_kind: Annotated[str, Meta(description="The kind of seat, such as `engineer` for `engineer-2`.")]


# Rules


class ViolationEntry(TypedDict):
    """A broken rule."""

    rule: Annotated[str, Meta(description="The name of the rule, such as `rest`.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    period: Annotated[Day, Meta(description="The first day of the period in which it is broken; of two the later.")]
    people: Annotated[list[str], Meta(description="The handles of the people whom it is about.")]
    message: Annotated[str, Meta(description="What breaks the rule, as a sentence for people.")]


class ObstacleEntry(TypedDict):
    """A rule that keeps a person from a seat."""

    rule: Annotated[str, Meta(description="The name of the rule, such as `rest`.")]
    people: Annotated[list[str], Meta(description="The handles of the other people whom it is about.")]
    phrase: Annotated[str, Meta(description="The obstacle in a few words, such as `away`.")]
    message: Annotated[str, Meta(description="The obstacle as a sentence for people.")]


class ExcludedEntry(TypedDict):
    """Somebody who can't have a seat."""

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
    """Some days, one after the other."""


class BalanceEntry(TypedDict):
    """Duties served and the fair share of them: the balance is opening + served - entitled."""

    opening: Annotated[float, Meta(description="The balance before the first day, in duties.")]
    served: Annotated[float, Meta(description="Duties served. A duty that is shared counts in part.")]
    entitled: Annotated[float, Meta(description="The fair share of the seats that were filled, without the opening.")]
    balance: Annotated[float, Meta(description="Duties ahead of the fair share; below 0 is behind.")]


class PersonBalanceEntry(BalanceEntry):
    """A person's balance in a rotation."""

    person: Annotated[str, Meta(description="The person's handle.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    worst_deviation: Annotated[float, Meta(description="The balance that was furthest from 0 after any period.")]
    shortest_gap_weeks: Annotated[
        float | None,
        Meta(description="The fewest free weeks between two duties, from end to start; null with fewer than two."),
    ]
    by_seat: Annotated[dict[str, BalanceEntry], Meta(description="The balance in each kind of seat.")]
    holidays: Annotated[
        BalanceEntry | None,
        Meta(description="The balance of periods with public holidays; null if the roster has no holidays."),
    ]


class TeamBalanceEntry(BalanceEntry):
    """The sum of a team's balances in a rotation; people in two teams count in both."""

    team: Annotated[str, Meta(description="The key of the team in the roster.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    people: Annotated[Count, Meta(description="How many people were added up.")]


class PeopleBalances(DaySpan):
    """The balances of the periods that start on some days."""

    people: Annotated[list[PersonBalanceEntry], Meta(description="Each person's balance in each of their rotations.")]


class PlanBalances(PeopleBalances):
    """The balances of a plan."""

    within_to_fill: Annotated[
        dict[str, float],
        Meta(
            description="For each rotation, how far anyone gets from their fair share of all seats, the empty ones too,"
            " in duties."
        ),
    ]


class BalanceChangeEntry(TypedDict):
    """A person's balance before and after a change."""

    person: Annotated[str, Meta(description="The person's handle.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    seat_kind: Annotated[str | None, Meta(description="The kind of seat counted; null for all seats together.")]
    before: Annotated[float, Meta(description="Duties ahead of the fair share without the change; below 0 is behind.")]
    after: Annotated[float, Meta(description="Duties ahead of the fair share with the change; below 0 is behind.")]


Price = Annotated[float, Meta(description="How much unfairness it adds; below 0 the rota gets fairer.")]

PriceIfAny = Annotated[
    float | None, Meta(description="How much unfairness it would add; null if seats would have to stay empty.")
]

Unfairness = Annotated[float, Meta(description="The sum of squared balances, over people and weeks.", ge=0)]


# setrota now, show, fairness


class IdleRotationEntry(TypedDict):
    """A rotation without a crew."""

    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    next: Annotated[list[DutyEntry], Meta(description="The duties of its next crew; none if nothing is planned.")]


class NowDocument(TypedDict):
    """Who is on duty at a moment."""

    at: Annotated[Instant, Meta(description="The moment, with the offset of the rota's time zone.")]
    duties: Annotated[
        list[NextDutyEntry],
        Meta(description="The seats of each rotation in the order of the roster; none where nothing is planned."),
    ]
    idle: Annotated[list[IdleRotationEntry], Meta(description="The rotations that have no crew at that moment.")]


class ShowDocument(TypedDict):
    """The duties of a schedule, or some of them."""

    duties: Annotated[list[DutyEntry], Meta(description="In time order, then in the order of the roster.")]


class FairnessDocument(PeopleBalances):
    """The balances of people and teams."""

    teams: Annotated[list[TeamBalanceEntry], Meta(description="Each team's balance in each of its rotations.")]


# setrota check


class FindingEntry(TypedDict):
    """Something that is wrong with roster or schedule, or soon will be."""

    code: Annotated[str, Meta(description="The broken rule's name, or the kind of finding.")]
    severity: Severity
    rotation: Annotated[str | None, Meta(description="The key of the rotation; null if it is not about a period.")]
    period: Annotated[Day | None, Meta(description="The first day of the period; null if it is not about one.")]
    people: Annotated[list[str], Meta(description="The handles of the people whom it is about.")]
    message: Annotated[str, Meta(description="What is wrong, as a sentence for people.")]
    duties: Annotated[list[DutyEntry], Meta(description="The duties that should be repaired.")]
    command: Annotated[str | None, Meta(description="The command that repairs it; null if none does.")]


class SeverityCounts(TypedDict):
    """How many findings there are of each severity."""

    error: Annotated[Count, Meta(description="How many are errors; with any, the exit status is 1.")]
    warning: Annotated[Count, Meta(description="How many are warnings.")]
    note: Annotated[Count, Meta(description="How many are notes.")]


class CheckDocument(TypedDict):
    """What `setrota check` found. The same findings are in `problems`, with file and line."""

    findings: Annotated[list[FindingEntry], Meta(description="All findings, those about the past included.")]
    counts: SeverityCounts


# setrota plan, replan


class ProofEntry(TypedDict):
    """How good the plan is: `objective`, `bound`, `gap` and `fairest` are about the range and its look-ahead."""

    status: Annotated[
        Literal["optimal", "time limit"],
        Meta(description="Whether the search was finished, or the time limit ended it."),
    ]
    objective: Annotated[Unfairness, Meta(description="The unfairness of the plan and its look-ahead.")]
    bound: Annotated[float, Meta(description="No rota that keeps the rules has an unfairness below this.")]
    gap: Annotated[float, Meta(description="How much fairer another rota could be at most: 0.01 is one per cent.")]
    unfairness: Annotated[Unfairness, Meta(description="The unfairness of the plan alone, without the look-ahead.")]
    fairest: Annotated[
        float | None, Meta(description="The lowest unfairness that any rota can have; null if that is not known.")
    ]
    seconds: Annotated[float, Meta(description="How long planning took, in seconds.")]


class WishEntry(DaySpan):
    """A person's wish for some days."""

    person: Annotated[str, Meta(description="The person's handle.")]
    kind: Annotated[Literal["avoid", "prefer"], Meta(description="To be free on all of these days, or on duty on one.")]
    granted: Annotated[bool, Meta(description="Whether the plan fulfils it.")]
    price: Annotated[
        float | None,
        Meta(
            description="How much unfairness it would have added; null if it was granted, or would leave a seat empty."
        ),
    ]


class PlanDocument(TypedDict):
    """A plan."""

    saved: Annotated[bool, Meta(description="Whether the schedule's file was written.")]
    assignments: Annotated[list[DutyEntry], Meta(description="The duties that were planned, in time order.")]
    fairness: Annotated[PlanBalances | None, Meta(description="Null if there was nothing to plan.")]
    proof: Annotated[ProofEntry | None, Meta(description="Null if there was nothing to plan.")]
    unfilled: Annotated[list[DutyEntry], Meta(description="The seats that stay empty.")]
    gave_way: Annotated[list[ViolationEntry], Meta(description="The rules that were relaxed so that seats are filled.")]
    wishes: Annotated[list[WishEntry], Meta(description="The wishes for these days.")]


class RepairProofEntry(TypedDict):
    """How good a repair is."""

    fewest_proven: Annotated[bool, Meta(description="Whether it is proven that no fewer changes are enough.")]
    status: Annotated[
        Literal["optimal", "time limit"],
        Meta(description="Whether no rota with so few changes is fairer, or the time limit ended the search."),
    ]
    unfairness: Annotated[Unfairness, Meta(description="The unfairness of the repaired plan and its look-ahead.")]


class FrontierEntry(TypedDict):
    """The best rota with at most so many changes."""

    change_count: Annotated[Count, Meta(description="How many changes it makes.")]
    unfilled_count: Annotated[Count, Meta(description="How many seats stay empty.")]
    broken_count: Annotated[Count, Meta(description="How many rules stay broken.")]
    unfairness: Annotated[
        float | None, Meta(description="The sum of squared balances with the look-ahead; null if rules stay broken.")
    ]
    proven: Annotated[bool, Meta(description="False if the time limit ended the search.")]


class ReplanDocument(TypedDict):
    """A repair of the plan."""

    saved: Annotated[bool, Meta(description="Whether the schedule's file was written.")]
    lost: Annotated[list[DutyEntry], Meta(description="The duties whose holders can no longer serve them.")]
    left: Annotated[list[DutyEntry], Meta(description="Those of them that only people can reassign.")]
    fewest: Annotated[Count, Meta(description="How many changes are needed.")]
    change_count: Annotated[Count, Meta(description="How many changes the repair makes.")]
    changes: Annotated[list[DiffChangeEntry], Meta(description="What changes in the schedule, in time order.")]
    frontier: Annotated[list[FrontierEntry], Meta(description="What more changes would buy, the fewest first.")]
    proof: Annotated[RepairProofEntry | None, Meta(description="Null if no period could be planned again.")]
    unfilled: Annotated[list[DutyEntry], Meta(description="The seats that stay empty.")]
    broken: Annotated[list[ViolationEntry], Meta(description="The rules that stay broken.")]


# setrota cover, fill, swap


class ProposalEntry(TypedDict):
    """One way to give a duty to somebody else."""

    price: Price
    steps_up: Annotated[bool, Meta(description="Whether the next in line takes the seat, and leaves their own.")]
    changes: Annotated[list[MoveEntry], Meta(description="The moves that it consists of, in their order.")]
    breaks: Annotated[list[ViolationEntry], Meta(description="The rules that it newly breaks.")]
    command: Annotated[str, Meta(description="The command that does it.")]


class CandidatesDocument(TypedDict):
    """Who could take a duty or an empty seat."""

    wanted: Annotated[list[DutyEntry], Meta(description="The duty to be covered, or the empty seat.")]
    proposals: Annotated[list[ProposalEntry], Meta(description="Those that keep the rules, best first.")]
    excluded: Annotated[list[ExcludedEntry], Meta(description="The people who can't have it.")]
    unfinished: Annotated[bool, Meta(description="Whether the search for longer chains was given up.")]
    with_force: Annotated[
        list[ProposalEntry],
        Meta(description="If nothing keeps the rules: what `--force` allows, the fewest broken rules first."),
    ]


class CoverDocument(TypedDict):
    """A duty or an empty seat that was given to somebody."""

    saved: Annotated[bool, Meta(description="Whether the schedule's file was written.")]
    price: Price
    steps_up: Annotated[bool, Meta(description="Whether the next in line takes the seat, and leaves their own.")]
    changes: Annotated[list[MoveEntry], Meta(description="The moves that it consists of, in their order.")]
    breaks: Annotated[list[ViolationEntry], Meta(description="The rules that it newly breaks.")]
    balances: Annotated[list[BalanceChangeEntry], Meta(description="The balances that it changes.")]


class SwapEntry(TypedDict):
    """An exchange of two people's duties."""

    people: Annotated[list[str], Meta(description="The handles of the two people, as the command names them.")]
    changes: Annotated[list[ChangeEntry], Meta(description="The duties that change hands.")]
    breaks: Annotated[list[ViolationEntry], Meta(description="The rules that it newly breaks.")]
    mends: Annotated[list[ViolationEntry], Meta(description="The broken rules that it mends.")]
    price: Price
    balances: Annotated[
        list[BalanceChangeEntry],
        Meta(description="Balances at the end of the plan: of all seats, and of the kinds of seat that change hands."),
    ]


class SwapDocument(SwapEntry):
    """A swap that was made."""

    saved: Annotated[bool, Meta(description="Whether the schedule's file was written.")]


class PartnerEntry(SwapEntry):
    """A swap that keeps the rules."""

    command: Annotated[str, Meta(description="The command that does it.")]


class PartnersDocument(TypedDict):
    """With whom a duty could be exchanged."""

    duties: Annotated[list[DutyEntry], Meta(description="The duty to be exchanged.")]
    partners: Annotated[list[PartnerEntry], Meta(description="The swaps that keep the rules, best first.")]
    impossible: Annotated[
        dict[str, Count], Meta(description="How many duties of others can't be had, by what is in the way.")
    ]


# setrota diff, log


class PersonDiffEntry(TypedDict):
    """The duties that differ for a person."""

    person: Annotated[str, Meta(description="The person's handle.")]
    name: Annotated[str, Meta(description="The person's name.")]
    lost: Annotated[list[DutyEntry], Meta(description="Duties of the earlier schedule that they no longer have.")]
    gained: Annotated[list[DutyEntry], Meta(description="Duties of the later schedule that are new to them.")]


class DiffDocument(TypedDict):
    """What differs from an earlier schedule."""

    against: Annotated[str, Meta(description="The git revision, or the file, that is compared with.")]
    today: Annotated[Day, Meta(description="The day from which `notice_days` is counted.")]
    changes: Annotated[list[DiffChangeEntry], Meta(description="What differs, in time order.")]
    people: Annotated[list[PersonDiffEntry], Meta(description="What differs for each person, by handle.")]


class LogEntryDocument(TypedDict):
    """Something that happened to the schedule."""

    kind: Annotated[
        Literal["not planned", "planned", "planned again", "cover", "swap", "fill", "emptied", "re-plan", "edited"],
        Meta(
            description="not planned: imported or written by hand. emptied: a seat was left empty. edited: changed by"
            " hand after it was planned. The others are the commands that did it."
        ),
    ]
    at: Annotated[
        Instant | None, Meta(description="When, with the offset of the rota's time zone; null if not recorded.")
    ]
    duties: Annotated[list[DutyEntry], Meta(description="The duties that were planned, imported or edited.")]
    changes: Annotated[list[MadeChangeEntry], Meta(description="The changes that were made.")]


class LogDocument(TypedDict):
    """What was planned and what changed."""

    entries: Annotated[list[LogEntryDocument], Meta(description="The newest last.")]


# setrota explain


class EffectEntry(TypedDict):
    """What another rota would mean for a person."""

    person: Annotated[str, Meta(description="The person's handle.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    price: Price
    gained: Annotated[list[Day], Meta(description="The first days of the duties that they would gain.")]
    lost: Annotated[list[Day], Meta(description="The first days of the duties that they would lose.")]
    deviation: Annotated[
        float, Meta(description="Duties ahead of the fair share where it is furthest off; below 0 is behind.")
    ]
    period: Annotated[Day, Meta(description="The first day of the period in which it is furthest off.")]


class AlternativeEntry(TypedDict):
    """The best rota with one thing changed."""

    price: PriceIfAny
    decided: Annotated[
        Literal["holidays", "wishes", "spacing", "tie-break"] | None,
        Meta(description="Why it was not chosen although it is as fair; null if it is less fair."),
    ]
    effects: Annotated[list[EffectEntry], Meta(description="How it differs, the people whom it costs most first.")]
    empty: Annotated[list[EmptySeatEntry], Meta(description="The seats that would have to stay empty.")]


class ExceptionEntry(TypedDict):
    """An entry of the roster's `exceptions`."""

    rule: Annotated[str, Meta(description="The name of the rule, such as `rest`.")]
    person: Annotated[str, Meta(description="The handle of the person whom it wouldn't bind.")]
    date: Annotated[Day, Meta(description="A day of the period.")]


class RemedyEntry(TypedDict):
    """Exceptions that would fill an empty seat."""

    exceptions: Annotated[list[ExceptionEntry], Meta(description="The entries, which only help together.")]
    roster: Annotated[str, Meta(description="The line to put into `exceptions` under `[rules]`.")]


class ExplanationEntry(TypedDict):
    """Why a duty is whose it is, why it is not another person's, or why a seat is empty."""

    duty: DutyEntry
    person: Annotated[
        str | None, Meta(description="The handle of the person who is explained; null for an empty seat.")
    ]
    reason: Annotated[
        Literal[
            "empty", "by hand", "pinned", "re-planned", "going on", "changed since",
            "rules", "coverage", "fairness", "tie", "seats",
        ],
        Meta(
            description="What decided. going on: a part of a duty of several periods. changed since: roster or schedule"
            " are no longer what they were when it was planned. coverage: a seat would stay empty otherwise. seats:"
            " how the seats of a crew were shared out."
        ),
    ]  # fmt: skip
    sentences: Annotated[list[str], Meta(description="The explanation for people.")]
    obstacles: Annotated[list[ObstacleEntry], Meta(description="The rules that keep that person from the seat.")]
    alternative: Annotated[
        AlternativeEntry | None,
        Meta(description="The best rota with that person, or without the holder; null if there is none to compare."),
    ]
    counts: Annotated[dict[str, Count], Meta(description="For an empty seat, how many people each obstacle keeps out.")]
    remedies: Annotated[list[RemedyEntry], Meta(description="For an empty seat, what would fill it, best first.")]
    command: Annotated[
        str | None,
        Meta(
            description="The command that repairs the duty, or fills the seat (with one of the remedies); null if none."
        ),
    ]


class PersonExplanationDocument(TypedDict):
    """A person's balances, and why each of their duties is theirs."""

    person: Annotated[str, Meta(description="The person's handle.")]
    served: Annotated[PeopleBalances, Meta(description="The balances so far, with the duties that have begun.")]
    planned: Annotated[PeopleBalances, Meta(description="The balances at the end of the plan.")]
    explanations: Annotated[list[ExplanationEntry], Meta(description="One for each of their duties, in time order.")]


class CodeDocument(TypedDict):
    """What a code means."""

    code: Annotated[str, Meta(description="The code, such as `unknown-key`, or the name of a rule.")]
    meaning: Annotated[str, Meta(description="What the code means, in a sentence or two.")]
    example: Annotated[str, Meta(description="A part of a file, or a command line, that has it.")]
    fix: Annotated[str, Meta(description="What to write or type instead.")]


# setrota brief, publish


class CrewAtHandoverEntry(TypedDict):
    """A rotation's crew that goes, comes or stays at a handover; where nobody is planned, the period without one."""

    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    start: Annotated[Instant, Meta(description="The handover at which its period starts.")]
    end: Annotated[Instant, Meta(description="The handover at which its period ends.")]
    planned: Annotated[bool, Meta(description="Whether there is a crew.")]
    duties: Annotated[
        list[DutyEntry],
        Meta(description="Its duties that are not over, in the order of the roster; none without a crew."),
    ]


class NoteEntry(TypedDict):
    """A part of the Friday note, such as the checklist or the meetings."""

    title: Annotated[str, Meta(description="Its heading.")]
    text: Annotated[str, Meta(description="What stands under the heading, as Markdown.")]


class BriefDocument(TypedDict):
    """The Friday note about a handover."""

    handover: Annotated[
        Instant, Meta(description="The first of the handovers, with the offset of the rota's time zone.")
    ]
    goes: Annotated[list[CrewAtHandoverEntry], Meta(description="The crews whose periods end at the handover.")]
    comes: Annotated[list[CrewAtHandoverEntry], Meta(description="The crews whose periods start at the handover.")]
    stays: Annotated[list[CrewAtHandoverEntry], Meta(description="The crews of the other rotations.")]
    notes: Annotated[list[NoteEntry], Meta(description="The parts after the crews, without empty ones.")]
    text: Annotated[str, Meta(description="The whole note as Markdown.")]


CallStatus = Literal["done", "done-before", "failed", "would-be-sent"]


class CallEntry(TypedDict):
    """A request to a server."""

    description: Annotated[str, Meta(description="What it does, such as `header of eng/desk`.")]
    method: Annotated[str, Meta(description="The method of HTTP, such as `PUT`.")]
    url: Annotated[str, Meta(description="Where it goes, with `•••` in place of secrets.")]
    status: Annotated[
        CallStatus,
        Meta(
            description="`done-before`: an earlier run had done it. `would-be-sent`: it was a dry run, and nothing was."
        ),
    ]
    problem: Annotated[
        str | None, Meta(description="The code of what made it fail; null if it didn't. `problems` has the message.")
    ]


class CallCounts(TypedDict):
    """How many requests have each status."""

    done: Annotated[Count, Meta(description="How many succeeded.")]
    done_before: Annotated[Count, Meta(description="How many an earlier run had done already.")]
    failed: Annotated[Count, Meta(description="How many failed; with any, the exit status is 2.")]
    would_be_sent: Annotated[Count, Meta(description="How many a dry run would have sent.")]


class PublishDocument(TypedDict):
    """What was sent to a server, or would be."""

    calls: Annotated[list[CallEntry], Meta(description="The requests, in the order of sending.")]
    counts: CallCounts
    remarks: Annotated[list[str], Meta(description="Sentences about the whole, such as that nothing differs.")]


# What is put into the roster or the schedule: setrota leave, pin, unpin, import csv


class AwayEntry(DaySpan):
    """Leave of a person, or days on which a team is away."""

    person: Annotated[str | None, Meta(description="The person's handle; null if a team is away.")]
    team: Annotated[str | None, Meta(description="The key of the team that is away; null for a person's leave.")]
    working_days: Annotated[Count, Meta(description="How many of the days are working days.")]
    long: Annotated[bool, Meta(description="Whether no fair share accrues in the meantime.")]


class LeaveDocument(TypedDict):
    """Who is away; never why."""

    leave: Annotated[list[AwayEntry], Meta(description="In time order.")]


class LeaveChangeEntry(DaySpan):
    """What happens to a person's leave."""

    person: Annotated[str, Meta(description="The person's handle.")]
    what: Annotated[
        Literal["new", "moved", "gone", "there already"],
        Meta(description="Added, moved to these days, taken out since the calendar lost it, or not changed."),
    ]
    was: Annotated[DaySpan | None, Meta(description="The days before it was moved; null if it was not.")]


class LeaveSavedDocument(TypedDict):
    """Leave that was put into the roster."""

    saved: Annotated[bool, Meta(description="Whether the roster was written.")]
    files: Annotated[list[str], Meta(description="The files that were written.")]
    leave_changes: Annotated[list[LeaveChangeEntry], Meta(description="What happens to each stretch of leave.")]


class PinnedEntry(TypedDict):
    """A seat that the roster fixes for a person on a day."""

    date: Annotated[Day, Meta(description="A day of the period.")]
    rotation: Annotated[str, Meta(description="The key of the rotation in the roster.")]
    seat: Annotated[str, Meta(description="The seat, `engineer-2`, or its kind, `engineer`.")]
    person: Annotated[str, Meta(description="The person's handle.")]


class PinDocument(TypedDict):
    """A pin that was put into the roster, or taken out."""

    saved: Annotated[bool, Meta(description="Whether the roster was written; false if nothing had to change.")]
    files: Annotated[list[str], Meta(description="The files that were written.")]
    pin: PinnedEntry


class ImportDocument(TypedDict):
    """Duties that were brought in from a spreadsheet."""

    saved: Annotated[bool, Meta(description="Whether the schedule's file was written.")]
    rows: Annotated[Count, Meta(description="How many rows were new.")]
    duties: Annotated[list[DutyEntry], Meta(description="The duties that came in, in time order.")]
