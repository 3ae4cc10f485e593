from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nostr_sdk import (
    Coordinate,
    EventId,
    Keys,
    Kind,
    Nip19Coordinate,
    Nip19Event,
    Nip19Profile,
    PublicKey,
    RelayUrl,
)

from dvmdash.nip90.errors import ReferenceInvalid
from dvmdash.nip90.references import MAX_RELAYS, Reference, ReferenceKind, parse_reference, to_note, to_npub

from .invoices import PAYMENT_HASH, make_invoice
from .signing import Signer

PUBKEY = Signer("someone").pubkey
EVENT_ID = "e" * 64
RELAY = "wss://relay.example.com"
KEY = PublicKey.parse(PUBKEY)
RELAYS = [RelayUrl.parse(RELAY)]

NPROFILE = Nip19Profile(KEY, RELAYS).to_bech32()
NEVENT = Nip19Event(EventId.parse(EVENT_ID), author=KEY, kind=Kind(5300), relays=RELAYS).to_bech32()
NADDR = Nip19Coordinate(Coordinate(Kind(31990), KEY, "my:id"), RELAYS).to_bech32()

NAMED: list[tuple[str, Reference]] = [
    (EVENT_ID, Reference(ReferenceKind.HEX, EVENT_ID)),
    (to_note(EVENT_ID), Reference(ReferenceKind.EVENT, EVENT_ID)),
    (NEVENT, Reference(ReferenceKind.EVENT, EVENT_ID, (RELAY,))),
    (to_npub(PUBKEY), Reference(ReferenceKind.PUBKEY, PUBKEY)),
    (NPROFILE, Reference(ReferenceKind.PUBKEY, PUBKEY, (RELAY,))),
    (NADDR, Reference(ReferenceKind.ADDRESS, f"31990:{PUBKEY}:my:id", (RELAY,))),
]


@pytest.mark.parametrize(("text", "reference"), NAMED)
@pytest.mark.parametrize("form", ["{}", "nostr:{}", "NOSTR:{}", "  {}\n", "web+nostr:{}"])
def test_ids_and_nip19_texts_are_read_with_and_without_prefix(
    text: str, reference: Reference, form: str
) -> None:
    assert parse_reference(form.format(text)) == reference


@pytest.mark.parametrize(("text", "reference"), NAMED)
def test_upper_case_makes_no_difference(text: str, reference: Reference) -> None:
    assert parse_reference(text.upper()) == reference


def test_addresses_and_invoices_are_references() -> None:
    address = f"31990:{PUBKEY}:my:id"
    assert parse_reference(address) == Reference(ReferenceKind.ADDRESS, address)
    for invoice in (make_invoice(), make_invoice().upper(), f"lightning:{make_invoice()}"):
        assert parse_reference(invoice) == Reference(ReferenceKind.INVOICE, PAYMENT_HASH)


def test_relays_are_bounded() -> None:
    relays = [RelayUrl.parse(f"wss://r{number}.example.com") for number in range(20)]
    assert len(parse_reference(Nip19Profile(KEY, relays).to_bech32()).relays) == MAX_RELAYS


SECRET = Keys.generate().secret_key().to_bech32()


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"nostr:{SECRET}",
        SECRET.upper(),
        f" my key {SECRET}",
        SECRET[:-1],
        "ncryptsec1qgg9947rlpvqu76pj5ecreduf9",
    ],
)
def test_secret_keys_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(ReferenceInvalid, match="secret key") as refused:
        parse_reference(text)
    assert not any(
        part in repr(refused.value).lower() for part in (SECRET[6:], "qgg9947", "nsec1", "ncryptsec1")
    )
    assert refused.value.__context__ is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "nostr:", "hello", "a" * 63, "a" * 65, "g" * 64, "npub1", to_npub(PUBKEY)[:-1],
     to_note(EVENT_ID)[:-1] + "b",
     NEVENT[:-4], "note1" + "q" * 6_000, "lnbc1", make_invoice()[:-1], "5300", f"99999:{PUBKEY}:x", "x" * 1_000_000,
     "nprofile1" + "q" * 100, "nrelay1qqxxx", "\ud800"],
)  # fmt: skip
def test_anything_else_is_refused_clearly(text: str) -> None:
    with pytest.raises(ReferenceInvalid) as refused:
        parse_reference(text)
    assert len(str(refused.value)) < 200


@given(st.text(max_size=100) | st.text("nostr:pub1note1evt1qpzry9x8gf2", max_size=100))
def test_no_text_raises_anything_else(text: str) -> None:
    with pytest.raises(ReferenceInvalid):
        parse_reference(text)


def test_npub_and_note_are_those_of_nostr_sdk() -> None:
    assert to_npub(PUBKEY) == KEY.to_bech32()
    assert to_note(EVENT_ID) == EventId.parse(EVENT_ID).to_bech32()
    assert to_npub("f" * 64).startswith("npub1")


@pytest.mark.parametrize("text", ["", "a" * 63, "A" * 64, "npub1"])
def test_only_hex_has_an_npub(text: str) -> None:
    with pytest.raises(ValueError, match="hex"):
        to_npub(text)
