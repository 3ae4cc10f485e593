from __future__ import annotations

from itertools import islice

import pytest
from relay_fixtures import StartRelay
from scripted_relay import GARBAGE, Script

from dvmdash.simulate.errors import RelayUnavailable
from dvmdash.simulate.publisher import publisher
from dvmdash.simulate.signing import SignedEvent
from dvmdash.simulate.traffic import TrafficSettings, traffic


def some_events(count: int) -> list[SignedEvent]:
    return [moment.event for moment in islice(traffic(TrafficSettings()), count)]


async def test_a_real_relay_takes_every_event(local_relay_url: str) -> None:
    settings = TrafficSettings(expirations=False)
    events = [moment.event for moment in islice(traffic(settings), 1_000)]
    async with publisher(local_relay_url) as sender:
        await sender.publish_all(events)
        assert (sender.accepted, sender.refused) == (1_000, {})


async def test_refusals_are_kept_with_the_relays_words(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script(refuse_event="blocked: not today"))
    event = some_events(1)[0]
    async with publisher(relay.url) as sender:
        assert await sender.publish(event) is False
        assert sender.refused == {event["id"]: "blocked: not today"}


async def test_garbage_from_the_relay_changes_nothing(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script(on_connect=GARBAGE))
    async with publisher(relay.url) as sender:
        assert await sender.publish(some_events(1)[0]) is True


async def test_a_lost_connection_fails_what_is_waiting(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script(hang_up_after=5))
    async with publisher(relay.url) as sender:
        with pytest.raises(RelayUnavailable):
            await sender.publish_all(some_events(50))


async def test_no_relay_gives_a_clear_error(start_scripted_relay: StartRelay) -> None:
    relay = await start_scripted_relay(Script())
    await relay.stop()
    with pytest.raises(RelayUnavailable, match="no relay answers at ws://127"):
        async with publisher(relay.url):
            raise AssertionError("connected to a relay that is gone")
