from __future__ import annotations

import re

import neo4j
import pytest

from dvmdash.cypher.errors import SchemaIncomplete
from dvmdash.cypher.library import all_queries
from dvmdash.cypher.schema import ensure_schema, missing_schema, schema_statements, wipe_graph
from dvmdash.cypher.sessions import read_rows

CREATED = [each for each in all_queries().values() if each.text.startswith("CREATE")]


def test_every_statement_of_the_schema_file_is_known_by_what_it_makes() -> None:
    assert list(schema_statements().values()) == [each.text for each in CREATED]


@pytest.mark.parametrize("statement", schema_statements().values(), ids=schema_statements())
def test_every_statement_may_be_repeated(statement: str) -> None:
    assert re.match(r"CREATE (CONSTRAINT|INDEX) \w+ IF NOT EXISTS ", statement)


@pytest.mark.integration
async def test_the_schema_is_made_once_and_making_it_again_changes_nothing(
    neo4j_driver: neo4j.AsyncDriver,
) -> None:
    assert await missing_schema(neo4j_driver) == sorted(schema_statements())
    await ensure_schema(neo4j_driver)
    assert await missing_schema(neo4j_driver) == []
    first = await _found(neo4j_driver)
    await ensure_schema(neo4j_driver)
    assert await _found(neo4j_driver) == first


@pytest.mark.integration
async def test_what_was_dropped_is_reported_missing_and_made_again(
    schema_driver: neo4j.AsyncDriver,
) -> None:
    await schema_driver.execute_query("DROP INDEX request_created_at")
    await schema_driver.execute_query("DROP CONSTRAINT invoice_id")
    assert await missing_schema(schema_driver) == ["invoice_id", "request_created_at"]
    await ensure_schema(schema_driver)
    assert await missing_schema(schema_driver) == []


@pytest.mark.integration
async def test_a_name_that_is_taken_by_another_index_is_reported_and_not_passed_over(
    neo4j_driver: neo4j.AsyncDriver,
) -> None:
    # `IF NOT EXISTS` is silent about a constraint that an equal one under another name stands in for.
    await neo4j_driver.execute_query("CREATE CONSTRAINT other FOR (n:Event) REQUIRE n.id IS UNIQUE")
    with pytest.raises(SchemaIncomplete, match=r"not online in Neo4j: event_id; run `dvmdash doctor`"):
        await ensure_schema(neo4j_driver)


@pytest.mark.integration
async def test_wiping_takes_every_node_in_any_number_of_batches_and_keeps_the_schema(
    schema_driver: neo4j.AsyncDriver,
) -> None:
    await schema_driver.execute_query("UNWIND range(1, 25) AS i CREATE (:Thing {i: i})-[:IS]->(:Other)")
    assert await wipe_graph(schema_driver, batch=20) == 50
    assert await read_rows(schema_driver, "MATCH (n) RETURN count(n) AS nodes") == [{"nodes": 0}]
    assert await missing_schema(schema_driver) == []
    assert await wipe_graph(schema_driver) == 0


async def _found(driver: neo4j.AsyncDriver) -> set[str]:
    rows = await read_rows(driver, "SHOW INDEXES YIELD name, id RETURN name + ':' + id AS found")
    return {row["found"] for row in rows}
