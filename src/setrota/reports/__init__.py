"""What each command says, a module for each command: its sentences, its table and its JSON."""
