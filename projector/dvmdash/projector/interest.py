"""The set of known DVMs, published for collectors: whom to ask zaps, nutzaps and deletions for."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import orjson
from nats.js.errors import BucketNotFoundError

from dvmdash.cypher.library import query
from dvmdash.cypher.sessions import read_rows
from dvmdash.nip90.log import INTEREST_BUCKET
from dvmdash.projector.settings import ProjectorSettings

if TYPE_CHECKING:
    from nats.aio.client import Client
    from neo4j import AsyncDriver

    from dvmdash.projector.projector import Projector

MAX_INTEREST = 5000


class Interest:
    """Publishes the set when it has grown, and not too often."""

    def __init__(self, nc: Client, driver: AsyncDriver, settings: ProjectorSettings) -> None:
        self._nc = nc
        self._driver = driver
        self._pause = settings.interest_seconds
        self._published_at = float("-inf")

    async def publish_if_due(self, projector: Projector) -> None:
        """Publish the known DVMs if a batch made a new one since the last time."""
        now = asyncio.get_running_loop().time()
        if not projector.new_dvms or now - self._published_at < self._pause:
            return
        projector.new_dvms, self._published_at = False, now
        rows = await read_rows(self._driver, query("all_dvms"), {"limit": MAX_INTEREST})
        with contextlib.suppress(BucketNotFoundError):  # No collector has run yet.
            bucket = await self._nc.jetstream().key_value(INTEREST_BUCKET)
            await bucket.put("dvms", orjson.dumps([row["pubkey"] for row in rows]))
