"""Receipts: zaps and nutzaps with whom they came from, whom they went to and what they paid for. Pure.

A receipt is the event itself: its node has both labels. Payer and payee are what the receipt states; whether it
settles a job is derived later, by payment hash first, before any direction (nip90.md 2.7).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dvmdash.nip90.bolt11 import Invoice
from dvmdash.nip90.event import Event
from dvmdash.nip90.nutzaps import read_nutzap
from dvmdash.nip90.receipts import read_zap

Row = dict[str, Any]


@dataclass(slots=True)
class ReceiptRows:
    """Rows for the queries that tie receipts to the rest of the graph."""

    invoices: list[Row] = field(default_factory=list)
    payers: list[Row] = field(default_factory=list)
    payees: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)

    def _add(self, receipt: str, payer: str | None, payee: str | None, event: str | None) -> None:
        if payer:
            self.payers.append({"receipt": receipt, "pubkey": payer})
        if payee:
            self.payees.append({"receipt": receipt, "pubkey": payee})
        if event:
            self.events.append({"receipt": receipt, "event": event})

    def add_zap(self, event: Event) -> tuple[Row, Invoice | None]:
        """Add a zap receipt (9735); return the properties its node keeps, and its invoice."""
        zap = read_zap(event)
        self._add(zap.id, zap.payer, zap.payee, zap.event_id)
        if zap.invoice:
            self.invoices.append({"receipt": zap.id, "invoice": zap.invoice.id})
        kept = {
            "amount_msat": zap.amount_msat,
            "anonymous": zap.anonymous or None,
            "comment": zap.comment,
            "request_author": zap.request_author,
            "preimage_matches": zap.preimage_matches,
            "description_hash_matches": zap.description_hash_matches,
            "receipt_flags": list(zap.flags) or None,
        }
        return kept, zap.invoice

    def add_nutzap(self, event: Event) -> Row:
        """Add a nutzap (9321); return the properties its node keeps."""
        nutzap = read_nutzap(event)
        self._add(nutzap.id, nutzap.payer, nutzap.payee, nutzap.event_id)
        return {
            "amount_msat": nutzap.amount_msat,
            "unit": nutzap.unit,
            "mint": nutzap.mint,
            "comment": nutzap.comment,
        }
