"""Nutzaps: ecash sent in the open, the payment is its own receipt (NIP-61)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from dvmdash.nip90.bolt11 import MAX_MSAT
from dvmdash.nip90.event import Event
from dvmdash.nip90.hexes import hex_or_none
from dvmdash.nip90.previews import PREVIEW_LIMIT, short_text

MAX_PROOFS = 500
MAX_MINT_LENGTH = 200
_MSAT_PER_UNIT = {"sat": 1000, "msat": 1}


@dataclass(frozen=True, slots=True)
class Nutzap:
    """One 9321: `amount_msat` is the sum of its proofs, None where a proof is bad or the unit is not bitcoin.

    Whether the mint would redeem the proofs can't be seen.
    """

    id: str
    amount_msat: int | None
    unit: str
    payer: str
    payee: str | None
    event_id: str | None
    mint: str | None
    comment: str | None


def read_nutzap(event: Event) -> Nutzap:
    """Read a nutzap (kind 9321). Never raises: what is wrong in it becomes None."""
    unit = (event.first("unit") or "sat")[:16].strip().lower()
    return Nutzap(
        id=event.id,
        amount_msat=_amount(event.tag_values("proof"), unit),
        unit=short_text(unit, 16) or "unknown",
        payer=event.pubkey,
        payee=hex_or_none(event.first("p")),
        event_id=hex_or_none(event.first("e")),
        mint=short_text(event.first("u"), MAX_MINT_LENGTH),
        comment=short_text(event.content, PREVIEW_LIMIT),
    )


def _amount(proofs: list[str], unit: str) -> int | None:
    factor = _MSAT_PER_UNIT.get(unit)
    if factor is None or not 0 < len(proofs) <= MAX_PROOFS:
        return None
    try:
        total = sum(_distinct_amounts(orjson.loads(proof) for proof in proofs)) * factor
    except (ValueError, KeyError, TypeError):
        return None
    return total if total <= MAX_MSAT else None


def _distinct_amounts(proofs: Iterable[Any]) -> Iterable[int]:
    """Return each proof's amount once; the same secret twice is the same coin."""
    coins: dict[str, int] = {}
    for proof in proofs:
        amount, secret = proof["amount"], proof["secret"]
        if type(amount) is not int or amount < 0 or type(secret) is not str:
            raise ValueError("a proof needs a whole amount and a secret")
        coins[secret] = amount
    return coins.values()
