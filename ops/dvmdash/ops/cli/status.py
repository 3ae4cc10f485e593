"""`dvmdash status`."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from dvmdash.nip90.previews import preview
from dvmdash.ops.cli.options import DataOption, JsonOption, console, example, print_json
from dvmdash.ops.connections import connect_nats, open_driver
from dvmdash.ops.endpoints import read_endpoints
from dvmdash.ops.settings import Settings, load_settings
from dvmdash.ops.state import read_state


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("dvmdash status\ndvmdash status --json"))(status)


def status(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Show the log, how far the graph is behind it, the relays and the versions."""
    settings = load_settings(data=data)
    state = asyncio.run(_state(settings))
    if as_json:
        print_json(state)
    else:
        _print(state, read_endpoints(settings.data).get("web"))


async def _state(settings: Settings) -> dict[str, Any]:
    async with connect_nats(settings, name="status") as nc, open_driver(settings) as driver:
        return await read_state(nc, driver)


def _print(state: dict[str, Any], pages: str | None) -> None:
    out = console()
    if pages:
        out.print(f"Pages      {pages}")
    log, projector = state["log"], state["projector"]
    out.print(f"Log        {log['messages']:,} events, {log['bytes'] / 1e6:,.1f} MB")
    out.print(f"Projector  {_lag(projector)}, {projector['dead_letters']:,} dead letters")
    counts = (f"{value:,} {name}" for name, value in state["graph"].items() if value)
    out.print(f"Graph      {', '.join(counts) or 'empty'}")
    out.print(f"Versions   {', '.join(f'{name} {number}' for name, number in state['versions'].items())}")
    relays = [relay for collector in state["collectors"] for relay in collector["relays"]]
    out.print(_relays(relays) if relays else "Relays     none is being collected from")


def _lag(projector: dict[str, Any]) -> str:
    if not projector["lag"]:
        return "nothing behind"
    seconds = projector["lag_seconds"]
    since = "" if seconds is None else f", {seconds:,.0f} s"
    return f"{projector['lag']:,} events behind{since}"


def _relays(relays: list[dict[str, Any]]) -> Table:
    table = Table(
        "relay", "state", "events", "duplicates", "refused", "last event", "error", box=None, pad_edge=False
    )
    for relay in relays:
        last = relay.get("last_event_at")
        table.add_row(
            Text(preview(relay["url"], 60)),
            relay["state"],
            f"{relay['events']:,}",
            f"{relay['duplicates']:,}",
            f"{sum(relay['refused'].values()):,}",
            f"{max(0, time.time() - last):,.0f} s ago" if last else "",
            Text(preview(relay.get("error") or "", 60)),
        )
    return table
