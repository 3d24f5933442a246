"""Changes that people make to a schedule after planning: covers, swaps, and the rules that a change can break."""
