"""Rehearses the projection on made-up messages before there is work, and rolls all of it back.

A database that has just started interprets its queries; its first thousand events take seconds instead of a
quarter of one. Whoever starts DVMDash should not meet that with the first live event.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import structlog
from nats.js.errors import NotFoundError

from dvmdash.nip90.event import Event
from dvmdash.nip90.log import STREAM
from dvmdash.projector.gathering import gather
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.message import LogMessage
from dvmdash.projector.settings import PROJECTION

if TYPE_CHECKING:
    from nats.js import JetStreamContext

log = structlog.get_logger()

ROUNDS = 4
JOBS = 150


async def warm_up(js: JetStreamContext, writer: GraphWriter) -> None:
    """Rehearse, unless messages are waiting: those warm the database just as well."""
    try:
        waiting = (await js.consumer_info(STREAM, PROJECTION)).num_pending
    except NotFoundError:
        return
    if waiting:
        return
    for number in range(ROUNDS):
        await writer.rehearse(gather(rehearsal(number), writer.kinds))
    log.info("warmed up", events=ROUNDS * JOBS * 3)


def rehearsal(number: int, jobs: int = JOBS) -> list[LogMessage]:
    """Return made-up jobs: a request with feedback and a result each. Their ids belong to no real event."""
    events = []
    for job in range(jobs):
        customer, provider = _hex(f"customer {job % 20}"), _hex(f"provider {job % 5}")
        request = _event(f"request {number} {job}", 5050, customer, [["i", "warm up", "text"]])
        answered = [["e", request.id], ["p", customer]]
        feedback = _event(f"feedback {number} {job}", 7000, provider, [*answered, ["status", "processing"]])
        result = _event(f"result {number} {job}", 6050, provider, answered)
        events += [request, feedback, result]
    return [LogMessage(0, 0.0, event, "rehearsal", None, None) for event in events]


def _event(name: str, kind: int, author: str, tags: list[list[str]]) -> Event:
    return Event(_hex(name), author, 0, kind, tags, "rehearsal", "")


def _hex(name: str) -> str:
    return hashlib.sha256(f"dvmdash rehearsal {name}".encode()).hexdigest()
