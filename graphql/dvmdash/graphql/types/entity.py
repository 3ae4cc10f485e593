"""A public key: users and DVMs alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import strawberry

from dvmdash.nip90.references import to_npub


@strawberry.type(description="A public key with what it says of itself. It may be a user, a DVM or both.")
class Entity:
    """Read from an Entity node."""

    pubkey: str = strawberry.field(description="64 lowercase hex digits.")
    name: str | None = strawberry.field(
        description="What it calls itself (kind 0); anyone may claim any name."
    )
    about: str | None = strawberry.field(description="What it says of itself, at most 280 characters.")
    picture: str | None = strawberry.field(description="A stranger's URL: don't load it unasked.")
    nip05: str | None = strawberry.field(description="The internet identifier that it claims; not checked.")
    lud16: str | None = strawberry.field(description="The lightning address that it claims.")
    is_dvm: bool = strawberry.field(
        description="It answered a known request, or announced a job kind (31990)."
    )
    is_user: bool = strawberry.field(description="It made a job request.")

    @strawberry.field(description="The key as NIP-19 writes it.")
    def npub(self) -> str:
        return to_npub(self.pubkey)

    @classmethod
    def from_node(cls, node: Mapping[str, Any]) -> Self:
        """Read a node given as a map with its labels."""
        return cls(
            pubkey=node["pubkey"],
            name=node.get("name"),
            about=node.get("about"),
            picture=node.get("picture"),
            nip05=node.get("nip05"),
            lud16=node.get("lud16"),
            is_dvm="DVM" in node["labels"],
            is_user="User" in node["labels"],
        )
