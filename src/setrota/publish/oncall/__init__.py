"""Brings on-call overrides to PagerDuty, Opsgenie and Jira Service Management Operations.

Reads what a schedule of the service has from now on, and makes of it what the rota's schedule says, with as few
requests as that takes. What other people put there is never touched: setrota deletes and changes only what it knows to
be its own, by the alias (Opsgenie) or by what it noted when it made it (the others give out names of their own).

`service_update` plans what to change about a service, `schedule_update` about one of its schedules, and in which
order. `ledger` is what was noted. `pager` is what the services have in common, `services` how each of them lists and
changes overrides, and what they mean by an error.
"""
