"""Reads handles, and says what was meant by a text that is none.

Knows how a handle is spelled, not whose it is.
"""

from __future__ import annotations

import re
import unicodedata

from setrota.files.roster.lists import Item
from setrota.files.roster.reading import Spot, type_name
from setrota.files.roster.shapes import array, exactly, shaped
from setrota.roster import HANDLE

NOBODY = ("tba", "tbc", "tbd", "nobody", "none", "vacant")


@shaped(array(exactly(HANDLE), uniqueItems=True))
def read_handles(spot: Spot, value: object) -> tuple[Item[str], ...]:
    """Read a team's list of people; handles that can't be are reported and left out."""
    found: dict[str, Item[str]] = {}
    example = f'for example `{spot.key} = ["ana", "bo"]`'
    for number, inner in enumerate(spot.expect(list, "a list of handles", value, example)):
        here = spot.at(number)
        handle = here.read(read_handle, inner)
        if handle in found:
            here.error(f"names `{handle}` twice", "once is enough")
        elif handle is not None:
            found[handle] = Item(here, handle)
    return tuple(found.values())


@shaped(exactly(HANDLE))
def read_handle(spot: Spot, value: object) -> str:
    if not isinstance(value, str):
        raise spot.unreadable(f"should hold handles, not {type_name(value)}", 'for example `["ana", "bo"]`')
    if not value.strip():
        raise spot.unreadable("has a blank handle", "take it out")
    if not re.fullmatch(HANDLE, value):
        raise spot.unreadable(f"has `{value}`, which is no handle", _handle_hint(value))
    if value.lower() in NOBODY:
        raise spot.unreadable(f"has `{value}`, which is nobody", "leave it out until there is somebody")
    return value


def _handle_hint(value: str) -> str:
    """What was meant by something that is not a handle: several people, or a name."""
    several = several_in(value)
    if len(several) > 1 and all(re.fullmatch(HANDLE, part) for part in several):
        return "one handle each: " + ", ".join(f'`"{part}"`' for part in several)
    ascii_only = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    handle = ".".join(re.findall(HANDLE, ascii_only)).lower()
    rule = "letters a-z, digits, `.`, `_` and `-` make a handle"
    return f"{rule}: `{handle}`" if handle else rule


def folded(name: str) -> str:
    """A name as names are compared, however it is typed: case and white space aside."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def several_in(text: str) -> list[str]:
    """The people whom a text names with commas or words between them."""
    parts = re.split(r"\s*[,;/&+|\n]\s*|\s+(?:and|or|then)\s+", text.strip(), flags=re.IGNORECASE)
    return [part for part in parts if part]
