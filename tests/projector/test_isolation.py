"""A message that fails alone is set aside; a failure of the database stops everything."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from neo4j.exceptions import AuthError, ClientError, DatabaseError, ServiceUnavailable, TransientError

from dvmdash.projector.errors import ProjectionStopped
from dvmdash.projector.isolation import is_poison, write_isolating
from dvmdash.projector.message import LogMessage

from .made import event, logged

MESSAGES = logged(*(event(f"event {number}", 5050, "x") for number in range(1, 33)))


class Writer:
    """Writes all but what is poisonous; a batch with poison in it writes nothing."""

    def __init__(self, poison: set[int], error: Exception) -> None:
        self.poison, self.error = poison, error
        self.written: list[int] = []

    async def __call__(self, messages: Sequence[LogMessage]) -> None:
        if self.poison & {message.stream_seq for message in messages}:
            raise self.error
        self.written += [message.stream_seq for message in messages]


async def test_all_but_the_poison_is_written_once_and_in_order() -> None:
    writer = Writer({5, 6, 31}, OverflowError("too big for 64 bits"))

    poison = await write_isolating(MESSAGES, writer)

    assert [message.stream_seq for message, _ in poison] == [5, 6, 31]
    assert all(error is writer.error for _, error in poison)
    assert writer.written == [seq for seq in range(1, 33) if seq not in writer.poison]


async def test_a_batch_without_poison_is_written_in_one_go() -> None:
    calls = []

    async def write(messages: Sequence[LogMessage]) -> None:
        calls.append(len(messages))

    assert await write_isolating(MESSAGES, write) == []
    assert calls == [32]


@pytest.mark.parametrize(
    "error",
    [
        ServiceUnavailable("gone"),
        DatabaseError("disk"),
        TransientError("deadlock"),
        AuthError("who"),
        OSError("net"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_no_message_can_cause_stops_the_projection(error: Exception) -> None:
    writer = Writer({7}, error)

    with pytest.raises(ProjectionStopped):
        await write_isolating(MESSAGES, writer)

    assert writer.written == []


async def test_too_much_poison_is_no_poison() -> None:
    writer = Writer(set(range(1, 33)), ValueError("our own mistake"))

    with pytest.raises(ProjectionStopped, match="messages of one batch failed"):
        await write_isolating(MESSAGES, writer)


def test_a_refused_value_may_be_the_messages_fault() -> None:
    assert is_poison(ClientError("property value is too large to index"))
