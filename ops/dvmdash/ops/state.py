"""The state of a run as data: what `dvmdash status --json` prints."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Any

import neo4j
from nats.aio.client import Client

from dvmdash.cypher.library import query
from dvmdash.cypher.sessions import read_rows
from dvmdash.graphql.pipeline import log_status, projector_status
from dvmdash.nip90.log import PROJECTION
from dvmdash.ops.up.relays import collectors


def nats_version(nc: Client) -> str:
    """Return the version of the server that `nc` is connected to."""
    found = nc.connected_server_version
    return f"{found.major}.{found.minor}.{found.patch}"


async def read_state(nc: Client, driver: neo4j.AsyncDriver) -> dict[str, Any]:
    """Return sizes of log and graph, the projector's lag in messages and seconds, relays and versions."""
    checkpoint = await read_rows(driver, query("read_checkpoint"), {"projection": PROJECTION})
    projector = await projector_status(nc.jetstream(), checkpoint[0] if checkpoint else None)
    log = await log_status(nc.jetstream())
    return {
        "log": {"messages": log.messages, "bytes": int(log.bytes), "last_sequence": log.last_sequence},
        "projector": {
            "lag": projector.lag,
            "lag_seconds": projector.lag_seconds,
            "checkpoint": projector.checkpoint,
            "dead_letters": projector.dead_letters,
        },
        "graph": {row["name"]: row["value"] for row in await read_rows(driver, query("counts"))},
        "collectors": await collectors(nc),
        "versions": {
            "dvmdash": version("dvmdash"),
            "python": sys.version.split()[0],
            "nats": nats_version(nc),
            "neo4j": (await driver.get_server_info()).agent.removeprefix("Neo4j/"),
        },
    }
