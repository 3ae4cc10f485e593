"""Poison isolation: a message that fails alone is set aside, and the rest of its batch goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from neo4j.exceptions import (
    AuthError,
    ClientError,
    CypherSyntaxError,
    DriverError,
    Forbidden,
    Neo4jError,
)

from dvmdash.projector.errors import MessageUnreadable, ProjectionStopped
from dvmdash.projector.message import LogMessage

MAX_POISON = 10
"""More failures than this in one batch are no poison but a fault of ours or of the database."""

Write = Callable[[Sequence[LogMessage]], Awaitable[None]]


def is_poison(error: Exception) -> bool:
    """Say whether an error may come from the message itself rather than from the database or its connection."""
    if isinstance(error, AuthError | Forbidden | CypherSyntaxError):
        return False
    if isinstance(error, ClientError):
        return True
    return isinstance(error, MessageUnreadable) or not isinstance(error, Neo4jError | DriverError | OSError)


async def write_isolating(messages: Sequence[LogMessage], write: Write) -> list[tuple[LogMessage, Exception]]:
    """Write a batch; where it fails, halve it until the messages that fail alone are found, and return those.

    Raises ProjectionStopped, with nothing skipped, when the failure can't be a message's own or too many fail.
    """
    poison: list[tuple[LogMessage, Exception]] = []
    parts = [list(messages)]
    while parts:
        part = parts.pop()
        try:
            await write(part)
        except Exception as error:
            if not is_poison(error):
                raise ProjectionStopped(f"{type(error).__name__}: {error}") from error
            if len(part) > 1:
                middle = len(part) // 2
                parts += [part[middle:], part[:middle]]
                continue
            poison.append((part[0], error))
            if len(poison) > MAX_POISON:
                raise ProjectionStopped(
                    f"{len(poison)} messages of one batch failed; last: {error}"
                ) from error
    return poison
