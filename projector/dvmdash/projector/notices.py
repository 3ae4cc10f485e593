"""What the projector tells the world after a commit: a notice on core NATS, and the set of known DVMs in KV."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import orjson

from dvmdash.cypher.library import query
from dvmdash.cypher.sessions import read_rows
from dvmdash.nip90.log import INTEREST_BUCKET, NOTICE_SUBJECT

if TYPE_CHECKING:
    from nats.aio.client import Client
    from neo4j import AsyncDriver

MAX_NOTICE_IDS = 4000
"""A batch that touched more names none: whoever listens must take it that anything may have changed."""

MAX_INTEREST = 5000


def notice(seq: int, events: int, touched: Collection[str]) -> bytes:
    """Return the JSON of a notice: `seq` of the log, number of events, ids of events and invoices touched or null."""
    ids = list(touched) if len(touched) <= MAX_NOTICE_IDS else None
    return orjson.dumps({"seq": seq, "events": events, "ids": ids})


async def publish_notice(nc: Client, seq: int, events: int, touched: Collection[str]) -> None:
    """Tell listeners that a batch is in the graph. Nobody waits for it and nothing is lost when nobody listens."""
    await nc.publish(NOTICE_SUBJECT, notice(seq, events, touched))


async def publish_interest(nc: Client, driver: AsyncDriver) -> None:
    """Put the known DVMs where collectors find whom to ask zaps, nutzaps and deletions for."""
    rows = await read_rows(driver, query("all_dvms"), {"limit": MAX_INTEREST})
    bucket = await nc.jetstream().key_value(INTEREST_BUCKET)
    await bucket.put("dvms", orjson.dumps([row["pubkey"] for row in rows]))
