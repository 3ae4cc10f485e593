"""Links answers to requests inside the transaction: reads what is known, applies the pure rules, writes the result.

The rules are `dvmdash.nip90.linking`. What this module adds is the promise that order never matters: a link made
before its target was seen is judged again when the target arrives, by whichever batch brings it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dvmdash.cypher.library import query
from dvmdash.nip90.kinds import KindRegistry
from dvmdash.nip90.linking import Answer, Known, link, references_of
from dvmdash.projector.errors import ProjectorError
from dvmdash.projector.knowledge import Knowledge
from dvmdash.projector.link_rows import LinkRows
from dvmdash.projector.stubs import make_stubs
from dvmdash.projector.waiting import open_requests, waiting_answers, waiting_orphans

if TYPE_CHECKING:
    from neo4j import AsyncManagedTransaction

MAX_ROUNDS = 5
"""A further round is needed only when another projector filled a target meanwhile."""

OpenRequests = Mapping[str, Sequence[tuple[str, Known]]]


def decide(
    answers: Iterable[Answer], known: Mapping[str, Known], open_: OpenRequests, kinds: KindRegistry
) -> LinkRows:
    """Apply the rules to each answer and say what to write. Pure."""
    rows = LinkRows()
    for answer in answers:
        rows.add(answer, link(answer, known, open_.get(answer.id, ()), kinds=kinds))
    return rows


async def link_batch(
    tx: AsyncManagedTransaction,
    fresh: Sequence[Answer],
    filled: Collection[str],
    requests: Iterable[Known],
    knowledge: Knowledge,
    kinds: KindRegistry,
) -> LinkRows:
    """Link the answers of a batch, and those in the graph that waited for it.

    `filled` are events that were stubs before this batch, `requests` the batch's requests. Returns what was
    written. Raises ProjectorError when concurrent writers leave no quiet moment.
    """
    waiting = await waiting_answers(tx, filled) if filled else []
    waiting += await waiting_orphans(tx, requests)
    # A replayed answer stands in both; the event itself says more than the graph's reduction of it.
    pending = {answer.id: answer for answer in [*waiting, *fresh]}
    for _ in range(MAX_ROUNDS):
        await knowledge.complete(tx, (each for answer in pending.values() for each in references_of(answer)))
        orphans = [answer for answer in pending.values() if not references_of(answer)]
        open_ = await open_requests(tx, orphans) if orphans else {}
        knowledge.known.update(request for requests in open_.values() for request in requests)
        rows = decide(pending.values(), knowledge.known, open_, kinds)
        named = {*rows.requests, *(row["named"] for row in rows.references)}
        if not await make_stubs(tx, named - knowledge.known.keys()):
            await _write(tx, rows, moved={answer.id for answer in waiting})
            return rows
    raise ProjectorError(
        f"requests kept arriving under {MAX_ROUNDS} rounds of linking {len(pending)} answers"
    )


async def _write(tx: AsyncManagedTransaction, rows: LinkRows, *, moved: set[str]) -> None:
    # Only an answer that was linked before, or that had a choice, can have a link to take away.
    moved = moved | {row["answer"] for row in rows.references} | rows.orphans
    unlinked = [row for row in rows.targets if row["answer"] in moved]
    for name, wanted in (
        ("unlink_answers", unlinked),
        ("link_references", rows.references),
        ("link_results", rows.results),
        ("link_feedback", rows.feedback),
    ):
        if wanted:
            await (await tx.run(query(name), rows=wanted)).consume()
