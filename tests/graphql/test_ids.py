from __future__ import annotations

import pytest
from nostr_sdk import EventId, Keys, Nip19Event, Nip19Profile, PublicKey

from dvmdash.graphql.errors import ReferenceRefused
from dvmdash.graphql.ids import event_id, pubkey
from dvmdash.nip90.references import to_note, to_npub
from dvmdash.simulate.signing import derive_keys

ID = "5c83da77af1dec6d7289834998ad7aafbd9e2191396d75ec3cc27f5a77226f36"
PUBKEY = derive_keys(7, "customer").pubkey
NEVENT = Nip19Event(EventId.parse(ID)).to_bech32()
NPROFILE = Nip19Profile(PublicKey.parse(PUBKEY), []).to_bech32()
NSEC = Keys.parse("1" * 64).secret_key().to_bech32()


@pytest.mark.parametrize(
    "text", [ID, ID.upper(), f"  {ID}\n", to_note(ID), f"nostr:{to_note(ID)}", NEVENT, to_note(ID).upper()]
)
def test_an_event_id_is_read_in_every_form_that_people_paste(text: str) -> None:
    assert event_id(text) == ID


@pytest.mark.parametrize("text", [PUBKEY, to_npub(PUBKEY), f"nostr:{to_npub(PUBKEY)}", NPROFILE])
def test_a_pubkey_is_read_in_every_form_that_people_paste(text: str) -> None:
    assert pubkey(text) == PUBKEY


@pytest.mark.parametrize("text", ["", "hello", ID[:-1], ID + "0", "note1abc", "30023:x:y", "é" * 64, "lnbc1"])
def test_what_is_no_id_is_refused_with_what_is_wanted_and_without_the_text(text: str) -> None:
    with pytest.raises(
        ReferenceRefused, match="this field takes an event id: 64 hex digits, note1… or nevent1…"
    ):
        event_id(text)
    with pytest.raises(
        ReferenceRefused, match="this field takes a public key: 64 hex digits, npub1… or nprofile1…"
    ):
        pubkey(text)


def test_an_id_of_another_thing_is_refused_with_what_it_is_and_what_is_wanted() -> None:
    with pytest.raises(ReferenceRefused, match="this names a pubkey; this field takes an event id"):
        event_id(to_npub(PUBKEY))
    with pytest.raises(ReferenceRefused, match=r"this names an? event; this field takes a public key"):
        pubkey(NEVENT)


@pytest.mark.parametrize("text", [NSEC, NSEC.upper(), f"nostr:{NSEC}", f"look: {NSEC}"])
@pytest.mark.parametrize("read", [event_id, pubkey])
def test_a_secret_key_is_refused_and_never_repeated(text: str, read: object) -> None:
    assert callable(read)
    with pytest.raises(ReferenceRefused, match="this is a secret key") as refusal:
        read(text)
    assert text.strip().lower() not in str(refusal.value).lower()
    assert NSEC[5:20] not in str(refusal.value)
    assert refusal.value.__cause__ is None
