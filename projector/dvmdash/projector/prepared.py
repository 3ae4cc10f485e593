"""A batch read and gathered, ready to be written. Pure, so that it can be done while the batch before is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dvmdash.nip90.kinds import KindRegistry
from dvmdash.projector.batch import Batch
from dvmdash.projector.errors import MessageUnreadable
from dvmdash.projector.gathering import gather
from dvmdash.projector.message import LogMessage, read_message

if TYPE_CHECKING:
    from nats.aio.msg import Msg


@dataclass(frozen=True, slots=True)
class Prepared:
    """Messages of the log: the readable ones by their sequence, and the others with why they are not."""

    messages: list[LogMessage]
    arrived: dict[int, Msg]
    unreadable: list[tuple[Msg, MessageUnreadable]]
    batch: Batch | None
    """What they want written; None when one of them can't be gathered and has to be found."""


def prepare(arrived: Sequence[Msg], kinds: KindRegistry) -> Prepared:
    """Read and gather messages. Never raises for what a message holds."""
    messages: list[LogMessage] = []
    by_seq: dict[int, Msg] = {}
    unreadable: list[tuple[Msg, MessageUnreadable]] = []
    for message in arrived:
        metadata = message.metadata
        seq = metadata.sequence.stream
        by_seq[seq] = message
        try:
            first_seen = metadata.timestamp.timestamp()
            read = read_message(message.data, message.headers, stream_seq=seq, first_seen=first_seen)
            messages.append(read)
        except MessageUnreadable as error:
            unreadable.append((message, error))
    return Prepared(messages, by_seq, unreadable, _gathered(messages, kinds))


def _gathered(messages: list[LogMessage], kinds: KindRegistry) -> Batch | None:
    try:
        return gather(messages, kinds)
    except Exception:  # Whatever a message provokes: isolation will find it and keep its error.
        return None
