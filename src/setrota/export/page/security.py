"""Style and script as they are delivered, and the policy that lets a browser use these and nothing else.

Lines of comment and indentation are left out, and nothing else is: what a reader finds in the page is what stands in
`page.js`. rjsmin and rcssmin would save a few hundred bytes more, and would each be one more library.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files


@cache
def style() -> str:
    """`page.css` without comments and line breaks."""
    source = re.sub(r"/\*.*?\*/", "", _source("page.css"), flags=re.DOTALL)
    return "".join(line.strip() for line in source.splitlines())


@cache
def script() -> str:
    """`page.js` without lines of comment and indentation."""
    lines = (line.strip() for line in _source("page.js").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _source(name: str) -> str:
    return (files(__package__ or "") / name).read_text("utf-8")


def policy(css: str, code: str) -> str:
    """A Content-Security-Policy that also works for a page opened from disk."""
    return (
        f"default-src 'none'; script-src 'sha256-{_digest(code)}'; style-src 'sha256-{_digest(css)}'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def _digest(source: str) -> str:
    return b64encode(sha256(source.encode()).digest()).decode()
