"""`dvmdash rebuild`."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

import typer
from nats.aio.client import Client
from nats.js.errors import NotFoundError
from rich.console import Console
from rich.progress import Progress

from dvmdash.nip90.log import PROJECTION, STREAM
from dvmdash.ops.cli.options import DataOption, example
from dvmdash.ops.connections import connect_nats, open_driver
from dvmdash.ops.settings import Settings, load_settings
from dvmdash.projector.rebuild import request_rebuild, reset

POLL_SECONDS = 0.5


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("dvmdash rebuild\ndvmdash rebuild --no-wait"))(rebuild)


def rebuild(
    data: DataOption = None,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait until the graph is whole again.")
    ] = True,
) -> None:
    """Throw the graph away and make it anew from the event log."""
    asyncio.run(_rebuild(load_settings(data=data), wait))


async def _rebuild(settings: Settings, wait: bool) -> None:
    console = Console(highlight=False)
    async with connect_nats(settings, name="rebuild") as nc:
        before = await _consumer_made(nc)
        if not await request_rebuild(nc):
            async with open_driver(settings) as driver:
                await reset(nc.jetstream(), driver)
            console.print("The graph is empty; the projector fills it from the log when it runs.")
        elif wait:
            await _wait(nc, before)
            console.print("The graph was made anew from the log.")
        else:
            console.print("The projector makes the graph anew from the log.")


async def _consumer_made(nc: Client) -> datetime | None:
    try:
        made: datetime | None = (await nc.jetstream().consumer_info(STREAM, PROJECTION)).created
    except NotFoundError:
        return None
    return made


async def _wait(nc: Client, before: datetime | None) -> None:
    """Wait for the projector's new consumer, then until that has nothing pending."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("Rebuilding", total=None)
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if (made := await _consumer_made(nc)) is None or made == before:
                continue
            info = await nc.jetstream().consumer_info(STREAM, PROJECTION)
            left = (info.num_pending or 0) + (info.num_ack_pending or 0)
            total = (await nc.jetstream().stream_info(STREAM)).state.messages
            progress.update(task, completed=total - left, total=total)
            if not left:
                return
