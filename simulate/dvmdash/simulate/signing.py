"""Nostr keys and signatures, fast and reproducible: the same seed and event give the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TypedDict

import orjson
from coincurve import PrivateKey

from dvmdash.nip90.event import Event

# BIP-340 allows any auxiliary data. Zeros make signatures a function of key and message alone, so that a
# seed gives the same archive byte for byte; these keys guard nothing.
NO_RANDOMNESS = bytes(32)


class SignedEvent(TypedDict):
    """An event in its JSON form (NIP-01), key order as relays usually send it."""

    id: str
    pubkey: str
    created_at: int
    kind: int
    tags: list[list[str]]
    content: str
    sig: str


@dataclass(frozen=True, slots=True)
class Keys:
    """A key pair; `pubkey` is the x-only public key as 64 lowercase hex digits."""

    private: PrivateKey
    pubkey: str

    def sign(self, digest: bytes) -> str:
        """Return the BIP-340 signature of a 32-byte digest as 128 hex digits."""
        return self.private.sign_schnorr(digest, NO_RANDOMNESS).hex()


def derive_keys(seed: int, label: str) -> Keys:
    """Return the key pair that belongs to a seed and a label; equal arguments give equal keys."""
    secret = hashlib.sha256(f"dvmdash simulate {seed} {label}".encode()).digest()
    private = PrivateKey(secret)
    return Keys(private=private, pubkey=private.public_key_xonly.format().hex())


def event_digest(pubkey: str, created_at: int, kind: int, tags: list[list[str]], content: str) -> bytes:
    """Return the 32 bytes that are an event's id (NIP-01: sha256 of the compact JSON array)."""
    return hashlib.sha256(orjson.dumps([0, pubkey, created_at, kind, tags, content])).digest()


def sign_event(
    keys: Keys, created_at: int, kind: int, tags: list[list[str]], content: str = ""
) -> SignedEvent:
    """Return a complete event; `created_at` is unix seconds."""
    digest = event_digest(keys.pubkey, created_at, kind, tags, content)
    return SignedEvent(
        id=digest.hex(),
        pubkey=keys.pubkey,
        created_at=created_at,
        kind=kind,
        tags=tags,
        content=content,
        sig=keys.sign(digest),
    )


def as_json(event: SignedEvent) -> str:
    """Return the compact JSON text of an event, as it is embedded in tags and sent to relays."""
    return orjson.dumps(event).decode()


def as_event(event: SignedEvent) -> Event:
    """Return the event in the protocol room's form."""
    return Event(**event)
