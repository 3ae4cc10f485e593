"""A relay with made-up traffic on it: two hours of history, then a job every few seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from itertools import takewhile

from .publisher import Publisher, publisher
from .relay import local_relay, relay_url
from .scene import Moment
from .signing import SignedEvent
from .traffic import TrafficSettings, traffic

HISTORY_SECONDS = 7_200
HISTORY_JOBS = 35
CUSTOMERS = 12
PROVIDERS = 15
LIVE_TEMPO = 0.4
"""Providers of the demo work faster than real ones: something should move on every page."""


async def run_demo(
    relay_port: int,
    stop: asyncio.Event,
    seed: int = 1,
    pace: float = 4.0,
    announce: Callable[[str], None] = print,
) -> None:
    """Run the relay on 127.0.0.1 (port 0: a free one) and publish to it until `stop` is set.

    `pace` is the mean number of seconds between jobs. `announce` is called once with the relay's URL, as soon
    as the history is on the relay. Dates come from the wall clock. Raises RelayUnavailable when the port
    is taken.
    """
    async with local_relay(relay_port) as relay:
        url = await relay_url(relay)
        async with publisher(url) as sender:
            now = time.time()
            await sender.publish_all(history(seed, now))
            announce(url)
            await _go_live(sender, stop, _live_settings(seed, now, pace))


def history(seed: int, now: float) -> Iterator[SignedEvent]:
    """Yield the introductions and some 150 events of the two hours before `now`, oldest first."""
    settings = TrafficSettings(
        seed=seed,
        start=now - HISTORY_SECONDS,
        jobs_per_second=HISTORY_JOBS / HISTORY_SECONDS,
        customers=CUSTOMERS,
        providers=PROVIDERS,
        expirations=False,
    )
    return (moment.event for moment in takewhile(lambda moment: moment.at < now, traffic(settings)))


def _live_settings(seed: int, now: float, pace: float) -> TrafficSettings:
    return TrafficSettings(
        seed=seed,
        start=now,
        jobs_per_second=1 / pace,
        customers=CUSTOMERS,
        providers=PROVIDERS,
        tempo=LIVE_TEMPO,
        introduce=False,
    )


async def _go_live(sender: Publisher, stop: asyncio.Event, settings: TrafficSettings) -> None:
    for moment in traffic(settings):
        await _sleep_until(moment, stop)
        if stop.is_set():
            return
        await sender.publish(moment.event)


async def _sleep_until(moment: Moment, stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(max(0.0, moment.at - time.time())):
            await stop.wait()
    except TimeoutError:
        return
