"""Reads handles, and says what was meant by a text that is none.

Knows how a handle is spelled, not whose it is.
"""

from __future__ import annotations

import re

from setrota.files.roster.findings import Spot, type_name
from setrota.roster import HANDLE

NOBODY = ("tba", "tbc", "tbd", "nobody", "none", "vacant")


def read_handles(spot: Spot, value: object) -> tuple[str, ...] | None:
    """Read a team's list of people; handles that can't be are reported and left out."""
    if not isinstance(value, list):
        spot.expects("a list of handles", value, f'for example `{spot.key} = ["ana", "bo"]`')
        return None
    handles: list[str] = []
    for number, item in enumerate(value):
        here = spot.at(number)
        if not is_handle(here, item):
            here.mark_unread()
        elif item in handles:
            here.error(f"names `{item}` twice", "once is enough")
        else:
            handles.append(item)
    return tuple(handles)


def is_handle(spot: Spot, value: object) -> bool:
    if not isinstance(value, str):
        spot.error(f"should hold handles, not {type_name(value)}", 'for example `["ana", "bo"]`')
    elif not value.strip():
        spot.error("has a blank handle", "take it out")
    elif not re.fullmatch(HANDLE, value):
        spot.error(f"has `{value}`, which is no handle", _handle_hint(value))
    elif value.lower() in NOBODY:
        spot.error(f"has `{value}`, which is nobody", "leave it out until there is somebody")
    else:
        return True
    return False


def _handle_hint(value: str) -> str:
    """What was meant by something that is not a handle: several people, or a name."""
    import unicodedata

    several = several_in(value)
    if len(several) > 1 and all(re.fullmatch(HANDLE, part) for part in several):
        return "one handle each: " + ", ".join(f'`"{part}"`' for part in several)
    ascii_only = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    handle = ".".join(re.findall(HANDLE, ascii_only)).lower()
    rule = "letters a-z, digits, `.`, `_` and `-` make a handle"
    return f"{rule}: `{handle}`" if handle else rule


def several_in(text: str) -> list[str]:
    """The people whom a text names with commas or words between them."""
    parts = re.split(r"\s*[,;/&+|\n]\s*|\s+(?:and|or|then)\s+", text.strip(), flags=re.IGNORECASE)
    return [part for part in parts if part]
