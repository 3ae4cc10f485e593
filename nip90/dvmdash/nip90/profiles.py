"""Names and services that keys state about themselves: kinds 0 and 31990 (NIP-01, NIP-89)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from dvmdash.nip90.event import Event
from dvmdash.nip90.kinds import MAX_KIND, KindRegistry, default_registry
from dvmdash.nip90.previews import NAME_LIMIT, PREVIEW_LIMIT, short_text

MAX_URL_LENGTH = 500
MAX_ANNOUNCED_KINDS = 200
MAX_IDENTIFIER_LENGTH = 200

_URL = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE).fullmatch


@dataclass(frozen=True, slots=True)
class Profile:
    """What a key says of itself: every text bounded and on one line, None where it says nothing usable.

    `picture` is an http(s) URL and still a stranger's: never load it unasked.
    """

    name: str | None = None
    display_name: str | None = None
    picture: str | None = None
    about: str | None = None
    nip05: str | None = None
    lud16: str | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """A 31990: `d` its identifier (bounded), `kinds` its first 200 `k` tags, ascending and distinct.

    `announces_jobs`: at least one of all its `k` is a job request's kind, which makes its author a DVM.
    """

    d: str
    kinds: tuple[int, ...]
    announces_jobs: bool
    profile: Profile


def read_profile(content: str) -> Profile:
    """Read the JSON of a kind 0 or 31990; an empty profile where it is none. Never raises."""
    try:
        data = orjson.loads(content)
    except orjson.JSONDecodeError:
        return Profile()
    return _profile(data) if isinstance(data, dict) else Profile()


def read_announcement(event: Event, *, kinds: KindRegistry | None = None) -> Announcement:
    """Read a service announcement (kind 31990). Never raises."""
    registry = kinds or default_registry()
    announced = sorted({kind for kind in map(_kind, event.tag_values("k")) if kind is not None})
    return Announcement(
        d=(event.first("d") or "")[:MAX_IDENTIFIER_LENGTH],
        kinds=tuple(announced[:MAX_ANNOUNCED_KINDS]),
        announces_jobs=any(registry.is_request(kind) for kind in announced),
        profile=read_profile(event.content),
    )


def _profile(data: Mapping[str, Any]) -> Profile:
    return Profile(
        name=short_text(data.get("name"), NAME_LIMIT),
        display_name=short_text(data.get("display_name") or data.get("displayName"), NAME_LIMIT),
        picture=_url(data.get("picture") or data.get("image")),
        about=short_text(data.get("about"), PREVIEW_LIMIT),
        nip05=short_text(data.get("nip05"), MAX_IDENTIFIER_LENGTH),
        lud16=short_text(data.get("lud16"), MAX_IDENTIFIER_LENGTH),
    )


def _url(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > MAX_URL_LENGTH:
        return None
    shown = short_text(value, MAX_URL_LENGTH)
    return shown if shown is not None and _URL(shown) else None


def _kind(text: str) -> int | None:
    if len(text) > 5 or not text.isascii() or not text.isdecimal():
        return None
    return int(text) if int(text) <= MAX_KIND else None
