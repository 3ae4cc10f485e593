"""Names in the event log that its writers and its readers share. Pure names, no connection."""

from __future__ import annotations

STREAM = "DVM_EVENTS"
"""The log itself: one message per event, subject `dvm.event.<kind>.<event id>`."""

SUBJECTS = "dvm.event.>"

PROJECTION = "graph"
"""Name of the projection into the graph: of its durable consumer and of its checkpoint."""

REFUSED_STREAM = "DVM_REFUSED"
"""The last refused events, bounded; subject `dvm.refused.<reason>`."""

DEAD_LETTER_STREAM = "DVM_DLQ"
"""Events that could not be projected; subject `dvm.dlq.<stream sequence>`."""

NOTICE_SUBJECT = "dvm.notice"
"""Core NATS, not stored: one JSON notice after each committed batch, see `projector.notices`."""

COLLECTORS_BUCKET = "dvm_collectors"
"""Key-value: collector id -> JSON with the counters of its relays, written every few seconds."""

WATERMARKS_BUCKET = "dvm_watermarks"
"""Key-value: a relay's key -> unix time up to which its past is known to be collected."""

INTEREST_BUCKET = "dvm_interest"
"""Key-value: `dvms` -> JSON list of pubkeys; what collectors ask zaps, nutzaps and deletions for."""

HEADER_RELAY = "Dvm-Relay"
"""URL of the relay that the event first came from; absent for imports."""

HEADER_SOURCE = "Dvm-Source"
"""`relay`, `import` or `embedded` (found signed inside another event)."""

HEADER_REQUEST = "Dvm-Request"
"""On a result: id of the request in its `request` tag whose id and signature were verified before the log."""

HEADER_TRACEPARENT = "traceparent"
"""W3C trace context of the publish."""


def subject(kind: int, event_id: str) -> str:
    """Return the one subject that an event may ever have; a second message on it is refused as duplicate."""
    return f"dvm.event.{kind}.{event_id}"
