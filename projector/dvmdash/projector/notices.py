"""What the projector tells whoever listens after a commit, on core NATS."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import orjson

from dvmdash.nip90.log import NOTICE_SUBJECT

if TYPE_CHECKING:
    from nats.aio.client import Client

MAX_NOTICE_IDS = 4000
"""A batch that touched more names none: whoever listens must take it that anything may have changed."""


def notice(seq: int, events: int, touched: Collection[str]) -> bytes:
    """Return the JSON of a notice: `seq` of the log, number of events, ids of events and invoices touched or null."""
    ids = list(touched) if len(touched) <= MAX_NOTICE_IDS else None
    return orjson.dumps({"seq": seq, "events": events, "ids": ids})


async def publish_notice(nc: Client, seq: int, events: int, touched: Collection[str]) -> None:
    """Tell listeners that a batch is in the graph. Nobody waits for it and nothing is lost when nobody listens."""
    await nc.publish(NOTICE_SUBJECT, notice(seq, events, touched))
