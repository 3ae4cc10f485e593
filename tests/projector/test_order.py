"""Whatever the order, the duplicates and the batches in which messages come, the graph is the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from neo4j import AsyncDriver, AsyncGraphDatabase

from dvmdash.cypher.schema import ensure_schema, wipe_graph
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.message import LogMessage

from .awkward import awkward_messages
from .made import real_messages
from .snapshot import snapshot

pytestmark = pytest.mark.integration

REAL = Path(__file__).parents[1] / "data" / "real.jsonl"


@asynccontextmanager
async def graph(endpoint: object) -> AsyncIterator[AsyncDriver]:
    auth = (endpoint.user, endpoint.password)  # type: ignore[attr-defined]
    async with AsyncGraphDatabase.driver(endpoint.url, auth=auth, notifications_min_severity="OFF") as driver:  # type: ignore[attr-defined]
        await ensure_schema(driver)
        await wipe_graph(driver)
        yield driver


def any_order(*, examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with seeds of an order. A seed is not made smaller: a smaller one is no simpler order."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        phases = (Phase.explicit, Phase.reuse, Phase.generate)
        return settings(max_examples=examples, deadline=None, phases=phases)(
            given(seed=st.integers(min_value=0, max_value=2**32))(test)
        )

    return decorate


async def project(driver: AsyncDriver, batches: Sequence[Sequence[LogMessage]]) -> dict[str, object]:
    await wipe_graph(driver)
    writer = GraphWriter(driver)
    for batch in batches:
        await writer.write(batch)
    return await snapshot(driver)


def shuffled(messages: Sequence[LogMessage], random: Random, sizes: Sequence[int]) -> list[list[LogMessage]]:
    """Return the messages in any order, some of them twice, cut into batches of any of the sizes."""
    order = [*messages, *random.choices(messages, k=random.randint(0, len(messages) // 2))]
    random.shuffle(order)
    batches = []
    while order:
        size = random.choice(sizes)
        batches.append(order[:size])
        order = order[size:]
    return batches


@any_order(examples=10)
def test_any_order_of_the_real_events_gives_the_same_graph(neo4j_endpoint: object, seed: int) -> None:
    messages = real_messages(REAL.read_text().splitlines())

    async def both() -> tuple[object, object]:
        async with graph(neo4j_endpoint) as driver:
            expected = await project(driver, [messages])
            return expected, await project(driver, shuffled(messages, Random(seed), (7, 40, 150)))

    expected, found = asyncio.run(both())
    assert found == expected


@any_order(examples=40)
def test_any_order_of_awkward_events_gives_the_same_graph(neo4j_endpoint: object, seed: int) -> None:
    messages = awkward_messages()

    async def both() -> tuple[object, object]:
        async with graph(neo4j_endpoint) as driver:
            expected = await project(driver, [messages])
            return expected, await project(driver, shuffled(messages, Random(seed), (1, 2, 5)))

    expected, found = asyncio.run(both())
    assert found == expected


async def test_writers_at_work_together_give_the_same_graph(neo4j_driver: AsyncDriver) -> None:
    messages = [*awkward_messages(), *real_messages(REAL.read_text().splitlines())]
    messages = [
        LogMessage(seq, 1_800_000_000.0 + seq, m.event, m.source, m.relay, m.embedded_request)
        for seq, m in enumerate(messages, start=1)
    ]
    await ensure_schema(neo4j_driver)
    expected = await project(neo4j_driver, [messages])
    await wipe_graph(neo4j_driver)
    batches = shuffled(messages, Random(7), (3, 10, 25))
    writers = [GraphWriter(neo4j_driver) for _ in range(4)]

    async def work(writer: GraphWriter) -> None:
        while batches:
            await writer.write(batches.pop())

    await asyncio.gather(*(work(writer) for writer in writers))

    assert await snapshot(neo4j_driver) == expected
