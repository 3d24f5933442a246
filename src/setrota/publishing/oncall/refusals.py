"""What a service that pages means by an error, in words: which variable, which schedule, of which seat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from setrota.export.oncall.requests import service_name
from setrota.problems import Problem
from setrota.publishing.answers import Answer, problem
from setrota.publishing.secrets import Secret, without_secrets

LONGEST_WORDS = 300


def explained(service: str, values: Mapping[str, Any], token: Secret, answer: Answer, what: str) -> Problem | None:
    """What a refusal means, in words; `what` is `METHOD path`."""
    hint: str | None
    said = f" (it says: {words})" if (words := words_of(answer.body)) else ""
    schedule, seat = _schedule_in(what, values)
    found = partial(problem, service_name(service))
    match answer.status:
        case 401:
            return found(f"the token isn't accepted{said}", f"it comes from {token.source}")
        case 403:
            hint = f"the token, from {token.source}, needs the right to read and to change it"
            return found(f"this isn't allowed with the schedule `{schedule}`{said}", hint)
        case 404 if what.endswith("/overrides"):
            hint = f"`publish.{service}.schedules` gives it to `{seat}`" if seat else None
            return found(f"there is no schedule `{schedule}`{said}", hint)
        case 404:
            return found(f"this override is gone{said}")
        case 400 | 402 | 409 | 422:
            return found(f"refused, status {answer.status}{said}")
    return None


def _schedule_in(what: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Which schedule a request is about, and the kind of seat that has it; "" where none has it any more."""
    for kind, schedule in values["schedules"].items():
        if f"/schedules/{schedule}/" in what:
            return schedule, kind
    return what.partition("/schedules/")[2].rpartition("/overrides")[0], ""


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
