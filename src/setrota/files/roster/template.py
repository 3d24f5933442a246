"""The roster that `setrota init` writes: small, commented, with every key, and planned without an edit.

Knows the format as a newcomer should meet it; where the text goes is up to the caller.
"""

from __future__ import annotations


def starting_roster() -> str:
    """A roster of three teams with placeholders for people, as the text of a `rotations.toml`."""
    return _STARTING_ROSTER


_STARTING_ROSTER = """\
# The roster: which duties there are, and whose turn they can be. Replace the teams and people by your own, then
# try `setrota check` and `setrota plan`. Lines that begin with `#` are comments; a key without its `#` is in force.

# More files, read as if they stood here: one per team, or leave that isn't committed.
# include = ["teams/*.toml", "private/leave.toml"]

[rota]
name = "First response"
# short-name = "FR"                # without it: the initials
timezone = "Europe/London"         # handovers keep their time of day there when the clocks change
handover = "Monday 09:00"          # when one crew takes over from the other
# schedule = "schedule.toml"       # where plans are saved, beside this file
# quarters-start = "January"       # the month in which the first quarter of the year begins

# The duties, each with its own pace.

[rotations.engineer]
every = "1 week"                   # how long a turn is
pool = "engineers"                 # the teams' lists that people are drawn from
seats = ["primary", "backup"]      # most important first; name a kind twice for two such seats
rest = "3 weeks"                   # free weeks between two duties of one person; without it: one turn
max-per-team = 1                   # how many of one team may serve at the same time; without it: any number

[rotations.lead]
every = "2 weeks"
pool = "leads"
seats = ["lead"]

# The teams. A person's handle is made of a-z, 0-9, `.`, `_` and `-`; one person may be in several lists.

[teams.red]
name = "Red team"                  # without it: `red`
leads = ["red-lead"]
engineers = ["red-1", "red-2", "red-3", "red-4"]

[teams.green]
name = "Green team"
leads = ["green-lead"]
engineers = ["green-1", "green-2", "green-3", "green-4"]

[teams.blue]
name = "Blue team"
leads = ["blue-lead"]
engineers = ["blue-1", "blue-2", "blue-3", "blue-4"]

# People, where there is something to say about them. A handle with a dot needs quotes: [people."red.one"].

[people.red-1]
name = "Red One"                   # without it: the handle
email = "red.one@example.com"
chat = "red.one"                   # the name in the chat; without it: the handle
share = 0.5                        # half time; or a share per rotation: { engineer = 0.5, lead = 1 }

[people.green-2]
name = "Green Two"
not-seats = ["primary"]            # not ready for these kinds of seat yet

# [people.blue-3]
# start = 2027-02-01               # first and last day in the rotation, where they are near
# end = 2027-11-30
# leave = [
#   { from = 2027-03-29, to = 2027-04-05 },                            # both days included
#   { from = 2027-05-03, note = "one day; a note is shown nowhere" },
# ]

# The header of the chat channel, as `setrota export header` writes it; this is how it reads without the section.
# [channel]
# header = "{rota}: {crew}. Next: {next}"
"""
