"""On-call overrides: whom each schedule of an on-call service should page, and when.

`overrides` has the overrides that a service needs from a moment on, and the services that the roster describes;
`requests` writes them in each service's own format. Knows no network: `setrota.publish.oncall` asks a service what it
already has.
"""
