"""Notices of committed batches, from core NATS to every subscription of this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import orjson
import structlog

from dvmdash.nip90.log import NOTICE_SUBJECT

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

log = structlog.get_logger()


class Interest:
    """What one subscription waits for: a change of certain events, or any change."""

    def __init__(self) -> None:
        self.ids: frozenset[str] | None = None
        """Ids whose change matters; None means every change."""
        self._changed = asyncio.Event()

    def notify(self, ids: frozenset[str] | None) -> None:
        """Wake the subscription if one of `ids` matters to it; None stands for a batch that names none."""
        if ids is None or self.ids is None or not self.ids.isdisjoint(ids):
            self._changed.set()

    async def change(self) -> None:
        """Wait for a change. However many came meanwhile, they count as one."""
        await self._changed.wait()
        self._changed.clear()


class Notices:
    """Listens once for all subscriptions of a process; a slow client delays nobody and holds no memory."""

    def __init__(self) -> None:
        self._interests: set[Interest] = set()

    @asynccontextmanager
    async def interest(self) -> AsyncIterator[Interest]:
        """Register a subscription for as long as it lasts."""
        interest = Interest()
        self._interests.add(interest)
        try:
            yield interest
        finally:
            self._interests.discard(interest)

    @asynccontextmanager
    async def listening(self, nc: Client) -> AsyncIterator[None]:
        """Listen while the process serves."""
        subscription = await nc.subscribe(NOTICE_SUBJECT, cb=self._receive)
        try:
            yield
        finally:
            if not nc.is_closed:
                await subscription.unsubscribe()

    async def _receive(self, message: Msg) -> None:
        try:
            named = orjson.loads(message.data)["ids"]
            ids = None if named is None else frozenset(named)
        except (orjson.JSONDecodeError, KeyError, TypeError):
            log.warning("a notice that can't be read", size=len(message.data))
            return
        for interest in list(self._interests):
            interest.notify(ids)
