"""Deletions (NIP-09): only an author's own events, and never a deletion."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dvmdash.cypher.library import query
from dvmdash.nip90.linking import Known
from dvmdash.projector.knowledge import Knowledge
from dvmdash.projector.stubs import make_stubs

if TYPE_CHECKING:
    from neo4j import AsyncManagedTransaction

DELETION_KIND = 5


@dataclass(frozen=True, slots=True)
class EventDeletion:
    """A kind 5 with the events it names by `e`."""

    id: str
    pubkey: str
    targets: tuple[str, ...]


def deletion_rows(deletions: Sequence[EventDeletion], known: Mapping[str, Known]) -> list[dict[str, Any]]:
    """Return the relationships to make: to own events, and to unseen ones that are judged when they arrive. Pure."""
    return [
        {"deletion": deletion.id, "target": target, "unseen": target not in known or None}
        for deletion in deletions
        for target in deletion.targets
        if target != deletion.id and may_delete(deletion, known.get(target))
    ]


def may_delete(deletion: EventDeletion, target: Known | None) -> bool:
    """Say whether the deletion holds, as far as is known of its target."""
    return target is None or (target.pubkey == deletion.pubkey and target.kind != DELETION_KIND)


async def delete_events(
    tx: AsyncManagedTransaction,
    deletions: Sequence[EventDeletion],
    filled: Collection[str],
    knowledge: Knowledge,
) -> None:
    """Write the deletions of a batch and judge those that waited for one of its events (`filled`)."""
    arrived: list[str] = []
    if deletions:
        await knowledge.complete(tx, (target for deletion in deletions for target in deletion.targets))
        if rows := deletion_rows(deletions, knowledge.known):
            arrived = await make_stubs(tx, {row["target"] for row in rows if row["unseen"]})
            await (await tx.run(query("link_deletions"), rows=rows)).consume()
    if filled or arrived:
        await (await tx.run(query("judge_deletions"), ids=[*filled, *arrived])).consume()
