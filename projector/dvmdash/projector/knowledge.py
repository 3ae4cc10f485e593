"""Which events are known: those of the batch, those remembered, and for the rest a look into the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from dvmdash.cypher.library import query
from dvmdash.nip90.linking import Known

if TYPE_CHECKING:
    from neo4j import AsyncManagedTransaction


class KnownEvents:
    """Remembers kind, author and time of committed events, newest `size` of them.

    Only what is known is remembered, never that something is unknown: an event's facts never change with its
    id, so this stays true whatever other projectors write meanwhile.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._events: dict[str, Known] = {}

    def get(self, event_id: str) -> Known | None:
        """Return what is remembered of an event."""
        return self._events.get(event_id)

    def remember(self, events: Mapping[str, Known]) -> None:
        """Remember events of a committed batch and forget the oldest beyond the size."""
        self._events.update(events)
        while len(self._events) > self._size:
            del self._events[next(iter(self._events))]

    def forget(self) -> None:
        """Forget everything, as after the graph was emptied."""
        self._events.clear()


class Knowledge:
    """What one transaction knows; starts from the batch itself and asks the graph for the rest."""

    def __init__(self, batch: Mapping[str, Known], remembered: KnownEvents) -> None:
        self.known: dict[str, Known] = dict(batch)
        self._remembered = remembered

    async def complete(self, tx: AsyncManagedTransaction, ids: Iterable[str]) -> None:
        """Learn which of these events are known; one query for all that neither batch nor memory knows."""
        asked = []
        for event_id in dict.fromkeys(ids):
            if event_id in self.known:
                continue
            if remembered := self._remembered.get(event_id):
                self.known[event_id] = remembered
            else:
                asked.append(event_id)
        if asked:
            await self._look_up(tx, asked)

    async def _look_up(self, tx: AsyncManagedTransaction, ids: list[str]) -> None:
        result = await tx.run(query("known_events"), ids=ids)
        async for row in result:
            self.known[row["id"]] = Known(row["kind"], row["pubkey"], row["created_at"])
