"""An event and an entity with everything tied to them, for their own pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

import strawberry

from dvmdash.graphql.context import Info, api
from dvmdash.graphql.paging import page_size, read_cursor
from dvmdash.graphql.raw_events import raw_event
from dvmdash.graphql.scalars import Time, as_time
from dvmdash.graphql.types.connections import EventConnection
from dvmdash.graphql.types.entity import Entity
from dvmdash.graphql.types.event import Event

MAX_REFERENCES = 200
MAX_ANNOUNCEMENTS = 50


@strawberry.type(description="A relationship between an event and another.")
class EventReference:
    """Read from a row of event_references."""

    type: str = strawberry.field(description="The relationship's type, such as RESULT_FOR.")
    outgoing: bool = strawberry.field(description="It leads from this event to the other.")
    rule: str | None = strawberry.field(description="The linking rule that made it (L1 to L6).")
    confidence: float | None = strawberry.field(description="How sure that rule is, 0 to 1.")
    event: Event = strawberry.field(description="The other event.")


@strawberry.type(description="An event with all that is tied to it.")
class EventDetails:
    """Read from a row of event_by_id."""

    event: Event = strawberry.field(description="The event.")
    job_id: str | None = strawberry.field(description="The request that it is or answers.")
    deleted_at: Time | None = strawberry.field(description="When its own author deleted it.")

    @strawberry.field(description="The event as it was received; null when it is a stub or has left the log.")
    async def raw(self, info: Info) -> str | None:
        if self.event.stream_seq is None:
            return None
        return await raw_event(api(info).nc.jetstream(), self.event.stream_seq)

    @strawberry.field(description="Events that it refers to or that refer to it, oldest first, at most 200.")
    async def references(self, info: Info) -> list[EventReference]:
        rows = await api(info).rows("event_references", id=self.event.id, limit=MAX_REFERENCES)
        return [
            EventReference(
                type=row["type"],
                outgoing=row["outgoing"],
                rule=row["rule"],
                confidence=row["confidence"],
                event=Event.from_node(row["event"], row["author"]),
            )
            for row in rows
        ]

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Read a row."""
        return cls(
            event=Event.from_node(row["event"], row["author"]),
            job_id=row["job"],
            deleted_at=as_time(row["deleted_at"]),
        )


@strawberry.type(description="A public key with what it did.")
class EntityDetails:
    """Read from a row of entity_by_pubkey."""

    entity: Entity = strawberry.field(description="Who it is.")
    first_event_at: Time | None = strawberry.field(description="The oldest of its events that are kept.")
    last_event_at: Time | None = strawberry.field(description="The newest of its events.")

    @strawberry.field(description="The newest version of each service it announces (31990), undeleted ones.")
    async def announcements(self, info: Info) -> list[Event]:
        parameters = {"pubkey": self.entity.pubkey, "limit": MAX_ANNOUNCEMENTS}
        return [
            Event.from_node(row["event"])
            for row in await api(info).rows("entity_announcements", **parameters)
        ]

    @strawberry.field(description="Its events, newest first.")
    async def events(
        self,
        info: Info,
        first: Annotated[int, strawberry.argument(description="How many rows, 1 to 100.")] = 50,
        after: Annotated[
            str | None, strawberry.argument(description="The endCursor of the page before.")
        ] = None,
    ) -> EventConnection:
        size, key = page_size(first), read_cursor(after)
        rows = await api(info).rows(
            "entity_events",
            pubkey=self.entity.pubkey,
            before_time=key.created_at,
            before_id=key.id,
            limit=size + 1,
        )
        return EventConnection.of([Event.from_node(row["event"]) for row in rows], size)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Read a row."""
        return cls(
            entity=Entity.from_node(row["entity"]),
            first_event_at=as_time(row["first_at"]),
            last_event_at=as_time(row["last_at"]),
        )
