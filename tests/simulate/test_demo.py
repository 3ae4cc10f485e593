from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from nostr_sdk import Client, ClientBuilder, Filter, Kind, RelayUrl, ReqTarget, uniffi_set_event_loop

from dvmdash.simulate.demo import history, run_demo
from dvmdash.simulate.errors import RelayUnavailable
from dvmdash.simulate.signing import SignedEvent

PATIENCE = 20


@pytest_asyncio.fixture
async def demo() -> AsyncIterator[tuple[Process, str]]:
    command = [sys.executable, "-m", "dvmdash.simulate", "demo", "--pace", "0.5"]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env=dict(os.environ))
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            url = (await process.stdout.readline()).decode().strip()
        yield process, url
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def complete_jobs(events: list[SignedEvent]) -> set[str]:
    requests = {event["id"] for event in events if 5000 <= event["kind"] < 6000}
    named = [(event["kind"], tag[1]) for event in events for tag in event["tags"] if tag[0] == "e"]
    answered = {target for kind, target in named if kind == 7000}
    served = {target for kind, target in named if 6000 <= kind < 7000}
    return requests & answered & served


async def connect(url: str) -> Client:
    uniffi_set_event_loop(asyncio.get_running_loop())
    client = ClientBuilder().build()
    await client.add_relay(RelayUrl.parse(url))
    await client.connect()
    return client


async def test_a_client_receives_a_whole_job(demo: tuple[Process, str]) -> None:
    process, url = demo
    assert url.startswith("ws://127.0.0.1:")
    client = await connect(url)
    wanted = [Kind(kind) for kind in (*range(5000, 5400), *range(6000, 6400), 7000)]
    stream = client.notifications()
    await client.subscribe(ReqTarget.auto([Filter().kinds(wanted)]))
    events: list[SignedEvent] = []
    async with asyncio.timeout(PATIENCE):
        while not complete_jobs(events):
            notification = await stream.next()
            if notification.is_NEW_EVENT():
                events.append(json.loads(notification.event.as_json()))
    await client.shutdown()
    assert process.returncode is None


async def test_new_jobs_keep_coming(demo: tuple[Process, str]) -> None:
    _, url = demo
    client = await connect(url)
    begun = int(time.time())
    fresh = Filter().kinds([Kind(kind) for kind in range(5000, 5400)])
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await client.fetch_events(ReqTarget.auto([fresh]), timeout=timedelta(seconds=5))
            if any(json.loads(event.as_json())["created_at"] >= begun for event in found):
                break
            await asyncio.sleep(0.2)
    await client.shutdown()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly(demo: tuple[Process, str], name: signal.Signals) -> None:
    process, _ = demo
    process.send_signal(name)
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")


async def test_a_taken_port_is_refused_in_words() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(RelayUnavailable, match=f"no relay on port {port}"):
            await run_demo(port, asyncio.Event())


def test_history_lies_in_the_two_hours_before_and_fills_the_pages() -> None:
    now = 1_760_000_000.0
    events = list(history(1, now))
    assert 150 <= len(events) <= 400
    assert all(now - 7_201 <= event["created_at"] <= now for event in events)
    assert len(complete_jobs(events)) >= 10
