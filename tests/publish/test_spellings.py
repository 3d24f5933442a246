"""However a program writes a text, it is found: the encoders here are those of other programs, not setrota's."""

from __future__ import annotations

import base64
import html
import json
import re
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from setrota.publish.spellings import spellings

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

TOKEN = "s3cr3t-\"t0k'en/with+signs=<&>\\and%more"
Encoder = Callable[[str], str]


def _lower_escapes(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), quote(text, safe=""))


def _go_json(text: str) -> str:
    """As Go's `encoding/json` does, and in other places PHP and Rails: no character that means something in a page."""
    return re.sub("[<>&'/+]", lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text)[1:-1])


def _template(text: str) -> str:
    """As templates of JavaScript do."""
    return re.sub("[&<>\"'`=/]", lambda found: f"&#x{ord(found[0]):X};", text)


ESCAPES: dict[str, Encoder] = {
    "as it is": str,
    "repr": lambda text: repr(text)[1:-1],
    "bytes": lambda text: repr(text.encode())[2:-1],
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON with slashes escaped": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON of Go": _go_json,
    "address": lambda text: quote(text, safe=""),
    "address, lower case": _lower_escapes,
    "path": quote,
    "form": quote_plus,
    "page": html.escape,
    "page with numbers": lambda text: html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),
    "page from a template": _template,
    "XML": lambda text: quoteattr(text)[1:-1],
}
CODES: dict[str, Encoder] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 of a name and it": lambda text: base64.b64encode(f"rota:{text}".encode()).decode(),
    "base64 of a header": lambda text: base64.b64encode(f"Bearer {text}\r\nAccept: */*".encode()).decode(),
    "base64 of a document": lambda text: base64.b64encode(f'{{"x": "{text}"}}'.encode()).decode(),
    "digits": lambda text: text.encode().hex(),
    "upper-case digits": lambda text: text.encode().hex().upper(),
}
LEFT_OF_A_CODE = 6
"""The characters of a code that the text shares with what is before and after it, which show at most 2 of its own."""


@pytest.mark.parametrize("outer", ESCAPES)
@pytest.mark.parametrize("inner", ESCAPES)
def test_no_escape_hides_a_text_nor_one_within_another(inner: str, outer: str) -> None:
    written = ESCAPES[outer](ESCAPES[inner](TOKEN))
    assert spellings(TOKEN).sub("*", f"<{written}>") == "<*>"


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), st.sampled_from(list(ESCAPES)))
def test_every_text_is_found(text: str, escape: str) -> None:
    written = ESCAPES[escape](text)
    # Of `%\` JSON makes `%\\`: whether that is one backslash or two can't be told, so one may be left.
    assert spellings(text).sub("", written).strip("\\") == ""


@pytest.mark.parametrize("escape", ["as it is", "address", "JSON with slashes escaped"])
@pytest.mark.parametrize("code", CODES)
def test_no_code_hides_a_text(code: str, escape: str) -> None:
    written = ESCAPES[escape](CODES[code](TOKEN))
    left = spellings(TOKEN).sub("*", written)
    assert "*" in left
    whole = CODES[code]("")
    assert len(left) <= len(ESCAPES[escape](whole)) + LEFT_OF_A_CODE


def test_what_is_something_else_stays() -> None:
    assert spellings(TOKEN).sub("*", TOKEN[:-1]) == TOKEN[:-1]
    assert spellings("a1").sub("*", "YTE= 6131") == "YTE= 6131"


@pytest.mark.parametrize("piece", ["\\", "%25", "&amp;", "&#0", "s3cr3t-", "s3cr3t-\\"])
def test_no_answer_takes_long_to_look_through(piece: str) -> None:
    """A server that answers with what looks like the beginning of the secret for 2 MB."""
    begun = time.process_time()
    spellings(TOKEN).sub("*", piece * (2_000_000 // len(piece)))
    assert time.process_time() - begun < 5
