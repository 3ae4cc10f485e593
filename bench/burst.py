"""Whether a burst loses anything: `python bench/burst.py [--events N] [--json FILE]`.

Events of jobs are published to a relay as fast as it takes them; measured is the time until all are in the graph.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from installation import BenchFailed, Installation, installation, run
from memory import peak_memory
from report import report

from dvmdash.simulate.publisher import publisher
from dvmdash.simulate.signing import SignedEvent
from dvmdash.simulate.traffic import TrafficSettings, traffic

PATIENCE_SECONDS = 600.0
BENCH = Path(__file__).parent


def main(
    events: Annotated[int, typer.Option(min=1)] = 5_000,
    json_file: Annotated[Path | None, typer.Option("--json")] = None,
) -> None:
    """Publish a burst and wait until the graph holds all of it."""
    burst = _job_events(events)
    with peak_memory() as memory, _relay() as url, installation("--relay", url) as running:
        running.wait_for_relay(url)
        started = time.monotonic()
        asyncio.run(_publish(url, burst))
        published = time.monotonic() - started
        arrived, seconds = _wait(running, events, started)
    figures = {
        "events": events,
        "seconds to publish": published,
        "events/s published": events / published,
        "in the graph": arrived,
        "lost": events - arrived,
        "seconds until the last was in the graph": seconds,
    }
    report("burst", figures, memory, json_file)
    if arrived != events:
        raise BenchFailed(f"{events - arrived} of {events} events are not in the graph")


def _job_events(count: int) -> list[SignedEvent]:
    """Return requests, feedback and results of the last hours: what any collector asks every relay for."""
    settings = TrafficSettings(start=time.time() - 6 * 3600, expirations=False, introduce=False)
    wanted = (moment.event for moment in traffic(settings) if 5000 <= moment.event["kind"] <= 7000)
    return list(islice(wanted, count))


@contextmanager
def _relay() -> Iterator[str]:
    command = [sys.executable, str(BENCH / "empty_relay.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def _publish(url: str, events: list[SignedEvent]) -> None:
    async with publisher(url) as sender:
        await sender.publish_all(events)
        if sender.refused:
            raise BenchFailed(f"the relay refused {len(sender.refused)} events: {sender.refused}")


def _wait(running: Installation, events: int, started: float) -> tuple[int, float]:
    # The log of a fresh installation holds nothing else, so its sequence counts the burst's distinct events.
    last_change, seen = time.monotonic(), 0
    while seen < events and time.monotonic() - last_change < PATIENCE_SECONDS:
        _, checkpoint = running.progress()
        if checkpoint > seen:
            last_change, seen = time.monotonic(), checkpoint
        time.sleep(0.1)
    return running.events_in_graph(), last_change - started


if __name__ == "__main__":
    run(main)
