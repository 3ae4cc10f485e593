"""Keeps at one relay for ever: connects, stays, and when it is lost waits and connects again."""

from __future__ import annotations

import asyncio
import random

import nats.errors
import structlog

from dvmdash.ingest.counters import RelayState
from dvmdash.ingest.errors import RelayLost, RelayUrlRefused
from dvmdash.ingest.relay_urls import check_addresses
from dvmdash.ingest.session import RelayMemory, RelaySession, Surroundings

_log = structlog.get_logger(__name__)
_GOOD_STAY_SECONDS = 60.0


async def follow_relay(memory: RelayMemory, around: Surroundings) -> None:
    """Follow one relay until cancelled; its troubles are counted, logged and never passed on."""
    settings = around.settings
    loop = asyncio.get_running_loop()
    failures = 0
    while True:
        started = loop.time()
        if memory.counters.state is not RelayState.CONNECTING:
            memory.counters.enter(RelayState.CONNECTING, memory.counters.error)
        try:
            await check_addresses(memory.url, allow_private=settings.allow_private_relays)
            await RelaySession(memory, around).run()
        except RelayUrlRefused as error:
            memory.counters.enter(RelayState.REFUSED, error.detail)
        except (RelayLost, nats.errors.Error, OSError, TimeoutError) as error:
            memory.counters.enter(RelayState.DISCONNECTED, str(error) or type(error).__name__)
        failures = 1 if loop.time() - started > _GOOD_STAY_SECONDS else failures + 1
        pause = backoff(failures, settings.backoff_seconds, settings.backoff_limit_seconds)
        _log.info("relay.waiting", relay=memory.url, error=memory.counters.error, seconds=round(pause, 1))
        await asyncio.sleep(pause)


def backoff(failures: int, first: float, longest: float) -> float:
    """Return the pause in seconds after so many failures in a row: doubling, bounded, give or take a quarter."""
    pause = min(longest, first * 2.0 ** min(failures - 1, 60))
    return pause * random.uniform(0.75, 1.25)  # noqa: S311 - spreads reconnects, guards nothing
