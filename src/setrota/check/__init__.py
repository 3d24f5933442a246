"""What is wrong with a roster and a schedule, and the commands that mend it."""
