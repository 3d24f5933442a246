"""Reads leave from a calendar: its `events` and how they repeat (`repeats`), the people they name (`mentions`), their
days (`calendar`), and what is new to the roster (`imports`)."""
