"""Ids and keys as they stand in tags: 64 lowercase hex digits, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HEX_32 = re.compile(r"[0-9a-f]{64}").fullmatch
_HEX_64 = re.compile(r"[0-9a-f]{128}").fullmatch


def is_hex_32(text: str) -> bool:
    """Say whether `text` is an id or key: exactly 64 lowercase hex digits."""
    return _HEX_32(text) is not None


def is_hex_64(text: str) -> bool:
    """Say whether `text` is a signature: exactly 128 lowercase hex digits."""
    return _HEX_64(text) is not None


def hex_or_none(text: str | None) -> str | None:
    """Return `text` if it is an id or key, else None."""
    return text if text is not None and is_hex_32(text) else None


def distinct_hexes(texts: Iterable[str], limit: int) -> tuple[str, ...]:
    """Return the first `limit` different ids or keys among `texts`, in order."""
    found: dict[str, None] = {}
    for text in texts:
        if is_hex_32(text):
            found[text] = None
            if len(found) == limit:
                break
    return tuple(found)
