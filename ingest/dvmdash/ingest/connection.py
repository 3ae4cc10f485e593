"""One connection to one relay, carried by nostr-sdk; what is asked here is answered completely or fails."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from nostr_sdk import (
    ClientBuilder,
    Filter,
    Keys,
    NostrSdkError,
    RelayLimits,
    RelayOptions,
    RelayStatus,
    RelayUrl,
    ReqTarget,
    SignerAuthenticator,
    SyncOptions,
)

from dvmdash.ingest.errors import PageFailed, RelayLost
from dvmdash.ingest.questions import Question
from dvmdash.ingest.settings import CollectorSettings
from dvmdash.ingest.transport import EventTransport

_MESSAGE_BYTES = 1024 * 1024
_LOOK_SECONDS = 0.25
_CLOSE_SECONDS = 5.0
_ROUNDS = 10


class Listener(Protocol):
    """Who is told what a relay says."""

    async def event(self, raw: bytes) -> None:
        """Take an event; may wait, which slows this relay's reader down."""
        ...

    def said(self, text: str) -> None:
        """Take a NOTICE or the reason of a CLOSED."""
        ...


@dataclass(slots=True)
class _Subscription:
    received: int = 0
    complete: bool = False
    closed: str | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class RelayConnection:
    """Use as `async with`. Raises RelayLost when connecting fails or the connection is gone."""

    def __init__(self, url: str, listener: Listener, settings: CollectorSettings) -> None:
        self._url = RelayUrl.parse(url)
        self._listener = listener
        self._settings = settings
        self._transport = EventTransport(
            self._event, max_bytes=_MESSAGE_BYTES, connect_seconds=settings.connect_seconds
        )
        self._client = _client(settings, self._transport)
        self._relay: Any = None
        self._reading: asyncio.Task[None] | None = None
        self._subscriptions: dict[str, _Subscription] = {}
        self._pages = 0

    async def __aenter__(self) -> RelayConnection:
        # Opened first, so that not even the first word is missed.
        words = self._client.notifications()
        await self._client.add_relay(self._url, opts=RelayOptions().reconnect(False))
        self._relay = await self._client.relay(self._url)
        self._reading = asyncio.create_task(self._read(words))
        try:
            await self._relay.try_connect(timedelta(seconds=self._settings.connect_seconds))
        except NostrSdkError as error:
            await self._close()
            raise RelayLost(f"cannot connect: {_words(error)}") from None
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    async def listen(self, name: str, questions: Sequence[Question]) -> None:
        """Subscribe for good to everything new; return when the relay has confirmed with EOSE.

        A subscription called `name` is replaced. Raises PageFailed when the relay refuses or stays silent.
        """
        await self._unsubscribe(name)
        # Not `since`: relays hold live events to it too, and senders' clocks run late. Not `limit: 0`, which some
        # relays answer without EOSE and others with everything they have (nip90.md section 4).
        filters = [question.filter(limit=1) for question in questions]
        subscription = await self._subscribe(name, filters)
        try:
            await self._completed(subscription)
        except PageFailed:
            await self._unsubscribe(name)
            raise

    async def stop_listening(self, name: str) -> None:
        """End a subscription made by `listen`; without effect if there is none."""
        await self._unsubscribe(name)

    async def ask(self, question: Question, since: int, until: int) -> int:
        """Let the relay send what it stores from `since` to `until`; return how many events came.

        The events go to the listener. Raises PageFailed when the relay did not say that this was all.
        """
        self._pages += 1
        name = f"page{self._pages}"
        wanted = question.filter(since=since, until=until, limit=self._settings.page_limit)
        subscription = await self._subscribe(name, [wanted])
        try:
            await self._completed(subscription)
        finally:
            await self._unsubscribe(name)
        return subscription.received

    async def list_ids(self, question: Question, second: int) -> list[str]:
        """Return the ids of all stored events that answer the question in one second (NIP-77).

        Raises PageFailed when the relay does not speak NIP-77. The library's own transfer of what it finds
        breaks down above a hundred events (nip90.md 0.4), so that only the ids are taken.
        """
        wanted = Filter.from_json(json.dumps(question.filter(since=second, until=second)))
        patience = timedelta(seconds=self._settings.page_seconds)
        options = SyncOptions().dry_run().initial_timeout(patience)
        try:
            async with asyncio.timeout(2 * self._settings.page_seconds):
                found = await self._relay.sync(wanted, [], options)
        except (NostrSdkError, TimeoutError) as error:
            raise PageFailed(f"cannot list ids: {_words(error)}") from None
        return [event_id.to_hex() for event_id in found.remote]

    def check(self, *names: str) -> None:
        """Raise RelayLost when the connection is gone, or one of these subscriptions was closed."""
        status = self._relay.status()
        if status is not RelayStatus.CONNECTED:
            raise RelayLost(f"the connection ended ({status.name.lower()})")
        if self._reading is not None and self._reading.done():
            raise RelayLost("the connection's reader ended")
        for name in names:
            subscription = self._subscriptions.get(name)
            if subscription is None or subscription.closed is not None:
                raise RelayLost(f"the relay closed the subscription: {subscription and subscription.closed}")

    async def _subscribe(self, name: str, filters: list[dict[str, Any]]) -> _Subscription:
        subscription = self._subscriptions[name] = _Subscription()
        target = ReqTarget.manual({self._url: [Filter.from_json(json.dumps(f)) for f in filters]})
        try:
            output = await self._client.subscribe(target, id=name)
        except NostrSdkError as error:
            self._subscriptions.pop(name, None)
            raise RelayLost(f"cannot ask: {_words(error)}") from None
        if output.failed:
            self._subscriptions.pop(name, None)
            raise RelayLost(f"cannot ask: {next(iter(output.failed.values()))}")
        return subscription

    async def _unsubscribe(self, name: str) -> None:
        if self._subscriptions.pop(name, None) is not None:
            with contextlib.suppress(NostrSdkError):
                await self._client.unsubscribe(name)

    async def _completed(self, subscription: _Subscription) -> None:
        """Wait for EOSE; a relay may take as long as it likes while events keep coming, within bounds."""
        for _ in range(_ROUNDS):
            before = subscription.received
            await self._settled(subscription)
            if subscription.complete:
                return
            if subscription.closed is not None:
                raise PageFailed(subscription.closed)
            if subscription.received == before:
                break
        raise PageFailed(f"no complete answer within {self._settings.page_seconds:g} seconds")

    async def _settled(self, subscription: _Subscription) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._settings.page_seconds
        while loop.time() < deadline and not subscription.changed.is_set():
            self.check()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await subscription.changed.wait()

    async def _read(self, words: Any) -> None:
        while (word := await words.next()) is not None and not word.is_shutdown():
            if word.is_message():
                self._take(word.message.as_json())

    async def _event(self, name: str, raw: bytes) -> None:
        if (subscription := self._subscriptions.get(name)) is not None:
            subscription.received += 1
        await self._listener.event(raw)

    def _take(self, text: str) -> None:
        match json.loads(text):
            case ["EOSE", str(name)] if name in self._subscriptions:
                self._subscriptions[name].complete = True
                self._subscriptions[name].changed.set()
            case ["CLOSED", str(name), str(reason)]:
                self._closed(name, reason)
            case ["NOTICE", str(notice)]:
                self._listener.said(notice)

    def _closed(self, name: str, reason: str) -> None:
        self._listener.said(f"CLOSED {reason}")
        # With a key, the library logs in and asks again by itself (NIP-42).
        if self._settings.secret_key is not None and reason.startswith("auth-required"):
            return
        if (subscription := self._subscriptions.get(name)) is not None:
            subscription.closed = reason or "closed without a reason"
            subscription.changed.set()

    async def _close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading], timeout=_CLOSE_SECONDS)
        with contextlib.suppress(NostrSdkError, TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._client.shutdown()
                await self._transport.closed()


def _client(settings: CollectorSettings, transport: EventTransport) -> Any:
    builder = (
        ClientBuilder()
        .notification_channel_size(settings.notification_channel)
        .relay_limits(RelayLimits().message_max_size(_MESSAGE_BYTES))
        .websocket_transport(transport)
    )
    if settings.secret_key is not None:
        builder = builder.authenticator(SignerAuthenticator(Keys.parse(settings.secret_key)))
    return builder.build()


def _words(error: Exception) -> str:
    return str(error.args[0]) if error.args else type(error).__name__
