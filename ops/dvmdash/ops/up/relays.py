"""Tells at the terminal which relays can't be reached, from the collectors' counters."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import nats.errors
from nats.aio.client import Client
from nats.js.errors import Error as JetStreamError

from dvmdash.nip90.log import COLLECTORS_BUCKET
from dvmdash.nip90.previews import preview

LOOK_SECONDS = 5.0


async def collectors(nc: Client) -> list[dict[str, Any]]:
    """Return the counters that the collectors last published; empty when there are none."""
    try:
        bucket = await nc.jetstream().key_value(COLLECTORS_BUCKET)
        entries = [await bucket.get(key) for key in await bucket.keys()]
        return [json.loads(entry.value) for entry in entries if entry.value]
    except (JetStreamError, nats.errors.Error, ValueError, OSError):
        return []


async def tell_unreachable(nc: Client, say: Callable[[str], None]) -> None:
    """Call `say` with a line for each relay that becomes unreachable or comes back, for ever."""
    told: dict[str, str] = {}
    while True:
        for relay in [relay for found in await collectors(nc) for relay in found.get("relays", [])]:
            line, url = _line(relay), relay["url"]
            # A relay's first connection is no news; its return is.
            if line and told.get(url, "connected") != relay["state"]:
                told[url] = relay["state"]
                say(line)
        await asyncio.sleep(LOOK_SECONDS)


def _line(relay: dict[str, Any]) -> str | None:
    match relay.get("state"):
        case "connected":
            return f"relay {relay['url']}: connected"
        case "disconnected":
            return f"relay {relay['url']}: can't be reached ({_why(relay)}); trying again by itself"
        case "refused":
            return f"relay {relay['url']}: not used ({_why(relay)})"
        case _:
            return None


def _why(relay: dict[str, Any]) -> str:
    return preview(relay.get("error") or "no reason given")
