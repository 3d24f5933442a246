"""A calendar on a server (CalDAV, RFC 4791) that holds the whole rota's events.

An event is ours if its identity is one of this rota's. Only those are added, changed and deleted; everything else in
the calendar is ignored. Changes that people make to our events on the server are overwritten. Additions by a server or
a program that don't change an event's content stay, so that a second run has nothing to send.

`update` plans what to send, `events` knows whose an event is and what it says, `server` is one calendar on one server
with the meaning of its errors, `multistatus` has WebDAV's questions and answers. Requests go through the client that
all targets share, with its time-outs, retries and secrets.
"""
