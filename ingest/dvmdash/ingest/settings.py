"""What collecting and importing can be told. Every duration is in seconds."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WriterSettings:
    """How events are written to the log; the defaults are measured, see docs/adr/0005-sync-interval.md."""

    batch_from: int = 16
    """From how many events on an atomic batch is cheaper than single publishes."""

    batch_up_to: int = 512
    """The most events in one atomic batch; the server takes 1,000."""

    batch_bytes: int = 4 * 1024 * 1024
    """The most payload bytes in one atomic batch."""

    answer_seconds: float = 10.0
    """How long to wait for the server's answers before asking again."""

    attempts: int = 6
    """How often an event is offered to the log before LogUnavailable is raised."""

    backoff_seconds: float = 0.25
    """The first pause between two attempts; it doubles each time, up to 5 seconds."""


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """How archives are imported."""

    batch_events: int = 512
    """How many events are checked and written together."""

    remembered: int = 100_000
    """How many texts of checked events are remembered so that their repetition costs nothing."""

    first_refusals: int = 5
    """How many refusals the summary describes one by one."""

    writer: WriterSettings = field(default_factory=WriterSettings)
    """How the events are written."""


@dataclass(frozen=True, slots=True)
class CollectorSettings:
    """How one collector follows its relays."""

    relays: tuple[str, ...]
    """The relays' addresses, `wss://…`; `ws://` only for this machine."""

    collector_id: str = "collector"
    """The key under which this collector's counters are published; letters, digits, `-`, `_` and `.`."""

    lookback_seconds: int = 86_400
    """How far back to read a relay that was never read before."""

    reconcile_seconds: float = 300.0
    """How often the recent past is read again, because relays drop live events silently."""

    overlap_seconds: int = 900
    """How far before the known past each reading starts; senders' clocks and slow relays need the slack."""

    secret_key: str | None = None
    """Secret key (hex or nsec) to authenticate with where a relay asks for it (NIP-42); None: never."""

    allow_private_relays: bool = False
    """Whether relays at private addresses may be used; loopback always may."""

    connect_seconds: float = 15.0
    """How long connecting may take."""

    page_seconds: float = 20.0
    """How long a relay may take to answer one question about its past."""

    page_limit: int = 500
    """How many events to ask for at once; most relays give 500 at most."""

    backoff_seconds: float = 1.0
    """The first pause before reconnecting; doubles up to `backoff_limit_seconds`, plus or minus a quarter."""

    backoff_limit_seconds: float = 300.0
    """The longest pause before reconnecting or asking a refused question again."""

    queue_events: int = 20_000
    """How many received events may wait for being checked; receiving pauses above."""

    batch_events: int = 512
    """How many waiting events are checked and written together at most."""

    remembered: int = 100_000
    """How many texts of checked events are remembered so that their repetition costs nothing."""

    notification_channel: int = 200_000
    """Notifications the relay client buffers; above, it drops silently."""

    publish_seconds: float = 2.0
    """How often the counters are published."""

    interest_debounce_seconds: float = 5.0
    """How long to wait after a change of the interest set before the relays are asked anew."""

    interest_providers: int = 2_000
    """How many providers are followed at most."""

    interest_chunk: int = 100
    """How many pubkeys go into one question."""

    replicas: int = 1
    """How many servers keep each message of the streams that are missing."""

    writer: WriterSettings = field(default_factory=WriterSettings)
    """How the events are written."""
