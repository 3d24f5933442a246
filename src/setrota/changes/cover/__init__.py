"""Who could take a duty, best first: by which moves, at what price in fairness, and why not the others.

Puts people there and asks the checkers, without the solver; prices are those that planning minimises. Knows no terminal
and no file, and never tells why somebody is away.
"""
