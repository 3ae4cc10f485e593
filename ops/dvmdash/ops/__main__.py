"""`python -m dvmdash.ops`: the command line."""

from __future__ import annotations

from dvmdash.ops.cli import main

if __name__ == "__main__":
    main()
