"""Signed events for the tests of collecting and importing."""

from __future__ import annotations

import time
from typing import Any

import orjson

from dvmdash.simulate.signing import Keys, SignedEvent, as_json, derive_keys, sign_event

NOW = 1_760_000_000


def keys(name: str = "customer") -> Keys:
    return derive_keys(7, name)


def event(
    content: str = "", *, by: str = "customer", kind: int = 5050, at: int = NOW, tags: Any = ()
) -> SignedEvent:
    return sign_event(keys(by), at, kind, [list(tag) for tag in tags], content)


def raw(signed: Any) -> bytes:
    return orjson.dumps(signed)


def result_carrying(request: Any, *, text: str | None = None, at: int = NOW + 5) -> SignedEvent:
    carried = text if text is not None else as_json(request)
    return event("done", by="dvm", kind=6050, at=at, tags=[["request", carried], ["e", request["id"]]])


def recent(count: int, *, seconds_ago: int = 600, kind: int = 5050, spread: int = 1) -> list[SignedEvent]:
    start = int(time.time()) - seconds_ago
    return [event(f"{kind} {number}", kind=kind, at=start + number // spread) for number in range(count)]
