"""Sends the schedule to where the team looks: channel headers, calendars on a server, on-call overrides.

Each target except the webhook is asked what it has. The difference is a list of `Call`s: exactly what to send, and
nothing that is there already. The command line shows them (`--dry-run`) or delivers them one by one and reports each
result; a second run compares again and sends the rest. Secrets come from the environment or a file, and go nowhere but
into the request.

Each target has a module or a package: `mattermost` (with `announcements`), `webhook`, `caldav`, `oncall`. They share
`secrets` (and whether they may travel), `calls` (requests and their results), `limit` (when a run ends), `client`
(HTTP), `content` (of answers) and `responses` (what they mean). The command line imports modules that need `httpx`, an
optional extra, only when it needs them.
"""
