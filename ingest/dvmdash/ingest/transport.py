"""The websocket beneath nostr-sdk: takes the events out of it, as received, before the library judges them.

nostr-sdk drops a forged event without a word and writes a good one anew. Here events go to our own checks, which
count what they refuse; all else, from EOSE to AUTH, goes on to the library, which carries the protocol.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable

from nostr_sdk import (
    CustomWebSocketTransport,
    NostrSdkError,
    WebSocketAdapter,
    WebSocketAdapterWrapper,
    WebSocketMessage,
)
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

CLOSE_SECONDS = 3.0

TakeEvent = Callable[[str, bytes], Awaitable[None]]
"""Is given a subscription's name and the event in a frame, as received; may wait, which slows the relay down."""


class EventTransport(CustomWebSocketTransport):  # type: ignore[misc] # nostr-sdk ships no types
    """Connects by `websockets`; frames larger than `max_bytes` end the connection."""

    def __init__(self, take: TakeEvent, *, max_bytes: int, connect_seconds: float) -> None:
        self._take = take
        self._max_bytes = max_bytes
        self._connect_seconds = connect_seconds
        self._open: set[_Adapter] = set()

    def support_ping(self) -> bool:
        """Say that pings are answered here and not by the library."""
        return False

    async def connect(self, url: str, proxy: object) -> WebSocketAdapterWrapper | None:
        """Open a connection. Raises NostrSdkError."""
        try:
            socket = await connect(
                url, max_size=self._max_bytes, open_timeout=self._connect_seconds, max_queue=(64, 16)
            )
        except (OSError, WebSocketException, TimeoutError) as error:
            raise NostrSdkError.Generic(str(error) or type(error).__name__) from None
        adapter = _Adapter(socket, self._take, self._open)
        self._open.add(adapter)
        return WebSocketAdapterWrapper(adapter)

    async def closed(self) -> None:
        """Return when the library has let go of every connection, which it does a little after its shutdown."""
        await asyncio.gather(*(adapter.closed.wait() for adapter in self._open))


class _Adapter(WebSocketAdapter):  # type: ignore[misc]
    def __init__(self, socket: ClientConnection, take: TakeEvent, open_: set[_Adapter]) -> None:
        self._socket = socket
        self._take = take
        self._open = open_
        self.closed = asyncio.Event()

    async def send(self, msg: WebSocketMessage) -> None:
        try:
            if msg.is_TEXT():
                await self._socket.send(msg.text)
            elif msg.is_BINARY():
                await self._socket.send(msg.bytes)
        except ConnectionClosed as error:
            raise NostrSdkError.Generic(str(error)) from None

    async def recv(self) -> WebSocketMessage | None:
        while True:
            try:
                frame = await self._socket.recv()
            except ConnectionClosed:
                return None
            if isinstance(frame, bytes):
                continue  # NIP-01 knows text frames only.
            event = read_event_frame(frame)
            if event is None:
                return WebSocketMessage.TEXT(frame)
            await self._take(*event)

    async def close_connection(self) -> None:
        self._open.discard(self)
        self.closed.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._socket.close()


def read_event_frame(frame: str) -> tuple[str, bytes] | None:
    """Return the subscription's name and the event of an EVENT frame, the event's own text untouched.

    None for every other frame. White space between the parts, which NIP-01 allows, is allowed.
    """
    start = frame.lstrip()
    if not start.startswith("["):
        return None
    verb, end = _string(start, 1)
    second = _after_comma(start, end)
    if verb != "EVENT" or not second:
        return None
    name, end = _string(start, second)
    begin = _after_comma(start, end)
    if name is None or not begin:
        return None
    event = start[begin:].rstrip()
    return (name, event[:-1].strip().encode(errors="replace")) if event.endswith("]") else None


def _string(text: str, start: int) -> tuple[str | None, int]:
    """Return the JSON string that begins at `start`, white space aside, and where it ends."""
    while start < len(text) and text[start].isspace():
        start += 1
    try:
        value, end = json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        return None, start
    return (value, end) if isinstance(value, str) else (None, end)


def _after_comma(text: str, start: int) -> int:
    """Return where the part after the next comma begins; 0 where something else comes first."""
    while start < len(text) and text[start].isspace():
        start += 1
    return start + 1 if start < len(text) and text[start] == "," else 0
