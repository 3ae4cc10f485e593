"""Prints figures as tables and keeps them as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from machine import machine
from rich.console import Console
from rich.table import Table

CONSOLE = Console()


def print_table(title: str, figures: Mapping[str, object]) -> None:
    """Print figures, one to a row; floats with two decimals."""
    table = Table("what", "value", title=title, title_justify="left")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.2f}" if isinstance(value, float) else str(value))
    CONSOLE.print(table)


def report(
    bench: str, figures: Mapping[str, Any], memory: Mapping[str, float], json_file: Path | None
) -> None:
    """Print a bench's figures, each process's peak memory in MiB and the machine; write the same as JSON."""
    facts = machine()
    print_table(bench, figures)
    print_table("peak resident memory, MiB", memory)
    print_table("machine", facts)
    if json_file is not None:
        kept = {"bench": bench, "figures": figures, "peak_memory_mib": memory, "machine": facts}
        json_file.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def quantile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed; NaN without values."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
