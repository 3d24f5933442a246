"""Brings the schedule to where the team looks: channel headers, calendars on a server, on-call overrides.

Each target reads what the server has, compares, and makes a list of `Call`s: exactly what is to be sent, nothing that
is there already. Whoever runs it shows them (`--dry-run`) or delivers them, one by one; what failed is told item by
item, and a second run, which compares again, completes the rest. Secrets come from the environment or a file, and go
nowhere but into the request.

Its rooms: `secrets`, `calls` (what is sent, and what came of it), `client` (HTTP), and one for each target. The command
line imports them when they are asked for: `httpx` is an optional extra.
"""
