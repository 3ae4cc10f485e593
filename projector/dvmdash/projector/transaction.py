"""One batch, one transaction: primitives, links, deletions, checkpoint. All of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dvmdash.cypher.library import query
from dvmdash.nip90.kinds import KindRegistry
from dvmdash.nip90.log import PROJECTION
from dvmdash.projector.addresses import AddressRows
from dvmdash.projector.batch import Batch
from dvmdash.projector.deleting import delete_events
from dvmdash.projector.knowledge import Knowledge, KnownEvents
from dvmdash.projector.link_rows import LinkRows
from dvmdash.projector.linking import link_batch

if TYPE_CHECKING:
    from neo4j import AsyncManagedTransaction


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch changed: ids of events, requests and invoices, and whether a new DVM showed up."""

    touched: frozenset[str]
    new_dvms: bool


async def apply_batch(
    tx: AsyncManagedTransaction, batch: Batch, remembered: KnownEvents, kinds: KindRegistry
) -> Applied:
    """Write a batch in an open transaction. Writing it again changes nothing."""
    result = await tx.run(query("upsert_events"), authors=batch.author_rows())
    filled = sorted([row["id"] async for row in result])
    knowledge = Knowledge(batch.known, remembered)
    linked = await link_batch(tx, batch.answers, filled, batch.requests, knowledge, kinds)
    await _write_money(tx, batch)
    await _run_rows(tx, "set_profiles", list(batch.profiles.values()))
    await _write_addresses(tx, batch.addresses)
    await delete_events(tx, batch.deletions, filled, knowledge)
    new_dvms = await _label_dvms(tx, batch.announcers | linked.providers)
    checkpoint = {"projection": PROJECTION, "stream_seq": batch.last_seq, "stream_time": batch.last_time}
    await (await tx.run(query("advance_checkpoint"), checkpoint)).consume()
    return Applied(_touched(batch, linked), new_dvms)


async def _write_money(tx: AsyncManagedTransaction, batch: Batch) -> None:
    await _run_rows(tx, "upsert_invoices", batch.invoice_rows())
    await _run_rows(tx, "link_invoices", batch.bills)
    await _run_rows(tx, "link_receipts_to_invoices", batch.receipts.invoices)
    await _run_rows(tx, "link_payers", batch.receipts.payers)
    await _run_rows(tx, "link_payees", batch.receipts.payees)
    await _run_rows(tx, "link_receipts_to_events", batch.receipts.events)


async def _write_addresses(tx: AsyncManagedTransaction, addresses: AddressRows) -> None:
    await _run_rows(tx, "upsert_addresses", addresses.node_rows())
    await _run_rows(tx, "link_versions", addresses.versions)
    await _run_rows(tx, "set_latest_versions", list(addresses.latest.values()))
    await _run_rows(tx, "link_address_deletions", addresses.deletions)
    await _run_rows(tx, "set_address_deletions", list(addresses.deleted.values()))


async def _label_dvms(tx: AsyncManagedTransaction, pubkeys: set[str]) -> bool:
    if not pubkeys:
        return False
    result = await tx.run(query("label_dvms"), pubkeys=sorted(pubkeys))
    return (await result.consume()).counters.labels_added > 0


def _touched(batch: Batch, linked: LinkRows) -> frozenset[str]:
    paid = (row["event"] for row in batch.receipts.events)
    deleted = (target for deletion in batch.deletions for target in deletion.targets)
    return frozenset({*batch.known, *linked.requests, *batch.invoices, *paid, *deleted})


async def _run_rows(tx: AsyncManagedTransaction, name: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        await (await tx.run(query(name), rows=rows)).consume()
