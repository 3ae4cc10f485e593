"""A small made-up market for the pages: signed events of one customer and a few DVMs."""

from __future__ import annotations

import time
from dataclasses import dataclass

import orjson

from dvmdash.nip90.event import Event
from dvmdash.simulate.signing import Keys, as_event, derive_keys, sign_event


@dataclass(frozen=True)
class Person:
    """Somebody who signs; the same name gives the same key."""

    name: str

    @property
    def keys(self) -> Keys:
        """Its keys."""
        return derive_keys(90, self.name)

    @property
    def pubkey(self) -> str:
        """64 hex digits."""
        return self.keys.pubkey

    def sign(self, kind: int, tags: list[list[str]], content: str = "", *, seconds_ago: int = 60) -> Event:
        """Sign an event that happened so long ago."""
        return as_event(sign_event(self.keys, int(time.time()) - seconds_ago, kind, tags, content))

    def profile(self, **fields: str) -> Event:
        """Say who one is (kind 0)."""
        return self.sign(0, [], orjson.dumps(fields).decode(), seconds_ago=3600)

    def ask(self, text: str, *, kind: int = 5050, seconds_ago: int = 60) -> Event:
        """Request a job."""
        return self.sign(kind, [["i", text, "text"]], seconds_ago=seconds_ago)

    def feedback(self, request: Event, status: str, text: str = "", *, seconds_ago: int = 40) -> Event:
        """Answer a request with a status."""
        tags = [["status", status, text], ["e", request.id], ["p", request.pubkey]]
        return self.sign(7000, tags, seconds_ago=seconds_ago)

    def result(self, request: Event, text: str, *, seconds_ago: int = 20) -> Event:
        """Deliver."""
        tags = [["e", request.id], ["p", request.pubkey]]
        return self.sign(request.kind + 1000, tags, text, seconds_ago=seconds_ago)
