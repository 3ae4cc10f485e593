"""Root fields that push: a first answer at once, then one whenever a committed batch changed something.

However many batches come while an answer is made or sent, they make one further answer, so a slow client always
gets the newest state and its backlog never grows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import strawberry

from dvmdash.graphql import resolvers
from dvmdash.graphql.context import ApiContext, Info, api
from dvmdash.graphql.ids import event_id
from dvmdash.graphql.queries import EventId
from dvmdash.graphql.types.job import Job
from dvmdash.graphql.types.status import Status


@strawberry.type(description="Everything that can be watched.")
class Subscription:
    """Root fields."""

    @strawberry.subscription(description="A job, now and after every change of anything in its graph.")
    async def job_changed(self, info: Info, id: EventId) -> AsyncGenerator[Job, None]:
        context, wanted = api(info), event_id(id)
        async with context.notices.interest() as interest:
            interest.ids = frozenset({wanted})
            while True:
                job = await resolvers.job(context, wanted)
                if job is not None and job.id not in interest.ids:
                    # What changed while it was read was told by the request's id, which nobody listened for yet.
                    interest.ids = frozenset({wanted, job.id})
                    continue
                if job is not None:
                    interest.ids = frozenset({wanted, *await _members(context, job)})
                    yield job
                await asyncio.sleep(context.settings.coalesce)
                await interest.change()

    @strawberry.subscription(description="The state of the pipeline, now and after every batch.")
    async def status_changed(self, info: Info) -> AsyncGenerator[Status, None]:
        context = api(info)
        async with context.notices.interest() as interest:
            while True:
                yield await resolvers.status(context)
                await asyncio.sleep(context.settings.coalesce)
                await interest.change()


async def _members(context: ApiContext, job: Job) -> list[str]:
    """Return the ids whose change changes the job: its own events and invoices."""
    rows = await context.rows("job_member_ids", id=job.id, limit=context.settings.max_answers)
    return [row["id"] for row in rows]
