"""The `i` tags of a job: what a provider is to work on (NIP-90; nip90.md 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

import orjson

from dvmdash.nip90.hexes import is_hex_32
from dvmdash.nip90.previews import PREVIEW_LIMIT, preview

MAX_INPUTS = 32


class InputType(StrEnum):
    """What the value of an input is."""

    URL = "url"
    EVENT = "event"
    JOB = "job"
    TEXT = "text"
    UNKNOWN = "unknown"


_TYPES = {
    "url": InputType.URL,
    "event": InputType.EVENT,
    "job": InputType.JOB,
    "text": InputType.TEXT,
    "prompt": InputType.TEXT,
}


@dataclass(frozen=True, slots=True)
class Input:
    """One input. `digest` is the sha256 hex of the whole value, `preview` a bounded excerpt of it.

    `event_id` is the event that an `event` or `job` input names, None where the value is no id.
    """

    type: InputType
    preview: str
    digest: str
    length: int
    relay: str | None
    marker: str | None
    event_id: str | None


def read_inputs(tags: Sequence[Sequence[str]]) -> tuple[Input, ...]:
    """Return the first 32 inputs in order; also the `["input", type, value]` that some clients write."""
    named = [tag for tag in tags if len(tag) > 1 and tag[0] in ("i", "input")]
    return tuple(_read_tag(tag) for tag in named[:MAX_INPUTS])


def input_digest(tags: Sequence[Sequence[str]]) -> str | None:
    """Return one sha256 hex over the values of all `i` tags in order, None where there is no `i`.

    Results copy their request's `i` tags, so equal digests mean equal inputs (nip90.md L6).
    """
    values = [tag[1] for tag in tags if len(tag) > 1 and tag[0] == "i"]
    return sha256(orjson.dumps(values)).hexdigest() if values else None


def _read_tag(tag: Sequence[str]) -> Input:
    value, kind = _value_and_type(tag)
    relay, marker = _relay_and_marker(tag[3:5])
    refers = kind in (InputType.EVENT, InputType.JOB) and is_hex_32(value)
    return Input(
        type=kind,
        preview=preview(value, PREVIEW_LIMIT),
        digest=sha256(value.encode()).hexdigest(),
        length=len(value),
        relay=relay,
        marker=marker,
        event_id=value if refers else None,
    )


def _value_and_type(tag: Sequence[str]) -> tuple[str, InputType]:
    named_type = _type(tag[2]) if len(tag) > 2 else InputType.UNKNOWN
    swapped_type = _type(tag[1])
    if named_type is InputType.UNKNOWN and swapped_type is not InputType.UNKNOWN and len(tag) > 2:
        return tag[2], swapped_type
    return tag[1], named_type


def _type(word: str) -> InputType:
    return _TYPES.get(word[:16].strip().lower(), InputType.UNKNOWN)


def _relay_and_marker(items: Sequence[str]) -> tuple[str | None, str | None]:
    # A client writes the marker where the relay belongs.
    relay = next((item for item in items[:1] if item.startswith(("wss://", "ws://"))), None)
    words = items[1:] if relay or not items or not items[0].strip() else items[:1]
    return (
        preview(relay, 200) if relay else None,
        next((preview(word, 40) or None for word in words), None),
    )
