"""Counts what is refused and keeps the last of it for inspection."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass

import nats.errors
import orjson
from nats.aio.client import Client

from dvmdash.ingest.entry import Source
from dvmdash.nip90.errors import EventRefused, Refusal

KEPT_BYTES = 4_096
"""How much of a refused text is kept."""

_DETAIL_CHARACTERS = 500
_WAITING = 256


@dataclass(frozen=True, slots=True)
class Refused:
    """One text that did not enter the log."""

    reason: Refusal
    detail: str
    raw: bytes
    source: Source
    relay: str | None = None
    place: str | None = None
    """Where in an archive it stands, like `events.jsonl, line 7`."""

    @classmethod
    def because(
        cls,
        refusal: EventRefused,
        raw: bytes,
        source: Source,
        relay: str | None = None,
        place: str | None = None,
    ) -> Refused:
        """Return the record of a refusal, with the text cut to what is kept."""
        return cls(
            refusal.reason, refusal.detail[:_DETAIL_CHARACTERS], raw[:KEPT_BYTES], source, relay, place
        )

    def json(self, seen_at: int) -> bytes:
        """Return the form in the DVM_REFUSED stream; `text` is the beginning, undecodable bytes replaced."""
        return orjson.dumps(
            {
                "reason": self.reason.value,
                "detail": _plain(self.detail),
                "source": self.source.value,
                "relay": self.relay,
                "place": _plain(self.place) if self.place else None,
                "seen_at": seen_at,
                "text": self.raw.decode("utf-8", "replace"),
            }
        )


class RefusalLog:
    """Counts every refusal; passes as many as a flood allows to the bounded DVM_REFUSED stream."""

    def __init__(self, nc: Client | None = None) -> None:
        self._nc = nc
        self._waiting: deque[Refused] = deque(maxlen=_WAITING)
        self.by_reason: Counter[Refusal] = Counter()
        self.by_relay: dict[str, Counter[Refusal]] = {}

    def record(self, refused: Refused) -> None:
        """Count a refusal and queue it; in a flood only the newest ones between two flushes are kept."""
        self.by_reason[refused.reason] += 1
        if refused.relay is not None:
            self.by_relay.setdefault(refused.relay, Counter())[refused.reason] += 1
        self._waiting.append(refused)

    async def flush(self) -> None:
        """Send what is queued, unacknowledged: refusals are for looking at, never worth waiting for."""
        if self._nc is None:
            self._waiting.clear()
            return
        seen_at = int(time.time())
        while self._waiting:
            refused = self._waiting.popleft()
            try:
                await self._nc.publish(f"dvm.refused.{refused.reason.value}", refused.json(seen_at))
            except (nats.errors.Error, OSError):
                return


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
