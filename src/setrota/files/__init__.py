"""Reads and writes files.

`toml` handles TOML as text; `roster` reads and edits rosters, `schedule` reads and writes schedules, and `leave` reads
calendars. `duties_csv` imports past duties, with `spreadsheet` for the cells; `revisions` reads an earlier version of a
file. `saving` reads and replaces files, `locking` lets one process do so at a time, and `undo` remembers the saves.
"""
