"""A Nostr event as the graph keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import strawberry

from dvmdash.graphql.scalars import Msats, Time, as_msats, as_time
from dvmdash.graphql.types.entity import Entity
from dvmdash.nip90.kinds import default_registry
from dvmdash.nip90.references import to_note

ROLES = ("Request", "Result", "Feedback", "Receipt", "Announcement", "Profile", "Deletion", "Heartbeat")


@strawberry.type(
    description="A Nostr event. The graph keeps a reduction of it; the log keeps the event itself."
)
class Event:
    """Read from an Event node."""

    id: str = strawberry.field(description="64 lowercase hex digits.")
    kind: int | None = strawberry.field(description="Null while the event is a stub.")
    role: str = strawberry.field(description="request, result, feedback, receipt, …, other, or stub.")
    stub: bool = strawberry.field(description="Something refers to this event, but it has not been seen.")
    pubkey: str | None = strawberry.field(description="Who signed it.")
    author: Entity | None = strawberry.field(description="Who signed it, where this was asked along with it.")
    created_at: Time | None = strawberry.field(description="The time that its author states.")
    created_at_unix: float | None = strawberry.field(
        description="The same in whole unix seconds; a Float because an Int ends in 2038."
    )
    first_seen: Time | None = strawberry.field(description="When it entered the log.")
    encrypted: bool = strawberry.field(description="Only its recipient can read its content.")
    status: str | None = strawberry.field(description="The provider's own word.")
    status_class: str | None = strawberry.field(description="What that word means, such as payment-required.")
    status_info: str | None = strawberry.field(description="Extra text beside the status.")
    amount_msat: Msats | None = strawberry.field(
        description="What it asks for or paid: the invoice's amount where there is one, else the tag's."
    )
    amount_form: str | None = strawberry.field(
        description="What stands beside the amount: bolt11, cashu-request, …"
    )
    content: str | None = strawberry.field(description="At most 280 characters, without invisible ones.")
    input: str | None = strawberry.field(description="The first input of a request, at most 140 characters.")
    relay: str | None = strawberry.field(description="The relay that it first came from; null for imports.")
    stream_seq: int | None = strawberry.field(description="Its sequence in the log.")

    @strawberry.field(description="The id as NIP-19 writes it.")
    def note(self) -> str:
        return to_note(self.id)

    @strawberry.field(description="What people call this kind.")
    def kind_name(self) -> str:
        return default_registry().name(self.kind) if self.kind is not None else "Not seen yet"

    @classmethod
    def from_node(cls, node: Mapping[str, Any], author: Mapping[str, Any] | None = None) -> Self:
        """Read a node given as a map with its labels, and its author's where that was read along."""
        return cls(
            id=node["id"],
            kind=node.get("kind"),
            role=role_of(node["labels"]),
            stub="Stub" in node["labels"],
            pubkey=node.get("pubkey"),
            author=Entity.from_node(author) if author else None,
            created_at=as_time(node.get("created_at")),
            # As the type says: of a whole number a Float takes only what it can hold exactly.
            created_at_unix=None if node.get("created_at") is None else float(node["created_at"]),
            first_seen=as_time(node.get("first_seen")),
            encrypted=bool(node.get("encrypted")),
            status=node.get("status"),
            status_class=node.get("status_class"),
            status_info=node.get("status_info"),
            amount_msat=as_msats(node.get("amount_msat")),
            amount_form=node.get("amount_form"),
            content=node.get("content"),
            input=node.get("input"),
            relay=node.get("relay"),
            stream_seq=node.get("stream_seq"),
        )


def role_of(labels: list[str]) -> str:
    """Return the role that a node's labels give it."""
    if "Stub" in labels:
        return "stub"
    return next((role.lower() for role in ROLES if role in labels), "other")
