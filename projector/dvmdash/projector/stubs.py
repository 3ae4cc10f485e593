"""Stubs: nodes for events that something refers to and that have not been seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dvmdash.cypher.library import query

if TYPE_CHECKING:
    from neo4j import AsyncManagedTransaction


async def make_stubs(tx: AsyncManagedTransaction, ids: Iterable[str]) -> list[str]:
    """Make what is missing and return the ids that another writer has filled since they were looked up.

    From here on this transaction holds their locks: what is a stub stays one until the commit.
    """
    wanted = sorted(ids)
    if not wanted:
        return []
    result = await tx.run(query("make_stubs"), ids=wanted)
    return [row["id"] async for row in result]
