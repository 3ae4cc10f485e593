"""Messages that could not be projected: kept with their error, shown, and tried again on demand."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nats.js.errors import NotFoundError

from dvmdash.nip90.log import DEAD_LETTER_STREAM
from dvmdash.projector.errors import DeadLetterUnknown

if TYPE_CHECKING:
    from nats.aio.msg import Msg
    from nats.js import JetStreamContext
    from nats.js.api import RawStreamMsg

HEADER_ERROR = "Dvm-Error"
HEADER_FIRST_SEEN = "Dvm-First-Seen"
MAX_ERROR_TEXT = 1000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message with why it failed. `stream_seq` is its sequence in the log, times are unix seconds."""

    stream_seq: int
    error: str
    first_seen: float
    failed_at: float
    payload: bytes
    headers: dict[str, str]


def dead_letter_subject(stream_seq: int) -> str:
    """Return the subject under which a message of the log is kept as a dead letter; the newest error wins."""
    return f"dvm.dlq.{stream_seq}"


async def bury(js: JetStreamContext, message: Msg, error: Exception) -> None:
    """Keep a message of the log that failed, before it is acknowledged."""
    metadata = message.metadata
    headers = {name: value for name, value in (message.headers or {}).items() if not name.startswith("Nats-")}
    headers[HEADER_FIRST_SEEN] = str(metadata.timestamp.timestamp())
    await keep(js, metadata.sequence.stream, message.data, headers, error)


async def keep(
    js: JetStreamContext, stream_seq: int, payload: bytes, headers: Mapping[str, str], error: Exception
) -> None:
    """Store a dead letter; an older one of the same message is replaced."""
    text = " ".join(f"{type(error).__name__}: {error}".split()).encode("ascii", "backslashreplace").decode()
    kept = {**headers, HEADER_ERROR: text[:MAX_ERROR_TEXT]}
    await js.publish(dead_letter_subject(stream_seq), payload, headers=kept)


async def dead_letters(js: JetStreamContext) -> AsyncIterator[DeadLetter]:
    """Yield every dead letter, oldest first."""
    try:
        state = (await js.stream_info(DEAD_LETTER_STREAM)).state
    except NotFoundError:
        return
    for seq in range(max(state.first_seq, 1), state.last_seq + 1):
        try:
            yield _dead_letter(await js.get_msg(DEAD_LETTER_STREAM, seq))
        except NotFoundError:
            continue  # Retried and removed, or replaced by a newer failure.


async def dead_letter(js: JetStreamContext, stream_seq: int) -> DeadLetter:
    """Return the dead letter of a message of the log. Raises DeadLetterUnknown."""
    try:
        return _dead_letter(await js.get_last_msg(DEAD_LETTER_STREAM, dead_letter_subject(stream_seq)))
    except NotFoundError:
        raise DeadLetterUnknown(f"no dead letter for message {stream_seq} of the log") from None


async def discard(js: JetStreamContext, stream_seq: int) -> None:
    """Remove a dead letter, as after it was projected."""
    await js.purge_stream(DEAD_LETTER_STREAM, subject=dead_letter_subject(stream_seq))


def _dead_letter(found: RawStreamMsg) -> DeadLetter:
    headers = dict(found.headers or {})
    return DeadLetter(
        stream_seq=int(str(found.subject).rpartition(".")[2]),
        error=headers.get(HEADER_ERROR, "unknown"),
        first_seen=float(headers.get(HEADER_FIRST_SEEN, 0)),
        failed_at=found.time.timestamp() if found.time else time.time(),
        payload=found.data or b"",
        headers=headers,
    )
