from __future__ import annotations

import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from relay_fixtures import local_relay_url, start_scripted_relay

from dvmdash.ingest.streams import ensure_streams

__all__ = ["local_relay_url", "start_scripted_relay"]


@pytest.fixture
async def log_stream(nats_client: Client) -> JetStreamContext:
    """JetStream with the log's streams and buckets, all empty."""
    js = nats_client.jetstream()
    await ensure_streams(js)
    return js
