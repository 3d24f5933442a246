"""Leave out of a calendar: its `events` and how they repeat (`repeats`), whom they name (`mentions`), which days that
is (`calendar`), and what of them is new to the roster (`imports`)."""
