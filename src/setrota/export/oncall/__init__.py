"""On-call overrides: who has to be reachable through which schedule of a service that pages, and when.

`overrides` has those that a service needs from a moment on, and the services that the roster describes; `requests` has
the same in each service's own format. Knows no network: `setrota.publish.oncall` asks a service what it has already.
"""
