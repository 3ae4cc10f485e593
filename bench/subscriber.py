"""A watcher of jobs: GraphQL subscriptions over graphql-transport-ws, as the pages hold them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

import orjson
from installation import BenchFailed
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

QUERY = "subscription ($id: String!) { jobChanged(id: $id) { id graph { nodes { event { id stub } } } } }"


@dataclass
class Watcher:
    """One connection; `seen` maps an event's id to the wall-clock second when a message first showed it."""

    connection: ClientConnection
    seen: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    _open: dict[str, str] = field(default_factory=dict)

    @property
    def jobs(self) -> int:
        """How many jobs are being watched now."""
        return len(self._open)

    async def watch(self, job: str) -> None:
        """Subscribe to a job."""
        number = str(next(self._numbers))
        self._open[job] = number
        payload = {"query": QUERY, "variables": {"id": job}}
        await self._say({"id": number, "type": "subscribe", "payload": payload})

    async def leave(self, job: str) -> None:
        """End the subscription to a job."""
        number = self._open.pop(job, None)
        if number is not None:
            await self._say({"id": number, "type": "complete"})

    async def read(self) -> None:
        """Take in messages until the connection ends."""
        async for frame in self.connection:
            message = orjson.loads(frame)
            match message["type"]:
                case "next":
                    self._take(message["payload"])
                case "error":
                    self.errors.append(str(message["payload"]))
                case "ping":
                    await self._say({"type": "pong"})

    def _take(self, payload: dict[str, object]) -> None:
        now = time.time()
        match payload:
            case {"data": {"jobChanged": {"graph": {"nodes": list(nodes)}}}}:
                for node in nodes:
                    if node["event"] and not node["event"]["stub"]:
                        self.seen.setdefault(node["event"]["id"], now)
            case _:
                self.errors.append(str(payload))

    async def _say(self, message: dict[str, object]) -> None:
        await self.connection.send(orjson.dumps(message), text=True)


@asynccontextmanager
async def watcher(graphql: str) -> AsyncIterator[Watcher]:
    """Connect for as long as the block lasts. Raises BenchFailed when the server does not acknowledge."""
    url = graphql.replace("http", "ws", 1)
    protocol = Subprotocol("graphql-transport-ws")
    async with connect(url, subprotocols=[protocol], max_size=None, compression=None) as connection:
        await connection.send('{"type":"connection_init"}')
        answer = orjson.loads(await connection.recv())
        if answer.get("type") != "connection_ack":
            raise BenchFailed(f"the server answered connection_init with {answer}")
        found = Watcher(connection)
        reading = asyncio.create_task(found.read())
        try:
            yield found
        finally:
            reading.cancel()
