"""The way from all relays' connections into the log: a bounded queue, checked and written in batches."""

from __future__ import annotations

import asyncio
import time

import structlog

from dvmdash.ingest.admission import Admission
from dvmdash.ingest.counters import RelayCounters
from dvmdash.ingest.entry import Admitted, Outcome, Source
from dvmdash.ingest.errors import LogUnavailable
from dvmdash.ingest.refusals import RefusalLog, Refused
from dvmdash.ingest.writer import LogWriter
from dvmdash.nip90.errors import EventRefused

_log = structlog.get_logger(__name__)

_Received = tuple[bytes, RelayCounters]


class Intake:
    """Takes raw events from relays; one `run` writes them. Nothing that `put` accepted is lost while it runs."""

    def __init__(
        self,
        writer: LogWriter,
        refusals: RefusalLog,
        admission: Admission,
        *,
        queue_events: int,
        batch_events: int,
    ) -> None:
        self._writer = writer
        self._refusals = refusals
        self._admission = admission
        self._batch_events = batch_events
        self._queue: asyncio.Queue[_Received] = asyncio.Queue(queue_events)

    async def put(self, raw: bytes, relay: RelayCounters) -> None:
        """Queue an event as received; waits while the queue is full, which slows the relay's reader down."""
        if self._queue.full():
            relay.pauses += 1
        await self._queue.put((raw, relay))

    async def written(self) -> None:
        """Return when everything that is queued now has been refused or synced to the log."""
        await self._queue.join()

    async def run(self) -> None:
        """Check and write until cancelled. While the log is unavailable it tries on and on."""
        while True:
            batch = await self._next_batch()
            entries = await asyncio.to_thread(self._check, batch)
            await self._write([entry for entry, _ in entries], [relay for _, relay in entries])
            await self._refusals.flush()
            for _ in batch:
                self._queue.task_done()

    async def _next_batch(self) -> list[_Received]:
        batch = [await self._queue.get()]
        while len(batch) < self._batch_events and not self._queue.empty():
            batch.append(self._queue.get_nowait())
        return batch

    def _check(self, batch: list[_Received]) -> list[tuple[Admitted, RelayCounters]]:
        checked: list[tuple[Admitted, RelayCounters]] = []
        now = int(time.time())
        for raw, relay in batch:
            try:
                entries = self._admission.admit(raw, Source.RELAY, relay.url)
            except EventRefused as refusal:
                relay.refused[refusal.reason] += 1
                self._refusals.record(Refused.because(refusal, raw, Source.RELAY, relay.url))
                continue
            relay.events += 1
            relay.duplicates += not entries
            relay.last_event_at = now
            checked += [(entry, relay) for entry in entries]
        return checked

    async def _write(self, entries: list[Admitted], relays: list[RelayCounters]) -> None:
        while entries:
            try:
                outcomes = await self._writer.append(entries)
            except LogUnavailable as error:
                _log.error("log.unavailable", error=str(error), waiting=len(entries))
                continue
            for entry, relay, outcome in zip(entries, relays, outcomes, strict=True):
                if entry.source is Source.RELAY and outcome is Outcome.DUPLICATE:
                    relay.duplicates += 1
            return
