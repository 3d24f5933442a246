"""The crew on duty as the text of a channel's header: who, until when, who is next; and when nobody is, that.

Knows the styles, the placeholders of a template and how to shorten without cutting a name. Knows no network:
`setrota.publish` sends the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from setrota.export.channel.crew_line import LEFT_OUT, CrewLine, kind
from setrota.problems import Problem, Refused, did_you_mean
from setrota.reports.wording import inert, link
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule
from setrota.schedule.standings import standings_at

Style = Literal["full", "short", "links", "slack"]
"""`full`: the roster's template, else who is on duty until when, and who is next. `short`: only who is on duty.
`links`: all of it, with where work comes from. `slack`: names instead of mentions, which a topic there doesn't know."""

LIMIT, SLACK_LIMIT = 1024, 250
"""The most code points that a header may have in Mattermost, and a topic in Slack."""

GENERAL = ("rota", "crew", "next", "until", "links")

_ANY = "\0"
"""Stands for what may be anything; no header has the character."""
_DATE = re.compile(r"( until)? [A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2}( \d{4})?( \d{2}:\d{2}( [A-Z]{2,5}| [+-]\d{2,4})?)?")
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


def header(roster: Roster, schedule: Schedule, at: datetime, limit: int = LIMIT, *, style: Style = "full") -> str:
    """The header's text at a moment, in at most `limit` code points, and for Slack in no more than it allows.

    What doesn't fit goes step by step: first links, the last one first, then who is next, then the least important
    seats, counted as `+2 more`, and at last the rota's name, which leaves room for seats again. Raises Refused if the
    template has unknown placeholders or is too long without any name.
    """
    template = roster.header if style == "full" else None
    if template is not None and (wrong := header_problems(template, roster)):
        raise Refused([Problem(message) for message in wrong])
    most = min(limit, SLACK_LIMIT) if style == "slack" else limit
    needed = []
    for text in _ever_shorter(_line(roster, schedule, at, style), template, style):
        if len(text) <= most:
            return text
        needed.append(len(text))
    message = f"the channel header needs at least {min(needed)} characters; at most {most} are allowed"
    raise Refused(Problem(message, hint=_remedy(roster, template, most)))


def _remedy(roster: Roster, template: str | None, most: int) -> str | None:
    """What to shorten where nothing more can be left out."""
    if template is None:
        return None
    if "{rota}" in template and len(inert(roster.short_name)) > most // 2:
        return "shorten `short-name` in `[rota]`, or leave `{rota}` out of `header` in `[channel]`"
    return "shorten `header` in `[channel]`"


def shows_crew(roster: Roster, schedule: Schedule, at: datetime, text: str) -> bool:
    """Whether a header, made whenever, shows the crew of a moment; its dates, links and who is next may differ.

    A header whose template has no place for a crew is taken to show that of any moment.
    """
    line = _line(roster, schedule, at, "full")
    return any(re.fullmatch(pattern, _dateless(text), re.DOTALL) for pattern in _patterns(line, roster.header))


def _patterns(line: CrewLine, template: str | None) -> Iterator[str]:
    """What a header of these crews looks like, at each length."""
    hideable = sorted(line.duties, key=lambda duty: _rank(line, duty))
    for kept in range(len(hideable), -1, -1):
        hidden = frozenset(hideable[kept:])
        if template is None:
            for named in (True, False):
                yield _pattern(_styled(line, hidden, "", [], named=named)) + r"(\. Next: .*)?"
            continue
        values = _values(line, hidden, True)
        free = {name: _ANY for name in values if name == "next" or name.startswith("next-")}
        yield _pattern(_filled(template, values | free | {"links": _ANY}) + _missing_notice(template, line.notice()))


def _pattern(text: str) -> str:
    return re.escape(_dateless(text)).replace(re.escape(_ANY), ".*")


def _dateless(text: str) -> str:
    return _DATE.sub("", f" {text}")


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
        for each in rotation.kinds:
            names.setdefault(each, []).append((rotation.name, each))
            names[f"{rotation.name}/{each}"] = [(rotation.name, each)]
    return names


def _line(roster: Roster, schedule: Schedule, at: datetime, style: Style) -> CrewLine:
    standings = [each.without_empty_optional(roster) for each in standings_at(roster, schedule, at)]
    return CrewLine(roster, standings, at, slack=style == "slack", dated=style != "short")


# The text


def _ever_shorter(line: CrewLine, template: str | None, style: Style) -> Iterator[str]:
    hideable = sorted(line.duties, key=lambda duty: _rank(line, duty))
    links = _links(line.roster) if template is not None or style == "links" else []
    steps = [(number, True, len(hideable)) for number in range(len(links), -1, -1)] if style != "short" else []
    for shown, with_next, kept in [*steps, *((0, False, kept) for kept in range(len(hideable), -1, -1))]:
        hidden = frozenset(hideable[kept:])
        if template is None:
            yield _styled(line, hidden, line.next() if with_next else "", links[:shown])
        else:
            text = " · ".join(links[:shown]) or (LEFT_OUT if links else "")
            values = _values(line, hidden, with_next) | {"links": text}
            yield _filled(template, values) + _missing_notice(template, line.notice())
    if template is None:
        for kept in range(len(hideable), -1, -1):
            yield _styled(line, frozenset(hideable[kept:]), "", [], named=False)


def _rank(line: CrewLine, duty: Duty) -> tuple[bool, bool]:
    """Optional seats matter least, and those of which there are several less than the one primary, backup or lead."""
    several = sum(kind(line.roster, other) == kind(line.roster, duty) for other in line.duties) > 1
    return line.roster.is_optional(duty.rotation, duty.seat), several


def _links(roster: Roster) -> list[str]:
    """Where work comes from, in the roster's order."""
    return [link(source.name, source.link) for source in roster.notes.sources if source.link]


def _styled(line: CrewLine, hidden: frozenset[Duty], following: str, links: Sequence[str], named: bool = True) -> str:
    """The text of a style: what there is of it; `named` with the rota's name before it."""
    text = f"{f'{line.text(line.roster.short_name)}: ' if named else ''}{line.crew(hidden)}"
    return " · ".join([f"{text}. Next: {following}" if following else text, *links])


def _missing_notice(template: str, notice: str) -> str:
    """The notice, for a template without the crew's own line, which carries it."""
    return f" · {notice}" if notice and "{crew}" not in template else ""


def _filled(template: str, values: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template)


def _values(line: CrewLine, hidden: frozenset[Duty], with_next: bool) -> dict[str, str]:
    values = {}
    for name, kinds in _seat_names(line.roster).items():
        values[name] = line.people([duty for duty in line.duties if kind(line.roster, duty) in kinds], hidden)
        successors = line.people([duty for duty in line.successors if kind(line.roster, duty) in kinds])
        values[f"next-{name}"] = successors if with_next else LEFT_OUT
    rota, following = inert(line.roster.short_name), line.next() if with_next else LEFT_OUT
    return values | {"rota": rota, "crew": line.crew(hidden), "next": following, "until": line.until()}
