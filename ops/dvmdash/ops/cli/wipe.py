"""`dvmdash wipe`."""

from __future__ import annotations

import asyncio
import shutil
from typing import Annotated

import typer
from rich.console import Console

from dvmdash.cypher.schema import wipe_graph
from dvmdash.ingest.streams import wipe_streams
from dvmdash.ops.cli.options import DataOption, example
from dvmdash.ops.connections import connect_nats, open_driver
from dvmdash.ops.data_folder import DataFolder
from dvmdash.ops.errors import UsageError
from dvmdash.ops.settings import Settings, load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("dvmdash wipe\ndvmdash wipe --yes --data /srv/dvmdash"))(wipe)


def wipe(
    data: DataOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete the event log and the graph for good. Nothing may be running."""
    settings = load_settings(starting=True, data=data)
    folder = DataFolder(settings.data)
    with folder.held():
        if not yes and not _agreed(settings):
            raise UsageError("nothing was deleted; answer yes, or use --yes")
        for part in (folder.nats, folder.neo4j):
            shutil.rmtree(part, ignore_errors=True)
        if settings.nats_url or settings.neo4j_url:
            asyncio.run(_wipe_servers(settings))
    Console(highlight=False).print("Deleted: the event log and the graph.")


def _agreed(settings: Settings) -> bool:
    servers = [url for url in (settings.nats_url, settings.neo4j_url) if url]
    where = " and on ".join([str(settings.data), *servers])
    return typer.confirm(f"Delete the event log and the graph in {where} for good?")


async def _wipe_servers(settings: Settings) -> None:
    if settings.nats_url:
        async with connect_nats(settings, name="wipe") as nc:
            await wipe_streams(nc.jetstream())
    if settings.neo4j_url:
        async with open_driver(settings) as driver:
            await wipe_graph(driver)
