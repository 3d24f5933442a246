"""The question that the solver gets: which seats are open, who may serve when, and what each person is owed.

From roster, schedule and the asked range to an `Instance` of arrays. Knows no variables and no solver.
"""
