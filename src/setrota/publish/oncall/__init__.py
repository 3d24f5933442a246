"""Brings on-call overrides to PagerDuty, Opsgenie and Jira Service Management Operations.

Reads what a schedule of the service has from now on, and makes of it what the rota's schedule says, with as few
requests as that takes. What other people put there is never touched: setrota deletes and changes only what it knows to
be its own, by the alias (Opsgenie) or by what it noted when it made it (the others give out names of their own).

Its rooms: `pager` (what the services have in common), `services` (each one's ways), `refusals` (what they mean by an
error), `ledger` (what was noted), `steps` (what is to be sent, and in which order), `comparison` (of a schedule with
what it should be) and `visits` (of all the schedules of a service).
"""
