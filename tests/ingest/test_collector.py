from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError
from nostr_sdk import (
    LocalRelayBuilder,
    LocalRelayBuilderNip42,
    LocalRelayBuilderNip42Mode,
    uniffi_set_event_loop,
)
from relay_fixtures import StartRelay
from scripted_relay import GARBAGE, Script, huge_frame, notice, with_wrong_id, with_wrong_signature

from dvmdash.ingest.collector import run_collector
from dvmdash.ingest.relay_urls import relay_key
from dvmdash.ingest.settings import CollectorSettings
from dvmdash.nip90 import log
from dvmdash.simulate.publisher import publisher
from dvmdash.simulate.relay import UNBOUNDED
from dvmdash.simulate.signing import SignedEvent

from .signing import event, keys, recent

pytestmark = pytest.mark.integration
PATIENCE = 30.0


def quick(*relays: str, **changes: Any) -> CollectorSettings:
    settings: dict[str, Any] = {
        "reconcile_seconds": 1.0,
        "page_seconds": 3.0,
        "backoff_seconds": 0.1,
        "backoff_limit_seconds": 0.5,
        "publish_seconds": 0.1,
        "interest_debounce_seconds": 0.1,
        "connect_seconds": 5.0,
    }
    return CollectorSettings(relays=relays, **{**settings, **changes})


