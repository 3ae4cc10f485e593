"""Projects a dead letter once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dvmdash.projector.dead_letters import dead_letter, discard, keep
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.isolation import is_poison
from dvmdash.projector.message import read_message

if TYPE_CHECKING:
    from nats.js import JetStreamContext
    from neo4j import AsyncDriver


async def retry_dead_letter(js: JetStreamContext, driver: AsyncDriver, stream_seq: int) -> Exception | None:
    """Write a dead letter to the graph and remove it, or keep it with its new error, which is returned.

    Raises DeadLetterUnknown, and errors of the database as they come.
    """
    letter = await dead_letter(js, stream_seq)
    try:
        message = read_message(
            letter.payload, letter.headers, stream_seq=stream_seq, first_seen=letter.first_seen
        )
        await GraphWriter(driver).write([message])
    except Exception as error:
        if not is_poison(error):
            raise
        await keep(js, stream_seq, letter.payload, letter.headers, error)
        return error
    await discard(js, stream_seq)
    return None
