"""Changes that people make to a schedule: schedule in, schedule out, with what they cost and which rules they break."""
