"""The mixed-integer program of an instance: its variables, a row for every rule, and what a choice costs.

`build` puts it together from `variables`, `rows` and those variables of `costs` that wishes and changes need; `costs`
prices it; `milp` solves it, with `highs` as the solver.
Doesn't know in which order aims are pursued; the stages decide that.
"""
