"""What `setrota explain` says: why somebody has a duty, why somebody else has not, and what would fill an empty seat.

`explanation` asks the rules and the planner, and chooses `sentences`; `remedies` says what would fill an empty seat;
`formats` puts all of it together as text or JSON.
"""
