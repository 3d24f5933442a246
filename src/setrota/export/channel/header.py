"""The text of a channel's header: who is on duty, until when, and who is next; or that nobody is on duty.

Knows the styles, the placeholders of a template and how to shorten without cutting a name. Knows no network:
`setrota.publish` sends the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from setrota.dates.service import ends
from setrota.export.channel.crew_line import AWAY, LEFT_OUT, OFF_DUTY, CrewLine, kind
from setrota.problems import Problem, Refused, listed_quotes, nearest
from setrota.reports.wording import inert, link
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule
from setrota.schedule.standings import standings_at

Style = Literal["full", "short", "links", "slack"]
"""`full`: the roster's template, or who is on duty until when, and who is next. `short`: only who is on duty.
`links`: who is on duty, who is next, and links to where work comes from. `slack`: names instead of mentions, which mean
nothing in a Slack topic."""

LIMIT, SLACK_LIMIT = 1024, 250
"""The most code points that a Mattermost header and a Slack topic may have."""

GENERAL = ("rota", "crew", "next", "until", "links")

_ANY = "\0"
"""Stands for any text; no header contains this character."""
_DAY = r"( until)? [A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2}( \d{4})?"
_ZONE = r"( UTC[+-]\d{1,2}(:\d{2})?| [A-Z][A-Za-z]{1,4}| [+-]\d{2,4})"
_DATE, _DATE_WITHOUT_ZONE = (re.compile(rf"{_DAY}( \d{{2}}:\d{{2}}{zone})?") for zone in (f"{_ZONE}?", ""))
_OFF_DUTY = re.compile(rf" \({OFF_DUTY}(; next from)?\)| · ([^·]*: )?{OFF_DUTY}\b|{re.escape(AWAY)}")
"""What a header says, after its dates have gone, of people who aren't at work at the moment."""
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


def header(roster: Roster, schedule: Schedule, at: datetime, limit: int = LIMIT, *, style: Style = "full") -> str:
    """Return the header's text at a moment, in at most `limit` code points; for Slack, at most its own limit.

    If the text is too long, parts are left out step by step: first links, the last one first, then who is next. For
    Slack, handles replace longer names: of those who are next before these are left out, of the crew after that. Then
    the least important seats are left out, counted as `+2 more`, and finally the rota's name, which leaves room for
    names and seats again.

    Raises
    ------
    Refused
        If the template has unknown placeholders, or is too long without any name.
    """
    template = roster.header if style == "full" else None
    if template is not None and (wrong := header_problems(template, roster)):
        raise Refused(wrong)
    most = min(limit, SLACK_LIMIT) if style == "slack" else limit
    needed = []
    line = _line(roster, schedule, at, style)
    for text in _ever_shorter(line, style) if template is None else _filled_ever_shorter(line, template):
        if len(text) <= most:
            return text
        needed.append(len(text))
    message = f"the channel header needs at least {min(needed)} characters, but may have at most {most}"
    raise Refused(Problem(message, hint=_remedy(roster, template, most), code="header-too-long"))


def _remedy(roster: Roster, template: str | None, most: int) -> str | None:
    """Return a hint on what to shorten, since nothing more can be left out."""
    if template is None:
        return None
    if "{rota}" in template and len(inert(roster.short_name)) > most // 2:
        return "shorten `short-name` in `[rota]`, or leave `{rota}` out of `header` in `[channel]`"
    return "shorten `header` in `[channel]`"


def shows_crew(roster: Roster, schedule: Schedule, at: datetime, text: str) -> bool:
    """Whether a header shows the crew of a moment, even if its dates, its links, who is next or who is off duty differ.

    A header whose template has no placeholder for a crew counts as showing the crew of any moment.
    """
    lines = _without_hours(_line(roster, schedule, at, "full"))
    # Headers of earlier versions name the zone only where it isn't the rota's, and words may follow the time.
    texts = {_OFF_DUTY.sub("", date.sub("", f" {text}")) for date in (_DATE, _DATE_WITHOUT_ZONE)}
    patterns = (pattern for line in lines for pattern in _patterns(line, roster.header))
    return any(re.fullmatch(pattern, each, re.DOTALL) for pattern in patterns for each in texts)


def _without_hours(line: CrewLine) -> Iterator[CrewLine]:
    """Yield a line as if every crew were on duty; then, one after the other, without those whose service is over.

    Crews that are off duty until they begin are in none of them. A header is as old as the last change, so it leaves
    out those who had gone by then: of all that have, the first ones.
    """
    shown = [each for each in line.standings if each.duties or each.served] or list(line.standings)
    gone = [each for each in shown if any(line.is_over(each, duty) for duty in each.duties)]
    gone.sort(key=lambda each: max(ends(line.roster, duty.days) for duty in each.duties))
    for number in range(len(gone) + 1):
        left_out = gone[:number]
        standings = [each if each in left_out or not each.duties else replace(each, served=True) for each in shown]
        yield replace(line, standings=standings)


