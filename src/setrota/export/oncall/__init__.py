"""On-call overrides: who has to be reachable through which schedule of a service that pages, and when.

`overrides` are those that a service needs from a moment on, `requests` the same in each service's own format;
`services` says which services the roster describes. Knows no network: `setrota.publish.oncall` asks a service what it
has already.
"""
