"""What goes into the log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dvmdash.nip90 import log
from dvmdash.nip90.event import Event


class Source(StrEnum):
    """Where an event came from; the value of the header Dvm-Source."""

    RELAY = "relay"
    IMPORT = "import"
    EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class Admitted:
    """An event that passed every check before the log."""

    event: Event
    raw: bytes
    """The event's JSON as received; for embedded ones, as found in the tag."""

    source: Source
    relay: str | None = None
    """URL of the relay it came from, None for imports."""

    request_id: str | None = None
    """On a result: the id of the verified request that it carries."""

    @property
    def subject(self) -> str:
        """The one subject that this event may ever have in the log."""
        return log.subject(self.event.kind, self.event.id)

    def headers(self) -> dict[str, str]:
        """Return new headers for the log, without those that the write itself needs."""
        headers = {log.HEADER_SOURCE: self.source.value}
        if self.relay is not None:
            headers[log.HEADER_RELAY] = self.relay
        if self.request_id is not None:
            headers[log.HEADER_REQUEST] = self.request_id
        return headers


class Outcome(StrEnum):
    """What the log did with an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    """The server says that it will never store it, however often it is asked."""
