"""The durable consumer is made once, and what differs from what is wanted is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nats.aio.client import Client

from dvmdash.ingest.streams import ensure_streams
from dvmdash.nip90.log import PROJECTION, STREAM
from dvmdash.projector.consumer import consumer_config, consumer_drift, ensure_consumer
from dvmdash.projector.errors import LogMissing
from dvmdash.projector.settings import ProjectorSettings

SETTINGS = ProjectorSettings()


def test_a_consumer_as_wanted_does_not_differ() -> None:
    assert consumer_drift(consumer_config(SETTINGS), consumer_config(SETTINGS, start_seq=9)) == []


def test_each_setting_that_differs_is_named_with_both_values() -> None:
    found = replace(consumer_config(SETTINGS), max_deliver=3, ack_wait=5.0)

    assert consumer_drift(consumer_config(SETTINGS), found) == [
        "consumer graph: ack_wait is 5.0, wanted is 60.0",
        "consumer graph: max_deliver is 3, wanted is -1",
    ]


@pytest.mark.integration
async def test_without_a_log_there_is_no_consumer(nats_client: Client) -> None:
    with pytest.raises(LogMissing):
        await ensure_consumer(nats_client.jetstream(), SETTINGS, checkpoint=0)


@pytest.mark.integration
async def test_it_is_made_once_and_its_drift_is_told(nats_client: Client) -> None:
    js = nats_client.jetstream()
    await ensure_streams(js)

    assert await ensure_consumer(js, SETTINGS, checkpoint=0) == []
    created = (await js.consumer_info(STREAM, PROJECTION)).created
    assert await ensure_consumer(js, SETTINGS, checkpoint=0) == []
    told = await ensure_consumer(js, replace(SETTINGS, ack_wait=7.0), checkpoint=0)

    assert told == ["consumer graph: ack_wait is 60.0, wanted is 7.0"]
    assert (await js.consumer_info(STREAM, PROJECTION)).created == created
