"""Pages, as the Relay convention shapes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import strawberry

from dvmdash.graphql.paging import Key
from dvmdash.graphql.types.event import Event
from dvmdash.graphql.types.job import Job


@strawberry.type(description="Where a page ends.")
class PageInfo:
    """Of any connection."""

    has_next_page: bool = strawberry.field(description="There are older rows.")
    end_cursor: str | None = strawberry.field(description="Pass it as `after` to get them.")


@strawberry.type(description="A row of a page of events.")
class EventEdge:
    """One row."""

    cursor: str = strawberry.field(description="Its place.")
    node: Event = strawberry.field(description="The event.")


@strawberry.type(description="A page of events, newest first.")
class EventConnection:
    """Events of an entity."""

    edges: list[EventEdge] = strawberry.field(description="The rows.")
    page_info: PageInfo = strawberry.field(description="Whether there are more.")

    @classmethod
    def of(cls, events: Sequence[Event], size: int) -> Self:
        """Make a page from up to one row more than its size."""
        edges = [EventEdge(cursor=_cursor(event), node=event) for event in events[:size]]
        end = edges[-1].cursor if edges else None
        return cls(edges=edges, page_info=PageInfo(has_next_page=len(events) > size, end_cursor=end))


@strawberry.type(description="A row of a page of jobs.")
class JobEdge:
    """One row."""

    cursor: str = strawberry.field(description="Its place.")
    node: Job = strawberry.field(description="The job.")


@strawberry.type(description="A page of jobs, newest first.")
class JobConnection:
    """Newest jobs."""

    edges: list[JobEdge] = strawberry.field(description="The rows.")
    page_info: PageInfo = strawberry.field(description="Whether there are more.")

    @classmethod
    def of(cls, jobs: Sequence[Job], size: int) -> Self:
        """Make a page from up to one row more than its size."""
        edges = [JobEdge(cursor=_cursor(job.request), node=job) for job in jobs[:size]]
        end = edges[-1].cursor if edges else None
        return cls(edges=edges, page_info=PageInfo(has_next_page=len(jobs) > size, end_cursor=end))


def _cursor(event: Event) -> str:
    return Key(int(event.created_at or 0), event.id).cursor()
