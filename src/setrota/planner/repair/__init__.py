"""Repair: a schedule that no longer fits its roster, mended with the fewest changes, and what more changes would buy.

Plans again with a cost on every seat that changes hands. Knows no wording.
"""
