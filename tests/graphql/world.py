"""Made-up people whose signed events go into the graph as the projector puts them there."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from dvmdash.nip90.bolt11 import read_invoice
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.message import LogMessage
from dvmdash.projector.notices import publish_notice
from dvmdash.simulate.invoices import InvoiceTerms, encode_invoice
from dvmdash.simulate.signing import Keys, SignedEvent, as_event, as_json, derive_keys, sign_event

if TYPE_CHECKING:
    import neo4j
    from nats.aio.client import Client

START = 1_780_000_000
CUSTOMER, PROVIDER, RIVAL, WALLET = (
    derive_keys(7, name) for name in ("customer", "provider", "rival", "wallet")
)


class World:
    """Writes events, each with the next sequence of the log."""

    def __init__(self, driver: neo4j.AsyncDriver, nc: Client) -> None:
        self._writer = GraphWriter(driver)
        self._nc = nc
        self.seq = 0

    async def add(self, *events: SignedEvent) -> frozenset[str]:
        """Put events into the graph in one batch and return the ids that this touched."""
        first = self.seq + 1
        self.seq += len(events)
        messages = [
            LogMessage(seq, START + seq, as_event(event), "relay", "wss://relay.example", None)
            for seq, event in enumerate(events, first)
        ]
        return (await self._writer.write(messages)).touched

    async def publish(self, *events: SignedEvent) -> None:
        """Put events into the graph and give notice of it, as the projector does."""
        await publish_notice(self._nc, self.seq, len(events), await self.add(*events))
        await self._nc.flush()


def request(number: int = 0, kind: int = 5100, *, at: int = START, author: Keys = CUSTOMER) -> SignedEvent:
    """Return a job request; equal arguments give the same one."""
    return sign_event(author, at, kind, [["i", f"draw number {number}", "text"]])


def feedback(
    job: SignedEvent, status: str = "processing", *, author: Keys = PROVIDER, after: int = 1, bill: str = ""
) -> SignedEvent:
    """Return feedback to a job, `after` seconds later."""
    tags = [["e", job["id"]], ["p", job["pubkey"]], ["status", status]]
    if bill:
        tags.append(["amount", str(read_invoice(bill).amount_msat), bill])
    return sign_event(author, job["created_at"] + after, 7000, tags)


def result(job: SignedEvent, *, author: Keys = PROVIDER, after: int = 2) -> SignedEvent:
    """Return the result of a job, `after` seconds later."""
    tags = [["request", as_json(job)], ["e", job["id"]], ["p", job["pubkey"]]]
    return sign_event(author, job["created_at"] + after, job["kind"] + 1000, tags, "here you are")


def invoice(amount_msat: int = 21_000, secret: bytes = b"s" * 32) -> str:
    """Return a provider's invoice; equal arguments give the same one."""
    terms = InvoiceTerms(amount_msat, START, secret, description="a picture")
    return encode_invoice(terms, WALLET.private)


def zap(about: SignedEvent, bill: str, *, payer: Keys = CUSTOMER, after: int = 10) -> SignedEvent:
    """Return the receipt (9735) that a wallet publishes when `payer` has zapped an event."""
    amount = str(read_invoice(bill).amount_msat)
    parties = [["p", about["pubkey"]], ["e", about["id"]]]
    at = about["created_at"] + after
    wish = sign_event(payer, at, 9734, [*parties, ["amount", amount], ["relays", "wss://relay.example"]])
    return sign_event(WALLET, at, 9735, [*parties, ["bolt11", bill], ["description", as_json(wish)]])


def deletion(of: SignedEvent, author: Keys, *, after: int = 20) -> SignedEvent:
    """Return a deletion (kind 5) of an event, `after` seconds later."""
    return sign_event(author, of["created_at"] + after, 5, [["e", of["id"]]])


def unseen_id(name: str = "unseen") -> str:
    """Return an event id that nothing has."""
    return hashlib.sha256(name.encode()).hexdigest()
