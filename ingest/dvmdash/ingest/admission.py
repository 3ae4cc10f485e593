"""The gate before the log: checks what came in and finds the signed events inside it."""

from __future__ import annotations

import time
from collections.abc import Callable

import orjson

from dvmdash.ingest.entry import Admitted, Source
from dvmdash.ingest.recent import RecentTexts
from dvmdash.nip90.checks import check_event, check_policy
from dvmdash.nip90.errors import EventRefused
from dvmdash.nip90.event import Event
from dvmdash.nip90.kinds import KindRegistry, Role, default_registry
from dvmdash.nip90.request_tag import embedded_request


def unix_now() -> int:
    """Return the wall clock in whole unix seconds."""
    return int(time.time())


class Admission:
    """Decides what may be written to the log. No I/O; one thread at a time.

    What `admit` returns has to be written before this object is used on: the same texts are not returned
    again for some time.
    """

    def __init__(
        self,
        *,
        kinds: KindRegistry | None = None,
        remembered: int = 100_000,
        clock: Callable[[], int] = unix_now,
    ) -> None:
        self._kinds = kinds or default_registry()
        self._clock = clock
        self._recent = RecentTexts(remembered)

    def admit(self, raw: bytes, source: Source, relay: str | None = None) -> list[Admitted]:
        """Return what `raw` brings into the log: the event, after the request that a result carries.

        Nothing when exactly this text was admitted a short time ago. Raises EventRefused, and nothing else.
        A carried request that fails its checks is left out and does not harm the result (nip90.md 0.8).
        """
        if self._recent.find(raw) is not None:
            return []
        now = self._clock()
        event = check_event(raw, now=now, kinds=self._kinds)
        self._recent.add(raw, event.id)
        if self._kinds.role(event.kind) is not Role.RESULT:
            return [Admitted(event, raw, source, relay)]
        carried, request_id = self._carried(event, relay, now)
        return [*carried, Admitted(event, raw, source, relay, request_id)]

    def _carried(self, result: Event, relay: str | None, now: int) -> tuple[list[Admitted], str | None]:
        text = result.first("request")
        if not text:
            return [], None
        known = self._recent.find(_encoded(text))
        if known is not None:
            return [], known
        request = embedded_request(result, kinds=self._kinds)
        if request is None:
            return [], None
        try:
            check_policy(request, now=now, kinds=self._kinds)
        except EventRefused:
            return [], request.id
        self._recent.add(_encoded(text), request.id)
        return [Admitted(request, event_json(request), Source.EMBEDDED, relay)], request.id


def event_json(event: Event) -> bytes:
    """Return the event's compact JSON with NIP-01's fields in their usual order."""
    return orjson.dumps(
        {
            "id": event.id,
            "pubkey": event.pubkey,
            "created_at": event.created_at,
            "kind": event.kind,
            "tags": event.tags,
            "content": event.content,
            "sig": event.sig,
        }
    )


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
