"""Lightning invoices (BOLT 11), well-formed and signed, that nobody can pay."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from coincurve import PrivateKey

from . import bech32
from .errors import UnencodableAmount

MAX_MSAT = 21_000_000 * 100_000_000 * 1_000
_UNITS = (("m", 100_000_000), ("u", 100_000), ("n", 100))
_FEATURES = [16, 8, 0]  # var_onion_optin (8) and payment_secret (14), as every wallet sets them
_FINAL_CLTV = 40


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
    data = bech32.groups_of_number(terms.created_at, 7) + _fields(terms)
    signed = prefix.encode() + bech32.bytes_of_groups(data)
    # sign_recoverable hashes with sha256 itself and ends in the recovery id, exactly as BOLT 11 wants it.
    return bech32.encode(prefix, data + bech32.groups_of_bytes(node.sign_recoverable(signed)))


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
        *_field("p", bech32.groups_of_bytes(terms.payment_hash)),
        *_field("s", bech32.groups_of_bytes(secret)),
        *_description(terms),
        *_field("x", bech32.groups_of_number(terms.expiry, 4)),
        *_field("c", bech32.groups_of_number(_FINAL_CLTV, 2)),
        *_field("9", _FEATURES),
    ]


def _description(terms: InvoiceTerms) -> list[int]:
    if terms.description_hash is not None:
        return _field("h", bech32.groups_of_bytes(terms.description_hash))
    return _field("d", bech32.groups_of_bytes(terms.description.encode()))


def _field(letter: str, groups: list[int]) -> list[int]:
    return [bech32.ALPHABET.index(letter), *bech32.groups_of_number(len(groups), 2), *groups]
