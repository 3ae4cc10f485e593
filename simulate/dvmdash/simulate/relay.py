"""A real relay inside this process, for demos, tests and benches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nostr_sdk import LocalRelay, LocalRelayBuilder, RateLimit, uniffi_set_event_loop

from .errors import RelayUnavailable

# The library's bound of 60 notes a minute is for relays that face the world; this one is on loopback.
UNBOUNDED = RateLimit(max_reqs=1_000_000, notes_per_minute=1_000_000_000)


@asynccontextmanager
async def local_relay(port: int = 0) -> AsyncIterator[LocalRelay]:
    """Run a relay on 127.0.0.1 while the block lasts; port 0 takes a free one.

    It keeps events in memory, serves at most 500 per filter, refuses expired events (NIP-40) and drops live
    events of a subscriber that lags by more than 1,024. Raises RelayUnavailable when the port is taken.
    """
    uniffi_set_event_loop(asyncio.get_running_loop())
    builder = LocalRelayBuilder().addr("127.0.0.1").rate_limit(UNBOUNDED)
    if port:
        builder = builder.port(port)
    relay = builder.build()
    try:
        await relay.run()
    except Exception as error:
        raise RelayUnavailable(f"no relay on port {port}: {error}; choose another port") from error
    try:
        yield relay
    finally:
        relay.shutdown()


async def relay_url(relay: LocalRelay) -> str:
    """Return a running relay's address, `ws://127.0.0.1:<port>`, without a trailing slash."""
    return str(await relay.url()).rstrip("/")
