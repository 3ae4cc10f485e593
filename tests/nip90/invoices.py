"""BOLT11 invoices for tests, well-formed or not; their signatures are empty."""

from __future__ import annotations

from dvmdash.nip90 import bech32

from .signing import NOW

PAYMENT_HASH = "ab" * 32
_TYPES = {"p": 1, "s": 16, "d": 13, "n": 19, "h": 23, "x": 6, "c": 24, "f": 9}


def field(name: str, data: list[int]) -> list[int]:
    """Return one tagged field of 5-bit groups."""
    return [_TYPES[name], len(data) >> 5, len(data) & 31, *data]


def of_hex(name: str, digits: str) -> list[int]:
    return field(name, bech32.to_groups(bytes.fromhex(digits)))


def number(value: int, groups: int) -> list[int]:
    return [value >> 5 * i & 31 for i in range(groups - 1, -1, -1)]


def make_invoice(
    amount: str = "250n",
    fields: list[list[int]] | None = None,
    *,
    network: str = "bc",
    created_at: int = NOW,
    signature_groups: int = 104,
) -> str:
    """Return an invoice with a right checksum; by default its only field is a payment hash."""
    chosen = [of_hex("p", PAYMENT_HASH)] if fields is None else fields
    groups = [*number(created_at, 7), *(group for one in chosen for group in one), *[0] * signature_groups]
    return bech32.join(f"ln{network}{amount}", groups)
