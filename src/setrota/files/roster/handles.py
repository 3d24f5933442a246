"""Reads handles, and proposes one where a text is not a handle.

Knows how handles are spelled, not whose they are. `anyascii` transliterates names; `Unidecode` would do as well, but is
under the GPL.
"""

from __future__ import annotations

import re
import unicodedata

from setrota.files.roster.lists import Item, words_as_list
from setrota.files.roster.reading import Spot, Unreadable, type_name
from setrota.files.roster.shapes import array, exactly, shaped
from setrota.roster import HANDLE

NOBODY = ("tba", "tbc", "tbd", "nobody", "none", "vacant")


@shaped(array(exactly(HANDLE), uniqueItems=True))
def read_handles(spot: Spot, value: object) -> tuple[Item[str], ...]:
    """Read a team's list of people; handles that can't be read are reported and left out."""
    found: dict[str, Item[str]] = {}
    several = several_in(value) if isinstance(value, str) else []
    if several and all(re.fullmatch(HANDLE, part) for part in several):
        example = spot.instead(words_as_list(several))
    else:
        example = f'for example `{spot.key} = ["ana", "bo"]`'
    for number, inner in enumerate(spot.expect(list, "a list of handles", value, example)):
        here = spot.at(number)
        handle = here.read(read_handle, inner)
        if handle in found:
            here.error(f"names `{handle}` twice", "remove one of them", code="named-twice")
        elif handle is not None:
            found[handle] = Item(here, handle)
    return tuple(found.values())


@shaped(exactly(HANDLE))
def read_handle(spot: Spot, value: object) -> str:
    if not isinstance(value, str):
        hint = 'for example `["ana", "bo"]`'
        raise spot.unreadable(f"has {type_name(value)} where a handle should be", hint, code="wrong-type")
    if not value.strip():
        raise spot.unreadable("has a blank handle", "remove it", code="blank")
    if not re.fullmatch(HANDLE, value):
        raise _not_a_handle(spot, value)
    if value.lower() in NOBODY:
        hint = "leave it out until you know who it is"
        raise spot.unreadable(f"has `{value}`, which is not a person", hint, code="nobody-yet")
    return value


def _not_a_handle(spot: Spot, value: str) -> Unreadable:
    """The problem with a text that names several people, or has characters that handles can't have."""
    several = several_in(value)
    if len(several) > 1 and all(re.fullmatch(HANDLE, part) for part in several):
        hint = "write one handle each: " + ", ".join(f'`"{part}"`' for part in several)
        return spot.unreadable(f"has several people in one text, `{value}`", hint, code="several-people")
    hint, handle = "a handle may have letters a-z, digits, `.`, `_` and `-`", _handle_for(value)
    message = f"has `{value}`, which is not a valid handle"
    return spot.unreadable(message, f"{hint}: `{handle}`" if handle else hint, code="not-a-handle")


def _handle_for(name: str) -> str:
    """A handle for a name in any script: `zoe.lanternby` for `Zoë Lanternby`; empty where there is none.

    `unicodedata` can only remove accents: it would drop `ł`, `ø`, `ß` and all letters that are not Latin.
    """
    from anyascii import anyascii  # only where something is wrong

    return ".".join(re.findall(HANDLE, anyascii(name))).lower()


def folded(name: str) -> str:
    """A name as names are compared: without regard to case and white space."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def several_in(text: str) -> list[str]:
    """The people that a text names with commas or words between them."""
    parts = re.split(r"\s*[,;/&+|\n]\s*|\s+(?:and|or|then)\s+", text.strip(), flags=re.IGNORECASE)
    return [part for part in parts if part]
