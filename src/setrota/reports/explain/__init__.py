"""What `setrota explain` says: why someone has a duty, why someone else doesn't, and what would fill an empty seat.

`explanation` asks the rules and the planner and chooses `sentences`; `remedies` finds what would fill an empty seat.
`person` covers all duties of one person; `formats` turns either into text and JSON.
"""
