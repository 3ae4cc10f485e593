"""A job: a request and everything that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import strawberry

from dvmdash.graphql.context import Info, api
from dvmdash.graphql.errors import GraphRefused
from dvmdash.graphql.scalars import Time, as_time
from dvmdash.graphql.types.entity import Entity
from dvmdash.graphql.types.event import Event
from dvmdash.graphql.types.graph import JobGraph


@strawberry.type(description="A job: a request (5000 to 5999) and everything that answers it.")
class Job:
    """Read from a row of job_by_id or newest_jobs."""

    id: str = strawberry.field(description="The request's id.")
    request: Event = strawberry.field(
        description="The request; a stub while only its answers have been seen."
    )
    customer: Entity | None = strawberry.field(description="Who made the request.")
    results: int = strawberry.field(description="Results linked to it.")
    feedbacks: int = strawberry.field(description="Feedback linked to it.")
    providers: int = strawberry.field(description="How many keys answered.")
    last_status: str | None = strawberry.field(
        description="Class of the newest status that any provider stated."
    )
    last_event_at: Time | None = strawberry.field(description="Time of the newest answer.")
    node: strawberry.Private[Mapping[str, Any]]
    alone: strawberry.Private[bool]

    @strawberry.field(
        description="Everybody and everything that belongs to it, as nodes and edges; not in a page."
    )
    async def graph(self, info: Info) -> JobGraph:
        if not self.alone:
            raise GraphRefused("`graph` is drawn for one job at a time; ask for it with job(id: …)")
        context = api(info)
        limit = context.settings.max_answers
        rows = await context.rows("job_graph", id=self.id, limit=limit)
        return JobGraph.from_rows(self.node, rows, truncated=self.results + self.feedbacks > limit)

    @classmethod
    def from_row(cls, row: Mapping[str, Any], *, alone: bool) -> Self:
        """Read a row; `alone` when it is the only one of its answer, whose graph may be asked for."""
        request = Event.from_node(row["request"], row["customer"])
        return cls(
            id=request.id,
            request=request,
            customer=request.author,
            results=row["results"],
            feedbacks=row["feedbacks"],
            providers=row["providers"] or 0,
            last_status=row["last_status"],
            last_event_at=as_time(row["last_at"]),
            node=row["request"],
            alone=alone,
        )
