"""What a service that pages means by an error, in words: which variable, which schedule, of which seat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from setrota.export.oncall.requests import SERVICES
from setrota.problems import Problem
from setrota.publishing.answers import Answer
from setrota.publishing.secrets import Secret, without_secrets

LONGEST_WORDS = 300


def explained(service: str, values: Mapping[str, Any], token: Secret, answer: Answer, what: str) -> Problem | None:
    """What a refusal means, in words; `what` is `METHOD path`."""
    name = SERVICES[service]
    said = f"; it says: {words}" if (words := words_of(answer.body)) else ""
    seat, schedule = next(
        ((kind, each) for kind, each in values["schedules"].items() if f"/schedules/{each}/" in what),
        ("", ""),
    )
    match answer.status:
        case 401:
            return Problem(f"{name} doesn't accept the token{said}", hint=f"it comes from {token.source}")
        case 403:
            hint = f"the token, from {token.source}, needs the right to read and to change it"
            return Problem(f"{name} doesn't allow this with the schedule `{schedule}`{said}", hint=hint)
        case 404 if what.endswith("/overrides"):
            hint = f"`publish.{service}.schedules` gives it to `{seat}`"
            return Problem(f"{name} has no schedule `{schedule}`{said}", hint=hint)
        case 404:
            return Problem(f"{name} no longer has this override{said}")
        case 400 | 402 | 409 | 422:
            return Problem(f"{name} refused it, status {answer.status}{said}")
    return None


def words_of(body: Any) -> str:
    """All that an error's body says for people, on one line and short."""
    # Cleaned before it is cut: half a secret would not be found.
    words = " ".join(without_secrets("; ".join(_sentences(body))).split())
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}…"


def _sentences(body: Any) -> Iterator[str]:
    if not isinstance(body, dict):
        return
    for word in ("message", "title", "detail"):
        if isinstance(body.get(word), str):
            yield body[word]
    errors = body.get("errors")
    if isinstance(errors, dict):
        errors = [f"{word}: {each}" for word, each in errors.items()]
    found = errors if isinstance(errors, list) else []
    yield from (each for each in found if isinstance(each, str))
    for each in (body.get("error"), *found):
        yield from _sentences(each)
