"""Texts for a chat channel: its header, and the post when the crew changes."""
