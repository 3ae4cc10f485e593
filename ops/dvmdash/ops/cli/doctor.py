"""`dvmdash doctor`."""

from __future__ import annotations

import asyncio

import typer
from rich.console import Console
from rich.text import Text

from dvmdash.ops.cli.options import DataOption, JsonOption, example, print_json
from dvmdash.ops.diagnosis import Finding, diagnose
from dvmdash.ops.settings import Settings, load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("dvmdash doctor\ndvmdash doctor --json"))(doctor)


def doctor(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Check this machine and the servers, and say how to mend what is wrong."""
    findings = asyncio.run(_findings(load_settings(data=data)))
    if as_json:
        print_json([{"what": each.what, "found": each.found, "mend": each.mend or None} for each in findings])
    else:
        for finding in findings:
            _print(finding)
    if any(finding.mend for finding in findings):
        raise typer.Exit(1)


async def _findings(settings: Settings) -> list[Finding]:
    return [finding async for finding in diagnose(settings)]


def _print(finding: Finding) -> None:
    line = Text("✗ " if finding.mend else "✓ ", style="red" if finding.mend else "green")
    line.append(f"{finding.what}: ", style="bold").append(finding.found, style="default")
    if finding.mend:
        line.append(f"\n  to mend: {finding.mend}")
    Console(highlight=False).print(line, soft_wrap=True)
