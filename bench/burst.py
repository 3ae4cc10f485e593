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
from pathlib import Path
from typing import Annotated

import typer
from installation import BenchFailed, installation, run
from job_events import job_events
from memory import peak_memory
from report import report

from dvmdash.simulate.publisher import publisher
from dvmdash.simulate.signing import SignedEvent

BENCH = Path(__file__).parent


def main(
    events: Annotated[int, typer.Option(min=1)] = 5_000,
    json_file: Annotated[Path | None, typer.Option("--json")] = None,
) -> None:
    """Publish a burst and wait until the graph holds all of it."""
    burst = job_events(events, time.time())
    with peak_memory() as memory, _relay() as url, installation("--relay", url) as running:
        running.wait_for_relay(url)
        started = time.monotonic()
        asyncio.run(_publish(url, burst))
        published = time.monotonic() - started
        # The log of a fresh installation holds nothing else, so its sequence counts the burst's events.
        seconds = running.wait_for_events(events) - started
        arrived = running.events_in_graph()
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


if __name__ == "__main__":
    run(main)
