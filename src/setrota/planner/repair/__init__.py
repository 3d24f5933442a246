"""Repairs a schedule that no longer fits its roster with the fewest changes, and finds what more changes would gain.

Plans again with a cost on every seat that changes hands. Knows no wording.
"""
