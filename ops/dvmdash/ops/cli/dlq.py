"""`dvmdash dlq`: events that could not be projected."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dvmdash.nip90.previews import preview
from dvmdash.ops.cli.options import DataOption, JsonOption, console, example, print_json
from dvmdash.ops.connections import connect_nats, open_driver
from dvmdash.ops.errors import UsageError
from dvmdash.ops.settings import Settings, load_settings
from dvmdash.projector.dead_letters import DeadLetter, dead_letter, dead_letters
from dvmdash.projector.retry import retry_dead_letter

SequenceArgument = Annotated[
    int, typer.Argument(metavar="SEQUENCE", help="The message's sequence in the log.")
]

app = typer.Typer(
    help="Events that could not be projected: list them, show one, try again.", no_args_is_help=True
)


@app.command("list", epilog=example("dvmdash dlq list --json"))
def list_(data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the dead letters, oldest first, each with its error."""
    found = asyncio.run(_all(load_settings(data=data)))
    if as_json:
        print_json([_as_data(letter) for letter in found])
        return
    table = Table("sequence", "failed at", "error", box=None, pad_edge=False)
    for letter in found:
        failed = datetime.fromtimestamp(letter.failed_at, UTC).strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(str(letter.stream_seq), failed, Text(preview(letter.error)))
    console().print(table if found else "No dead letters.")


@app.command(epilog=example("dvmdash dlq show 1234"))
def show(sequence: SequenceArgument, data: DataOption = None) -> None:
    """Show one dead letter as JSON: its error, its headers and the event."""
    print_json(_as_data(asyncio.run(_one(load_settings(data=data), sequence)), whole=True))


@app.command(epilog=example("dvmdash dlq retry 1234\ndvmdash dlq retry --all"))
def retry(
    sequence: Annotated[
        int | None, typer.Argument(metavar="[SEQUENCE]", help="The message's sequence.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Try all of them.")] = False,
    data: DataOption = None,
) -> None:
    """Project dead letters again; what succeeds is removed from the list."""
    if every == (sequence is not None):
        raise UsageError("name one SEQUENCE, or --all")
    done, failed = asyncio.run(_retry(load_settings(data=data), sequence))
    console().print(f"{done} projected, {len(failed)} failed again")
    for line in failed:
        Console(stderr=True, highlight=False).print(line, markup=False, soft_wrap=True)
    if failed:
        raise typer.Exit(1)


async def _all(settings: Settings) -> list[DeadLetter]:
    async with connect_nats(settings, name="dlq") as nc:
        return [letter async for letter in dead_letters(nc.jetstream())]


async def _one(settings: Settings, sequence: int) -> DeadLetter:
    async with connect_nats(settings, name="dlq") as nc:
        return await dead_letter(nc.jetstream(), sequence)


async def _retry(settings: Settings, sequence: int | None) -> tuple[int, list[str]]:
    async with connect_nats(settings, name="dlq") as nc, open_driver(settings) as driver:
        js = nc.jetstream()
        wanted = [sequence] if sequence is not None else [each.stream_seq async for each in dead_letters(js)]
        errors = {each: await retry_dead_letter(js, driver, each) for each in wanted}
        failed = [f"{each}: {preview(str(error))}" for each, error in errors.items() if error is not None]
        return len(errors) - len(failed), failed


def _as_data(letter: DeadLetter, *, whole: bool = False) -> dict[str, Any]:
    row: dict[str, Any] = {
        "sequence": letter.stream_seq,
        "error": letter.error,
        "first_seen": letter.first_seen,
        "failed_at": letter.failed_at,
    }
    if whole:
        row |= {"headers": letter.headers, "event": letter.payload.decode("utf-8", "replace")}
    return row
