"""Signed events for tests."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import orjson
from coincurve import PrivateKey, PublicKeyXOnly

from dvmdash.nip90.checks import event_digest
from dvmdash.nip90.event import Event

NOW = 1_790_000_000
"""The clock of the tests: after every real event."""


class Signer:
    """A key that signs; the same `name` gives the same key."""

    def __init__(self, name: str) -> None:
        self._key = PrivateKey(sha256(name.encode()).digest())
        self.pubkey = PublicKeyXOnly.from_secret(self._key.secret).format().hex()

    def sign(
        self, kind: int, tags: list[list[str]] | None = None, content: str = "", created_at: int = NOW - 60
    ) -> Event:
        """Return a valid event of this key."""
        draft = Event("", self.pubkey, created_at, kind, tags or [], content, "")
        digest = event_digest(draft)
        return replace(draft, id=digest.hex(), sig=self._key.sign_schnorr(digest, b"\0" * 32).hex())


def as_json(event: Event) -> bytes:
    """Return an event as a relay would send it."""
    return orjson.dumps(event)
