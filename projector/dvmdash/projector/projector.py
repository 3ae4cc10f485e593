"""One batch of the log on its way into the graph: read, write, set aside what fails, give notice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from dvmdash.projector.dead_letters import bury
from dvmdash.projector.errors import MessageUnreadable
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.isolation import write_isolating
from dvmdash.projector.message import LogMessage, read_message
from dvmdash.projector.notices import publish_notice

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

log = structlog.get_logger()


class Projector:
    """Projects batches of messages; when `project` returns, they may be acknowledged."""

    def __init__(self, nc: Client, writer: GraphWriter) -> None:
        self._nc = nc
        self._writer = writer
        self.new_dvms = True
        """Set when a batch made an entity a DVM; whoever reads it resets it."""

    async def project(self, batch: Sequence[Msg]) -> None:
        """Write messages to the graph and bury those that fail alone.

        Raises ProjectionStopped when the failure is not a message's own; nothing was skipped then.
        """
        started = time.perf_counter()
        arrived: dict[int, Msg] = {}
        readable: list[LogMessage] = []
        for message in batch:
            metadata = message.metadata
            seq = metadata.sequence.stream
            arrived[seq] = message
            try:
                first_seen = metadata.timestamp.timestamp()
                read = read_message(message.data, message.headers, stream_seq=seq, first_seen=first_seen)
                readable.append(read)
            except MessageUnreadable as error:
                await self._bury(message, error)
        for poison, failure in await write_isolating(readable, self._write) if readable else ():
            await self._bury(arrived[poison.stream_seq], failure)
        log.debug("batch", events=len(batch), ms=round((time.perf_counter() - started) * 1000))

    async def _write(self, messages: Sequence[LogMessage]) -> None:
        applied = await self._writer.write(messages)
        self.new_dvms = self.new_dvms or applied.new_dvms
        await publish_notice(self._nc, messages[-1].stream_seq, len(messages), applied.touched)

    async def _bury(self, message: Msg, error: Exception) -> None:
        log.error("dead letter", stream_seq=message.metadata.sequence.stream, error=str(error))
        await bury(self._nc.jetstream(), message, error)
