"""The durable pull consumer: made idempotently, pulled ahead of the writer, acknowledged after the commit."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, Self

import orjson
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from dvmdash.nip90.log import PROJECTION, STREAM, SUBJECTS
from dvmdash.projector.errors import LogMissing
from dvmdash.projector.settings import ProjectorSettings

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.js import JetStreamContext

PULL_EXPIRES_SECONDS = 5.0
"""The server ends a pull request after this long, so that one lost with a connection is soon replaced."""

GRACE_SECONDS = 2.0


def consumer_config(settings: ProjectorSettings, *, start_seq: int = 1) -> ConsumerConfig:
    """Return the durable consumer's settings; `start_seq` is where a new one begins in the log."""
    return ConsumerConfig(
        durable_name=PROJECTION,
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE if start_seq > 1 else DeliverPolicy.ALL,
        opt_start_seq=start_seq if start_seq > 1 else None,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=settings.ack_wait,
        # No limit: a message counts as delivered each time a projector dies holding it, and past a limit the log
        # would skip it in silence. What can't be projected is isolated by us and kept as a dead letter.
        max_deliver=-1,
        max_ack_pending=settings.batch_size * 5,
        filter_subject=SUBJECTS,
    )


async def ensure_consumer(js: JetStreamContext, settings: ProjectorSettings, *, checkpoint: int) -> list[str]:
    """Make the durable consumer, or make it anew where the graph knows less than it has acknowledged.

    `checkpoint` is the last sequence that the graph holds. Returns one sentence for each setting of a consumer found
    that differs from what is wanted; it is left as it is. Raises LogMissing when there is no stream.
    """
    wanted = consumer_config(settings, start_seq=checkpoint + 1)
    try:
        await js.stream_info(STREAM)
    except NotFoundError:
        raise LogMissing(f"there is no stream {STREAM} yet; start a collector or import an archive") from None
    try:
        info = await js.consumer_info(STREAM, PROJECTION)
    except NotFoundError:
        await js.add_consumer(STREAM, wanted)
        return []
    acknowledged = info.ack_floor.stream_seq if info.ack_floor else 0
    if checkpoint < acknowledged:
        await js.delete_consumer(STREAM, PROJECTION)
        await js.add_consumer(STREAM, wanted)
        return []
    return consumer_drift(wanted, info.config)


def consumer_drift(wanted: ConsumerConfig, found: ConsumerConfig) -> list[str]:
    """Say which settings that matter differ. Pure."""
    return [
        f"consumer {PROJECTION}: {name} is {getattr(found, name)}, wanted is {getattr(wanted, name)}"
        for name in ("ack_policy", "ack_wait", "max_deliver", "max_ack_pending", "filter_subject")
        if getattr(found, name) != getattr(wanted, name)
    ]


class Puller:
    """Keeps up to two batches on the way, so that reading from the log and writing to the graph overlap."""

    def __init__(self, nc: Client, settings: ProjectorSettings) -> None:
        self._nc = nc
        self._settings = settings
        self._inbox = nc.new_inbox()
        self._messages: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._outstanding = 0
        self._asked_at = 0.0
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{PROJECTION}"

    async def __aenter__(self) -> Self:
        self._subscription = await self._nc.subscribe(
            self._inbox, cb=self._receive, pending_msgs_limit=-1, pending_bytes_limit=-1
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._nc.is_closed:
            await self._subscription.unsubscribe()

    async def next_batch(self, *, wait: float) -> list[Msg]:
        """Return the next messages, at most a batch; an empty list when none came within `wait` seconds."""
        await self._ask()
        if not self._messages:
            try:
                await asyncio.wait_for(self._arrived.wait(), wait)
            except TimeoutError:
                return []
        if len(self._messages) < self._settings.batch_size:
            await asyncio.sleep(self._settings.linger)
            await self._ask()
        size = min(len(self._messages), self._settings.batch_size)
        batch = [self._messages.popleft() for _ in range(size)]
        if not self._messages:
            self._arrived.clear()
        return batch

    async def acknowledge(self, messages: list[Msg]) -> None:
        """Acknowledge committed messages; one write to the socket carries many of them."""
        for message in messages:
            await self._nc.publish(message.reply)

    async def _ask(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._outstanding and now > self._asked_at + PULL_EXPIRES_SECONDS + GRACE_SECONDS:
            self._outstanding = 0  # The request was lost with a connection.
        if self._outstanding + len(self._messages) > self._settings.batch_size:
            return
        self._outstanding += self._settings.batch_size
        self._asked_at = now
        request = {"batch": self._settings.batch_size, "expires": int(PULL_EXPIRES_SECONDS * 1e9)}
        await self._nc.publish(self._subject, orjson.dumps(request), reply=self._inbox)

    async def _receive(self, message: Msg) -> None:
        if message.reply:
            self._outstanding -= 1
            self._messages.append(message)
            self._arrived.set()
            return
        # A status: the request expired or was refused; what it still owed will not come.
        unfilled = (message.headers or {}).get("Nats-Pending-Messages")
        self._outstanding = max(0, self._outstanding - int(unfilled or self._settings.batch_size))
