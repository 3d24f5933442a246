"""The crew on duty as the text of a channel's header: who, until when, who is next; and when nobody is, that.

Knows the placeholders of a template and how to shorten without cutting a name. Knows no network: sending the text is
somebody else's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

from setrota.export.wording import NOBODY, day_text, handover_text, inert, kind_of, mention, plain
from setrota.horizon import Standing, standings_at, told
from setrota.periods import handover_on
from setrota.problems import Problem, Refused, did_you_mean
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule

DEFAULT = "{rota}: {crew}. Next: {next}"
WITHOUT_NEXT = "{rota}: {crew}"
LEFT_OUT = "…"
GENERAL = ("rota", "crew", "next", "until")

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


def header(roster: Roster, schedule: Schedule, at: datetime, limit: int = 1024) -> str:
    """The header's text at a moment, in at most `limit` code points.

    What doesn't fit goes step by step: first who is next, then the least important seats, counted as `+2 more`.
    Raises Refused if the template has unknown placeholders or is too long without any name.
    """
    if roster.header is not None and (wrong := header_problems(roster.header, roster)):
        raise Refused([Problem(message) for message in wrong])
    year = at.astimezone(roster.zone).year
    needed = []
    standings = [told(roster, standing) for standing in standings_at(roster, schedule, at)]
    for text in _ever_shorter(roster, standings, year):
        if len(text) <= limit:
            return text
        needed.append(len(text))
    raise Refused(
        Problem(
            f"the channel header needs at least {min(needed)} characters; at most {limit} are allowed",
            hint="shorten `header` in `[channel]`" if roster.header is not None else None,
        )
    )


def header_problems(template: str, roster: Roster) -> list[str]:
    """One message for each placeholder of a template that means nothing for this roster."""
    known = [*GENERAL, *(f"{prefix}{name}" for name in _seat_names(roster) for prefix in ("", "next-"))]
    messages = []
    for word in dict.fromkeys(_PLACEHOLDER.findall(template)):
        if word not in known:
            hint = did_you_mean(word, known)
            messages.append(f"the channel header has no placeholder `{{{word}}}`" + (f"; {hint}" if hint else ""))
    return messages


def _seat_names(roster: Roster) -> dict[str, list[tuple[str, str]]]:
    """What a template may call seats: `primary`, or `engineer/primary`; with the rotations and kinds it stands for."""
    names: dict[str, list[tuple[str, str]]] = {}
    for rotation in roster.rotations.values():
        for kind in rotation.kinds:
            names.setdefault(kind, []).append((rotation.name, kind))
            names[f"{rotation.name}/{kind}"] = [(rotation.name, kind)]
    return names


# What to say where nobody is on duty


def _notice(roster: Roster, standings: Sequence[Standing], year: int) -> str:
    """What to say of the rotations that have no crew; nothing if all have one."""
    empty = [standing for standing in standings if not standing.duties]
    if len(empty) < len(standings):
        return " · ".join(f"{plain(one.rotation)}: {NOBODY}{_why(roster, [one], year, ', ')}" for one in empty)
    return f"{NOBODY} on duty{_why(roster, empty, year, '; ')}"


def _why(roster: Roster, empty: Sequence[Standing], year: int, joint: str) -> str:
    """Since when, or until when, none of these rotations has a crew."""
    if starts := _starts(empty):
        return f" until {handover_text(roster, *_soonest(roster, starts), year)}"
    if ended := max((one.ended for one in empty if one.ended), default=None):
        # Always with its year: this is the header that may stand for long.
        return f"{joint}the plan ended {day_text(ended)}"
    return f"{joint}nothing is planned"


def _starts(standings: Iterable[Standing]) -> list[tuple[str, date]]:
    """When there is somebody again, rotation by rotation."""
    return [(standing.rotation, standing.starts) for standing in standings if standing.starts]


def _soonest(roster: Roster, handovers: Iterable[tuple[str, date]]) -> tuple[str, date]:
    """The first of several rotations' handovers as instants: they may be on one day, or in zones far apart."""
    return min(handovers, key=lambda handover: handover_on(roster, *handover))


# The text


