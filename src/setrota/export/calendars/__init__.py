"""The schedule as iCalendar feeds: events that keep their identity whatever changes about them.

`duties` (with `duty_texts`) and `meetings` know which events there are and what they say; `index` answers their
questions about the schedule, by means of `spans`. `identity` gives an event its lasting identity and its revision.
`events` writes events, `timezones` time zones, and `without_duties` what stands in a calendar that has no duties;
`feeds` puts a calendar together, `folder` writes all of them into a folder.
Nothing here knows a clock: an event carries the time of the decisions behind it, so exporting twice gives the same
bytes.
"""
