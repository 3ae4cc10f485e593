"""A Nostr event as NIP-01 defines it."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

MAX_EVENT_BYTES = 128 * 1024
"""The largest event that enters the log, in bytes of its JSON."""

MAX_SECONDS_AHEAD = 900
"""How far ahead of the clock `created_at` may lie; exactly this much still passes (NIP-22's usual bound)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of checked shape; ids and keys are 64 lowercase hex digits, times unix seconds."""

    id: str
    pubkey: str
    created_at: int
    kind: int
    tags: list[list[str]]
    content: str
    sig: str

    def tag_values(self, name: str) -> list[str]:
        """Return the first value of every tag called `name`, in order; tags without a value are left out."""
        return [tag[1] for tag in self.tags if len(tag) > 1 and tag[0] == name]

    def first(self, name: str) -> str | None:
        """Return the first value of the first tag called `name` that has one."""
        return next((tag[1] for tag in self.tags if len(tag) > 1 and tag[0] == name), None)

    def json(self) -> bytes:
        """Return the event as compact JSON with the seven fields of NIP-01."""
        return orjson.dumps(self)
