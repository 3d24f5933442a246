"""`python -m setrota`: the same as the `setrota` command."""

from setrota.cli import main

if __name__ == "__main__":
    main()
