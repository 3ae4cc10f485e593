from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import nats.aio.client
import neo4j
import pytest

from dvmdash.cypher.schema import ensure_schema
from dvmdash.graphql.notices import Notices
from dvmdash.graphql.settings import ApiSettings
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.message import read_message

from .asking import CountingContext
from .world import World

REAL_EVENTS = Path(__file__).parents[1] / "data" / "real.jsonl"


@pytest.fixture
async def context(
    neo4j_driver: neo4j.AsyncDriver, nats_client: nats.aio.client.Client
) -> AsyncIterator[CountingContext]:
    """What resolvers are given, over an empty graph and an empty log, listening for notices."""
    await ensure_schema(neo4j_driver)
    notices = Notices()
    settings = ApiSettings(coalesce=0.05, kinds_cache=0.0)
    async with notices.listening(nats_client):
        await nats_client.flush()
        yield CountingContext(driver=neo4j_driver, nc=nats_client, notices=notices, settings=settings)


@pytest.fixture
def world(context: CountingContext) -> World:
    """Made-up events on their way into the graph."""
    return World(context.driver, context.nc)


@pytest.fixture
async def real_world(context: CountingContext) -> CountingContext:
    """The 372 real events in the graph."""
    lines = REAL_EVENTS.read_bytes().splitlines()
    messages = [read_message(line, None, stream_seq=seq, first_seen=0.0) for seq, line in enumerate(lines, 1)]
    await GraphWriter(context.driver).write(messages)
    return context
