"""Throwing the graph away and replaying the log into an empty one."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import structlog
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.errors import NotFoundError

from dvmdash.cypher.schema import wipe_graph
from dvmdash.nip90.log import PROJECTION, STREAM
from dvmdash.projector.control import REBUILD_SUBJECT

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.js import JetStreamContext
    from neo4j import AsyncDriver

log = structlog.get_logger()


async def request_rebuild(nc: Client) -> bool:
    """Ask the running projector to rebuild; False when none runs. It starts after the batch at hand."""
    try:
        await nc.request(REBUILD_SUBJECT, timeout=5)
    except (NoRespondersError, NatsTimeoutError):
        return False
    return True


async def reset(js: JetStreamContext, driver: AsyncDriver) -> None:
    """Empty the graph and let the consumer begin at the log's first message. No projector may be writing."""
    with contextlib.suppress(NotFoundError):
        await js.delete_consumer(STREAM, PROJECTION)
    deleted = await wipe_graph(driver)
    log.info("graph emptied", nodes=deleted)
