"""What a projector can be told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProjectorSettings:
    """How messages are gathered into batches. Times in seconds."""

    batch_size: int = 1000
    """Most messages in one transaction."""

    linger: float = 0.05
    """How long a batch that is not full waits for more messages after its first."""

    ack_wait: float = 60.0
    """After this long without an acknowledgement the log delivers a message again."""

    known_cache: int = 100_000
    """Events whose kind and author are remembered to spare a look-up in the graph."""

    interest_seconds: float = 5.0
    """How often the set of known DVMs is published to the collectors, at most."""

    rehearsals: int = 100
    """How many made-up batches are written and rolled back in idle moments after a start; see `warm_up`."""
