"""Fair shares, balances, and the price of a change in fairness: plain numbers, without the solver."""
