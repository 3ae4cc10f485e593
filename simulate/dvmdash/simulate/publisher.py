"""Sends events to a relay as fast as the relay acknowledges them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from .errors import RelayUnavailable
from .signing import SignedEvent


@dataclass(slots=True)
class Publisher:
    """An open connection to a relay; `refused` keeps the relay's words by event id."""

    connection: ClientConnection
    accepted: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    _open: dict[str, asyncio.Future[bool]] = field(default_factory=dict)

    async def publish(self, event: SignedEvent) -> bool:
        """Send one event and return whether the relay took it."""
        return await (await self._send(event))

    async def publish_all(self, events: Iterable[SignedEvent], window: int = 256) -> None:
        """Send many events, at most `window` of them unacknowledged."""
        room = asyncio.Semaphore(window)
        waiting: list[asyncio.Future[bool]] = []
        for event in events:
            await room.acquire()
            answer = await self._send(event)
            answer.add_done_callback(lambda _: room.release())
            waiting.append(answer)
        await asyncio.gather(*waiting)

    async def _send(self, event: SignedEvent) -> asyncio.Future[bool]:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._open[event["id"]] = answer
        try:
            await self.connection.send(orjson.dumps(["EVENT", event]), text=True)
        except ConnectionClosed as error:
            raise RelayUnavailable("the relay closed the connection") from error
        return answer

    async def read_answers(self, frames: AsyncIterable[str | bytes]) -> None:
        """Settle what is waiting by the relay's OK messages; ends with the connection."""
        try:
            async for frame in frames:
                match _parse(frame):
                    case ["OK", str(event_id), bool(taken), str(reason)]:
                        self._settle(event_id, taken, reason)
        except ConnectionClosed:
            pass
        finally:
            self._fail("the relay closed the connection")

    def _settle(self, event_id: str, taken: bool, reason: str) -> None:
        answer = self._open.pop(event_id, None)
        if answer is None or answer.done():
            return
        if taken:
            self.accepted += 1
        else:
            self.refused[event_id] = reason
        answer.set_result(taken)

    def _fail(self, reason: str) -> None:
        for answer in self._open.values():
            if not answer.done():
                answer.set_exception(RelayUnavailable(reason))
        self._open.clear()


def _parse(frame: str | bytes) -> object:
    try:
        return orjson.loads(frame)
    except orjson.JSONDecodeError:
        return None


@asynccontextmanager
async def publisher(url: str) -> AsyncIterator[Publisher]:
    """Connect to a relay while the block lasts. Raises RelayUnavailable when nothing answers there."""
    try:
        connection = await connect(url, max_size=None, compression=None)
    except OSError as error:
        raise RelayUnavailable(f"no relay answers at {url}: {error}") from error
    async with connection:
        sender = Publisher(connection)
        reading = asyncio.create_task(sender.read_answers(connection))
        try:
            yield sender
        finally:
            reading.cancel()
