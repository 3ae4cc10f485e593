"""The collector: follows relays and writes what they send to the log."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import nats.errors
import structlog
from nats.aio.client import Client
from nostr_sdk import uniffi_set_event_loop

from dvmdash.ingest.admission import Admission
from dvmdash.ingest.buckets import Buckets
from dvmdash.ingest.counters import RelayCounters, RelayState
from dvmdash.ingest.errors import RelayUrlRefused
from dvmdash.ingest.following import follow_relay
from dvmdash.ingest.intake import Intake
from dvmdash.ingest.interest import Interest
from dvmdash.ingest.refusals import RefusalLog
from dvmdash.ingest.relay_urls import normalise
from dvmdash.ingest.session import RelayMemory, Surroundings
from dvmdash.ingest.settings import CollectorSettings
from dvmdash.ingest.streams import ensure_streams
from dvmdash.ingest.writer import LogWriter
from dvmdash.nip90.kinds import default_registry

_log = structlog.get_logger(__name__)
_LAST_WRITES_SECONDS = 10.0
_CANCEL_AGAIN_SECONDS = 1.0


async def run_collector(nc: Client, settings: CollectorSettings, stop: asyncio.Event) -> None:
    """Follow the relays in `settings` until `stop` is set, then write what is queued and return.

    Creates missing streams. A relay that is unreachable, refused or misbehaving is reported in the counters
    and never stops the others. Raises nats.errors.Error when JetStream cannot be used at the start.
    """
    uniffi_set_event_loop(asyncio.get_running_loop())
    js = nc.jetstream()
    for drift in await ensure_streams(js, replicas=settings.replicas):
        _log.warning("log.drift", what=drift.what, wanted=drift.wanted, found=drift.found)
    writer = LogWriter(nc, settings.writer)
    around = Surroundings(
        settings,
        default_registry(),
        Intake(
            writer,
            RefusalLog(nc),
            Admission(remembered=settings.remembered),
            queue_events=settings.queue_events,
            batch_events=settings.batch_events,
        ),
        await Buckets.open(js),
        Interest(settings.interest_providers),
    )
    relays = list({relay.url: relay for relay in map(_counters, settings.relays)}.values())
    try:
        await _run_until(stop, around, relays)
    finally:
        await writer.close()


async def _run_until(stop: asyncio.Event, around: Surroundings, relays: list[RelayCounters]) -> None:
    followed = [relay for relay in relays if relay.state is not RelayState.REFUSED]
    writing = asyncio.create_task(around.intake.run())
    others = [
        asyncio.create_task(
            around.interest.follow(around.buckets, around.settings.interest_debounce_seconds)
        ),
        asyncio.create_task(_publish_counters(around, relays)),
        *(asyncio.create_task(follow_relay(RelayMemory(relay.url, relay), around)) for relay in followed),
    ]
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([stopping, writing, *others], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopping}:
            # None of them ends by itself; if one did, its error must stop the process loudly.
            task.result()
    finally:
        await _cancel([stopping, *others])
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WRITES_SECONDS):
                await around.intake.written()
        await _cancel([writing])


async def _publish_counters(around: Surroundings, relays: Sequence[RelayCounters]) -> None:
    settings = around.settings
    while True:
        try:
            await around.buckets.publish_counters(settings.collector_id, relays)
        except (nats.errors.Error, OSError) as error:
            _log.warning("collector.counters_unpublished", error=str(error))
        await asyncio.sleep(settings.publish_seconds)


async def _cancel(tasks: Sequence[asyncio.Task[Any]]) -> None:
    left = {task for task in tasks if not task.done()}
    while left:
        # A cancellation can meet a task that is just finishing an inner wait and be swallowed; so it is repeated.
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_CANCEL_AGAIN_SECONDS)


def _counters(url: str) -> RelayCounters:
    try:
        return RelayCounters(normalise(url))
    except RelayUrlRefused as error:
        refused = RelayCounters(error.url[:200])
        refused.enter(RelayState.REFUSED, error.detail)
        return refused
