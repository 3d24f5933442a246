"""Files in and out, a room for each question.

What a TOML file says: `documents` reads it, `places` knows its lines, `syntax` what is wrong with a text that isn't
TOML. A roster: `roster` reads it whole, with `includes` (its files), `sections`, `keys`, `rules`, `lists`, `values` and
`handles` (what may stand in it), `names`, `references`, `staffing`, `mixes` and `pins` (what must agree) and `findings`
(what is wrong with it). A schedule: `schedule` reads, with `schedule_fields`, and `schedule_text` writes. Past duties:
`duties_csv`, with `spreadsheet`. `saving` reads and replaces files, with `locking` (one process at a time);
`template` is a new roster.
"""
