from __future__ import annotations

import asyncio
import json
from itertools import islice
from typing import Any

import pytest
from relay_fixtures import StartRelay
from scripted_relay import (
    GARBAGE,
    Script,
    huge_frame,
    notice,
    with_wrong_id,
    with_wrong_signature,
)
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from dvmdash.simulate.signing import SignedEvent, derive_keys, event_digest, sign_event
from dvmdash.simulate.traffic import TrafficSettings, traffic


def some_events(count: int) -> list[SignedEvent]:
    return [moment.event for moment in islice(traffic(TrafficSettings()), count)]


async def ask(connection: ClientConnection, *filters: dict[str, Any]) -> None:
    await connection.send(json.dumps(["REQ", "s", *filters]))


async def answer_until_eose(connection: ClientConnection) -> list[Any]:
    messages = []
    async with asyncio.timeout(5):
        async for frame in connection:
            message = json.loads(frame)
            if message[0] == "EOSE":
                return messages
            messages.append(message)
    raise AssertionError("the connection ended before EOSE")


async def collect(connection: ClientConnection, received: list[str | bytes]) -> None:
    async for frame in connection:
        received.append(frame)


async def test_plain_script_serves_stored_events_newest_first(start_scripted_relay: StartRelay) -> None:
    events = some_events(200)
    relay = await start_scripted_relay(Script(stored=list(events)))
    async with connect(relay.url) as client:
        await ask(client, {"kinds": [0]})
        times = [message[2]["created_at"] for message in await answer_until_eose(client)]
    assert len(times) == sum(event["kind"] == 0 for event in events)
    assert times == sorted(times, reverse=True)


async def test_no_more_than_the_limit_is_served_per_filter(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script(stored=list(some_events(700))))
    async with connect(relay.url) as client:
        await ask(client, {"limit": 5000})
        assert len(await answer_until_eose(client)) == 500
        await ask(client, {"limit": 3})
        assert len(await answer_until_eose(client)) == 3


async def test_filters_by_author_tag_and_time_select(start_scripted_relay: StartRelay) -> None:
    keys = derive_keys(1, "author")
    tagged = sign_event(keys, 100, 7000, [["e", "aa"]])
    other = sign_event(keys, 200, 7000, [["e", "bb"]])
    relay = await start_scripted_relay(Script(stored=[tagged, other]))
    assert relay.select([{"authors": [keys.pubkey], "#e": ["aa"]}]) == [tagged]
    assert relay.select([{"since": 101}]) == [other]
    assert relay.select([{"until": 199}]) == [tagged]
    assert relay.select([{"ids": ["00"]}]) == []


async def test_live_events_reach_matching_subscriptions_only(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script())
    wanted = sign_event(derive_keys(1, "a"), 5, 5050, [])
    unwanted = sign_event(derive_keys(1, "a"), 5, 1, [])
    async with connect(relay.url) as client:
        await ask(client, {"kinds": [5050]})
        await answer_until_eose(client)
        await relay.publish(unwanted)
        await relay.publish(wanted)
        assert json.loads(await client.recv()) == ["EVENT", "s", wanted]


async def test_published_events_are_acknowledged_and_kept(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script())
    event = sign_event(derive_keys(1, "a"), 5, 5050, [])
    async with connect(relay.url) as client:
        await client.send(json.dumps(["EVENT", event]))
        assert json.loads(await client.recv()) == ["OK", event["id"], True, ""]
    assert relay.script.stored == [event]


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        (Script(close_req="auth-required: log in"), ["CLOSED", "s", "auth-required: log in"]),
        (Script(close_req="rate-limited: slow down"), ["CLOSED", "s", "rate-limited: slow down"]),
        (Script(notice_req="too many kinds"), ["NOTICE", "too many kinds"]),
        (Script(on_connect=(notice("hello"),)), ["NOTICE", "hello"]),
    ],
)
async def test_requests_are_refused_as_scripted(
    start_scripted_relay: StartRelay, script: Script, answer: list[Any]
) -> None:
    relay = await start_scripted_relay(script)
    async with connect(relay.url) as client:
        await ask(client, {})
        assert json.loads(await client.recv()) == answer


async def test_events_are_refused_as_scripted(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script(refuse_event="rate-limited: wait"))
    async with connect(relay.url) as client:
        await client.send(json.dumps(["EVENT", {"id": "aa"}]))
        assert json.loads(await client.recv()) == ["OK", "aa", False, "rate-limited: wait"]
    assert relay.script.stored == []


async def test_garbage_binary_and_huge_frames_arrive_before_the_events(
    start_scripted_relay: StartRelay,
) -> None:
    frames = (*GARBAGE, huge_frame(2_000_000))
    relay = await start_scripted_relay(Script(before_events=frames))
    async with connect(relay.url, max_size=None) as client:
        await ask(client, {})
        assert tuple([await client.recv() for _ in frames]) == frames
        assert await answer_until_eose(client) == []


async def test_half_open_relay_reads_and_stays_silent(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script(answers=False, stored=list(some_events(1))))
    async with connect(relay.url) as client:
        await ask(client, {})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await client.recv()
    assert relay.requests() == [["REQ", "s", {}]]


async def test_relay_without_eose_sends_events_alone(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script(sends_eose=False, stored=list(some_events(1))))
    async with connect(relay.url) as client:
        await ask(client, {})
        assert json.loads(await client.recv())[0] == "EVENT"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await client.recv()


async def test_connection_is_cut_after_so_many_frames(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script(hang_up_after=3, stored=list(some_events(10))))
    async with connect(relay.url) as client:
        await ask(client, {})
        received: list[str | bytes] = []
        with pytest.raises(ConnectionClosed):
            await collect(client, received)
    assert len(received) <= 3


async def test_relay_can_go_away_and_come_back_at_its_address(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script())
    url = relay.url
    async with connect(url) as client:
        await relay.stop()
        with pytest.raises(ConnectionClosed):
            await client.recv()
    with pytest.raises(OSError, match="Connect call failed"):
        await connect(url)
    await relay.start()
    async with connect(relay.url):
        assert relay.url == url
    assert relay.connections == 2


async def test_filters_can_be_ignored(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script(ignores_filters=True, stored=list(some_events(5))))
    async with connect(relay.url) as client:
        await ask(client, {"kinds": [65535]})
        assert len(await answer_until_eose(client)) == 5


def test_forged_events_differ_in_one_thing_only() -> None:
    event = some_events(1)[0]
    fields = (event["pubkey"], event["created_at"], event["kind"], event["tags"])
    forged = with_wrong_signature(event)
    assert event_digest(*fields, forged["content"]).hex() == forged["id"]
    assert forged["sig"] != event["sig"]
    altered = with_wrong_id(event)
    assert event_digest(*fields, altered["content"]).hex() != altered["id"]
