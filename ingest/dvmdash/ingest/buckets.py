"""The small facts that collectors keep and share: watermarks, interest, counters."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass

import orjson
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue

from dvmdash.ingest.counters import RelayCounters
from dvmdash.ingest.relay_urls import relay_key
from dvmdash.nip90 import log

INTEREST_KEY = "dvms"
_PUBKEY = re.compile(r"[0-9a-f]{64}").fullmatch


@dataclass(frozen=True, slots=True)
class Buckets:
    """The open key-value buckets; the streams must have been ensured before."""

    collectors: KeyValue
    watermarks: KeyValue
    interest: KeyValue

    @classmethod
    async def open(cls, js: JetStreamContext) -> Buckets:
        """Open all; raises nats.js.errors.BucketNotFoundError when one is missing."""
        return cls(
            await js.key_value(log.COLLECTORS_BUCKET),
            await js.key_value(log.WATERMARKS_BUCKET),
            await js.key_value(log.INTEREST_BUCKET),
        )

    async def watermark(self, url: str) -> int | None:
        """Return the unix time up to which a relay's past is in the log, None if it was never read."""
        value = await _value(self.watermarks, relay_key(url))
        try:
            return int(value) if value else None
        except ValueError:
            return None

    async def set_watermark(self, url: str, until: int) -> None:
        """Note the unix time up to which a relay's past is in the log."""
        await self.watermarks.put(relay_key(url), str(until).encode())

    async def providers(self, most: int) -> tuple[str, ...]:
        """Return the pubkeys to ask zaps, nutzaps, profiles and deletions for; what is no pubkey is left out."""
        value = await _value(self.interest, INTEREST_KEY)
        try:
            listed = orjson.loads(value) if value else []
        except orjson.JSONDecodeError:
            return ()
        if not isinstance(listed, list):
            return ()
        return tuple(p for p in listed[:most] if isinstance(p, str) and _PUBKEY(p))

    async def publish_counters(self, collector: str, relays: Iterable[RelayCounters]) -> None:
        """Publish one collector's counters for `status` and the pages."""
        body = {
            "collector": collector,
            "updated_at": int(time.time()),
            "relays": [relay.as_dict() for relay in relays],
        }
        await self.collectors.put(collector, orjson.dumps(body))


async def _value(bucket: KeyValue, key: str) -> bytes | None:
    try:
        return (await bucket.get(key)).value
    except KeyNotFoundError:
        return None
