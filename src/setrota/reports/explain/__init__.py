"""What `setrota explain` says: why somebody has a duty, why somebody else has not, and what would fill an empty seat.

`explanation` asks the rules and the planner, and chooses `sentences`; `remedies` says what would fill an empty seat.
`person` does so for all that one person has; `formats` makes text and JSON of either.
"""
