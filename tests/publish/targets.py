"""Every target that setrota publishes to, and all that publishing to it takes: a section, a command, a secret."""

from __future__ import annotations

from dataclasses import dataclass

from chat_server import FIRST, SCHEDULE
from command_line import Desk, Outcome, small

TOKEN = "s3cr3t-t0ken/of+a-target"
PEOPLE = "\n[people]\n" + "".join(
    f'{name} = {{ accounts = {{ pagerduty = "P{name}", jira = "J{name}", opsgenie = "{name}@example.com" }} }}\n'
    for name in ("ana", "bo", "cy", "dee", "eli", "fay")
)


@dataclass(frozen=True)
class Target:
    """A target: the keys of its section with a place for `{url}`, its command, and what holds its secret.

    The address of a webhook is the secret itself.
    """

    section: str
    command: tuple[str, ...]
    variable: str

    def desk(self, folder: Desk, url: str, more: str = "") -> Desk:
        """A folder with a planned rota, and this target at an address."""
        folder.write("rotations.toml", small() + PEOPLE + self.section.format(url=url) + more)
        folder.write("schedule.toml", SCHEDULE)
        return folder

    def environment(self, url: str) -> dict[str, str]:
        return {self.variable: f"{url}/hooks/{TOKEN}" if self.section == "[publish.webhook]\n" else TOKEN}

    def publish(self, desk: Desk, url: str, *options: str, **settings: str) -> Outcome:
        return desk.run("publish", *self.command, *options, now=FIRST, **(self.environment(url) | settings))


_PAGER = 'url = "{url}"\nschedules = {{ primary = "P1" }}\n'
TARGETS = {
    "mattermost": Target(
        '[publish.mattermost]\nurl = "{url}"\nteam = "eng"\nchannel = "set"\n',
        ("mattermost",),
        "SETROTA_MATTERMOST_TOKEN",
    ),
    "webhook": Target("[publish.webhook]\n", ("webhook",), "SETROTA_WEBHOOK_URL"),
    "caldav": Target(
        '[publish.caldav]\nurl = "{url}/rota/set/"\nusername = "rota"\n', ("caldav",), "SETROTA_CALDAV_PASSWORD"
    ),
    "pagerduty": Target(f"[publish.pagerduty]\n{_PAGER}", ("oncall",), "SETROTA_PAGERDUTY_TOKEN"),
    "opsgenie": Target(f"[publish.opsgenie]\n{_PAGER}", ("oncall",), "SETROTA_OPSGENIE_TOKEN"),
    "jira": Target(
        f'[publish.jira]\ncloud-id = "c1"\nusername = "rota@example.com"\n{_PAGER}', ("oncall",), "SETROTA_JIRA_TOKEN"
    ),
}
