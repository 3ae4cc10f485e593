from __future__ import annotations

import neo4j
import pytest

from dvmdash.cypher.schema import ensure_schema


@pytest.fixture
async def schema_driver(neo4j_driver: neo4j.AsyncDriver) -> neo4j.AsyncDriver:
    """A graph that has the schema and nothing else."""
    await ensure_schema(neo4j_driver)
    return neo4j_driver
