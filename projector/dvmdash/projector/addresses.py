"""Addressable events (NIP-01): their coordinates, the newest version of each, and deletions by coordinate. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dvmdash.nip90.deletions import MAX_IDENTIFIER_LENGTH, Coordinate
from dvmdash.nip90.event import Event

Row = dict[str, Any]

ADDRESSABLE = range(30_000, 40_000)


@dataclass(slots=True)
class AddressRows:
    """Rows for the queries about coordinates. Of each only the newest in the batch is offered to the graph."""

    nodes: dict[str, Row] = field(default_factory=dict)
    versions: list[Row] = field(default_factory=list)
    latest: dict[str, Row] = field(default_factory=dict)
    deletions: list[Row] = field(default_factory=list)
    deleted: dict[str, Row] = field(default_factory=dict)

    def add_version(self, event: Event) -> None:
        """Add an event if its kind is addressable; one without `d` has the empty identifier (NIP-01)."""
        if event.kind not in ADDRESSABLE:
            return
        identifier = (event.first("d") or "")[:MAX_IDENTIFIER_LENGTH]
        key = self._node(Coordinate(event.kind, event.pubkey, identifier))
        self.versions.append({"event": event.id, "address": key})
        row = {"event": event.id, "address": key, "created_at": event.created_at}
        former = self.latest.get(key)
        if former is None or newness(row) < newness(former):
            self.latest[key] = row

    def add_deletion(self, deletion: Event, coordinate: Coordinate) -> None:
        """Add a deletion of an own coordinate (NIP-09)."""
        if coordinate.kind not in ADDRESSABLE:
            return
        key = self._node(coordinate)
        self.deletions.append({"deletion": deletion.id, "address": key})
        former = self.deleted.get(key)
        if former is None or former["created_at"] < deletion.created_at:
            self.deleted[key] = {"address": key, "created_at": deletion.created_at}

    def node_rows(self) -> list[Row]:
        """Return the rows of upsert_addresses, in the order in which every writer takes its locks."""
        return [self.nodes[key] for key in sorted(self.nodes)]

    def _node(self, coordinate: Coordinate) -> str:
        key = f"{coordinate.kind}:{coordinate.pubkey}:{coordinate.d}"
        self.nodes[key] = {
            "id": key,
            "kind": coordinate.kind,
            "pubkey": coordinate.pubkey,
            "d": coordinate.d,
        }
        return key


def newness(row: Row) -> tuple[int, str]:
    """Order rows of replaceable events: the newest first, of two as old the lower id (NIP-01)."""
    return -row["created_at"], row["event"]
