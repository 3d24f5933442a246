"""What `setrota explain` says: why somebody has a duty, why somebody else has not, and what would fill an empty seat.

`explanation` asks the rules and the planner, and chooses `sentences`; `remedies` says what would fill an empty seat.
`formats` makes text or JSON of one explanation, `person` of all that one person does.
"""
