"""The event itself, as it was received, from the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nats.js.errors import NotFoundError

from dvmdash.nip90.log import STREAM

if TYPE_CHECKING:
    from nats.js import JetStreamContext


async def raw_event(js: JetStreamContext, stream_seq: int) -> str | None:
    """Return the JSON of an event as it was received; None when it has left the log."""
    try:
        found = await js.get_msg(STREAM, stream_seq)
    except NotFoundError:
        return None
    return found.data.decode(errors="replace") if found.data else None