def _patterns(line: CrewLine, template: str | None) -> Iterator[str]:
    """Yield patterns of what a header of these crews looks like, at each length."""
    for hidden in _ever_more_hidden(line):
        if template is None:
            for named in (True, False):
                yield _pattern(_styled(line, hidden, named=named)) + r"(\. Next: .*)?"
            continue
        values = _values(line, hidden, with_next=True)
        free = {name: _ANY for name in values if name == "next" or name.startswith("next-")}
        yield _pattern(_filled(line, template, values | free | {"links": _ANY}))


def _pattern(text: str) -> str:
    return re.escape(_OFF_DUTY.sub("", _DATE.sub("", f" {text}"))).replace(re.escape(_ANY), ".*")


def header_problems(template: str, roster: Roster) -> list[Problem]:
    """Return a problem for each placeholder of a template that this roster doesn't have."""
    known = [*GENERAL, *(f"{prefix}{name}" for name in _seat_names(roster) for prefix in ("", "next-"))]
    unknown = [word for word in dict.fromkeys(_PLACEHOLDER.findall(template)) if word not in known]
    return [_unknown_placeholder(word, known) for word in unknown]


def _unknown_placeholder(word: str, known: list[str]) -> Problem:
    meant = nearest(word, known)
    every = f"every header can have {listed_quotes(f'{{{each}}}' for each in GENERAL)}"
    hint = f"did you mean `{{{meant}}}`?" if meant else every
    return Problem(f"the channel header has no placeholder `{{{word}}}`", hint=hint, code="unknown-placeholder")


def _seat_names(roster: Roster) -> dict[str, list[tuple[str, str]]]:
    """Return the placeholders for seats, `primary` or `engineer/primary`, with the rotations and kinds they mean."""
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


def _ever_shorter(line: CrewLine, style: Style) -> Iterator[str]:
    """Yield the text without a template, whole and then step by step shorter."""
    links = _links(line.roster) if style == "links" else []
    writers = [line, replace(line, handles=True)] if line.slack else [line]
    if style != "short":
        for shown in range(len(links), 0, -1):
            yield _styled(line, following=line.next(), links=links[:shown])
        for writer in writers:
            yield _styled(line, following=writer.next())
    none, *some = _ever_more_hidden(line)
    for named in (True, False):
        for writer in writers:
            yield _styled(writer, none, named=named)
        for hidden in some:
            yield _styled(writers[-1], hidden, named=named)


def _filled_ever_shorter(line: CrewLine, template: str) -> Iterator[str]:
    """Yield a filled template, whole and then step by step shorter."""
    links = _links(line.roster)
    without_links = LEFT_OUT if links else ""
    whole = _values(line, frozenset(), with_next=True)
    for shown in range(len(links), -1, -1):
        yield _filled(line, template, whole | {"links": " · ".join(links[:shown]) or without_links})
    for hidden in _ever_more_hidden(line):
        yield _filled(line, template, _values(line, hidden, with_next=False) | {"links": without_links})


def _ever_more_hidden(line: CrewLine) -> Iterator[frozenset[Duty]]:
    """Yield the duties to hide, from none to all; the least important ones are hidden first."""
    hideable = sorted(line.duties, key=lambda duty: _rank(line, duty))
    for kept in range(len(hideable), -1, -1):
        yield frozenset(hideable[kept:])


def _rank(line: CrewLine, duty: Duty) -> tuple[bool, bool]:
    """Return a key that sorts important seats first: single seats, then kinds with several, then optional ones."""
    several = sum(kind(line.roster, other) == kind(line.roster, duty) for other in line.duties) > 1
    return line.roster.is_optional(duty.rotation, duty.seat), several


def _links(roster: Roster) -> list[str]:
    """Return links to where work comes from, in the roster's order."""
    return [link(source.name, source.link) for source in roster.notes.sources if source.link]


def _styled(
    line: CrewLine,
    hidden: frozenset[Duty] = frozenset(),
    *,
    following: str = "",
    links: Sequence[str] = (),
    named: bool = True,
) -> str:
    """Return the text without a template; if `named`, it begins with the rota's name."""
    text = f"{f'{line.text(line.roster.short_name)}: ' if named else ''}{line.crew(hidden)}"
    return " · ".join([f"{text}. Next: {following}" if following else text, *links])


def _filled(line: CrewLine, template: str, values: dict[str, str]) -> str:
    """Return a template with values, and that a rotation has no crew or is off duty unless `{crew}` says so."""
    notice = line.notice(named=False) if "{crew}" not in template else ""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template) + (f" · {notice}" if notice else "")


def _values(line: CrewLine, hidden: frozenset[Duty], *, with_next: bool) -> dict[str, str]:
    values = {}
    for name, kinds in _seat_names(line.roster).items():
        values[name] = line.people([duty for duty in line.duties if kind(line.roster, duty) in kinds], hidden)
        successors = line.people([duty for duty in line.successors if kind(line.roster, duty) in kinds])
        values[f"next-{name}"] = successors if with_next else LEFT_OUT
    rota, following = inert(line.roster.short_name), line.next() if with_next else LEFT_OUT
    return values | {"rota": rota, "crew": line.crew(hidden), "next": following, "until": line.until()}
