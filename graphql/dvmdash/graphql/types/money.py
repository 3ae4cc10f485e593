"""Invoices and receipts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import strawberry

from dvmdash.graphql.scalars import Msats, Time, as_msats, as_time


@strawberry.type(description="A Lightning invoice (BOLT11) that an event carries.")
class Invoice:
    """Read from an Invoice node."""

    id: str = strawberry.field(description="Its payment hash, else sha256 of the lower-cased invoice.")
    bolt11: str | None = strawberry.field(description="The invoice itself.")
    payment_hash: str | None = strawberry.field(
        description="Null for wallet-internal invoices, which have none."
    )
    amount_msat: Msats | None = strawberry.field(description="Null where the payer chooses.")
    created_at: Time | None = strawberry.field(description="When it was made, by its own word.")
    expires_at: Time | None = strawberry.field(description="After this it can't be paid.")
    description: str | None = strawberry.field(description="What it is for, by its own word.")

    @classmethod
    def from_node(cls, node: Mapping[str, Any]) -> Self:
        """Read a node given as a map."""
        return cls(
            id=node["id"],
            bolt11=node.get("bolt11"),
            payment_hash=node.get("payment_hash"),
            amount_msat=as_msats(node.get("amount_msat")),
            created_at=as_time(node.get("created_at")),
            expires_at=as_time(node.get("expires_at")),
            description=node.get("description"),
        )


@strawberry.type(
    description="A zap receipt (9735) or nutzap (9321): what it states of a payment. It proves none."
)
class Receipt:
    """Read from a Receipt node, which is an Event node as well."""

    id: str = strawberry.field(description="The event's id.")
    kind: int = strawberry.field(description="9735 or 9321.")
    amount_msat: Msats | None = strawberry.field(description="The invoice's or the proofs' amount.")
    created_at: Time | None = strawberry.field(description="The time that it states.")
    anonymous: bool = strawberry.field(description="The payer did not want to be known.")
    comment: str | None = strawberry.field(description="What the payer wrote, at most 280 characters.")
    mint: str | None = strawberry.field(description="The mint of a nutzap.")
    preimage_matches: bool | None = strawberry.field(
        description="True where the receipt holds the preimage of its invoice's payment hash."
    )
    flags: list[str] = strawberry.field(description="What is odd about it.")

    @classmethod
    def from_node(cls, node: Mapping[str, Any]) -> Self:
        """Read a node given as a map."""
        return cls(
            id=node["id"],
            kind=node["kind"],
            amount_msat=as_msats(node.get("amount_msat")),
            created_at=as_time(node.get("created_at")),
            anonymous=bool(node.get("anonymous")),
            comment=node.get("comment"),
            mint=node.get("mint"),
            preimage_matches=node.get("preimage_matches"),
            flags=list(node.get("receipt_flags") or ()),
        )
