"""The content of an answer, decompressed and decoded, however large it would become and whatever it claims to be."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any

import httpx

ENCODING = "gzip"
"""The only compression to ask for."""

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class Swollen(Exception):
    """Content with more bytes than anyone needs."""


def read_content(response: httpx.Response, largest: int) -> bytes:
    """Return the bytes of an answer.

    A few of them may stand for billions, so no more than `largest` are ever decompressed.

    Raises
    ------
    Swollen
        If there are more than `largest` bytes.
    ValueError
        If they are compressed in another way than asked for.
    """
    content, expand = bytearray(), _expansion(response.headers.get("content-encoding", ""))
    for piece in response.iter_raw():
        try:
            content += expand(piece, largest + 1 - len(content))
        except zlib.error:
            raise ValueError("damaged") from None
        if len(content) > largest:
            raise Swollen
    return bytes(content)


def _expansion(encoding: str) -> Callable[[bytes, int], bytes]:
    """Return what makes content out of bytes as they were sent, up to a number of bytes. Raises ValueError."""
    match encoding.strip().lower():
        case "" | "identity":
            return lambda piece, most: piece[:most]
        case "gzip" | "x-gzip" | "deflate":
            return zlib.decompressobj(_GZIP_OR_ZLIB).decompress
    raise ValueError("an unknown compression")


def decoded(content: bytes) -> Any:
    """Return content as decoded JSON, or as text if it isn't JSON, whatever its headers claim."""
    try:
        return json.loads(content) if content else None
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace")
