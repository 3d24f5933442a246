"""What `setrota fairness` says: a verdict, a bar for each person and team, and the balances behind them.

`verdict` has what people read first as values, which the team's page shows too; `bars` draws them in the terminal, and
`formats` writes them as text, JSON, CSV and Markdown. `distances` and `figures` are the words and numbers that `plan`,
`replan` and other commands share with it.
"""
