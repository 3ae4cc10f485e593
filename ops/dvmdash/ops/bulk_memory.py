"""How a process that handles events by the thousand collects its garbage."""

from __future__ import annotations

import gc

ALLOCATIONS = 200_000
"""Python's default looks for cycles after 700 allocations: a batch of a thousand events makes tens of thousands,
none of them cyclic. Measured in the projector: 4.2 k events/s by default, 5.8 k/s like this, 6.5 k/s without."""


def collect_rarely() -> None:
    """Take what is loaded out of the collector's sight, and let it look at the rest far less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, 50, 100)
