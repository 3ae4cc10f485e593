"""A job's graph as nodes and edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Self

import strawberry

from dvmdash.graphql.types.entity import Entity
from dvmdash.graphql.types.event import Event, role_of
from dvmdash.graphql.types.money import Invoice, Receipt
from dvmdash.nip90.kinds import default_registry


@strawberry.enum(description="What a node of a job's graph is.")
class NodeType(Enum):
    """The four kinds of node."""

    ENTITY = strawberry.enum_value("ENTITY", description="A public key.")
    EVENT = strawberry.enum_value("EVENT", description="An event that is no receipt.")
    INVOICE = strawberry.enum_value("INVOICE", description="A Lightning invoice.")
    RECEIPT = strawberry.enum_value("RECEIPT", description="An event that states a payment.")


@strawberry.type(
    description="A node of a job's graph. Of entity, event, invoice and receipt those that it is are set."
)
class GraphNode:
    """Read from any node of the graph."""

    id: str = strawberry.field(description="Pubkey, event id or invoice id.")
    type: NodeType = strawberry.field(description="What it is.")
    role: str = strawberry.field(description="dvm, user or entity; the event's role; invoice.")
    label: str = strawberry.field(description="A few words to show on it.")
    stub: bool = strawberry.field(description="Something refers to it, but it has not been seen.")
    entity: Entity | None = strawberry.field(description="Set on ENTITY.")
    event: Event | None = strawberry.field(description="Set on EVENT and RECEIPT.")
    invoice: Invoice | None = strawberry.field(description="Set on INVOICE.")
    receipt: Receipt | None = strawberry.field(description="Set on RECEIPT.")

    @classmethod
    def from_node(cls, node: Mapping[str, Any]) -> Self:
        """Read a node given as a map with its labels."""
        labels = node["labels"]
        if "Entity" in labels:
            return cls._entity(Entity.from_node(node))
        if "Invoice" in labels:
            return cls._make(
                node["id"], NodeType.INVOICE, "invoice", "Invoice", invoice=Invoice.from_node(node)
            )
        event = Event.from_node(node)
        if "Receipt" in labels:
            label = default_registry().name(node["kind"])
            receipt = Receipt.from_node(node)
            return cls._make(event.id, NodeType.RECEIPT, "receipt", label, event=event, receipt=receipt)
        return cls._make(
            event.id, NodeType.EVENT, role_of(labels), _event_label(node), stub=event.stub, event=event
        )

    @classmethod
    def _entity(cls, entity: Entity) -> Self:
        role = "dvm" if entity.is_dvm else "user" if entity.is_user else "entity"
        return cls._make(
            entity.pubkey, NodeType.ENTITY, role, entity.name or entity.pubkey[:8], entity=entity
        )

    @classmethod
    def _make(
        cls,
        node_id: str,
        node_type: NodeType,
        role: str,
        label: str,
        *,
        stub: bool = False,
        entity: Entity | None = None,
        event: Event | None = None,
        invoice: Invoice | None = None,
        receipt: Receipt | None = None,
    ) -> Self:
        return cls(
            id=node_id,
            type=node_type,
            role=role,
            label=label,
            stub=stub,
            entity=entity,
            event=event,
            invoice=invoice,
            receipt=receipt,
        )


@strawberry.type(description="A relationship between two nodes of a job's graph.")
class GraphEdge:
    """Read from a row of job_graph."""

    id: str = strawberry.field(description="Made of type, source and target; stable.")
    type: str = strawberry.field(description="The relationship's type in the graph, such as RESULT_FOR.")
    source: str = strawberry.field(description="Id of the node it leaves.")
    target: str = strawberry.field(description="Id of the node it enters.")
    rule: str | None = strawberry.field(description="The linking rule that made it (L1 to L6).")
    confidence: float | None = strawberry.field(description="How sure that rule is, 0 to 1.")


@strawberry.type(description="Everything that belongs to one job.")
class JobGraph:
    """Read from the rows of job_graph."""

    nodes: list[GraphNode] = strawberry.field(description="Each once, in no particular order.")
    edges: list[GraphEdge] = strawberry.field(description="Each once.")
    truncated: bool = strawberry.field(description="The job has more answers than are shown.")

    @classmethod
    def from_rows(
        cls, request: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], *, truncated: bool
    ) -> Self:
        """Read the request's own node and the rows of job_graph."""
        nodes = {request["id"]: GraphNode.from_node(request)}
        edges: dict[str, GraphEdge] = {}
        for row in rows:
            ends = []
            for end in (row["source"], row["target"]):
                key = end["pubkey"] if "Entity" in end["labels"] else end["id"]
                if key not in nodes:
                    nodes[key] = GraphNode.from_node(end)
                ends.append(key)
            edge_id = f"{row['type']}:{ends[0]}:{ends[1]}"
            edges[edge_id] = GraphEdge(
                id=edge_id,
                type=row["type"],
                source=ends[0],
                target=ends[1],
                rule=row["rule"],
                confidence=row["confidence"],
            )
        return cls(nodes=list(nodes.values()), edges=list(edges.values()), truncated=truncated)


def _event_label(node: Mapping[str, Any]) -> str:
    if node.get("kind") is None:
        return "Not seen yet"
    return str(node.get("status_class") or default_registry().name(node["kind"]))
