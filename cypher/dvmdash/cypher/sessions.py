"""How queries reach Neo4j: which database, which access mode, which limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neo4j import READ_ACCESS, Query

if TYPE_CHECKING:
    from neo4j import AsyncDriver

DATABASE = "neo4j"
"""Community has this one database; naming it spares the driver a round trip for each session."""

READ_TIMEOUT_SECONDS = 10.0
"""After this long Neo4j ends a query of ours by itself."""


async def read_rows(
    driver: AsyncDriver,
    text: str,
    parameters: dict[str, Any] | None = None,
    *,
    timeout: float = READ_TIMEOUT_SECONDS,  # noqa: ASYNC109 - ended by the server, not by the event loop
) -> list[dict[str, Any]]:
    """Run a query in a READ transaction and return its rows, values as the driver gives them.

    Raises neo4j.exceptions.Neo4jError or DriverError as they come: callers know what a failure means to them.
    """
    async with driver.session(database=DATABASE, default_access_mode=READ_ACCESS) as session:
        # Auto-commit is one round trip less than a managed transaction, and a read that fails may be asked again.
        result = await session.run(Query(text, timeout=timeout), parameters or {})
        return await result.data()
