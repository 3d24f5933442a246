"""What `setrota explain` says: why someone has a duty, why someone else doesn't, and what would fill an empty seat.

`explanation` asks the rules and the planner about a `subject` and chooses `sentences`. `passed_on` does so for duties
that `decisions` of people or of a replan gave to their holders, in the words of `decided`, and `vacancy` for empty
seats, with the `remedies` that would fill them. `person` covers all duties of one person; `formats` turns either into
text and JSON.
"""
