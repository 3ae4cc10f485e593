"""Constraints and indexes: made idempotently at start, checked by `doctor` and `readyz`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dvmdash.cypher.errors import SchemaIncomplete
from dvmdash.cypher.library import all_queries, query
from dvmdash.cypher.sessions import DATABASE, read_rows

if TYPE_CHECKING:
    from neo4j import AsyncDriver

SCHEMA_VERSION = 1
"""Raised whenever the graph must be rebuilt from the log to fit the queries."""

_MADE = re.compile(r"^CREATE (?:CONSTRAINT|INDEX) (\w+) IF NOT EXISTS", re.MULTILINE)


def schema_statements() -> dict[str, str]:
    """Return the name of each constraint and index with the statement that makes it."""
    texts = (entry.text for entry in all_queries().values() if entry.source == "schema.cypher")
    return {match.group(1): text for text in texts if (match := _MADE.match(text))}


async def ensure_schema(driver: AsyncDriver, *, timeout_seconds: int = 300) -> None:
    """Make what is missing and wait until every index is online.

    Raises SchemaIncomplete when something is still missing afterwards.
    """
    for statement in schema_statements().values():
        await driver.execute_query(statement, database_=DATABASE)
    await driver.execute_query(query("await_indexes"), {"seconds": timeout_seconds}, database_=DATABASE)
    if missing := await missing_schema(driver):
        raise SchemaIncomplete(f"not online in Neo4j: {', '.join(missing)}; run `dvmdash doctor`")


async def missing_schema(driver: AsyncDriver) -> list[str]:
    """Return the names of constraints and indexes that are missing or not online, sorted."""
    indexes = await read_rows(driver, query("list_indexes"))
    online = {row["name"] for row in indexes if row["state"] == "ONLINE"}
    constraints = {row["name"] for row in await read_rows(driver, query("list_constraints"))}
    return sorted(name for name in schema_statements() if name not in online | constraints)


async def wipe_graph(driver: AsyncDriver, *, batch: int = 10_000) -> int:
    """Delete every node in small transactions and return how many there were; the schema stays."""
    total = 0
    while True:
        found = await driver.execute_query(query("wipe_batch"), {"limit": batch}, database_=DATABASE)
        deleted = int(found.records[0]["deleted"])
        if not deleted:
            return total
        total += deleted
