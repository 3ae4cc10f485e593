"""A relay that misbehaves on purpose: a raw websocket server that follows a `Script`.

    async with ScriptedRelay(Script(close_req="rate-limited: slow down")) as relay:
        ... relay.url, relay.received, relay.script.close_req = None, await relay.publish(event) ...

A plain `Script()` is a well-behaved little relay: it serves `stored` newest first, at most `limit` per
filter, then EOSE, then live events given to `publish`. Every field of the script may be changed at any time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

Frame: TypeAlias = str | bytes
Event: TypeAlias = Mapping[str, Any]
Filter: TypeAlias = Mapping[str, Any]

GARBAGE: tuple[Frame, ...] = (
    "",
    "not json",
    "{}",
    "[]",
    "null",
    '["EVENT"]',
    '["EVENT", 7, null]',
    '["NO SUCH VERB", {"a": [1]}]',
    '["EVENT","unknown subscription",{"id":1}]',
    b"\x00\xff\xfe",
)
"""Frames that are no NIP-01 message, or a malformed one; the last is binary."""


@dataclass
class Script:
    """What a ScriptedRelay does; the defaults behave well."""

    stored: list[Event] = field(default_factory=list)
    limit: int = 500  # events per filter, whatever the filter asks for
    on_connect: tuple[
        Frame, ...
    ] = ()  # frames sent to every new connection: NOTICE, AUTH, garbage, huge ones
    before_events: tuple[Frame, ...] = ()  # frames sent after each REQ, before its stored events
    answers: bool = True  # False: half-open, reads everything and never says a word
    sends_eose: bool = True
    close_req: str | None = None  # answer every REQ with CLOSED and this text, e.g. "auth-required: log in"
    notice_req: str | None = None  # answer every REQ with a NOTICE alone
    refuse_event: str | None = (
        None  # answer every EVENT with OK false and this text, e.g. "rate-limited: wait"
    )
    keeps_events: bool = True  # whether accepted EVENTs are stored and passed on
    ignores_filters: bool = False  # send every stored event to every subscription
    seconds_between: float = 0.0  # pause before each stored event: a slow drip
    hang_up_after: int | None = None  # cut the connection after so many frames sent on it


def notice(text: str) -> str:
    """Return a NOTICE frame."""
    return json.dumps(["NOTICE", text])


def huge_frame(size: int) -> str:
    """Return a well-formed NOTICE of `size` characters."""
    return notice("x" * (size - len(notice(""))))


def with_wrong_signature(event: Event) -> dict[str, Any]:
    """Return the event with one bit of its signature turned; its id still fits."""
    turned = f"{int(event['sig'][-1], 16) ^ 1:x}"
    return {**event, "sig": event["sig"][:-1] + turned}


def with_wrong_id(event: Event) -> dict[str, Any]:
    """Return the event with other content under the same id and signature."""
    return {**event, "content": event["content"] + "!"}


def matches(event: Event, wanted: Filter) -> bool:
    """Whether an event passes a NIP-01 filter (`limit` aside)."""
    plain = {"ids": "id", "authors": "pubkey", "kinds": "kind"}
    for key, value in wanted.items():
        if key in plain and event[plain[key]] not in value:
            return False
        if key == "since" and event["created_at"] < value:
            return False
        if key == "until" and event["created_at"] > value:
            return False
        if key.startswith("#"):
            tagged = {tag[1] for tag in event["tags"] if len(tag) > 1 and tag[0] == key[1:]}
            if tagged.isdisjoint(value):
                return False
    return True


class _Session:
    """One client's connection: its subscriptions and how many frames it was sent."""

    def __init__(self, relay: ScriptedRelay, connection: ServerConnection) -> None:
        self.relay = relay
        self.connection = connection
        self.subscriptions: dict[str, list[Filter]] = {}
        self.sent = 0

    async def run(self) -> None:
        for frame in self.relay.script.on_connect:
            await self.send(frame)
        async for frame in self.connection:
            await self.take(frame)

    async def take(self, frame: Frame) -> None:
        message = json.loads(frame)
        self.relay.received.append(message)
        if not self.relay.script.answers:
            return
        match message:
            case ["REQ", name, *filters]:
                await self.take_req(name, filters)
            case ["EVENT", event]:
                await self.take_event(event)
            case ["CLOSE", name]:
                self.subscriptions.pop(name, None)

    async def take_req(self, name: str, filters: list[Filter]) -> None:
        script = self.relay.script
        if script.close_req is not None:
            return await self.say("CLOSED", name, script.close_req)
        if script.notice_req is not None:
            return await self.say("NOTICE", script.notice_req)
        self.subscriptions[name] = filters
        for frame in script.before_events:
            await self.send(frame)
        for event in self.relay.select(filters):
            await asyncio.sleep(script.seconds_between)
            await self.say("EVENT", name, event)
        if script.sends_eose:
            await self.say("EOSE", name)
        return None

    async def take_event(self, event: Event) -> None:
        script = self.relay.script
        if script.refuse_event is not None:
            return await self.say("OK", event.get("id", ""), False, script.refuse_event)
        await self.say("OK", event.get("id", ""), True, "")
        if script.keeps_events:
            script.stored.append(event)
            await self.relay.publish(event)
        return None

    async def pass_on(self, event: Event) -> None:
        for name, filters in list(self.subscriptions.items()):
            if self.relay.script.ignores_filters or any(matches(event, wanted) for wanted in filters):
                await self.say("EVENT", name, event)

    async def say(self, *message: Any) -> None:
        await self.send(json.dumps(message, separators=(",", ":"), ensure_ascii=False))

    async def send(self, frame: Frame) -> None:
        await self.connection.send(frame)
        self.sent += 1
        if self.relay.script.hang_up_after is not None and self.sent >= self.relay.script.hang_up_after:
            self.cut()

    def cut(self) -> None:
        self.connection.transport.abort()


