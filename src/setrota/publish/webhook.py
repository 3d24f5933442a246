"""An incoming webhook of Mattermost or Slack, or a compatible one: anyone who knows its address may post.

A webhook only takes posts; it can't be asked what was posted before.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from setrota.problems import Problem, Refused
from setrota.publish.calls import Call, CallResult
from setrota.publish.client import Client
from setrota.publish.limit import TimeLimit
from setrota.publish.responses import Response, problem, quoted
from setrota.publish.secrets import SHORTEST_SECRET, Secret, hide, may_travel, secret_of

SERVICE = "webhook"


class Webhook:
    """The webhook that `publish.webhook` names; files are relative to the folder of `roster`."""

    def __init__(self, values: Mapping[str, Any], roster: Path, limit: TimeLimit) -> None:
        self.slack = values.get("service") == "slack"
        self.address = secret_of("webhook", values, roster, key="url")
        hide(_parts(self.address))
        source = self.address.source
        self.client = Client(SERVICE, {}, explain=lambda response, _: _explained(source, response), limit=limit)

    def call(self, text: str) -> Call:
        """Return the call that posts a text: Markdown, or plain text for Slack."""
        # Slack reads these three as markup; the text has nothing else that it would read so.
        written = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") if self.slack else text
        url, body = self.address.reveal(), {"text": written}
        return Call(description="post of the crew", method="POST", url=url, body=body, repeatable=False)

    def send(self, call: Call) -> CallResult:
        """Send a call; an HTML page in place of `ok` means that it isn't a webhook, and took no post."""
        result = self.client.send(call)
        if isinstance(result.answer, str) and result.answer.lstrip().startswith("<"):
            hint = f"the address comes from {self.address.source}"
            found = problem(SERVICE, "a web page answers, not a webhook", hint, code="wrong-server")
            return CallResult(call=call, problem=found, status=result.status)
        return result


def _parts(address: Secret) -> list[str]:
    """Return the parts of an address that must not be shown either. Raises Refused if it isn't an address."""
    try:
        parts = urlsplit(address.reveal())
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        message = f"{address.source} doesn't contain the address of a webhook"
        raise Refused(Problem(message, hint="it should begin with `https://`", code="not-an-address"))
    if not may_travel(parts.scheme, parts.hostname or ""):
        message = f"{address.source} has an address that begins with `http://`, so others on the network could read it"
        raise Refused(Problem(message, hint="use `https://`", code="not-encrypted"))
    paths = [parts.path, unquote(parts.path), parts.path.rstrip("/").rpartition("/")[2]]
    texts = dict.fromkeys([*paths, parts.query, parts.username, parts.password])
    return [text for text in texts if text and len(text) >= SHORTEST_SECRET]


def _explained(source: str, response: Response) -> Problem | None:
    words = quoted(response)
    if response.status in (401, 403, 404, 410):
        hint = f"the address comes from {source}; make a new webhook if this one is gone"
        message = f"there is no webhook at this address, or it may not post{words}"
        return problem(SERVICE, message, hint, code="no-webhook")
    if response.status in (400, 413, 422):
        message = f"the post was refused with status {response.status}{words}"
        return problem(SERVICE, message, code="request-refused")
    return None
