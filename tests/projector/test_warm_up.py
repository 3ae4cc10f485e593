"""A rehearsal leaves nothing behind and comes only when there is nothing to do."""

from __future__ import annotations

import pytest
from neo4j import AsyncDriver

from dvmdash.cypher.schema import ensure_schema
from dvmdash.nip90.kinds import default_registry
from dvmdash.projector.gathering import gather
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.warm_up import rehearsal

from .snapshot import snapshot


def test_a_rehearsal_asks_for_every_kind_of_link() -> None:
    batch = gather(rehearsal(0, jobs=3), default_registry())

    assert len(batch.known) == 9
    assert len(batch.answers) == 6
    assert {answer.kind for answer in batch.answers} == {6050, 7000}


@pytest.mark.integration
async def test_a_rehearsal_leaves_the_graph_as_it_was(neo4j_driver: AsyncDriver) -> None:
    await ensure_schema(neo4j_driver)
    writer = GraphWriter(neo4j_driver)

    await writer.rehearse(gather(rehearsal(0), writer.kinds))

    assert await snapshot(neo4j_driver) == {"nodes": [], "relationships": []}
