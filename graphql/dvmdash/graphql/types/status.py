"""The state of the pipeline: log, projector, collectors, relays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import strawberry

from dvmdash.graphql.scalars import Msats, Time, as_time


@strawberry.type(description="A named figure.")
class Count:
    """One figure."""

    name: str = strawberry.field(description="What is counted.")
    value: int = strawberry.field(description="How many.")


@strawberry.type(description="The event log.")
class LogStatus:
    """Of the stream DVM_EVENTS."""

    messages: int = strawberry.field(description="Events that it holds.")
    bytes: Msats = strawberry.field(description="Its size on disk in bytes.")
    last_sequence: int = strawberry.field(description="Sequence of its newest event.")


@strawberry.type(description="How far the graph is behind the log.")
class ProjectorStatus:
    """Of the durable consumer and the checkpoint."""

    lag: int = strawberry.field(description="Events of the log that are not in the graph yet.")
    lag_seconds: float | None = strawberry.field(
        description="Age of the newest event in the graph while it lags; 0 when it does not; null before a start."
    )
    checkpoint: int = strawberry.field(description="Sequence of the newest event in the graph.")
    dead_letters: int = strawberry.field(
        description="Events that could not be projected; see `dvmdash dlq list`."
    )


@strawberry.type(description="One relay, as one collector sees it.")
class Relay:
    """Read from a collector's counters."""

    url: str = strawberry.field(description="Its address.")
    state: str = strawberry.field(description="connecting, connected, disconnected or refused.")
    events: int = strawberry.field(
        description="Events that it sent since the collector started, duplicates too."
    )
    duplicates: int = strawberry.field(description="Those of them that the log had already.")
    refused: list[Count] = strawberry.field(description="Events it sent that failed a check, by reason.")
    last_event_at: Time | None = strawberry.field(description="When it last sent an event.")
    notices: list[str] = strawberry.field(description="Its newest notices, a stranger's text.")
    error: str | None = strawberry.field(description="Why it can't be reached or used.")
    watermark: Time | None = strawberry.field(description="Its past is collected up to here.")
    backfill: str | None = strawberry.field(description="running, done or null.")

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Read one relay of a collector's counters."""
        return cls(
            url=data["url"],
            state=data["state"],
            events=data["events"],
            duplicates=data["duplicates"],
            refused=[Count(name=name, value=value) for name, value in sorted(data["refused"].items())],
            last_event_at=as_time(data.get("last_event_at")),
            notices=list(data.get("notices") or ()),
            error=data.get("error"),
            watermark=as_time(data.get("watermark")),
            backfill=data.get("backfill"),
        )


@strawberry.type(description="A collector and its relays.")
class Collector:
    """Read from the bucket of collectors."""

    id: str = strawberry.field(description="Its name.")
    updated_at: Time = strawberry.field(
        description="When it last wrote its counters; it does so every few seconds."
    )
    relays: list[Relay] = strawberry.field(description="The relays it follows.")

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Read what a collector wrote."""
        relays = [Relay.read(relay) for relay in data["relays"]]
        return cls(id=data["collector"], updated_at=Time(data["updated_at"]), relays=relays)


@strawberry.type(description="A part and its version.")
class Version:
    """One part."""

    name: str = strawberry.field(description="The part.")
    version: str = strawberry.field(description="Its version.")


@strawberry.type(description="The state of everything between the relays and this answer.")
class Status:
    """The pipeline at a glance."""

    counts: list[Count] = strawberry.field(description="What the graph holds.")
    log: LogStatus = strawberry.field(description="The event log.")
    projector: ProjectorStatus = strawberry.field(description="How far the graph is behind the log.")
    collectors: list[Collector] = strawberry.field(description="Who collects, and from where.")
    versions: list[Version] = strawberry.field(description="What runs here.")