@asynccontextmanager
async def collecting(nc: Client, settings: CollectorSettings) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(run_collector(nc, settings, stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, PATIENCE)


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not await holds():
        assert time.monotonic() < deadline, f"never happened: {what}"
        await asyncio.sleep(0.05)


async def stored(js: JetStreamContext) -> int:
    return (await js.stream_info(log.STREAM)).state.messages


async def until_stored(js: JetStreamContext, count: int) -> None:
    async def enough() -> bool:
        return await stored(js) >= count

    await until(enough, f"{count} events in the log")
    assert await stored(js) == count


async def publish(url: str, events: list[SignedEvent]) -> None:
    async with publisher(url) as relay:
        await relay.publish_all(events)


async def relay_row(js: JetStreamContext, url: str, collector: str = "collector") -> dict[str, Any]:
    try:
        value = (await (await js.key_value(log.COLLECTORS_BUCKET)).get(collector)).value
    except KeyNotFoundError:
        return {}
    rows = {row["url"]: row for row in orjson.loads(value or b"{}").get("relays", [])}
    return rows.get(url, {})


async def until_row(
    js: JetStreamContext, url: str, fits: Callable[[dict[str, Any]], bool], collector: str = "collector"
) -> dict[str, Any]:
    row: dict[str, Any] = {}

    async def found() -> bool:
        nonlocal row
        row = await relay_row(js, url, collector)
        return bool(row) and fits(row)

    try:
        await until(found, "a relay's counters as expected")
    except AssertionError as error:
        raise AssertionError(f"{error}, they are {row}") from None
    return row


async def test_the_past_and_a_live_burst_reach_the_log_without_loss(
    nats_client: Client, log_stream: JetStreamContext, local_relay_url: str
) -> None:
    await publish(local_relay_url, recent(1_200, spread=40))
    async with collecting(nats_client, quick(local_relay_url, reconcile_seconds=10.0)):
        # Published while the past is being read: the seam.
        await publish(local_relay_url, recent(300, seconds_ago=5, kind=7000, spread=100))
        await until_stored(log_stream, 1_500)
        await publish(local_relay_url, recent(5_000, seconds_ago=60, kind=6050, spread=100))
        await until_stored(log_stream, 6_500)
        row = await until_row(log_stream, local_relay_url, lambda row: row["backfill"] == "done")
    assert row["state"] == "connected"
    assert row["events"] >= 6_500
    assert row["error"] is None
    assert row["last_event_at"] is not None


async def test_a_crowded_second_of_one_kind_is_read_completely(
    nats_client: Client, log_stream: JetStreamContext, local_relay_url: str
) -> None:
    await publish(local_relay_url, recent(1_300, spread=1_300))
    async with collecting(nats_client, quick(local_relay_url, reconcile_seconds=10.0)):
        await until_stored(log_stream, 1_300)
        row = await until_row(log_stream, local_relay_url, lambda row: row["backfill"] == "done")
    assert row["unread"] == 0


async def test_a_second_collector_changes_nothing(
    nats_client: Client, log_stream: JetStreamContext, local_relay_url: str
) -> None:
    await publish(local_relay_url, recent(150))
    async with collecting(nats_client, quick(local_relay_url)):
        await until_stored(log_stream, 150)
    async with collecting(nats_client, quick(local_relay_url + "/", collector_id="second")):

        async def read() -> bool:
            row = await relay_row(log_stream, local_relay_url, "second")
            return row.get("backfill") == "done" and row["duplicates"] >= 150

        await until(read, "the second collector reads the past")
    assert await stored(log_stream) == 150


async def test_a_restart_goes_on_from_the_watermark(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay
) -> None:
    relay = await start_scripted_relay(Script(stored=list(recent(30, seconds_ago=20_000))))
    async with collecting(nats_client, quick(relay.url)):
        await until_row(log_stream, relay.url, lambda row: row["backfill"] == "done")
    bucket = await log_stream.key_value(log.WATERMARKS_BUCKET)
    watermark = int((await bucket.get(relay_key(relay.url))).value or 0)
    assert abs(watermark - time.time()) < 120
    assert await stored(log_stream) == 30
    relay.received.clear()
    async with collecting(nats_client, quick(relay.url, collector_id="again")):
        await until_row(log_stream, relay.url, lambda row: row["backfill"] == "done", "again")
    asked = [wanted["since"] for request in relay.requests() for wanted in request[2:] if "since" in wanted]
    assert asked
    assert min(asked) >= watermark - CollectorSettings(()).overlap_seconds


async def test_unreachable_and_refused_relays_are_reported_and_stop_nobody(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay
) -> None:
    gone = await start_scripted_relay(Script())
    await gone.stop()
    good = await start_scripted_relay(Script(stored=list(recent(5))))
    async with collecting(nats_client, quick(gone.url, "ws://example.com", good.url)):
        await until_stored(log_stream, 5)
        lost = await until_row(log_stream, gone.url, lambda row: row["error"] is not None)
        refused = await until_row(log_stream, "ws://example.com", lambda row: row["state"] == "refused")
        assert "cannot connect" in lost["error"]
        assert "wss://" in refused["error"]
        gone.script.stored = list(recent(3, kind=7000))
        await gone.start()
        await until_stored(log_stream, 8)
        await until_row(
            log_stream, gone.url, lambda row: row["state"] == "connected" and row["error"] is None
        )


async def test_a_cut_connection_is_made_anew_and_what_was_missed_is_read(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay
) -> None:
    relay = await start_scripted_relay(Script(stored=list(recent(5))))
    async with collecting(nats_client, quick(relay.url, reconcile_seconds=600.0)):
        await until_row(log_stream, relay.url, lambda row: row["backfill"] == "done")
        relay.script.stored += recent(7, kind=7000)
        relay.cut_all()
        await until_stored(log_stream, 12)
    assert relay.connections >= 2


async def test_reconciling_finds_what_was_never_sent_live(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay
) -> None:
    relay = await start_scripted_relay(Script(stored=list(recent(5))))
    async with collecting(nats_client, quick(relay.url)):
        await until_stored(log_stream, 5)
        relay.script.stored += recent(4, kind=7000)
        await until_stored(log_stream, 9)
    assert relay.connections == 1


async def test_a_relay_that_refuses_many_kinds_is_asked_for_fewer(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay
) -> None:
    relay = await start_scripted_relay(Script(close_req="invalid: too many kinds", stored=list(recent(3))))
    async with collecting(nats_client, quick(relay.url)):
        row = await until_row(log_stream, relay.url, lambda row: bool(row["notices"]))
        assert "too many kinds" in row["notices"][0]
        await until_row(log_stream, relay.url, lambda row: row["state"] == "disconnected")
        relay.script.close_req = None
        await until_stored(log_stream, 3)
    assert any(len(request[2]["kinds"]) <= 20 for request in relay.requests())


@pytest.mark.parametrize(
    "script",
    [
        Script(notice_req="too many filters"),
        Script(answers=False),
        Script(sends_eose=False),
    ],
    ids=["NOTICE alone", "half-open", "no EOSE"],
)
async def test_a_relay_that_does_not_answer_is_left_and_tried_again(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay, script: Script
) -> None:
    relay = await start_scripted_relay(script)
    async with collecting(nats_client, quick(relay.url, page_seconds=0.3)):
        row = await until_row(log_stream, relay.url, lambda row: row["state"] == "disconnected")
        assert "no complete answer" in row["error"]

        async def again() -> bool:
            return relay.connections >= 2

        await until(again, "a second connection")
        script.notice_req, script.answers, script.sends_eose = None, True, True
        script.stored = list(recent(2))
        await until_stored(log_stream, 2)


async def test_garbage_notices_and_forgeries_do_no_harm(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay
) -> None:
    good, other, late = recent(3)
    forged = [with_wrong_signature(good), with_wrong_id(other)]
    script = Script(
        on_connect=(notice("be\x07 nice"), *GARBAGE),
        before_events=(*GARBAGE, huge_frame(300_000)),
        stored=[*forged, good, other],
        ignores_filters=True,
    )
    relay = await start_scripted_relay(script)
    async with collecting(nats_client, quick(relay.url)):
        await until_stored(log_stream, 2)
        for frame in GARBAGE:
            await relay.say(frame)
        await relay.publish(with_wrong_signature(late))
        await relay.publish(late)
        await until_stored(log_stream, 3)
        row = await until_row(
            log_stream,
            relay.url,
            lambda row: (
                row["notices"]
                and row["refused"].get("wrong-signature", 0) >= 2
                and row["refused"].get("wrong-id", 0) >= 1
            ),
        )
    assert all(text.isprintable() for text in row["notices"])


async def test_an_event_is_logged_to_the_byte_as_the_relay_sent_it(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay
) -> None:
    (sent,) = recent(1)
    text = orjson.dumps(dict(reversed(sent.items())), option=orjson.OPT_INDENT_2).decode()
    relay = await start_scripted_relay(Script())
    async with collecting(nats_client, quick(relay.url)):
        await until_row(log_stream, relay.url, lambda row: row["backfill"] == "done")
        await relay.say(f'[ "EVENT" , "live0",\n {text} ]')
        await until_stored(log_stream, 1)
    kept = await log_stream.get_msg(log.STREAM, 1)
    assert kept.data == text.encode()


async def test_upper_case_keys_are_refused_and_counted(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay
) -> None:
    (sent,) = recent(1)
    loud = {**sent, "pubkey": sent["pubkey"].upper()}
    relay = await start_scripted_relay(Script(stored=[loud], ignores_filters=True))
    async with collecting(nats_client, quick(relay.url)):
        row = await until_row(log_stream, relay.url, lambda row: bool(row["refused"]))
    assert set(row["refused"]) == {"bad-hex"}


async def test_events_that_may_not_enter_are_counted_by_reason(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay
) -> None:
    future = event("early", at=int(time.time()) + 5_000)
    relay = await start_scripted_relay(Script(ignores_filters=True))
    async with collecting(nats_client, quick(relay.url)):
        await until_row(log_stream, relay.url, lambda row: row["backfill"] == "done")
        await relay.publish(future)
        row = await until_row(log_stream, relay.url, lambda row: bool(row["refused"]))
        assert row["refused"]["in-the-future"] >= 1
        kept = await log_stream.get_last_msg(log.REFUSED_STREAM, "dvm.refused.in-the-future")
        assert orjson.loads(kept.data or b"{}")["relay"] == relay.url
    assert await stored(log_stream) == 0


async def test_known_providers_are_followed_for_money_profiles_and_deletions(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay
) -> None:
    now = int(time.time())
    dvm, other = keys("dvm").pubkey, keys("other").pubkey
    profile = event('{"name":"x"}', by="dvm", kind=0, at=now - 90 * 86_400)
    deletion = event(by="dvm", kind=5, at=now - 50)
    zap = event(by="wallet", kind=9735, at=now - 40, tags=[["p", dvm]])
    foreign = event(by="wallet", kind=9735, at=now - 40, tags=[["p", other]])
    relay = await start_scripted_relay(Script(stored=[profile, deletion, zap, foreign]))
    async with collecting(nats_client, quick(relay.url)):
        await until_row(log_stream, relay.url, lambda row: row["backfill"] == "done")
        assert await stored(log_stream) == 0
        interest = await log_stream.key_value(log.INTEREST_BUCKET)
        await interest.put("dvms", orjson.dumps([dvm, "no pubkey", 7]))
        await until_stored(log_stream, 3)
        nutzap = event(by="payer", kind=9321, at=now, tags=[["p", dvm]])
        await relay.publish(nutzap)
        await until_stored(log_stream, 4)
        await interest.put("dvms", orjson.dumps([dvm, other]))
        await until_stored(log_stream, 5)


@pytest.mark.parametrize("value", [b"not json", b"{}", b"[[], null]"])
async def test_a_broken_interest_set_harms_nothing(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay, value: bytes
) -> None:
    await (await log_stream.key_value(log.INTEREST_BUCKET)).put("dvms", value)
    relay = await start_scripted_relay(Script(stored=list(recent(2))))
    async with collecting(nats_client, quick(relay.url)):
        await until_stored(log_stream, 2)


async def test_a_relay_that_asks_who_we_are_is_answered_when_a_key_is_set(
    nats_client: Client, log_stream: JetStreamContext
) -> None:
    uniffi_set_event_loop(asyncio.get_running_loop())
    login = LocalRelayBuilderNip42(mode=LocalRelayBuilderNip42Mode.READ)
    relay = LocalRelayBuilder().addr("127.0.0.1").rate_limit(UNBOUNDED).nip42(login).build()
    await relay.run()
    url = str(await relay.url()).rstrip("/")
    try:
        await publish(url, recent(4))
        async with collecting(nats_client, quick(url, page_seconds=1.0)):
            row = await until_row(log_stream, url, lambda row: row["state"] == "disconnected")
            assert "auth-required" in row["error"]
        async with collecting(nats_client, quick(url, secret_key="1" * 64)):
            await until_stored(log_stream, 4)
    finally:
        relay.shutdown()


async def test_what_is_queued_is_written_before_the_collector_ends(
    nats_client: Client, log_stream: JetStreamContext, start_scripted_relay: StartRelay
) -> None:
    relay = await start_scripted_relay(Script())
    async with collecting(nats_client, quick(relay.url)):
        await until_row(log_stream, relay.url, lambda row: row["backfill"] == "done")
        events = recent(200, kind=7000)
        for one in events:
            await relay.publish(one)
        row = await until_row(log_stream, relay.url, lambda row: row["events"] >= 1)
    # Events are counted when they are checked, before they are written.
    assert await stored(log_stream) >= row["events"]
