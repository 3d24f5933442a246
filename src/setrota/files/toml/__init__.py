"""TOML as text: its data (`documents`), the line of each key (`places`), explanations of syntax errors (`syntax`), and
edits that change no other line (`editing`, made of `splices`)."""

from collections.abc import Sequence

KeyPath = Sequence[str | int]
"""The keys that lead to a value, from the top of a file; items of lists are numbered from 0."""
