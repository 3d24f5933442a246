"""The page's own rules of style: what each kind of seat looks like, seats' names on a phone, and columns left out.

They are made of numbers of rotations, columns and kinds; of what people wrote they have only the seats' names, every
character of which but letters and digits is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator

from setrota.reports.page import TeamPage

COLOURS = 6


def styles_of(page: TeamPage) -> str:
    return "".join([*_kinds(page), *_seat_names(page), *_left_out(page)])


def kind_class(colour: int) -> str:
    """The class of a kind of seat."""
    return f"k{colour}"


def _kinds(page: TeamPage) -> Iterator[str]:
    for mark in page.grid.kinds if page.grid else ():
        colour = mark.colour % COLOURS
        yield f".{kind_class(mark.colour)}{{background:var(--c{colour});color:var(--i{colour})}}"


def _seat_names(page: TeamPage) -> Iterator[str]:
    """On a phone, each cell of the rota by date says which seat it is about."""
    rules = [
        f'.d{number} td:nth-child({column + 2}):before{{content:"{_escaped(each.name)}"}}'
        for number, table in enumerate(page.tables)
        for column, each in enumerate(table.columns)
    ]
    if rules:
        yield f"@media (max-width:40rem){{{''.join(rules)}}}"


def _escaped(words: str) -> str:
    """Words in a string of CSS that ends neither the string nor the style."""
    return "".join(letter if letter.isascii() and letter.isalnum() else f"\\{ord(letter):x} " for letter in words)


def _left_out(page: TeamPage) -> Iterator[str]:
    """What isn't shown while one rotation is chosen: tables, columns and marks of the others."""
    if len(page.rotations) < 2:
        return
    for number, rotation in enumerate(page.rotations):
        hidden = [f".r{number} .{name}" for name in _others(page, rotation.rotation)]
        if hidden:
            yield f"{','.join(hidden)}{{display:none}}"
        kinds = page.grid.kinds if page.grid else ()
        marks = [f".{kind_class(each.colour)}" for each in kinds if each.rotation != rotation.rotation]
        if marks:
            yield f"{','.join(f'.r{number} {mark}' for mark in marks)}{{visibility:hidden}}"
            yield f"{','.join(f'.r{number} li:has({mark})' for mark in marks)}{{display:none}}"


def _others(page: TeamPage, rotation: str) -> Iterator[str]:
    for number, table in enumerate(page.tables):
        if rotation not in table.rotations:
            yield f"t{number}"
            continue
        for column, each in enumerate(table.columns):
            if each.rotation != rotation:
                yield f"d{number} tr>:nth-child({column + 2})"
