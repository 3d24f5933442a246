"""How programs write a text: in JSON, in pages and addresses, in base64 and hexadecimal digits, once or several times.

Knows no secret; `setrota.publish.secrets` hides every spelling of one.
"""

from __future__ import annotations

import re
from base64 import b64encode
from html.entities import codepoint2name

SHORTEST_CODE = 8
"""In characters. Shorter base64 or digits could occur in any text."""

_NAMES = {**codepoint2name, ord("'"): "apos", ord("/"): "sol", ord("+"): "plus", ord("="): "equals"}


def spellings(text: str) -> re.Pattern[str]:
    """Return a pattern for the text however a program writes it. A search takes time in proportion to its text."""
    digits = _content(text).hex()
    codes = {code for code in (*_in_base64(text), digits, digits.upper()) if len(code) >= SHORTEST_CODE}
    coded = [_escaped(code) for code in sorted(codes, key=len, reverse=True)]
    return re.compile("|".join([_escaped(text), *coded]))


def _escaped(text: str) -> str:
    """Return a pattern for the text with any of its signs escaped, in one way or in two, one around the other."""
    return "".join(_sign(each) for each in re.findall(r"\\+|[^\\]", text))


_PERCENT = r"%(?:25){0,2}"
_AND = rf"(?:&(?:amp;|#0{{0,5}}38;|#x0{{0,5}}26;){{0,2}}|{_PERCENT}26|\\{{1,7}}[ux](?:00)?26)"
_NUMBER = rf"{_AND}(?:\#|{_PERCENT}23)"
_END = rf"(?:;|{_PERCENT}3B)"
_BACKSLASH = rf"(?:\\|{_PERCENT}5C|{_NUMBER}0{{0,5}}(?:92|x5C){_END})"


def _sign(sign: str) -> str:
    """Return a pattern for a character, or for a row of backslashes."""
    if sign.isascii() and sign.isalnum():
        return sign
    count, number = len(sign), ord(sign[0])
    if sign[0] == "\\":
        # A row is one sign, since a backslash before each of them could be meant in too many ways.
        return rf"(?i:{_BACKSLASH}{{{count},{8 * count}}})"
    in_address = "".join(f"{_PERCENT}{byte:02X}" for byte in _content(sign))
    in_json = rf"{_BACKSLASH}{{1,7}}(?:u{number:04X}|x{number:02X})"
    name = f"|{_AND}{_NAMES[number]}{_END}" if number in _NAMES else ""
    in_page = rf"{_NUMBER}(?:0{{0,5}}{number}|x0{{0,5}}{number:X}){_END}{name}"
    # The longest first, or `&` would be found in `&amp;`.
    return rf"(?i:{in_json}|{_BACKSLASH}{{0,7}}(?:{in_page}|{in_address}|{re.escape(sign)}))"


def _in_base64(text: str) -> set[str]:
    """Return what base64 makes of the text, alone and in the middle of another text, in both of its alphabets."""
    content = _content(text)
    found = {b64encode(content).decode().rstrip("=")}
    for before in range(3):
        # The first and last characters of a code also stand for a part of what is before and after.
        code = b64encode(bytes(before) + content).decode()
        found.add(code[-(-before * 8 // 6) : (before + len(content)) * 8 // 6])
    return found | {code.replace("+", "-").replace("/", "_") for code in found}


def _content(text: str) -> bytes:
    # A variable whose bytes aren't UTF-8 has surrogates.
    return text.encode(errors="surrogatepass")
