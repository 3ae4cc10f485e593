"""`dvmdash import`."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from dvmdash.ingest.archive import ImportSummary, import_files
from dvmdash.ingest.streams import ensure_streams
from dvmdash.ops.bulk_memory import collect_rarely
from dvmdash.ops.cli.options import DataOption, JsonOption, example, print_json
from dvmdash.ops.connections import connect_nats
from dvmdash.ops.settings import Settings, load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    epilog = example(
        "dvmdash import events.jsonl archive.jsonl.zst\nzcat old.jsonl.gz | dvmdash import --strict -"
    )
    app.command("import", epilog=epilog)(import_)


def import_(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…", help="Events, one per line or a JSON array; plain, .gz or .zst; - is stdin."
        ),
    ],
    data: DataOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when an event was refused.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write archived events to the event log; importing again changes nothing."""
    collect_rarely()
    summary = asyncio.run(_import(load_settings(data=data), files))
    if as_json:
        print_json(as_data(summary))
    else:
        _print(summary)
    failed = bool(summary.errors or summary.failed)
    if failed or (strict and summary.refused.total()):
        raise typer.Exit(1)


def as_data(summary: ImportSummary) -> dict[str, Any]:
    """Return what `--json` prints."""
    return {
        "read": summary.read,
        "accepted": summary.accepted,
        "duplicates": summary.duplicates,
        "embedded": summary.embedded,
        "failed": summary.failed,
        "refused": {reason.value: count for reason, count in sorted(summary.refused.items())},
        "first_refusals": summary.first_refusals,
        "errors": summary.errors,
    }


async def _import(settings: Settings, files: list[str]) -> ImportSummary:
    columns = (
        SpinnerColumn(),
        BarColumn(),
        TaskProgressColumn(show_speed=False),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    async with connect_nats(settings, name="import", patient=True) as nc:
        await ensure_streams(nc.jetstream(), replicas=settings.nats_replicas)
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            task = progress.add_task("import", total=None, note="")
            return await import_files(nc, files, on_progress=lambda summary: _show(progress, task, summary))


def _show(progress: Progress, task: TaskID, summary: ImportSummary) -> None:
    elapsed = progress.tasks[0].elapsed or 0.0
    rate = summary.read / elapsed if elapsed else 0.0
    note = f"{summary.read:,} read, {rate:,.0f}/s, {summary.refused.total():,} refused"
    progress.update(task, completed=summary.bytes_done, total=summary.bytes_total, note=note)


def _print(summary: ImportSummary) -> None:
    console = Console(highlight=False)
    console.print(
        f"{summary.read:,} read: {summary.accepted:,} accepted, {summary.duplicates:,} duplicates, "
        f"{summary.refused.total():,} refused"
    )
    if summary.embedded:
        console.print(f"{summary.embedded:,} requests found inside results were logged too")
    for reason, count in summary.refused.most_common():
        console.print(f"  refused, {reason.value}: {count:,}", markup=False)
    for line in summary.first_refusals:
        console.print(f"  {line}", markup=False, soft_wrap=True)
    if summary.failed:
        console.print(f"{summary.failed:,} events could not be written to the log; import again")
    for error in summary.errors:
        Console(stderr=True, highlight=False).print(f"dvmdash: {error}", markup=False, soft_wrap=True)
