"""Brings the schedule to where the team looks: channel headers, calendars on a server, on-call overrides.

Each target that can be asked what it has is asked, and compared; so there is a list of `Call`s, exactly what is to be
sent, and nothing that is there already. The command line shows them (`--dry-run`) or delivers them one by one, and
reports each result; a second run, which compares again, completes the rest. Secrets come from the environment or a
file, and go nowhere but into the request.

Each target has a module or a room: `mattermost` (with `announcements`), `webhook`, `caldav`, `oncall`.
They share `secrets` (and whether they may travel), `calls` (what is sent, and what came of it), `client`
(HTTP) and `responses` (what servers mean). The command line imports what needs `httpx`, an optional extra, when it is
asked for.
"""
