from __future__ import annotations

import neo4j
import pytest
from neo4j.exceptions import ClientError, Neo4jError

from dvmdash.cypher.sessions import read_rows

pytestmark = pytest.mark.integration


async def test_rows_come_as_maps_of_plain_values(neo4j_driver: neo4j.AsyncDriver) -> None:
    rows = await read_rows(neo4j_driver, "UNWIND $list AS n RETURN n, n * 2 AS twice", {"list": [1, 2]})
    assert rows == [{"n": 1, "twice": 2}, {"n": 2, "twice": 4}]


async def test_a_reader_can_not_write(neo4j_driver: neo4j.AsyncDriver) -> None:
    with pytest.raises(ClientError, match=r"(?i)write|read access|not allowed"):
        await read_rows(neo4j_driver, "CREATE (n:Intruder) RETURN n")
    assert await read_rows(neo4j_driver, "MATCH (n) RETURN count(n) AS nodes") == [{"nodes": 0}]


async def test_a_query_that_takes_too_long_is_ended_by_the_server(neo4j_driver: neo4j.AsyncDriver) -> None:
    endless = (
        "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a + b AS c RETURN max(c) AS most"
    )
    with pytest.raises(Neo4jError, match=r"(?i)timeout|timed out|terminated"):
        await read_rows(neo4j_driver, endless, timeout=0.2)
