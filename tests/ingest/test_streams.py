from __future__ import annotations

import pytest
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from dvmdash.ingest.streams import Drift, ensure_streams, wipe_streams
from dvmdash.nip90 import log

pytestmark = pytest.mark.integration


async def test_streams_and_buckets_are_made_once_and_found_again(nats_client: Client) -> None:
    js = nats_client.jetstream()
    assert await ensure_streams(js) == []
    await js.publish("dvm.event.5050.aa", b"{}")
    assert await ensure_streams(js) == []
    found = await js.stream_info(log.STREAM)
    assert found.state.messages == 1
    assert found.config.allow_atomic
    assert found.config.deny_delete
    assert {stream.config.name for stream in await js.streams_info()} == {
        log.STREAM,
        log.REFUSED_STREAM,
        log.DEAD_LETTER_STREAM,
        f"KV_{log.COLLECTORS_BUCKET}",
        f"KV_{log.WATERMARKS_BUCKET}",
        f"KV_{log.INTEREST_BUCKET}",
    }


async def test_settings_that_differ_are_reported_and_left_alone(nats_client: Client) -> None:
    js = nats_client.jetstream()
    await js.add_stream(name=log.REFUSED_STREAM, subjects=["dvm.refused.>"], max_msgs=5)
    drifts = await ensure_streams(js)
    assert Drift(f"{log.REFUSED_STREAM}.max_msgs", 10_000, 5) in drifts
    assert all(drift.what.startswith(log.REFUSED_STREAM) for drift in drifts)
    assert (await js.stream_info(log.REFUSED_STREAM)).config.max_msgs == 5


async def test_wiping_removes_everything_and_may_be_repeated(nats_client: Client) -> None:
    js = nats_client.jetstream()
    await ensure_streams(js)
    await js.publish("dvm.event.5050.aa", b"{}")
    await wipe_streams(js)
    await wipe_streams(js)
    with pytest.raises(NotFoundError):
        await js.stream_info(log.STREAM)
    await ensure_streams(js)
    assert (await js.stream_info(log.STREAM)).state.messages == 0
