"""What people change in a schedule after it was planned: covers, swaps, and the rules that a change may break."""
