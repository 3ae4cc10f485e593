"""Answers to the root fields, shared by queries and subscriptions."""

from __future__ import annotations

import time
from collections import defaultdict

from dvmdash.graphql import pipeline
from dvmdash.graphql.context import ApiContext
from dvmdash.graphql.ids import event_id, pubkey
from dvmdash.graphql.paging import page_size, read_cursor
from dvmdash.graphql.types.connections import JobConnection
from dvmdash.graphql.types.details import EntityDetails, EventDetails
from dvmdash.graphql.types.job import Job
from dvmdash.graphql.types.kind import Kind
from dvmdash.graphql.types.status import Count, Status
from dvmdash.nip90.kinds import RESULT_OFFSET, default_registry
from dvmdash.nip90.log import PROJECTION


async def status(context: ApiContext) -> Status:
    """Return the state of the pipeline."""
    js = context.nc.jetstream()
    counts = await context.rows("counts")
    checkpoint = await context.row("read_checkpoint", projection=PROJECTION)
    server = await context.driver.get_server_info()
    nats = context.nc.connected_server_version
    return Status(
        counts=[Count(name=row["name"], value=row["value"]) for row in counts],
        log=await pipeline.log_status(js),
        projector=await pipeline.projector_status(js, checkpoint),
        collectors=await pipeline.collectors(js),
        versions=pipeline.versions(
            f"{nats.major}.{nats.minor}.{nats.patch}", server.agent.removeprefix("Neo4j/")
        ),
    )


async def job(context: ApiContext, text: str) -> Job | None:
    """Return the job that an id names: its request's, or that of any of its answers. Raises ReferenceRefused."""
    row = await context.row("job_by_id", id=event_id(text))
    return Job.from_row(row, alone=True) if row else None


async def jobs(context: ApiContext, first: int, after: str | None, kind: int | None) -> JobConnection:
    """Return a page of jobs, newest first. Raises PageRefused."""
    size, key = page_size(first), read_cursor(after)
    page = {"before_time": key.created_at, "before_id": key.id, "limit": size + 1}
    if kind is None:
        rows = await context.rows("newest_jobs", **page)
    else:
        rows = await context.rows("newest_jobs_of_kind", kind=kind, **page)
    return JobConnection.of([Job.from_row(row, alone=False) for row in rows], size)


async def kinds(context: ApiContext) -> list[Kind]:
    """Return every job kind seen, the most requested first; the counts may be some seconds old."""
    now = time.monotonic()
    if context.kinds_rows is None or now - context.kinds_rows[0] > context.settings.kinds_cache:
        context.kinds_rows = now, await context.rows("kinds_with_counts")
    requests: dict[int, int] = defaultdict(int)
    results: dict[int, int] = defaultdict(int)
    for row in context.kinds_rows[1]:
        requests[row["kind"] - (RESULT_OFFSET if row["results"] else 0)] += row["requests"]
        results[row["kind"] - (RESULT_OFFSET if row["results"] else 0)] += row["results"]
    names = default_registry()
    seen = [
        Kind(kind=kind, name=names.name(kind), role="request", requests=requests[kind], results=results[kind])
        for kind in requests
    ]
    return sorted(seen, key=lambda each: (-each.requests, each.kind))


async def event(context: ApiContext, text: str) -> EventDetails | None:
    """Return an event. Raises ReferenceRefused."""
    row = await context.row("event_by_id", id=event_id(text))
    return EventDetails.from_row(row) if row else None


async def entity(context: ApiContext, text: str) -> EntityDetails | None:
    """Return an entity. Raises ReferenceRefused."""
    row = await context.row("entity_by_pubkey", pubkey=pubkey(text))
    return EntityDetails.from_row(row) if row else None
