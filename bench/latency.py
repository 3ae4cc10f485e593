"""From a relay to a subscriber: `python bench/latency.py [--rate R] [--seconds S] [--json FILE]`.

Jobs are published to a relay at an even pace. Each is watched by a `jobChanged` subscription, opened when its
request is sent; measured is the time from just before an answer is sent to the relay until a message shows it.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from installation import BenchFailed, Installation, installation, run
from memory import peak_memory
from report import quantile, report
from subscriber import Watcher, watcher

CONNECTIONS = 12
WATCHED_SECONDS = 14.0
"""How long a job is watched: its four answers take four seconds, and the last may be ten seconds late."""
GRACE_SECONDS = 10.0
WARM_UP = 3_000
"""Events projected before the clock starts: a database that has just started compiles its queries first."""
IDLE_BEFORE = 30.0
"""Seconds between the start and the first event, as for most who start it; the database warms up meanwhile."""
WATCHED_BEFORE = 20.0
"""Seconds of the same traffic, watched as well, whose waits are shown by ten seconds but not counted."""
BENCH = Path(__file__).parent


@dataclass
class Sent:
    """What the relay was given: event id -> wall-clock second, answers apart from requests."""

    answers: dict[str, float] = field(default_factory=dict)
    requests: dict[str, float] = field(default_factory=dict)


def main(
    rate: Annotated[float, typer.Option(min=1)] = 50,
    seconds: Annotated[float, typer.Option(min=5)] = 60,
    json_file: Annotated[Path | None, typer.Option("--json")] = None,
) -> None:
    """Publish at a pace and print how long subscribers wait."""
    with peak_memory() as memory:
        figures = asyncio.run(_measure(rate, seconds))
    report("latency", figures, memory, json_file)
    if figures["lost, of all"]:
        raise BenchFailed(f"{figures['lost, of all']} answers never reached their subscriber")


async def _measure(rate: float, seconds: float) -> dict[str, Any]:
    async with _relay(rate, WATCHED_BEFORE + seconds) as (relay, url):
        with installation("--relay", url) as running:
            await asyncio.to_thread(running.wait_for_relay, url)
            await asyncio.sleep(IDLE_BEFORE)
            await _warm_up(running, relay)
            return await _watch(running, relay, rate)


@asynccontextmanager
async def _relay(rate: float, seconds: float) -> AsyncIterator[tuple[Process, str]]:
    command = [sys.executable, str(BENCH / "paced_relay.py"), str(rate), str(seconds), str(WARM_UP)]
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    try:
        yield process, (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def _warm_up(running: Installation, relay: Process) -> None:
    assert relay.stdin is not None
    assert relay.stdout is not None
    relay.stdin.write(b"warm up\n")
    await relay.stdout.readline()
    await asyncio.to_thread(running.wait_for_events, WARM_UP)


async def _watch(running: Installation, relay: Process, rate: float) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        watchers = [await stack.enter_async_context(watcher(running.graphql)) for _ in range(CONNECTIONS)]
        sent = await _follow(relay, watchers)
        await asyncio.sleep(GRACE_SECONDS)
    seen: dict[str, float] = {}
    for one in watchers:
        seen |= one.seen
    return _figures(sent, seen, rate, [error for one in watchers for error in one.errors])


async def _follow(relay: Process, watchers: list[Watcher]) -> Sent:
    assert relay.stdin is not None
    assert relay.stdout is not None
    sent = Sent()
    relay.stdin.write(b"go\n")
    async with asyncio.TaskGroup() as leaving:
        async for line in relay.stdout:
            event = orjson.loads(line)
            if not event:
                break
            if event["id"] != event["job"]:
                sent.answers[event["id"]] = event["at"]
                continue
            sent.requests[event["id"]] = event["at"]
            quietest = min(watchers, key=lambda one: one.jobs)
            await quietest.watch(event["id"])
            leaving.create_task(_leave_later(quietest, event["id"]))
    return sent


async def _leave_later(one: Watcher, job: str) -> None:
    await asyncio.sleep(WATCHED_SECONDS)
    await one.leave(job)


def _figures(sent: Sent, seen: dict[str, float], rate: float, errors: list[str]) -> dict[str, Any]:
    start = min(sent.requests.values()) + WATCHED_BEFORE
    counted = {event: at for event, at in sent.answers.items() if at >= start}
    waits = [(seen[event] - at) * 1000 for event, at in counted.items() if event in seen]
    return {
        "events/s published": rate,
        "events before": WARM_UP,
        "seconds watched before": WATCHED_BEFORE,
        "events": len(sent.answers) + len(sent.requests),
        "answers measured": len(waits),
        "lost, of all": len(sent.answers.keys() - seen.keys()),
        "p50, ms": quantile(waits, 0.5),
        "p95, ms": quantile(waits, 0.95),
        "p99, ms": quantile(waits, 0.99),
        "max, ms": quantile(waits, 1.0),
        "p99 of each ten seconds, ms": _by_ten_seconds(sent, seen),
        "subscription errors": len(errors),
        "first error": errors[0] if errors else "none",
    }


def _by_ten_seconds(sent: Sent, seen: dict[str, float]) -> list[int]:
    first = min(sent.answers.values())
    spans: dict[int, list[float]] = defaultdict(list)
    for event, at in sent.answers.items():
        if event in seen:
            spans[int((at - first) // 10)].append((seen[event] - at) * 1000)
    return [round(quantile(spans[span], 0.99)) for span in sorted(spans)]


if __name__ == "__main__":
    run(main)
