"""A message of the log as the projection reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dvmdash.nip90.checks import parse_event
from dvmdash.nip90.errors import EventRefused
from dvmdash.nip90.event import Event
from dvmdash.nip90.log import HEADER_RELAY, HEADER_REQUEST, HEADER_SOURCE
from dvmdash.projector.errors import MessageUnreadable


@dataclass(frozen=True, slots=True)
class LogMessage:
    """One event with what the log knows of it.

    `stream_seq` is its sequence in the log and `first_seen` the log's own time, unix seconds;
    `embedded_request` is the id of the request inside it that was verified before the log.
    """

    stream_seq: int
    first_seen: float
    event: Event
    source: str
    relay: str | None
    embedded_request: str | None


def read_message(
    payload: bytes, headers: Mapping[str, str] | None, *, stream_seq: int, first_seen: float
) -> LogMessage:
    """Read one message. Its id and signature were verified before the log; its shape is checked again.

    Raises MessageUnreadable.
    """
    try:
        event = parse_event(payload)
    except EventRefused as refused:
        raise MessageUnreadable(f"message {stream_seq} of the log holds no event: {refused}") from refused
    headers = headers or {}
    return LogMessage(
        stream_seq=stream_seq,
        first_seen=round(first_seen, 3),
        event=event,
        source=headers.get(HEADER_SOURCE, "unknown"),
        relay=headers.get(HEADER_RELAY),
        embedded_request=headers.get(HEADER_REQUEST),
    )