class ScriptedRelay:
    """The server. `received` holds every message of every client in order, `connections` counts them all."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or Script()
        self.received: list[list[Any]] = []
        self.connections = 0
        self._port = 0
        self._server: Server | None = None
        self._sessions: set[_Session] = set()

    @property
    def url(self) -> str:
        """The address; it stays the same over `stop` and `start`."""
        return f"ws://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen, on the port used before if there was one."""
        self._server = await serve(
            self._serve, "127.0.0.1", self._port, compression=None, max_size=None, ping_interval=None
        )
        self._port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        """Cut every connection and refuse new ones until `start`."""
        self.cut_all()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def cut_all(self) -> None:
        """Break every connection without a closing handshake, as a lost line does; goes on listening."""
        for session in list(self._sessions):
            session.cut()

    async def publish(self, event: Event) -> None:
        """Send an event, valid or not, to every subscription it matches; it is not stored."""
        for session in list(self._sessions):
            await session.pass_on(event)

    async def say(self, frame: Frame) -> None:
        """Send a raw frame to every client."""
        for session in list(self._sessions):
            await session.send(frame)

    def select(self, filters: Iterable[Filter]) -> list[Event]:
        """Return what the script has stored for some filters, newest first, each event once."""
        if self.script.ignores_filters:
            return list(self.script.stored)
        found: dict[str, Event] = {}
        for wanted in filters:
            fitting = [event for event in self.script.stored if matches(event, wanted)]
            fitting.sort(key=lambda event: (-event["created_at"], event["id"]))
            chosen = fitting[: min(self.script.limit, wanted.get("limit", self.script.limit))]
            found.update((event["id"], event) for event in chosen)
        return sorted(found.values(), key=lambda event: (-event["created_at"], event["id"]))

    def requests(self) -> list[list[Any]]:
        """Return the REQ messages received so far."""
        return [message for message in self.received if message[0] == "REQ"]

    async def _serve(self, connection: ServerConnection) -> None:
        self.connections += 1
        session = _Session(self, connection)
        self._sessions.add(session)
        try:
            await session.run()
        except ConnectionClosed:
            pass
        finally:
            self._sessions.discard(session)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
