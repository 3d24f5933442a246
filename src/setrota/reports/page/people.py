"""What the team's page says about people and teams: names, and how to reach them.

The only place that decides it: an e-mail address is here only if the roster asks for it, and nothing of leave, working
days, wishes, tags or accounts ever is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from setrota.reports.wording import chat_of, name_of, plain
from setrota.roster import Roster


@dataclass(frozen=True, kw_only=True)
class PagePerson:
    """Somebody on the page; `teams` are keys. `chat` is a mention (`@bo`), None if it would reach nobody."""

    handle: str
    name: str
    teams: tuple[str, ...]
    chat: str | None
    email: str | None


@dataclass(frozen=True)
class PageTeam:
    """A team, and what people call it."""

    key: str
    name: str


def page_people(roster: Roster, handles: Iterable[str]) -> tuple[PagePerson, ...]:
    """People in the roster's order of teams, then those in no team, then others of these handles, by handle."""
    in_teams = [handle for team in roster.teams.values() for pool in team.pools.values() for handle in pool]
    others = sorted(handle for handle in handles if handle not in roster.people)
    return tuple(_person(roster, handle) for handle in dict.fromkeys([*in_teams, *roster.people, *others]))


def _person(roster: Roster, handle: str) -> PagePerson:
    person = roster.people.get(handle)
    return PagePerson(
        handle=handle,
        name=name_of(roster, handle),
        teams=roster.teams_of(handle),
        chat=chat_of(roster, handle),
        email=person.email if person and roster.notes.page.contact == "email" else None,
    )


def page_teams(roster: Roster) -> tuple[PageTeam, ...]:
    return tuple(PageTeam(team.key, plain(team.name) or plain(team.key)) for team in roster.teams.values())
