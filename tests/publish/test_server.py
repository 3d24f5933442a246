"""The tests' server finds what an API doesn't allow: without that, tests against it would prove nothing."""

from __future__ import annotations

import httpx
import pytest
from descriptions import description
from server import Reply, Server

TOKEN = {"Authorization": "Bearer x"}
PATCH = "/api/v4/channels/c1/patch"


def faults(reply: Reply, method: str, path: str, **request: object) -> list[str]:
    """What is found wrong in a conversation with Mattermost."""
    with Server(lambda _: reply, description("mattermost")) as server:
        httpx.request(method, f"{server.url}{path}", **({"headers": TOKEN} | request))  # type: ignore[arg-type]
        found, server.faults = server.faults, []
    return found


def test_a_conversation_that_the_api_describes_has_no_fault() -> None:
    assert faults(Reply(body={"id": "c1", "header": "x"}), "PUT", PATCH, json={"header": "x"}) == []


@pytest.mark.parametrize(
    ("method", "path", "request_", "reply"),
    [
        ("PATCH", PATCH, {"json": {"header": "x"}}, Reply(body={})),
        ("PUT", "/api/v4/channel/c1/patch", {"json": {"header": "x"}}, Reply(body={})),
        ("PUT", PATCH, {"json": {"topic": "x"}}, Reply(body={})),
        ("PUT", PATCH, {"json": {"header": "x" * 1025}}, Reply(body={})),
        ("PUT", PATCH, {"json": {"header": 1}}, Reply(body={})),
        ("PUT", PATCH, {}, Reply(body={})),
        ("PUT", PATCH, {"json": {"header": "x"}, "headers": {}}, Reply(body={})),
        ("POST", "/api/v4/posts", {"json": {"message": "x"}}, Reply(201, {})),
        ("PUT", PATCH, {"json": {"header": "x"}}, Reply(418, {})),
        ("PUT", PATCH, {"json": {"header": "x"}}, Reply(body={"id": 1})),
        ("PUT", PATCH, {"json": {"header": "x"}}, Reply(403, {"message": 1})),
    ],
)
def test_what_the_api_does_not_allow_is_a_fault(
    method: str, path: str, request_: dict[str, object], reply: Reply
) -> None:
    assert len(faults(reply, method, path, **request_)) == 1
