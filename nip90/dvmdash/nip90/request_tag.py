"""The `request` tag of a result: the signed request or what is left of it (NIP-90; nip90.md L1, L5)."""

from __future__ import annotations

import re

import orjson

from dvmdash.nip90.checks import event_of, verify
from dvmdash.nip90.errors import EventRefused
from dvmdash.nip90.event import Event
from dvmdash.nip90.hexes import hex_or_none, is_hex_32
from dvmdash.nip90.kinds import KindRegistry, default_registry

# Some write the request as Python prints a dictionary, id first.
_PRINTED_ID = re.compile(r"\{\s*'id':\s*'([0-9a-f]{64})'").match


def embedded_request(event: Event, *, kinds: KindRegistry | None = None) -> Event | None:
    """Return the request inside the `request` tag if it is whole, a job request's kind, and truly signed."""
    text = event.first("request")
    if not text or not text.startswith("{"):
        return None
    try:
        request = event_of(orjson.loads(text))
        if not (kinds or default_registry()).is_request(request.kind):
            return None
        verify(request)
    except (EventRefused, orjson.JSONDecodeError):
        return None
    return request


def partial_request_id(event: Event) -> str | None:
    """Return the request's id as the `request` tag claims it: from JSON, a bare id, or a print."""
    text = (event.first("request") or "").strip()
    if is_hex_32(text):
        return text
    printed = _PRINTED_ID(text)
    return printed[1] if printed else _id_in_json(text)


def _id_in_json(text: str) -> str | None:
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    claimed = data.get("id") if isinstance(data, dict) else None
    return hex_or_none(claimed) if isinstance(claimed, str) else None
