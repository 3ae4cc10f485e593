"""The log's streams and buckets: made when missing, compared when found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nats.js import JetStreamContext
from nats.js.api import (
    DiscardPolicy,
    KeyValueConfig,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BucketNotFoundError, NotFoundError

from dvmdash.nip90 import log
from dvmdash.nip90.event import MAX_EVENT_BYTES

_HEADER_ALLOWANCE = 4 * 1024
_DAY = 86_400
_MIB = 1024 * 1024

REFUSED_SUBJECTS = "dvm.refused.>"
DEAD_LETTER_SUBJECTS = "dvm.dlq.>"


@dataclass(frozen=True, slots=True)
class Drift:
    """A setting of an existing stream or bucket that differs from the one wanted."""

    what: str
    wanted: object
    found: object


async def ensure_streams(js: JetStreamContext, *, replicas: int = 1) -> list[Drift]:
    """Create what is missing of the log's streams and buckets; report settings that differ, change none.

    Safe to call from several processes at once and at every start. `replicas` is the number of servers
    that keep each message. Raises nats.errors.Error when JetStream is off or does not answer.
    """
    drifts: list[Drift] = []
    for settings in _streams(replicas):
        drifts += await _ensure_stream(js, settings)
    for bucket in _buckets(replicas):
        drifts += await _ensure_bucket(js, bucket)
    return drifts


async def wipe_streams(js: JetStreamContext) -> None:
    """Delete the log, the refusals, the dead letters and every bucket, whatever they hold."""
    for settings in _streams(1):
        await _delete_stream(js, str(settings["name"]))
    for bucket in _buckets(1):
        await _delete_stream(js, f"KV_{bucket.bucket}")


def _streams(replicas: int) -> list[dict[str, Any]]:
    shared = {"storage": StorageType.FILE, "retention": RetentionPolicy.LIMITS, "num_replicas": replicas}
    return [
        {
            **shared,
            "name": log.STREAM,
            "subjects": [log.SUBJECTS],
            "max_msg_size": MAX_EVENT_BYTES + _HEADER_ALLOWANCE,
            "allow_atomic": True,
            "allow_direct": True,
            "deny_delete": True,
            "deny_purge": True,
        },
        {
            **shared,
            "name": log.REFUSED_STREAM,
            "subjects": [REFUSED_SUBJECTS],
            "discard": DiscardPolicy.OLD,
            "max_msgs": 10_000,
            "max_bytes": 64 * _MIB,
            "allow_direct": True,
        },
        {**shared, "name": log.DEAD_LETTER_STREAM, "subjects": [DEAD_LETTER_SUBJECTS], "allow_direct": True},
    ]


def _buckets(replicas: int) -> list[KeyValueConfig]:
    return [
        # Counters are rewritten every few seconds and worthless after a restart: not worth an fsync each.
        KeyValueConfig(log.COLLECTORS_BUCKET, storage=StorageType.MEMORY, ttl=7 * _DAY, replicas=replicas),
        KeyValueConfig(log.WATERMARKS_BUCKET, storage=StorageType.FILE, replicas=replicas),
        KeyValueConfig(log.INTEREST_BUCKET, storage=StorageType.FILE, max_value_size=_MIB, replicas=replicas),
    ]


async def _ensure_stream(js: JetStreamContext, wanted: dict[str, Any]) -> list[Drift]:
    try:
        found = (await js.stream_info(wanted["name"])).config
    except NotFoundError:
        found = (await js.add_stream(StreamConfig(**wanted))).config
    return _drifts(wanted["name"], wanted, found)


async def _ensure_bucket(js: JetStreamContext, wanted: KeyValueConfig) -> list[Drift]:
    try:
        await js.key_value(wanted.bucket)
    except BucketNotFoundError:
        await js.create_key_value(wanted)
    found = (await js.stream_info(f"KV_{wanted.bucket}")).config
    return _drifts(
        wanted.bucket,
        {
            "storage": wanted.storage,
            "num_replicas": wanted.replicas,
            "max_msgs_per_subject": wanted.history,
            "max_age": wanted.ttl or 0.0,
        },
        found,
    )


def _drifts(name: str, wanted: dict[str, Any], found: StreamConfig) -> list[Drift]:
    return [
        Drift(f"{name}.{setting}", value, getattr(found, setting))
        for setting, value in wanted.items()
        if getattr(found, setting) != value
    ]


async def _delete_stream(js: JetStreamContext, name: str) -> None:
    try:
        await js.delete_stream(name)
    except NotFoundError:
        return
