"""Rotations that are proven to be the fairest possible: plan them, read them, put them in calendars."""

__version__ = "0.1.0"
