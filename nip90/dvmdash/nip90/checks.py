"""The checks before the log: shape, policy, id and signature. Cheap ones first."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import Any, NoReturn

import orjson
from coincurve import PublicKeyXOnly

from dvmdash.nip90.errors import EventRefused, Refusal
from dvmdash.nip90.event import MAX_EVENT_BYTES, MAX_SECONDS_AHEAD, Event
from dvmdash.nip90.hexes import is_hex_32, is_hex_64
from dvmdash.nip90.kinds import MAX_KIND, KindRegistry

_FIELDS = ("id", "pubkey", "created_at", "kind", "tags", "content", "sig")
_KNOWN_KEYS = 16_384
_LARGEST_TIME = 2**63 - 1


def check_event(raw: bytes | str, *, now: int, kinds: KindRegistry) -> Event:
    """Return the event in `raw` if it may enter the log at unix time `now`; raise EventRefused otherwise.

    Nothing else is ever raised, whatever `raw` holds.
    """
    event = parse_event(raw)
    check_policy(event, now=now, kinds=kinds)
    verify(event)
    return event


def parse_event(raw: bytes | str) -> Event:
    """Return the event in `raw` if it has the shape that NIP-01 prescribes; raise EventRefused otherwise.

    The id and the signature are not checked here. Fields that NIP-01 does not know are ignored. Of a
    repeated key the last one counts, as in every common JSON reader; the id covers exactly what is read.
    """
    return event_of(_read_json(raw))


def event_of(data: object) -> Event:
    """Return the event in an already decoded JSON value, checked like `parse_event`."""
    if type(data) is not dict:
        _refuse(Refusal.NOT_AN_OBJECT, f"an event is a JSON object, this is {_json_type(data)}")
    try:
        event_id, pubkey, created_at, kind, tags, content, sig = [data[field] for field in _FIELDS]
    except KeyError as error:
        raise EventRefused(Refusal.MISSING_FIELD, f"field {error.args[0]!r} is missing") from None
    _check_hex("id", event_id, is_hex_32, 64)
    _check_hex("pubkey", pubkey, is_hex_32, 64)
    _check_hex("sig", sig, is_hex_64, 128)
    _check_created_at(created_at)
    _check_kind(kind)
    if type(content) is not str:
        _wrong_type("content", "a string", content)
    _check_tags(tags)
    return Event(event_id, pubkey, created_at, kind, tags, content, sig)


def check_policy(event: Event, *, now: int, kinds: KindRegistry) -> None:
    """Raise EventRefused for a kind that is not collected or a date more than 900 seconds after `now`."""
    if not kinds.wanted(event.kind):
        reason = kinds.denied(event.kind) or "not a kind that is collected"
        _refuse(Refusal.UNWANTED_KIND, f"kind {event.kind}: {reason}")
    ahead = event.created_at - now
    if ahead > MAX_SECONDS_AHEAD:
        _refuse(Refusal.IN_THE_FUTURE, f"created_at is {ahead} s ahead, allowed are {MAX_SECONDS_AHEAD} s")


def verify(event: Event) -> None:
    """Raise EventRefused unless `id` is the event's NIP-01 hash and `sig` its author's BIP-340 signature."""
    digest = event_digest(event)
    if digest.hex() != event.id:
        _refuse(Refusal.WRONG_ID, f"id is {event.id}, the event hashes to {digest.hex()}")
    try:
        genuine = _public_key(event.pubkey).verify(bytes.fromhex(event.sig), digest)
    except ValueError:
        raise EventRefused(
            Refusal.WRONG_SIGNATURE, f"pubkey {event.pubkey} is no point on the curve"
        ) from None
    if not genuine:
        _refuse(Refusal.WRONG_SIGNATURE, f"the signature is not one of {event.pubkey} over {event.id}")


def event_digest(event: Event) -> bytes:
    """Return the 32 bytes whose hex is the event's id (NIP-01)."""
    return sha256(
        orjson.dumps([0, event.pubkey, event.created_at, event.kind, event.tags, event.content])
    ).digest()


def _read_json(raw: bytes | str) -> Any:
    try:
        encoded = raw.encode() if isinstance(raw, str) else raw
    except UnicodeEncodeError:
        raise EventRefused(Refusal.BAD_JSON, "the text holds half of a surrogate pair") from None
    if len(encoded) > MAX_EVENT_BYTES:
        _refuse(Refusal.TOO_LARGE, f"{len(encoded)} bytes, allowed are {MAX_EVENT_BYTES}")
    try:
        return orjson.loads(encoded)
    except orjson.JSONDecodeError as error:
        raise EventRefused(Refusal.BAD_JSON, f"not valid JSON: {error}") from None


def _check_hex(field: str, value: object, is_hex: Callable[[str], bool], digits: int) -> None:
    if type(value) is not str:
        _wrong_type(field, "a string", value)
    if not is_hex(value):
        _refuse(Refusal.BAD_HEX, f"{field} must be {digits} lowercase hex digits")


def _check_created_at(value: object) -> None:
    if type(value) is int and 0 <= value <= _LARGEST_TIME:
        return
    if type(value) in (int, float):
        _refuse(Refusal.BAD_CREATED_AT, f"created_at must be whole seconds from 0 up, it is {_shown(value)}")
    _wrong_type("created_at", "a number", value)


def _check_kind(value: object) -> None:
    if type(value) is int and 0 <= value <= MAX_KIND:
        return
    if type(value) in (int, float):
        _refuse(Refusal.BAD_KIND, f"kind must be a whole number from 0 to {MAX_KIND}, it is {_shown(value)}")
    _wrong_type("kind", "a number", value)


def _check_tags(tags: object) -> None:
    if type(tags) is not list:
        _wrong_type("tags", "a list", tags)
    for number, tag in enumerate(tags):
        if type(tag) is not list or not tag:
            _refuse(Refusal.BAD_TAG, f"tag {number} must be a list with at least a name")
        for item in tag:
            if type(item) is not str:
                _refuse(Refusal.BAD_TAG, f"tag {number} holds {_json_type(item)}, only strings are allowed")


@lru_cache(maxsize=_KNOWN_KEYS)
def _public_key(pubkey: str) -> PublicKeyXOnly:
    return PublicKeyXOnly(bytes.fromhex(pubkey))


def _shown(value: object) -> str:
    # Written out, a number of a million digits would be an error of its own.
    within = isinstance(value, int | float) and abs(value) < 2**64
    return str(value) if within else "far out of range"


def _wrong_type(field: str, wanted: str, value: object) -> NoReturn:
    _refuse(Refusal.WRONG_TYPE, f"{field} must be {wanted}, it is {_json_type(value)}")


def _json_type(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case _:
            return "an object"


def _refuse(reason: Refusal, detail: str) -> NoReturn:
    raise EventRefused(reason, detail)
