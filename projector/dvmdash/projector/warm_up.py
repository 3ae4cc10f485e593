"""Rehearses the projection on made-up messages while there is nothing to do, and rolls all of it back.

A database that has just started interprets its queries: its first ten thousand events take as long as the next
thirty thousand. Whoever starts DVMDash should not meet that with the first live event or the first import.
"""

from __future__ import annotations

import hashlib

import structlog

from dvmdash.nip90.bolt11 import Invoice
from dvmdash.nip90.event import Event
from dvmdash.nip90.kinds import default_registry
from dvmdash.projector.batch import Batch
from dvmdash.projector.gathering import gather
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.message import LogMessage

log = structlog.get_logger()

JOBS = 40
BEFORE_THE_FIRST = 1.0
"""Seconds: what waits in the log after a restart comes within this."""
BETWEEN_TWO = 0.02


class WarmUp:
    """Rehearsals for the idle moments after a start; real messages wait for one of them at most."""

    def __init__(self, writer: GraphWriter, rounds: int) -> None:
        self._writer = writer
        self._rounds = rounds
        self._done = 0

    @property
    def finished(self) -> bool:
        """Say whether there is nothing left to rehearse."""
        return self._done >= self._rounds

    @property
    def patience(self) -> float | None:
        """Say how many seconds without a message make an idle moment; None when nothing is left to rehearse."""
        if self.finished:
            return None
        return BEFORE_THE_FIRST if not self._done else BETWEEN_TWO

    async def rehearse(self) -> None:
        """Rehearse once."""
        # The first ones are the slowest, and what arrives meanwhile waits for them: they are small.
        await self._writer.rehearse(rehearsal(self._done, min(JOBS, 2**self._done)))
        self._done += 1
        if self.finished:
            log.info("warmed up", rehearsed=self._rounds * JOBS * 3)


def rehearsal(number: int, jobs: int = JOBS) -> Batch:
    """Return a batch of made-up jobs and money that needs every query; its ids belong to no real event."""
    events = [event for job in range(jobs) for event in _job(f"{number} {job}")]
    batch = gather(
        [LogMessage(0, 0.0, event, "rehearsal", None, None) for event in events], default_registry()
    )
    for feedback in batch.answers[::8]:
        _add_invoice(batch, feedback.id)
    return batch


def _job(name: str) -> list[Event]:
    customer, provider = _hex(f"customer {name[-1]}"), _hex(f"provider {name[-1]}")
    request = _event(f"request {name}", 5050, customer, [["i", "warm up", "text"]])
    answered = [["e", request.id], ["p", customer]]
    feedback = _event(f"feedback {name}", 7000, provider, [*answered, ["status", "processing"]])
    result = _event(f"result {name}", 6050, provider, [["e", _hex(f"unseen {name}")], *answered])
    proof = '{"amount":1,"id":"0","secret":"rehearsal","C":"0"}'
    nutzap = _event(f"nutzap {name}", 9321, customer, [["e", feedback.id], ["p", provider], ["proof", proof]])
    if not name.endswith("0"):
        return [request, feedback, result]
    profile = _event(f"profile {name}", 0, customer, [])
    announced = _event(f"announcement {name}", 31990, provider, [["d", name], ["k", "5050"]])
    orphan = _event(f"orphan {name}", 6050, provider, [["i", "warm up", "text"], ["p", customer]])
    withdrawn = [["e", result.id], ["e", _hex(f"never {name}")], ["a", f"31990:{provider}:{name}"]]
    return [
        orphan,
        result,
        request,
        feedback,
        nutzap,
        profile,
        announced,
        _event(name, 5, provider, withdrawn),
    ]


def _add_invoice(batch: Batch, event: str) -> None:
    invoice = Invoice(_hex(f"invoice {event}"), "lnbc", None, 1000, 0, 0, None, None, None)
    batch.add_invoice(invoice)
    batch.bills.append({"event": event, "invoice": invoice.id, "amount_msat": 1000, "mismatch": None})
    for receipt in batch.receipts.payers[:1]:
        batch.receipts.invoices.append({"receipt": receipt["receipt"], "invoice": invoice.id})


def _event(name: str, kind: int, author: str, tags: list[list[str]]) -> Event:
    return Event(_hex(name), author, 0, kind, tags, "rehearsal", "")


def _hex(name: str) -> str:
    return hashlib.sha256(f"dvmdash rehearsal {name}".encode()).hexdigest()
