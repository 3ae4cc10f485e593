"""Root fields that are asked once."""

from __future__ import annotations

from typing import Annotated

import strawberry

from dvmdash.graphql import resolvers
from dvmdash.graphql.context import Info, api
from dvmdash.graphql.types.connections import JobConnection
from dvmdash.graphql.types.details import EntityDetails, EventDetails
from dvmdash.graphql.types.job import Job
from dvmdash.graphql.types.kind import Kind
from dvmdash.graphql.types.status import Status

EventId = Annotated[str, strawberry.argument(description="64 hex digits, note1… or nevent1…")]
Pubkey = Annotated[str, strawberry.argument(description="64 hex digits, npub1… or nprofile1…")]
First = Annotated[int, strawberry.argument(description="How many rows, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="The endCursor of the page before.")]
KindNumber = Annotated[int | None, strawberry.argument(description="Only this kind of request.")]


@strawberry.type(description="Everything that can be asked.")
class Query:
    """Root fields."""

    @strawberry.field(description="The state of everything between the relays and this answer.")
    async def status(self, info: Info) -> Status:
        return await resolvers.status(api(info))

    @strawberry.field(description="One event, also one that is only referred to; null when nothing names it.")
    async def event(self, info: Info, id: EventId) -> EventDetails | None:
        return await resolvers.event(api(info), id)

    @strawberry.field(description="One public key; null when nothing names it.")
    async def entity(self, info: Info, pubkey: Pubkey) -> EntityDetails | None:
        return await resolvers.entity(api(info), pubkey)

    @strawberry.field(
        description="The job of a request, or of any event that answers one; null when there is none."
    )
    async def job(self, info: Info, id: EventId) -> Job | None:
        return await resolvers.job(api(info), id)

    @strawberry.field(description="Jobs, newest first.")
    async def jobs(
        self, info: Info, first: First = 50, after: After = None, kind: KindNumber = None
    ) -> JobConnection:
        return await resolvers.jobs(api(info), first, after, kind)

    @strawberry.field(description="Every job kind seen, the most requested first; counted every 30 seconds.")
    async def kinds(self, info: Info) -> list[Kind]:
        return await resolvers.kinds(api(info))
