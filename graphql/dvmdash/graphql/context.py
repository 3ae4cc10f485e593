"""What every resolver is given: connections, settings, and what is shared between requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import strawberry

from dvmdash.cypher.library import query
from dvmdash.cypher.sessions import read_rows
from dvmdash.graphql.settings import ApiSettings

if TYPE_CHECKING:
    from nats.aio.client import Client
    from neo4j import AsyncDriver

    from dvmdash.graphql.notices import Notices

Row = dict[str, Any]


@dataclass(slots=True)
class ApiContext:
    """Shared by all requests of a process."""

    driver: AsyncDriver
    nc: Client
    notices: Notices
    settings: ApiSettings = field(default_factory=ApiSettings)
    kinds_rows: tuple[float, list[Row]] | None = None
    """When the counts per kind were last read (monotonic seconds), and what they were."""

    async def rows(self, name: str, **parameters: Any) -> list[Row]:
        """Run a shipped query and return its rows."""
        return await read_rows(self.driver, query(name), parameters)

    async def row(self, name: str, **parameters: Any) -> Row | None:
        """Run a shipped query and return its first row, None where there is none."""
        rows = await self.rows(name, **parameters)
        return rows[0] if rows else None


Info = strawberry.Info[Mapping[str, ApiContext], None]


def api(info: Info) -> ApiContext:
    """Return the context that a resolver was given."""
    return info.context["api"]
