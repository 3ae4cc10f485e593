"""Executes documents in this process, as the endpoint does, and counts what that asks of the graph."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from dvmdash.graphql.context import ApiContext, Row
from dvmdash.graphql.schema import make_schema


@dataclass
class CountingContext(ApiContext):
    """Remembers the name of every shipped query that it ran."""

    asked: list[str] = field(default_factory=list)

    async def rows(self, name: str, **parameters: Any) -> list[Row]:
        self.asked.append(name)
        return await super().rows(name, **parameters)


async def answer(context: ApiContext, document: str, **variables: Any) -> tuple[Any, list[str]]:
    """Return the data of an operation and the messages of its errors."""
    result = await make_schema(context.settings).execute(
        document, variable_values=variables, context_value={"api": context}
    )
    return result.data, [error.message for error in result.errors or ()]


async def ask(context: ApiContext, document: str, **variables: Any) -> Any:
    """Return the data of an operation that must succeed."""
    data, errors = await answer(context, document, **variables)
    assert not errors, errors
    return data


async def refusal(context: ApiContext, document: str, **variables: Any) -> str:
    """Return the one message of an operation that must be refused."""
    _, errors = await answer(context, document, **variables)
    assert len(errors) == 1, errors
    return errors[0]


async def watch(context: ApiContext, document: str, **variables: Any) -> AsyncGenerator[Any, None]:
    """Yield what a subscription sends: its data, or the messages of its errors."""
    stream = await make_schema(context.settings).subscribe(
        document, variable_values=variables, context_value={"api": context}
    )
    assert hasattr(stream, "__aiter__"), stream
    async with contextlib.aclosing(stream):
        async for result in stream:
            yield [error.message for error in result.errors] if result.errors else result.data
