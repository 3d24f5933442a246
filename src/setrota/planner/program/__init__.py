"""The mixed-integer program of an instance: its variables, a row for every rule, and what a choice costs.

`build` puts it together from `variables`, `rows`, `changes` and `wishes`; `costs` prices it; `milp` solves it, with
`rounding` as a heuristic and `highs` as the solver.
Knows no order in which aims are pursued: that is for the stages.
"""
