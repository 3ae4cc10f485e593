"""The providers that the graph knows, as the projector publishes them and collectors follow them."""

from __future__ import annotations

import asyncio

import nats.errors
import structlog

from dvmdash.ingest.buckets import Buckets

_log = structlog.get_logger(__name__)


class Interest:
    """The current set of providers. `version` grows with every change that was seen."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.pubkeys: tuple[str, ...] = ()
        self.version = 0

    def replace(self, pubkeys: tuple[str, ...]) -> None:
        """Take a new set; an equal one changes nothing."""
        if set(pubkeys) != set(self.pubkeys):
            self.pubkeys = pubkeys
            self.version += 1

    async def follow(self, buckets: Buckets, seconds: float) -> None:
        """Look for a change every so many seconds until cancelled; looking, not watching, is the debounce."""
        while True:
            try:
                self.replace(await buckets.providers(self._most))
            except (nats.errors.Error, OSError) as error:
                _log.warning("interest.unreadable", error=str(error))
            await asyncio.sleep(seconds)
