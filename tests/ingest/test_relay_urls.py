from __future__ import annotations

from ipaddress import ip_address

import pytest

from dvmdash.ingest.errors import RelayUrlRefused
from dvmdash.ingest.relay_urls import check_addresses, normalise, refusal_of, relay_key


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("wss://relay.damus.io", "wss://relay.damus.io"),
        (" wss://Relay.Damus.io/ ", "wss://relay.damus.io"),
        ("WSS://relay.damus.io:443//", "wss://relay.damus.io"),
        ("wss://relay.example:7777/nostr/", "wss://relay.example:7777/nostr"),
        ("wss://relay.example/?key=1", "wss://relay.example?key=1"),
        ("ws://127.0.0.1:7000/", "ws://127.0.0.1:7000"),
        ("ws://localhost", "ws://localhost"),
        ("ws://[::1]:7000", "ws://[::1]:7000"),
    ],
)
def test_an_address_is_written_in_one_way(url: str, expected: str) -> None:
    assert normalise(url) == expected
    assert normalise(expected) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "relay.damus.io",
        "https://relay.damus.io",
        "ws://relay.damus.io",
        "ws://10.0.0.1",
        "wss://",
        "wss://user:word@relay.example",
        "wss://relay.example#part",
        "wss://relay.example:99999",
        "wss://relay example",
        "wss://rel\nay.example",
        "wss://relay.exämple",
        "wss://[::1",
        "wss://" + "a" * 600,
    ],
)
def test_what_is_no_safe_relay_address_is_refused(url: str) -> None:
    with pytest.raises(RelayUrlRefused):
        normalise(url)


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "192.168.1.1", "172.16.0.1", "127.0.0.1", "100.64.0.1", "fd00::1", "::1", "::ffff:10.0.0.1"],
)
def test_private_addresses_are_refused_unless_allowed(address: str) -> None:
    assert refusal_of(ip_address(address), allow_private=False) is not None
    assert refusal_of(ip_address(address), allow_private=True) is None


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "224.0.0.1", "::", "::ffff:169.254.169.254"]
)
def test_link_local_and_metadata_addresses_are_always_refused(address: str) -> None:
    assert refusal_of(ip_address(address), allow_private=True) is not None


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert refusal_of(ip_address(address), allow_private=False) is None


async def test_a_literal_private_address_is_refused_on_connecting() -> None:
    with pytest.raises(RelayUrlRefused, match="private"):
        await check_addresses("wss://192.168.0.1", allow_private=False)
    await check_addresses("wss://192.168.0.1", allow_private=True)


async def test_loopback_is_allowed_where_the_address_names_it() -> None:
    await check_addresses("ws://127.0.0.1:9", allow_private=False)


def test_keys_for_buckets_are_legal_and_differ_for_different_relays() -> None:
    first, second = relay_key("wss://relay.example/a"), relay_key("wss://relay.example_a")
    assert first != second
    assert first.startswith("relay.example_a-")
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
