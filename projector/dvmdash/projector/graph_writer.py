"""Writes batches to the graph, one transaction for each, and remembers what was committed."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dvmdash.cypher.library import query
from dvmdash.cypher.sessions import DATABASE
from dvmdash.nip90.kinds import KindRegistry, default_registry
from dvmdash.projector.batch import Batch
from dvmdash.projector.gathering import gather
from dvmdash.projector.knowledge import KnownEvents
from dvmdash.projector.message import LogMessage
from dvmdash.projector.transaction import Applied, apply_batch

if TYPE_CHECKING:
    from neo4j import AsyncDriver, AsyncManagedTransaction


REHEARSED_READS = 6


class _RolledBack(Exception):
    """Ends a rehearsal: a managed transaction that raises is rolled back."""


class GraphWriter:
    """The projection without the log: what it is given is written, whole or not at all."""

    def __init__(
        self, driver: AsyncDriver, *, known_cache: int = 100_000, kinds: KindRegistry | None = None
    ) -> None:
        self._driver = driver
        self.kinds = kinds or default_registry()
        self._remembered = KnownEvents(known_cache)

    async def write(self, messages: Sequence[LogMessage]) -> Applied:
        """Gather and write messages; see `write_batch`."""
        return await self.write_batch(gather(messages, self.kinds))

    async def write_batch(self, batch: Batch) -> Applied:
        """Write a batch in one managed transaction, which retries transient errors such as deadlocks.

        Raises neo4j.exceptions.Neo4jError or DriverError, and whatever a message itself provokes.
        """
        async with self._driver.session(database=DATABASE) as session:
            applied = await session.execute_write(apply_batch, batch, self._remembered, self.kinds)
        self._remembered.remember(batch.known)
        return applied

    async def rehearse(self, batch: Batch) -> None:
        """Write a batch, read some of its jobs as pages do, and roll all of it back.

        Afterwards the database has compiled what the first real batch and its first readers need.
        """

        async def rolled_back(tx: AsyncManagedTransaction) -> None:
            await apply_batch(tx, batch, KnownEvents(0), self.kinds)
            for request in _requests(batch)[:REHEARSED_READS]:
                for name in ("job_by_id", "job_graph", "job_member_ids"):
                    await (await tx.run(query(name), id=request, limit=100)).consume()
            raise _RolledBack

        async with self._driver.session(database=DATABASE) as session:
            with contextlib.suppress(_RolledBack):
                await session.execute_write(rolled_back)

    def forget(self) -> None:
        """Forget what was committed, as after the graph was emptied."""
        self._remembered.forget()


def _requests(batch: Batch) -> list[str]:
    return [
        row["id"] for rows in batch.events_by_author.values() for row in rows if row["labels"] == ["Request"]
    ]
