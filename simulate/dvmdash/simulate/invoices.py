"""Lightning invoices (BOLT 11), well-formed and signed, that nobody can pay."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from coincurve import PrivateKey

from dvmdash.nip90 import bech32

from .errors import UnencodableAmount

MAX_MSAT = 21_000_000 * 100_000_000 * 1_000
_UNITS = (("m", 100_000_000), ("u", 100_000), ("n", 100))
# The tagged fields, by the bech32 value of their letter (BOLT 11).
_PAYMENT_HASH, _PAYMENT_SECRET, _DESCRIPTION, _DESCRIPTION_HASH = 1, 16, 13, 23  # p s d h
_EXPIRY, _FINAL_CLTV, _FEATURES = 6, 24, 5  # x c 9


@dataclass(frozen=True, slots=True)
class InvoiceTerms:
    """What an invoice says: amount in millisatoshi, times in seconds, hash and preimage as bytes.

    Either `description` is set, or `description_hash` (a zap's: sha256 of the signed zap request, NIP-57).
    """

    amount_msat: int
    created_at: int
    preimage: bytes
    expiry: int = 3600
    description: str = ""
    description_hash: bytes | None = None

    @property
    def payment_hash(self) -> bytes:
        """The sha256 of the preimage, which identifies the invoice."""
        return hashlib.sha256(self.preimage).digest()


def encode_invoice(terms: InvoiceTerms, node: PrivateKey) -> str:
    """Return the invoice text, signed by a Lightning node's key.

    Raises UnencodableAmount for a negative amount or one above 21 million bitcoin; 0 leaves it open.
    """
    prefix = "lnbc" + _amount(terms.amount_msat)
    data = _number(terms.created_at, 7) + _fields(terms)
    # sign_recoverable hashes with sha256 itself and ends in the recovery id, exactly as BOLT 11 wants it.
    signature = node.sign_recoverable(prefix.encode() + _padded_bytes(data))
    return bech32.join(prefix, data + bech32.to_groups(signature))


def _amount(msat: int) -> str:
    if not 0 <= msat <= MAX_MSAT:
        raise UnencodableAmount(f"{msat} msat is not an amount; use 0 to {MAX_MSAT}")
    if msat == 0:
        return ""
    for unit, size in _UNITS:
        if msat % size == 0:
            return f"{msat // size}{unit}"
    return f"{msat * 10}p"


def _fields(terms: InvoiceTerms) -> list[int]:
    secret = hashlib.sha256(b"payment secret" + terms.preimage).digest()
    return [
        *_field(_PAYMENT_HASH, bech32.to_groups(terms.payment_hash)),
        *_field(_PAYMENT_SECRET, bech32.to_groups(secret)),
        *_description(terms),
        *_field(_EXPIRY, _number(terms.expiry, 4)),
        *_field(_FINAL_CLTV, _number(40, 2)),
        *_field(_FEATURES, [16, 8, 0]),  # bits 8 (onion) and 14 (payment secret), as every wallet sets them
    ]


def _description(terms: InvoiceTerms) -> list[int]:
    if terms.description_hash is not None:
        return _field(_DESCRIPTION_HASH, bech32.to_groups(terms.description_hash))
    return _field(_DESCRIPTION, bech32.to_groups(terms.description.encode()))


def _field(letter: int, groups: list[int]) -> list[int]:
    return [letter, *_number(len(groups), 2), *groups]


def _number(number: int, length: int) -> list[int]:
    return [number >> 5 * place & 31 for place in reversed(range(length))]


def _padded_bytes(groups: list[int]) -> bytes:
    # Eight zero groups are five whole bytes: enough to keep the last bits, which to_bytes would drop.
    return bech32.to_bytes([*groups, *[0] * 8])[: -(-len(groups) * 5 // 8)]
