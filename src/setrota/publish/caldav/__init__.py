"""A calendar on a server (CalDAV, RFC 4791) that holds the whole rota: one event for each of the schedule's.

An event is ours if its identity is one of this rota's. Only those are added, changed and deleted; whatever else is in
the calendar isn't even understood. A change that people make to one of ours on the server is overwritten. What a
server or a program adds without changing what an event says is left alone, so that a second run has nothing to send.

`update` plans what to send, `events` knows whose an event is and what it says, `server` is one calendar on one server
and what its errors mean, `multistatus` WebDAV's questions and answers. The requests go through the client
that all targets share, with its time-outs, retries and secrets.
"""
