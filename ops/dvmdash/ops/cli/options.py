"""Options that many commands share, and how data is printed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

WIDE = 160

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder; DVMDASH_DATA, else a folder of this user.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def example(text: str) -> str:
    """Return the end of a command's help: how it is used."""
    lines = "".join(f"\n\n  {line}" for line in text.strip().splitlines())
    return f"[bold]Example:[/bold]{lines}"


def console() -> Console:
    """Return where tables and trees go: as wide as the terminal, and wide enough for a file or a pipe."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=WIDE)


def print_json(value: Any) -> None:
    """Print a value as JSON, with what JSON has no type for as text."""
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n")
