"""Files in and out, a room for each question.

`toml` knows TOML as text, `roster` reads and edits rosters, `schedule` reads and writes schedules, `leave` calendars.
Past duties come in by `duties_csv`, with `spreadsheet`; an earlier state of a file by `revisions`. `saving` reads and
replaces files, with `locking`: one process at a time.
"""
