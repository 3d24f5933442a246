"""Brings the schedule to where the team looks: channel headers, calendars on a server, on-call overrides.

Each target that can be asked what it has is asked, and compared; so there is a list of `Call`s, exactly what is to be
sent, and nothing that is there already. Whoever runs it shows them (`--dry-run`) or delivers them, one by one; what
failed is told item by item, and a second run, which compares again, completes the rest. Secrets come from the
environment or a file, and go nowhere but into the request.

Its rooms: `secrets`, `calls` (what is sent, and what came of it), `client` (HTTP), `answers` (what servers mean), and
those of the targets; `notices` is who is written to. The command line imports what needs `httpx`, an optional extra,
when it is asked for.
"""
