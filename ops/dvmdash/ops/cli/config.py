"""`dvmdash config`."""

from __future__ import annotations

import typer
from rich.table import Table

from dvmdash.ops.cli.options import DataOption, JsonOption, console, example, print_json
from dvmdash.ops.settings import load_settings, redacted


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("dvmdash config\ndvmdash config --json"))(config)


def config(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Print the settings in force, secrets as stars."""
    values = redacted(load_settings(data=data))
    if as_json:
        print_json(values)
        return
    table = Table("setting", "value", box=None, pad_edge=False)
    for name, value in values.items():
        shown = ", ".join(value) if isinstance(value, list) else value
        table.add_row(name, "[dim]unset[/dim]" if value is None else str(shown))
    console().print(table)
