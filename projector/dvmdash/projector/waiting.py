"""Answers already in the graph whose link depends on events that a batch has just filled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dvmdash.cypher.library import query
from dvmdash.nip90.kinds import RESULT_OFFSET
from dvmdash.nip90.linking import Answer, Candidate, Known

if TYPE_CHECKING:
    from neo4j import AsyncManagedTransaction

Row = Mapping[str, Any]


async def waiting_answers(tx: AsyncManagedTransaction, filled: Iterable[str]) -> list[Answer]:
    """Return the answers that named one of these events before it was seen, as linking needs them."""
    rows = await _rows(tx, "waiting_answers", ids=list(filled))
    several = sorted({row["id"] for row in rows if row["type"] == "REFERENCES"})
    named = await _references(tx, several) if several else {}
    answers = {row["id"]: _with_one_reference(row) for row in rows if row["id"] not in named}
    for row in rows:
        if references := named.get(row["id"]):
            answers[row["id"]] = _with_references(row, references)
    return list(answers.values())


async def waiting_orphans(tx: AsyncManagedTransaction, requests: Iterable[Known]) -> list[Answer]:
    """Return the orphan results that one of these requests may explain (L6)."""
    rows = [{"pubkey": r.pubkey, "kind": r.kind, "created_at": r.created_at} for r in requests]
    return [_orphan(row) for row in await _rows(tx, "waiting_orphans", rows=rows)] if rows else []


async def open_requests(
    tx: AsyncManagedTransaction, orphans: Iterable[Answer]
) -> dict[str, list[tuple[str, Known]]]:
    """Return, for each orphan result, its customer's requests of its kind from the hour before (L6)."""
    rows = [
        {
            "id": orphan.id,
            "customer": orphan.customers[0],
            "kind": orphan.kind - RESULT_OFFSET,
            "created_at": orphan.created_at,
        }
        for orphan in orphans
    ]
    found: dict[str, list[tuple[str, Known]]] = defaultdict(list)
    for row in await _rows(tx, "open_requests", rows=rows) if rows else []:
        known = Known(row["kind"], row["pubkey"], row["created_at"], row["input_digest"])
        found[row["orphan"]].append((row["id"], known))
    return found


def _answer(row: Row, *, customers: Iterable[str]) -> Answer:
    return Answer(
        id=row["id"],
        kind=row["kind"],
        pubkey=row["pubkey"],
        created_at=row["created_at"],
        candidates=(),
        embedded_request=None,
        partial_request=None,
        customers=tuple(customers),
        input_digest=None,
    )


def _with_one_reference(row: Row) -> Answer:
    answer, target = _answer(row, customers=row["customers"] or ()), row["target"]
    match row["rule"]:
        case "L1":
            return replace(answer, embedded_request=target)
        case "L5":
            return replace(answer, partial_request=target)
        case _:
            return replace(answer, candidates=(Candidate(target, marked=False),))


def _with_references(row: Row, references: list[Row]) -> Answer:
    candidates = (
        Candidate(each["named"], marked=each["marked"]) for each in references if each["rank"] is not None
    )
    return replace(
        _answer(row, customers=references[0]["customers"] or ()),
        candidates=tuple(candidates),
        embedded_request=next((each["named"] for each in references if each["embedded"]), None),
        partial_request=next((each["named"] for each in references if each["partial"]), None),
    )


def _orphan(row: Row) -> Answer:
    return replace(_answer(row, customers=(row["customer"],)), input_digest=row["input_digest"])


async def _references(tx: AsyncManagedTransaction, ids: list[str]) -> dict[str, list[Row]]:
    named: dict[str, list[Row]] = defaultdict(list)
    for row in await _rows(tx, "references_of", ids=ids):
        named[row["id"]].append(row)
    return named


async def _rows(tx: AsyncManagedTransaction, name: str, **parameters: Any) -> list[dict[str, Any]]:
    result = await tx.run(query(name), **parameters)
    return await result.data()
