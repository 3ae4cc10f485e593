"""The command line: one module for each command, registered here."""

from __future__ import annotations

from dvmdash.ops.cli.app import main

__all__ = ["main"]
