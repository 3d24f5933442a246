"""Texts for a chat channel: the header, and notes about a handover."""
