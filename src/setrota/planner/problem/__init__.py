"""The question for the solver: which seats are open, who may serve when, and what share each person is owed.

Turns the roster, the schedule and the range into an `Instance` of arrays. Knows no variables and no solver.
"""
