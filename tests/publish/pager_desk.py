"""A rota and the service that pages for it: one of three, on the loopback, in memory."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from command_line import Desk, Outcome
from pager_servers import SERVICES, Memory
from server import Server

ROSTER = """\
[rota]
name = "Front Desk"
short-name = "FD"
timezone = "America/Toronto"
handover = "Monday 09:00"

[rotations.desk]
every = "1 week"
pool = "staff"
seats = ["primary", "backup"]
rest = "1 week"

[rotations.lead]
every = "2 weeks"
pool = "leads"
seats = ["lead"]

[teams.red]
staff = ["ana", "bo", "cy"]
leads = ["gil"]

[teams.green]
staff = ["dee", "eli", "fay"]
leads = ["hal"]

[people]
"""
PEOPLE = ("ana", "bo", "cy", "dee", "eli", "fay", "gil", "hal")
SECTIONS = {
    "pagerduty": 'schedules = { primary = "PPRI", backup = "PBAC", "lead/lead" = "PLEA" }\n',
    "opsgenie": 'schedules = { primary = "FD primary/1", backup = "11111111-2222-3333-4444-555555555555",'
    ' lead = "FD" }\n',
    "jira": 'schedules = { primary = "s-1", backup = "s-2", lead = "s-3" }\n'
    'cloud-id = "c-1"\nusername = "rota@example.com"\n',
}
TOKENS = {f"SETROTA_{service.upper()}_TOKEN": "s3cret" for service in SECTIONS}
BEFORE = "2027-02-25T10:00"
"""Before anything planned begins; the clocks change on 2027-03-14."""


def account(service: str, handle: str) -> str:
    return {"pagerduty": f"P{handle.upper()}", "opsgenie": f"{handle}@example.com", "jira": f"557058:{handle}"}[service]


def person(service: str, handle: str) -> str:
    """A person's line; what Opsgenie calls somebody is the address, unless there is an account."""
    accounts = "" if service == "opsgenie" else f', accounts = {{ {service} = "{account(service, handle)}" }}'
    return f'{handle} = {{ email = "{handle}@example.com"{accounts} }}\n'


@dataclass
class Paged:
    """A rota, and a service that pages for it."""

    service: str
    desk: Desk
    memory: Memory
    server: Server

    @property
    def schedules(self) -> dict[str, str]:
        """The schedule of each seat."""
        return dict(zip(("primary", "backup", "lead"), self.memory.schedules, strict=True))

    def publish(self, *options: str, now: str = BEFORE) -> Outcome:
        self.at(now)
        return self.desk.run("publish", "oncall", *options, now=now, **TOKENS)

    def at(self, now: str) -> None:
        self.memory.now = moment(now)

    def wrote(self) -> list[str]:
        """The methods of the requests since the last call that would change something."""
        lines = [request.method for request in self.server.requests if request.method != "GET"]
        self.server.requests.clear()
        return lines

    def planned(self, seat: str) -> list[tuple[str, str, str]]:
        """Whom the schedule has in a seat from now on, as the service would tell it."""
        found = []
        for duty in self.desk.run("show", "--format", "json").at(0).json["duties"]:
            start, end = (datetime.fromisoformat(duty[word]).astimezone(UTC) for word in ("start", "end"))
            if duty["seat"] == seat and end > self.memory.now and duty["person"]:
                start = max(start, self.memory.now)
                found.append((account(self.service, duty["person"]), f"{start:%m-%d %H:%M}", f"{end:%m-%d %H:%M}"))
        return found

    def holder(self, day: str, seat: str) -> str:
        [found] = [
            duty["person"]
            for duty in self.desk.run("show", "--format", "json").json["duties"]
            if duty["seat"] == seat and duty["start"][:10] <= day < duty["end"][:10]
        ]
        return str(found)

    def is_as_planned(self) -> None:
        for seat, schedule in self.schedules.items():
            assert self.memory.paged(schedule) == self.planned(seat), seat
            assert self.memory.overlapping(schedule) == 0


def moment(now: str) -> datetime:
    return datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("America/Toronto")).astimezone(UTC)


def opened(service: str, folder: Path, schedule: str, stack: ExitStack) -> Paged:
    memory = SERVICES[service](moment(BEFORE))
    server = stack.enter_context(memory.serving())
    desk = Desk(folder)
    people = "".join(person(service, handle) for handle in PEOPLE)
    section = f'[publish.{service}]\nurl = "{server.url}"\n{SECTIONS[service]}'
    desk.write("rotations.toml", f"{ROSTER}{people}\n{section}")
    desk.write("schedule.toml", schedule)
    for entry in desk.run("export", "oncall", now=BEFORE).at(0).document:
        memory.schedules[entry["schedule"]] = {}
    return Paged(service, desk, memory, server)
