"""Fair shares, balances, and what a change costs in fairness: plain numbers, without the solver."""
