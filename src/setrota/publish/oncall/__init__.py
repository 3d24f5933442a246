"""Sends on-call overrides to PagerDuty, Opsgenie and Jira Service Management Operations.

Reads the overrides of the service's schedules from now on, and brings them in line with the rota's schedule with as few
requests as possible. Other people's overrides are never touched: setrota deletes and changes only overrides that it
knows to be its own, by the alias at Opsgenie, and by its notes at the other services, which name overrides themselves.

`service_update` plans what to change at a service, `schedule_update` what to change in one of its schedules, and in
which order. `ledger` has the notes. `pager` has what the services have in common; `services` how each of them lists and
changes overrides, and what its errors mean.
"""
