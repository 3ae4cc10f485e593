"""A rehearsal leaves nothing behind and comes only when there is nothing to do."""

from __future__ import annotations

import pytest
from neo4j import AsyncDriver

from dvmdash.cypher.schema import ensure_schema
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.warm_up import rehearsal

from .snapshot import snapshot


def test_a_rehearsal_needs_every_row_that_a_batch_can_have() -> None:
    batch = rehearsal(0)

    empty = [
        name
        for name in (
            "events_by_author",
            "answers",
            "requests",
            "users",
            "announcers",
            "profiles",
            "invoices",
            "bills",
        )
        if not getattr(batch, name)
    ]
    assert empty == []
    assert batch.deletions
    assert batch.addresses.latest
    assert batch.addresses.deleted
    assert batch.receipts.invoices
    assert batch.receipts.payers
    assert batch.receipts.events


@pytest.mark.integration
async def test_a_rehearsal_leaves_the_graph_as_it_was(neo4j_driver: AsyncDriver) -> None:
    await ensure_schema(neo4j_driver)
    writer = GraphWriter(neo4j_driver)

    await writer.rehearse(rehearsal(0))

    assert await snapshot(neo4j_driver) == {"nodes": [], "relationships": []}
