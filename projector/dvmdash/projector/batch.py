"""What one batch of messages wants written, gathered before any transaction opens. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from dvmdash.nip90.bolt11 import Invoice
from dvmdash.nip90.linking import Answer, Known
from dvmdash.projector.addresses import AddressRows, newness
from dvmdash.projector.deleting import EventDeletion
from dvmdash.projector.message import LogMessage
from dvmdash.projector.receipts import ReceiptRows

Row = dict[str, Any]


@dataclass(slots=True)
class Batch:
    """Rows for the named queries, one collection for each, and what linking and deleting need besides."""

    messages: int = 0
    last_seq: int = 0
    last_time: float = 0.0
    events_by_author: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    known: dict[str, Known] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    requests: list[Known] = field(default_factory=list)
    users: set[str] = field(default_factory=set)
    announcers: set[str] = field(default_factory=set)
    profiles: dict[str, Row] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    bills: list[Row] = field(default_factory=list)
    receipts: ReceiptRows = field(default_factory=ReceiptRows)
    addresses: AddressRows = field(default_factory=AddressRows)
    deletions: list[EventDeletion] = field(default_factory=list)

    def add_event(self, message: LogMessage, labels: list[str], properties: Row) -> None:
        """Add the node of an event; it counts as known from here on."""
        event = message.event
        row = {"id": event.id, "labels": labels, "properties": properties}
        self.events_by_author[event.pubkey].append(row)
        self.known[event.id] = Known(event.kind, event.pubkey, event.created_at)

    def add_invoice(self, invoice: Invoice) -> None:
        """Add an invoice; of two with one id the lower text stays, so that order never matters."""
        former = self.invoices.get(invoice.id)
        if former is None or invoice.bolt11 < former.bolt11:
            self.invoices[invoice.id] = invoice

    def add_profile(self, row: Row) -> None:
        """Add a profile; the newest of a pubkey stays, of two as old the lower id (NIP-01)."""
        former = self.profiles.get(row["pubkey"])
        if former is None or newness(row) < newness(former):
            self.profiles[row["pubkey"]] = row

    def author_rows(self) -> list[Row]:
        """Return the rows of upsert_events, in the order in which every writer takes its locks."""
        return [
            {
                "pubkey": pubkey,
                "labels": ["User"] if pubkey in self.users else [],
                "events": sorted(self.events_by_author[pubkey], key=_by_id),
            }
            for pubkey in sorted(self.events_by_author)
        ]

    def invoice_rows(self) -> list[Row]:
        """Return the rows of upsert_invoices."""
        return [
            {"id": key, "properties": _invoice_properties(self.invoices[key])}
            for key in sorted(self.invoices)
        ]


def _by_id(row: Row) -> str:
    return str(row["id"])


def _invoice_properties(invoice: Invoice) -> Row:
    return {name: getattr(invoice, name) for name in Invoice.__dataclass_fields__}
