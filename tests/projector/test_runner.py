"""From the log into the graph: acknowledged after the commit, resumed, isolated, rebuilt."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from nats.aio.client import Client
from neo4j import AsyncDriver

from dvmdash.cypher.schema import wipe_graph
from dvmdash.ingest.archive import import_files
from dvmdash.ingest.streams import ensure_streams
from dvmdash.nip90.log import INTEREST_BUCKET, NOTICE_SUBJECT, PROJECTION, STREAM, subject
from dvmdash.projector.dead_letters import dead_letter, dead_letters
from dvmdash.projector.errors import DeadLetterUnknown, ProjectionStopped
from dvmdash.projector.rebuild import request_rebuild, reset
from dvmdash.projector.retry import retry_dead_letter
from dvmdash.projector.runner import read_checkpoint, run_projector
from dvmdash.projector.settings import ProjectorSettings

from .snapshot import snapshot

pytestmark = pytest.mark.integration

REAL = str(Path(__file__).parents[1] / "data" / "real.jsonl")
SETTINGS = ProjectorSettings(batch_size=50, interest_seconds=0.1, rehearsals=2)


@contextlib.asynccontextmanager
async def projecting(nc: Client, driver: AsyncDriver) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    task = asyncio.create_task(run_projector(nc, driver, SETTINGS, stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


async def eventually(check: Callable[[], Any], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not await check():
            await asyncio.sleep(0.05)


async def caught_up(nc: Client) -> bool:
    with contextlib.suppress(Exception):
        info = await nc.jetstream().consumer_info(STREAM, PROJECTION)
        return not info.num_pending and not info.num_ack_pending
    return False


async def imported(nc: Client) -> int:
    await ensure_streams(nc.jetstream())
    await import_files(nc, [REAL])
    return (await nc.jetstream().stream_info(STREAM)).state.messages


async def test_every_message_of_the_log_is_in_the_graph_once(
    nats_client: Client, neo4j_driver: AsyncDriver
) -> None:
    messages = await imported(nats_client)
    async with projecting(nats_client, neo4j_driver):
        await eventually(lambda: caught_up(nats_client))

    found = await neo4j_driver.execute_query(
        "MATCH (e:Event) WHERE NOT e:Stub RETURN count(e) AS events, count(DISTINCT e.stream_seq) AS sequences",
        database_="neo4j",
    )
    assert dict(found.records[0]) == {"events": messages, "sequences": messages}
    assert await read_checkpoint(neo4j_driver) == messages
    assert [letter async for letter in dead_letters(nats_client.jetstream())] == []


async def test_a_projector_waits_for_the_log_to_exist(nats_client: Client, neo4j_driver: AsyncDriver) -> None:
    async with projecting(nats_client, neo4j_driver) as task:
        await asyncio.sleep(1.5)
        assert not task.done()
        messages = await imported(nats_client)

        async def all_there() -> bool:
            return await read_checkpoint(neo4j_driver) == messages

        await eventually(all_there)


async def test_a_second_import_changes_nothing(nats_client: Client, neo4j_driver: AsyncDriver) -> None:
    await imported(nats_client)
    async with projecting(nats_client, neo4j_driver):
        await eventually(lambda: caught_up(nats_client))
        before = await snapshot(neo4j_driver)
        summary = await import_files(nats_client, [REAL])
        await eventually(lambda: caught_up(nats_client))

    assert summary.accepted == 0
    assert await snapshot(neo4j_driver) == before


async def test_a_rebuild_gives_the_identical_graph(nats_client: Client, neo4j_driver: AsyncDriver) -> None:
    messages = await imported(nats_client)
    async with projecting(nats_client, neo4j_driver):
        await eventually(lambda: caught_up(nats_client))
        before = await snapshot(neo4j_driver)
        await neo4j_driver.execute_query("CREATE (:Entity {pubkey: 'left over'})", database_="neo4j")
        assert await request_rebuild(nats_client)

        async def again() -> bool:
            left_over = "MATCH (n:Entity {pubkey: 'left over'}) RETURN n"
            emptied = not (await neo4j_driver.execute_query(left_over, database_="neo4j")).records
            return (
                emptied and await read_checkpoint(neo4j_driver) == messages and await caught_up(nats_client)
            )

        await eventually(again, seconds=60)

    assert await snapshot(neo4j_driver) == before


async def test_without_a_running_projector_a_rebuild_is_done_by_a_reset(
    nats_client: Client, neo4j_driver: AsyncDriver
) -> None:
    await imported(nats_client)
    async with projecting(nats_client, neo4j_driver):
        await eventually(lambda: caught_up(nats_client))
    before = await snapshot(neo4j_driver)

    assert not await request_rebuild(nats_client)
    await reset(nats_client.jetstream(), neo4j_driver)
    assert await snapshot(neo4j_driver) == {"nodes": [], "relationships": []}
    async with projecting(nats_client, neo4j_driver):
        await eventually(lambda: caught_up(nats_client))

    assert await snapshot(neo4j_driver) == before


async def test_a_graph_that_lost_what_was_acknowledged_is_filled_again(
    nats_client: Client, neo4j_driver: AsyncDriver
) -> None:
    messages = await imported(nats_client)
    async with projecting(nats_client, neo4j_driver):
        await eventually(lambda: caught_up(nats_client))
    before = await snapshot(neo4j_driver)
    await wipe_graph(neo4j_driver)

    async def filled() -> bool:
        return await read_checkpoint(neo4j_driver) == messages

    async with projecting(nats_client, neo4j_driver):
        await eventually(filled)

    assert await snapshot(neo4j_driver) == before


async def test_a_graph_of_another_log_is_not_touched(nats_client: Client, neo4j_driver: AsyncDriver) -> None:
    await imported(nats_client)
    await neo4j_driver.execute_query(
        "CREATE (:Checkpoint {projection: 'graph', stream_seq: 99999, stream_time: 1.0})", database_="neo4j"
    )

    with pytest.raises(ProjectionStopped, match="another log"):
        await run_projector(nats_client, neo4j_driver, SETTINGS, asyncio.Event())


async def test_what_is_no_event_becomes_a_dead_letter_and_the_rest_goes_on(
    nats_client: Client, neo4j_driver: AsyncDriver
) -> None:
    js = nats_client.jetstream()
    await ensure_streams(js)
    poison = await js.publish(subject(5050, "ff" * 32), b'{"id": 7}')
    messages = await imported(nats_client)

    async with projecting(nats_client, neo4j_driver):
        await eventually(lambda: caught_up(nats_client))

    letters = [letter async for letter in dead_letters(js)]
    assert [letter.stream_seq for letter in letters] == [poison.seq]
    assert "missing-field" in letters[0].error
    assert letters[0].payload == b'{"id": 7}'
    events = await neo4j_driver.execute_query(
        "MATCH (e:Event) WHERE NOT e:Stub RETURN count(e) AS n", database_="neo4j"
    )
    assert events.records[0]["n"] == messages - 1


async def test_a_dead_letter_is_retried_and_leaves_when_it_succeeds(
    nats_client: Client, neo4j_driver: AsyncDriver
) -> None:
    js = nats_client.jetstream()
    await ensure_streams(js)
    event = orjson.loads(Path(REAL).read_bytes().splitlines()[0])
    await js.publish(
        "dvm.dlq.41", orjson.dumps(event), headers={"Dvm-Error": "was broken", "Dvm-First-Seen": "5"}
    )
    await js.publish("dvm.dlq.42", b"[]", headers={"Dvm-Error": "is broken", "Dvm-First-Seen": "6"})

    assert await retry_dead_letter(js, neo4j_driver, 41) is None
    assert await retry_dead_letter(js, neo4j_driver, 42) is not None

    with pytest.raises(DeadLetterUnknown):
        await dead_letter(js, 41)
    assert "not-an-object" in (await dead_letter(js, 42)).error
    found = await neo4j_driver.execute_query(
        "MATCH (e:Event {id: $id}) RETURN e", id=event["id"], database_="neo4j"
    )
    assert found.records[0]["e"]["stream_seq"] == 41


async def test_commits_are_noticed_and_known_dvms_published(
    nats_client: Client, neo4j_driver: AsyncDriver
) -> None:
    notices: list[dict[str, Any]] = []

    async def hear(message: Any) -> None:
        notices.append(orjson.loads(message.data))

    await nats_client.subscribe(NOTICE_SUBJECT, cb=hear)
    messages = await imported(nats_client)
    async with projecting(nats_client, neo4j_driver):
        await eventually(lambda: caught_up(nats_client))

        async def published() -> bool:
            bucket = await nats_client.jetstream().key_value(INTEREST_BUCKET)
            with contextlib.suppress(Exception):
                entry = await bucket.get("dvms")
                known = await neo4j_driver.execute_query(
                    "MATCH (d:DVM) RETURN d.pubkey AS key", database_="neo4j"
                )
                return sorted(orjson.loads(entry.value or b"")) == sorted(row["key"] for row in known.records)
            return False

        await eventually(published)

    assert sum(notice["events"] for notice in notices) == messages
    assert notices[-1]["seq"] == messages