def _ever_shorter(roster: Roster, standings: Sequence[Standing], year: int) -> Iterator[str]:
    duties = [duty for standing in standings for duty in standing.duties]
    hideable = sorted(duties, key=lambda duty: _unimportance(roster, duty, duties))
    template = roster.header
    for with_next, kept in [(True, len(hideable)), *((False, kept) for kept in range(len(hideable), -1, -1))]:
        values = _values(roster, standings, year, frozenset(hideable[kept:]), with_next)
        if template is not None:
            yield _filled(template, values) + _unsaid(template, _notice(roster, standings, year))
        else:
            yield _filled(DEFAULT if with_next and values["next"] else WITHOUT_NEXT, values)


def _unimportance(roster: Roster, duty: Duty, duties: Sequence[Duty]) -> tuple[bool, bool]:
    """Optional seats matter least, and those of which there are several less than the one primary, backup or lead."""
    several = sum(_kind(roster, other) == _kind(roster, duty) for other in duties) > 1
    return roster.is_optional(duty.rotation, duty.seat), several


def _unsaid(template: str, notice: str) -> str:
    """The notice, for a template without the crew's own line, which carries it."""
    return f" · {notice}" if notice and "{crew}" not in template else ""


def _filled(template: str, values: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template)


def _values(
    roster: Roster, standings: Sequence[Standing], year: int, hidden: frozenset[Duty], with_next: bool
) -> dict[str, str]:
    duties = [duty for standing in standings for duty in standing.duties]
    following = [duty for standing in standings for duty in standing.heirs if duty]
    values = {}
    for name, kinds in _seat_names(roster).items():
        values[name] = _people(roster, [duty for duty in duties if _kind(roster, duty) in kinds], hidden)
        heirs = _people(roster, [duty for duty in following if _kind(roster, duty) in kinds])
        values[f"next-{name}"] = heirs if with_next else LEFT_OUT
    return values | {
        "rota": inert(roster.short_name),
        "crew": _crew(roster, standings, year, hidden),
        "next": _next(roster, standings) if with_next else LEFT_OUT,
        "until": _until(roster, standings, year),
    }


def _kind(roster: Roster, duty: Duty) -> tuple[str, str]:
    return duty.rotation, roster.seat_of(duty.rotation, duty.seat).kind


def _people(roster: Roster, duties: Sequence[Duty], hidden: frozenset[Duty] = frozenset()) -> str:
    """Whoever holds seats of one kind, with what is left out as a number."""
    shown = [mention(roster, duty.person) for duty in duties if duty not in hidden]
    more = len(duties) - len(shown)
    if more == 1 and not shown:
        return LEFT_OUT
    return " ".join([*filter(None, [", ".join(shown)]), *([f"+{more} more"] if more else [])]) or NOBODY


def _crew(roster: Roster, standings: Sequence[Standing], year: int, hidden: frozenset[Duty]) -> str:
    """Every seat with its holders, `until` once for neighbours that end together, then what is left out or missing."""
    duties = [duty for standing in standings for duty in standing.duties if duty not in hidden]
    parts = [
        f"{_seats(roster, together)} until {end}"
        for end, together in groupby(duties, key=lambda duty: handover_text(roster, duty.rotation, duty.end, year))
    ]
    if hidden:
        parts.append(f"+{len(hidden)} more")
    return " · ".join(filter(None, [*parts, _notice(roster, standings, year)]))


def _next(roster: Roster, standings: Sequence[Standing]) -> str:
    """Who takes over; empty if there is nobody now either, since then the crew's line says all."""
    heirs = [duty for standing in standings for duty in standing.heirs if duty]
    missing = [standing for standing in standings if standing.duties and not any(standing.heirs)]
    if not heirs:
        return f"{NOBODY} planned" if missing else ""
    return " · ".join([_seats(roster, heirs), *(f"{plain(one.rotation)}: {NOBODY} planned" for one in missing)])


def _seats(roster: Roster, duties: Iterable[Duty]) -> str:
    kinds = groupby(duties, key=lambda duty: _kind(roster, duty))
    together = [list(duties) for _, duties in kinds]
    return " · ".join(f"{kind_of(roster, group[0])} {_people(roster, group)}" for group in together)


def _until(roster: Roster, standings: Sequence[Standing], year: int) -> str:
    """The next moment at which somebody goes or, if nobody is there, comes."""
    ends = [(duty.rotation, duty.end) for standing in standings for duty in standing.duties]
    handovers = ends or _starts(standings)
    return handover_text(roster, *_soonest(roster, handovers), year) if handovers else "further notice"
