"""Reads the state of the log, of the projector and of the collectors from where they keep it."""

from __future__ import annotations

import time
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import orjson
from nats.js.errors import BucketNotFoundError, NoKeysError, NotFoundError

from dvmdash.graphql.scalars import Msats
from dvmdash.graphql.types.status import Collector, LogStatus, ProjectorStatus, Version
from dvmdash.nip90.log import COLLECTORS_BUCKET, DEAD_LETTER_STREAM, PROJECTION, STREAM

if TYPE_CHECKING:
    from nats.js import JetStreamContext

COLLECTOR_GONE_SECONDS = 3600
"""A collector that has written nothing for so long is not listed any more."""


async def log_status(js: JetStreamContext) -> LogStatus:
    """Return the size of the log; zero while it does not exist."""
    try:
        state = (await js.stream_info(STREAM)).state
    except NotFoundError:
        return LogStatus(messages=0, bytes=Msats(0), last_sequence=0)
    return LogStatus(messages=state.messages, bytes=Msats(state.bytes), last_sequence=state.last_seq)


async def projector_status(js: JetStreamContext, checkpoint: dict[str, Any] | None) -> ProjectorStatus:
    """Return how far the graph is behind; `checkpoint` is the row of read_checkpoint."""
    seq = checkpoint["stream_seq"] if checkpoint else 0
    lag = await _lag(js)
    seconds = None
    if checkpoint:
        seconds = max(0.0, time.time() - checkpoint["stream_time"]) if lag else 0.0
    return ProjectorStatus(
        lag=lag, lag_seconds=seconds, checkpoint=seq, dead_letters=await _messages(js, DEAD_LETTER_STREAM)
    )


async def collectors(js: JetStreamContext) -> list[Collector]:
    """Return the collectors that wrote their counters lately, by name."""
    try:
        bucket = await js.key_value(COLLECTORS_BUCKET)
        keys = await bucket.keys()
    except (BucketNotFoundError, NoKeysError):
        return []
    found = [Collector.read(orjson.loads((await bucket.get(key)).value or b"")) for key in sorted(keys)]
    return [each for each in found if each.updated_at > time.time() - COLLECTOR_GONE_SECONDS]


def versions(nats_version: str, neo4j_version: str) -> list[Version]:
    """Return what runs here."""
    parts = {"dvmdash": version("dvmdash"), "nats-server": nats_version, "neo4j": neo4j_version}
    return [Version(name=name, version=number) for name, number in parts.items()]


async def _lag(js: JetStreamContext) -> int:
    try:
        info = await js.consumer_info(STREAM, PROJECTION)
    except NotFoundError:
        return await _messages(js, STREAM)
    return (info.num_pending or 0) + (info.num_ack_pending or 0)


async def _messages(js: JetStreamContext, stream: str) -> int:
    try:
        return (await js.stream_info(stream)).state.messages
    except NotFoundError:
        return 0
