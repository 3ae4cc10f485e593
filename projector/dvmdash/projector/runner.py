"""The projector's loop: takes batches from the log, writes them, acknowledges after the commit."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import structlog
from nats.js.errors import NotFoundError

from dvmdash.cypher.library import query
from dvmdash.cypher.schema import ensure_schema
from dvmdash.cypher.sessions import read_rows
from dvmdash.nip90.log import PROJECTION, STREAM
from dvmdash.projector.consumer import Puller, ensure_consumer
from dvmdash.projector.control import RebuildRequests
from dvmdash.projector.errors import ProjectionStopped
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.interest import Interest
from dvmdash.projector.prepared import Prepared
from dvmdash.projector.projector import Projector
from dvmdash.projector.rebuild import reset
from dvmdash.projector.settings import ProjectorSettings
from dvmdash.projector.warm_up import WarmUp

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.js import JetStreamContext
    from neo4j import AsyncDriver

log = structlog.get_logger()

IDLE_SECONDS = 1.0
"""How long the loop waits for messages before it looks whether it should stop."""


async def run_projector(
    nc: Client, driver: AsyncDriver, settings: ProjectorSettings, stop: asyncio.Event
) -> None:
    """Project until `stop` is set; waits for the log to exist, rebuilds on request.

    Raises ProjectionStopped on the first failure that is not a message's own; nothing is skipped.
    """
    await ensure_schema(driver)
    writer = GraphWriter(driver, known_cache=settings.known_cache)
    async with RebuildRequests(nc) as rebuilds:
        while not stop.is_set():
            if not await _log_exists(nc.jetstream()):
                log.info("waiting for the event log", stream=STREAM)
                await _sleep(stop, IDLE_SECONDS)
                continue
            await _consume(nc, driver, writer, settings, stop, rebuilds)
            if rebuilds.pending:
                await reset(nc.jetstream(), driver)
                writer.forget()
                rebuilds.done()


async def read_checkpoint(driver: AsyncDriver) -> int:
    """Return the last sequence of the log that the graph holds; 0 for an empty graph."""
    rows = await read_rows(driver, query("read_checkpoint"), {"projection": PROJECTION})
    return int(rows[0]["stream_seq"]) if rows else 0


async def _consume(
    nc: Client,
    driver: AsyncDriver,
    writer: GraphWriter,
    settings: ProjectorSettings,
    stop: asyncio.Event,
    rebuilds: RebuildRequests,
) -> None:
    js = nc.jetstream()
    checkpoint = await read_checkpoint(driver)
    await _check_same_log(js, checkpoint)
    for difference in await ensure_consumer(js, settings, checkpoint=checkpoint):
        log.warning("setting differs", what=difference)
    log.info("projecting", checkpoint=checkpoint)
    projector = Projector(nc, writer)
    async with Puller(nc, settings) as puller:
        warm_up = WarmUp(writer, settings.rehearsals)
        await _pump(projector, puller, warm_up, Interest(nc, driver, settings), stop, rebuilds)


async def _pump(
    projector: Projector,
    puller: Puller,
    warm_up: WarmUp,
    interest: Interest,
    stop: asyncio.Event,
    rebuilds: RebuildRequests,
) -> None:
    """Read each batch in a thread while the one before is being written; write one after the other."""
    writing: asyncio.Task[None] | None = None
    try:
        while not stop.is_set() and not rebuilds.pending:
            messages = await puller.next_batch(wait=warm_up.patience or IDLE_SECONDS)
            prepared = await asyncio.to_thread(projector.prepare, messages) if messages else None
            if writing is not None:
                await writing
                writing = None
            if prepared is not None:
                writing = asyncio.create_task(_write(projector, puller, prepared, messages))
            elif not warm_up.finished:
                await warm_up.rehearse()
            await interest.publish_if_due(projector)
    finally:
        if writing is not None:
            await writing


async def _write(projector: Projector, puller: Puller, prepared: Prepared, messages: list[Msg]) -> None:
    await projector.project(prepared)
    await puller.acknowledge(messages)


async def _check_same_log(js: JetStreamContext, checkpoint: int) -> None:
    last = (await js.stream_info(STREAM)).state.last_seq
    if checkpoint > last:
        raise ProjectionStopped(
            f"the graph holds message {checkpoint} of the log, which ends at {last}: it was made"
            " from another log. Run `dvmdash rebuild` to make it anew from this one."
        )


async def _log_exists(js: JetStreamContext) -> bool:
    try:
        await js.stream_info(STREAM)
    except NotFoundError:
        return False
    return True


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
