"""Who could take over a duty, best first: by which moves, at what price in fairness, and why others can't.

Tries people out and asks the checkers, without the solver; planning minimises the same prices. Knows no terminal and no
file, and never reveals why a person is away.
"""
