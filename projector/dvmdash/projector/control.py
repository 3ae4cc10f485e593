"""Requests to a running projector: rebuild the graph from the log."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

REBUILD_SUBJECT = "dvm.control.rebuild"
"""Core NATS request; a running projector answers `accepted` at once and then empties and replays."""


class RebuildRequests:
    """Listens for rebuild requests while a projector runs."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc
        self.pending = False

    async def __aenter__(self) -> Self:
        self._subscription = await self._nc.subscribe(REBUILD_SUBJECT, cb=self._accept)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._nc.is_closed:
            await self._subscription.unsubscribe()

    def done(self) -> None:
        """Say that the pending request has been carried out."""
        self.pending = False

    async def _accept(self, message: Msg) -> None:
        self.pending = True
        await message.respond(b"accepted")
