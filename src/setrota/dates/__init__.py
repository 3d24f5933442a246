"""Calendar arithmetic: periods, handovers, days and moments as users write them, holidays, and who is available."""
