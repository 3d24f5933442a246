"""What is wrong with a roster and its schedule, and the commands that mend it."""
