"""One batch of the log on its way into the graph: write, set aside what fails, give notice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from dvmdash.projector.batch import Batch
from dvmdash.projector.dead_letters import bury
from dvmdash.projector.gathering import gather
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.isolation import write_isolating
from dvmdash.projector.message import LogMessage
from dvmdash.projector.notices import publish_notice
from dvmdash.projector.prepared import Prepared, prepare

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

    def prepare(self, messages: Sequence[Msg]) -> Prepared:
        """Read and gather messages; pure, so it may run in a thread."""
        return prepare(messages, self._writer.kinds)

    async def project(self, prepared: Prepared) -> None:
        """Write a batch to the graph and bury the messages that fail alone.

        Raises ProjectionStopped when the failure is not a message's own; nothing was skipped then.
        """
        started = time.perf_counter()

        async def write(part: Sequence[LogMessage]) -> None:
            batch = prepared.batch if len(part) == len(prepared.messages) else None
            await self._write(batch or gather(part, self._writer.kinds), part)

        for message, reason in prepared.unreadable:
            await self._bury(message, reason)
        if prepared.messages:
            for poison, failure in await write_isolating(prepared.messages, write):
                await self._bury(prepared.arrived[poison.stream_seq], failure)
        ms = round((time.perf_counter() - started) * 1000)
        log.debug("batch", events=len(prepared.arrived), ms=ms)

    async def _write(self, batch: Batch, messages: Sequence[LogMessage]) -> None:
        applied = await self._writer.write_batch(batch)
        self.new_dvms = self.new_dvms or applied.new_dvms
        await publish_notice(self._nc, batch.last_seq, len(messages), applied.touched)

    async def _bury(self, message: Msg, error: Exception) -> None:
        log.error("dead letter", stream_seq=message.metadata.sequence.stream, error=str(error))
        await bury(self._nc.jetstream(), message, error)
