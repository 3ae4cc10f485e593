"""A relay in a process of its own, and a publisher on it that keeps a pace.

`python bench/paced_relay.py RATE SECONDS WARM_UP` prints the relay's URL. At a line on standard input it publishes
WARM_UP other events at once and prints `{}`. At the next line it plays jobs: a request, and one second apart four
answers. Each of these events is printed as `{"id", "job", "at"}` just before it is sent, `at` being the wall clock
in seconds; a request's `id` is its own `job`. Then it prints `{}`, and the relay lives until SIGTERM.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Iterator

import orjson
from job_events import job_events

from dvmdash.simulate.publisher import Publisher, publisher
from dvmdash.simulate.relay import local_relay, relay_url
from dvmdash.simulate.signing import Keys, SignedEvent, derive_keys, sign_event

ANSWERS = 4
STEP_SECONDS = 1.0
PROVIDERS = [derive_keys(1, f"provider {number}") for number in range(20)]


async def main(rate: float, seconds: float, warm_up: int) -> None:
    """Serve; when told to, publish the warm-up, then `rate` events a second for `seconds`."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with local_relay() as relay:
        url = await relay_url(relay)
        print(url, flush=True)
        # The relay cuts connections that are idle for long, so each phase has one of its own.
        await asyncio.to_thread(sys.stdin.readline)
        async with publisher(url) as sender:
            await sender.publish_all(job_events(warm_up, time.time()))
        print("{}", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        async with publisher(url) as sender:
            await _play(sender, rate, seconds)
        print("{}", flush=True)
        await stop.wait()


async def _play(sender: Publisher, rate: float, seconds: float) -> None:
    every = (1 + ANSWERS) / rate
    started = time.monotonic()
    async with asyncio.TaskGroup() as jobs:
        for number in range(round(seconds / every)):
            await asyncio.sleep(max(0.0, started + number * every - time.monotonic()))
            jobs.create_task(_job(sender, number))


async def _job(sender: Publisher, number: int) -> None:
    customer, provider = derive_keys(1, f"customer {number % 50}"), PROVIDERS[number % len(PROVIDERS)]
    started = time.monotonic()
    request = _sign(customer, 5050, [["i", f"Paced job {number}", "text"]])
    await _publish(sender, request, request["id"])
    for step, (kind, status) in enumerate(_answers(), start=1):
        await asyncio.sleep(max(0.0, started + step * STEP_SECONDS - time.monotonic()))
        tags = [["e", request["id"]], ["p", customer.pubkey], ["status", status]]
        await _publish(sender, _sign(provider, kind, tags, f"step {step}"), request["id"])


def _answers() -> Iterator[tuple[int, str]]:
    yield 7000, "processing"
    for _ in range(ANSWERS - 2):
        yield 7000, "partial"
    yield 6050, "success"


def _sign(keys: Keys, kind: int, tags: list[list[str]], content: str = "") -> SignedEvent:
    return sign_event(keys, int(time.time()), kind, tags, content)


async def _publish(sender: Publisher, event: SignedEvent, job: str) -> None:
    line = orjson.dumps({"id": event["id"], "job": job, "at": time.time()}).decode()
    print(line, flush=True)
    await sender.publish(event)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
