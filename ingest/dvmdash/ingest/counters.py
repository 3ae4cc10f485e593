"""What a collector knows of each of its relays, as it is published for people to see."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dvmdash.nip90.errors import Refusal

_NOTICE_CHARACTERS = 300


class RelayState(StrEnum):
    """How a relay stands."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    REFUSED = "refused"
    """Its address is not one that collectors connect to."""


@dataclass(slots=True)
class RelayCounters:
    """Counters of one relay since this collector started; times are unix seconds."""

    url: str
    state: RelayState = RelayState.CONNECTING
    since: int = field(default_factory=lambda: int(time.time()))
    """When the state became what it is."""

    events: int = 0
    """Valid events received, known ones included."""

    duplicates: int = 0
    """Those of them that the log already held."""

    refused: Counter[Refusal] = field(default_factory=Counter)
    last_event_at: int | None = None
    """When the last valid event arrived."""

    notices: deque[str] = field(default_factory=lambda: deque(maxlen=5))
    """The newest words of the relay to us: NOTICE and CLOSED."""

    error: str | None = None
    """Why it is not connected, or what it does not answer."""

    watermark: int | None = None
    """Up to when its past is known to be in the log."""

    backfill: str | None = None
    """`running`, `done`, or None before the first one."""

    pauses: int = 0
    """How often receiving waited because checking and writing lagged behind."""

    unread: int = 0
    """Places in the past last read that hold more events than it gives out at once."""

    def enter(self, state: RelayState, error: str | None = None) -> None:
        """Change the state; `since` moves only when it is another one."""
        if state is not self.state:
            self.since = int(time.time())
        self.state = state
        self.error = _shown(error) if error else None

    def said(self, text: str) -> None:
        """Keep a relay's words, shortened, without control characters."""
        self.notices.append(_shown(text))

    def as_dict(self) -> dict[str, Any]:
        """Return the form in which it is published."""
        return {
            "url": self.url,
            "state": self.state.value,
            "since": self.since,
            "events": self.events,
            "duplicates": self.duplicates,
            "refused": {reason.value: count for reason, count in self.refused.items()},
            "last_event_at": self.last_event_at,
            "notices": list(self.notices),
            "error": self.error,
            "watermark": self.watermark,
            "backfill": self.backfill,
            "pauses": self.pauses,
            "unread": self.unread,
        }


def _shown(text: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in text[:_NOTICE_CHARACTERS])
    return plain.strip()
