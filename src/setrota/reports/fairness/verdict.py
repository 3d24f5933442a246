"""The verdict on how fair a rota is, and the numbers that are shown beside it, as values.

`setrota fairness` and the team's page say the same because both take it from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from setrota.fairness.balances import PersonBalance, TeamBalance, balances, team_balances
from setrota.fairness.certificates import CountCertificate, certificates
from setrota.fairness.proofs import PlanProof, PlanProofs, plan_proofs
from setrota.fairness.shares import is_voluntary
from setrota.problems import counted, listed
from setrota.reports.fairness.distances import Distances
from setrota.roster import Roster
from setrota.schedule import Schedule

UNEVEN_TEAM, UNEVEN_MEMBER = 1.0, 0.25
"""A team stands out if it is more than this many duties off its fair share: all together, and for each member."""

MOST_TEAMS = 3
"""At most this many teams are named as standing out."""


@dataclass(frozen=True, kw_only=True)
class RotationFairness:
    """How fairly one rotation's duties are shared out.

    Attributes
    ----------
    people
        Everyone's balance, those furthest ahead first.
    teams
        The teams' balances, in the roster's order: `served` against `due`, the fair share with what was open before.
    counts
        How evenly what counts by itself is shared out, such as holidays.
    is_voluntary
        Whether nobody owes a share; then what people served is all there is to say.
    """

    rotation: str
    people: tuple[PersonBalance, ...]
    teams: tuple[TeamBalance, ...]
    counts: tuple[CountCertificate, ...]
    is_voluntary: bool


@dataclass(frozen=True, kw_only=True)
class FairnessSummary:
    """How fair the rota of the days [start, end) is.

    Attributes
    ----------
    sentences
        The verdict: how near everyone is to their fair share, what is proven, and what stands out. Empty if nobody owes
        a share.
    proofs
        Which plans the rota comes from, and what each of them proves.
    empty
        How many seats that ought to be filled are empty, at least for a part of their period.
    """

    start: date
    end: date
    sentences: tuple[str, ...]
    rotations: tuple[RotationFairness, ...]
    proofs: PlanProofs
    empty: int

    @property
    def verdict(self) -> str:
        return " ".join(self.sentences)


def fairness_summary(
    roster: Roster,
    schedule: Schedule,
    start: date,
    end: date,
    *,
    person: str | None = None,
    team: str | None = None,
    rotation: str | None = None,
) -> FairnessSummary:
    """How fair the periods that start in [start, end) are, for everyone or only for some people or a rotation."""
    people = [
        each
        for each in balances(schedule, roster, start, end)
        if person in (None, each.person)
        and rotation in (None, each.rotation)
        and (team is None or team in roster.teams_of(each.person))
    ]
    teams = team_balances(roster, people)
    counts = certificates(schedule, roster, start, end)
    found = tuple(
        _rotation(roster, name, people, teams, counts) for name in dict.fromkeys(each.rotation for each in people)
    )
    names = {each.rotation for each in found}
    proofs = plan_proofs(schedule, roster, start, end, names)
    empty = _empty_seats(roster, schedule, start, end, names)
    everyone = person is None and team is None
    return FairnessSummary(
        start=start,
        end=end,
        sentences=tuple(_sentences(found, proofs, empty, teams=everyone)),
        rotations=found,
        proofs=proofs,
        empty=empty,
    )


def _rotation(
    roster: Roster,
    name: str,
    people: Sequence[PersonBalance],
    teams: Sequence[TeamBalance],
    counts: Sequence[CountCertificate],
) -> RotationFairness:
    theirs = [each for each in people if each.rotation == name]
    return RotationFairness(
        rotation=name,
        people=tuple(sorted(theirs, key=lambda each: (-round(each.balance, 6), each.person))),
        teams=tuple(each for each in teams if each.rotation == name),
        counts=tuple(each for each in counts if each.rotation == name),
        is_voluntary=is_voluntary(roster, name),
    )


def _empty_seats(roster: Roster, schedule: Schedule, start: date, end: date, rotations: set[str]) -> int:
    return sum(
        len({duty.seat for duty in crew.duties() if duty.person is None})
        for crew in schedule.crews
        if start <= crew.period.start < end
        and crew.period.rotation in rotations
        and not is_voluntary(roster, crew.period.rotation)
    )


def _sentences(rotations: Sequence[RotationFairness], proofs: PlanProofs, empty: int, *, teams: bool) -> Iterator[str]:
    """How near everyone is to their fair share, what is proven of that, and what stands out."""
    owed = [each for each in rotations if not each.is_voluntary]
    if not owed:
        return
    furthest = {each.rotation: {person.person: abs(person.worst_deviation) for person in each.people} for each in owed}
    sentence = Distances(furthest).sentence("after every period")
    yield f"{sentence[0].upper() if sentence.startswith('everyone ') else sentence[0]}{sentence[1:]}."
    yield from proof_sentences(proofs)
    if teams:
        yield from _uneven_teams(owed)
    if empty:
        left = "1 seat is empty, and counts" if empty == 1 else f"{empty} seats are empty, and count"
        yield f"{left} for nobody here; plans count {'it' if empty == 1 else 'them'} too."


def proof_sentences(proofs: PlanProofs) -> Iterator[str]:
    """Whether a fairer rota is impossible, for each plan that the rota comes from, and what no proof is about."""
    yield _proven(proofs.plans) if proofs.plans else "Nothing is proven: no plan is recorded for these days."
    if proofs.plans and proofs.unrecorded:
        periods = counted(proofs.unrecorded, "other period")
        yield f"Nothing is proven about {periods}, which no recorded plan made."
    if proofs.plans and proofs.changed:
        yield f"{counted(proofs.changed, 'period')} {'was' if proofs.changed == 1 else 'were'} changed after that."


def _proven(plans: Sequence[PlanProof]) -> str:
    proven = [each for each in plans if each.proven]
    others = [each for each in plans if not each.proven]
    if not proven:
        return f"It isn't proven that no rota is fairer: not for {listed(map(_unproven, others))}."
    gap = max(each.gap or 0.0 for each in proven)
    fairer = f"more than {_percent(gap)} fairer" if gap else "fairer"
    which = "the plan" if len(proven) == 1 else f"the {len(proven)} plans"
    days = listed(dict.fromkeys(f"{each.record.at.date()}" for each in proven))
    sentence = f"Proven for {which} made on {days}: no rota that keeps the rules and fills as many seats is {fairer}"
    return f"{sentence}; not for {listed(map(_unproven, others))}." if others else f"{sentence}."


def _unproven(plan: PlanProof) -> str:
    made = f"the plan made on {plan.record.at.date()}"
    if plan.gap is None:
        return f"{made}, whose search the time limit ended early"
    return f"{made}, where another could be up to {_percent(plan.gap)} fairer"


def _percent(gap: float) -> str:
    """A gap above 0, rounded up if it is tiny."""
    return f"{max(gap, 0.0001):.2%}"


def _uneven_teams(rotations: Sequence[RotationFairness]) -> Iterator[str]:
    """The teams that serve far more or less than their fair share, those furthest off first."""
    found = [team for each in rotations for team in each.teams if _is_uneven(team)]
    found.sort(key=lambda team: -abs(team.balance))
    if found:
        shown = found[:MOST_TEAMS]
        names = dict.fromkeys(team.rotation for team in shown)
        named = listed(_uneven(name, [team for team in shown if team.rotation == name]) for name in names)
        more = f"; so are {counted(len(found) - MOST_TEAMS, 'more team')}" if len(found) > MOST_TEAMS else ""
        yield f"As a whole, a team can still be off its fair share: {named}{more}."


def _uneven(rotation: str, teams: Sequence[TeamBalance]) -> str:
    """How far some teams are off in a rotation: `in desk, red has served 2.4 duties more and blue 1.8 fewer`."""
    off = [
        f"{team.team}{' has served' if team is teams[0] else ''} {abs(team.balance):.1f}"
        f"{' duties' if team is teams[0] else ''} {'more' if team.balance > 0 else 'fewer'}"
        for team in teams
    ]
    return f"in {rotation}, {listed(off)}"


def _is_uneven(team: TeamBalance) -> bool:
    return abs(team.balance) > max(UNEVEN_TEAM, UNEVEN_MEMBER * team.people)
