"""TOML as text: what it says (`documents`), on which lines (`places`), what is wrong with one that isn't TOML
(`syntax`), and edits that touch no other line (`editing`, made of `splices`)."""

from collections.abc import Sequence

KeyPath = Sequence[str | int]
"""The keys that lead to a value, from the top of a file; an item of a list is known by its number."""
