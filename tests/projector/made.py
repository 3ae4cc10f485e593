"""Messages of the log made for one test: events whose ids are readable and whose signatures nobody checks here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from dvmdash.nip90.checks import check_event
from dvmdash.nip90.errors import EventRefused
from dvmdash.nip90.event import Event
from dvmdash.nip90.kinds import default_registry
from dvmdash.nip90.request_tag import embedded_request
from dvmdash.projector.message import LogMessage

NOW = 1_800_000_000


def hex_of(name: str) -> str:
    """Return the 64 hex digits that stand for a name."""
    return hashlib.sha256(name.encode()).hexdigest()


def event(
    name: str,
    kind: int,
    author: str,
    *tags: Sequence[str],
    content: str = "",
    at: int = NOW,
) -> Event:
    """Make an event called `name`; what stands in tags as `@name` becomes that name's id or key."""
    shown = [[hex_of(item[1:]) if item.startswith("@") else item for item in tag] for tag in tags]
    return Event(hex_of(name), hex_of(author), at, kind, shown, content, "0" * 128)


def message(made: Event, seq: int, *, embedded: str | None = None, relay: str | None = None) -> LogMessage:
    """Put an event into the log at a sequence."""
    request = hex_of(embedded) if embedded else None
    return LogMessage(seq, 1_800_000_000.0 + seq, made, "import", relay, request)


def logged(*events: Event | tuple[Event, str]) -> list[LogMessage]:
    """Put events into the log in order; a pair names the verified request inside the event."""
    return [
        message(each[0], seq, embedded=each[1]) if isinstance(each, tuple) else message(each, seq)
        for seq, each in enumerate(events, start=1)
    ]


def real_messages(lines: Sequence[str]) -> list[LogMessage]:
    """Return the messages that the log holds after an import of these lines."""
    kinds = default_registry()
    found: dict[str, tuple[Event, str | None]] = {}
    for line in lines:
        try:
            read = check_event(line, now=NOW, kinds=kinds)
        except EventRefused:
            continue
        request = embedded_request(read)
        if request is not None:
            found.setdefault(request.id, (request, None))
        found[read.id] = (read, request.id if request else None)
    return [
        LogMessage(seq, 1_800_000_000.0 + seq, made, "import", None, request)
        for seq, (made, request) in enumerate(found.values(), start=1)
    ]
