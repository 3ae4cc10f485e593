"""`python -m dvmdash.simulate`: write an archive, or play the demo."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .archive import write_archive
from .demo import run_demo
from .errors import SimulateError
from .traffic import DEFAULT_START, TrafficSettings

app = typer.Typer(help="Make up DVM traffic that is signed for real.", no_args_is_help=True)

SeedOption = Annotated[
    int, typer.Option(help="The same seed gives the same people and, in archives, the same bytes.")
]


@app.command()
def archive(
    out: Annotated[Path, typer.Option(help="File to write; .gz and .zst are compressed.")],
    events: Annotated[int, typer.Option(min=1, help="How many events.")] = 100_000,
    seed: SeedOption = 1,
    start: Annotated[float, typer.Option(help="When it begins, in unix seconds.")] = DEFAULT_START,
    jobs_per_second: Annotated[float, typer.Option(min=0.0001, help="Mean rate of new jobs.")] = 0.5,
    customers: Annotated[int, typer.Option(min=1, help="How many customers.")] = 2_000,
    providers: Annotated[int, typer.Option(min=1, help="How many providers.")] = 90,
) -> None:
    """Write an archive of signed events, one per line."""
    settings = TrafficSettings(seed, start, jobs_per_second, customers, providers)
    with _bar() as progress:
        task = progress.add_task("events", total=events)
        written = write_archive(out, events, settings, lambda done: progress.update(task, completed=done))
    typer.echo(f"{out}: {written.events} events, {written.bytes} bytes of JSON")


@app.command()
def demo(
    relay_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")
    ] = 0,
    seed: SeedOption = 1,
    pace: Annotated[float, typer.Option(min=0.05, help="Mean seconds between jobs.")] = 4.0,
) -> None:
    """Run a relay with traffic; its URL is the first line printed. SIGTERM or SIGINT ends it."""
    asyncio.run(_play(relay_port, seed, pace))


async def _play(relay_port: int, seed: int, pace: float) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await run_demo(relay_port, stop, seed, pace, announce=_say)


def _say(url: str) -> None:
    typer.echo(url)
    sys.stdout.flush()


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, disable=not sys.stderr.isatty())


def main() -> None:
    """Run the command line; a failure is one line on standard error and exit status 1."""
    try:
        app()
    except (SimulateError, OSError) as error:
        typer.echo(f"dvmdash.simulate: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
