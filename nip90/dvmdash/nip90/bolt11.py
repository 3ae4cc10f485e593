"""A lean BOLT11 reader: what the graph needs of an invoice, and no signature recovery."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from dvmdash.nip90 import bech32
from dvmdash.nip90.errors import InvoiceInvalid
from dvmdash.nip90.previews import PREVIEW_LIMIT, preview

MAX_INVOICE_LENGTH = 7_089
"""Characters; the longest text that fits a QR code, which BOLT11 writers keep to."""

MAX_MSAT = 2_100_000_000_000_000_000
"""All bitcoin there will ever be, in millisatoshis."""

DEFAULT_EXPIRY = 3_600
"""Seconds, where an invoice has no `x` field (BOLT11)."""

MAX_EXPIRY = 10**10

_HRP = re.compile(r"lnbc(?:([1-9][0-9]{0,18})([munp]?))?").fullmatch
_PICO_MSAT = {"": 10**12, "m": 10**9, "u": 10**6, "n": 10**3, "p": 1}
_PICOS_PER_MSAT = 10
_TIMESTAMP_GROUPS = 7
_SIGNATURE_GROUPS = 104
_HASH_GROUPS = 52
_NODE_GROUPS = 53
_FIELDS = {1: "p", 23: "h", 13: "d", 19: "n", 6: "x"}
_FIXED_LENGTHS = {"p": _HASH_GROUPS, "h": _HASH_GROUPS, "n": _NODE_GROUPS}
_URI = re.compile(r"lightning:(?://)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice: amounts in millisatoshis, times in unix seconds, hashes and keys in lowercase hex.

    `id` is the payment hash, else the sha256 of the lower-cased invoice (a wallet's internal invoice has no
    payment hash). `amount_msat` is None where the payer chooses. `bolt11` is lower case, without URI prefix.
    """

    id: str
    bolt11: str
    payment_hash: str | None
    amount_msat: int | None
    created_at: int
    expires_at: int
    description: str | None
    description_hash: str | None
    payee: str | None


def read_invoice(text: str) -> Invoice:
    """Return the invoice in `text` (any one case, `lightning:` allowed); raise InvoiceInvalid otherwise.

    Only invoices of the main network count: no other is worth money.
    """
    bolt11 = _normalised(text)
    try:
        hrp, groups = bech32.split(bolt11)
    except ValueError as error:
        raise InvoiceInvalid(f"not a BOLT11 invoice: {error}") from None
    amount_msat = _amount(hrp)
    if len(groups) < _TIMESTAMP_GROUPS + _SIGNATURE_GROUPS:
        raise InvoiceInvalid("the invoice is too short for a date and a signature")
    created_at = bech32.to_int(groups[:_TIMESTAMP_GROUPS])
    fields = _fields(groups[_TIMESTAMP_GROUPS:-_SIGNATURE_GROUPS])
    payment_hash = _hex(fields.get("p"))
    return Invoice(
        id=payment_hash or sha256(bolt11.encode()).hexdigest(),
        bolt11=bolt11,
        payment_hash=payment_hash,
        amount_msat=amount_msat,
        created_at=created_at,
        expires_at=created_at + _expiry(fields.get("x")),
        description=_description(fields.get("d")),
        description_hash=_hex(fields.get("h")),
        payee=_hex(fields.get("n")),
    )


def _normalised(text: str) -> str:
    # Measured before anything walks over the text.
    if len(text) > MAX_INVOICE_LENGTH + len("lightning://"):
        raise InvoiceInvalid(f"{len(text)} characters, an invoice has at most {MAX_INVOICE_LENGTH}")
    bare = _URI.sub("", text.strip(), count=1) if text.strip()[:10].lower() == "lightning:" else text.strip()
    if not bare.isascii() or (bare != bare.lower() and bare != bare.upper()):
        raise InvoiceInvalid("an invoice is ASCII and either all lower or all upper case")
    return bare.lower()


def _amount(hrp: str) -> int | None:
    match = _HRP(hrp)
    if match is None:
        raise InvoiceInvalid("not a main-network invoice: it must start with lnbc and a valid amount")
    digits, multiplier = match.groups()
    if digits is None:
        return None
    tenths = int(digits) * _PICO_MSAT[multiplier]
    if tenths % _PICOS_PER_MSAT:
        raise InvoiceInvalid("the amount is not a whole number of millisatoshis")
    if tenths // _PICOS_PER_MSAT > MAX_MSAT:
        raise InvoiceInvalid("the amount is more than all bitcoin")
    return tenths // _PICOS_PER_MSAT


def _fields(groups: list[int]) -> dict[str, list[int]]:
    """Return the data of the known fields; the first of a kind counts, wrong lengths are skipped."""
    fields: dict[str, list[int]] = {}
    at = 0
    while at < len(groups):
        if at + 3 > len(groups):
            raise InvoiceInvalid("the invoice ends inside a field's head")
        length = groups[at + 1] << 5 | groups[at + 2]
        end = at + 3 + length
        if end > len(groups):
            raise InvoiceInvalid("a field is longer than the invoice")
        name = _FIELDS.get(groups[at])
        if name is not None and _FIXED_LENGTHS.get(name, length) == length:
            fields.setdefault(name, groups[at + 3 : end])
        at = end
    return fields


def _hex(groups: list[int] | None) -> str | None:
    return bech32.to_bytes(groups).hex() if groups is not None else None


def _expiry(groups: list[int] | None) -> int:
    return DEFAULT_EXPIRY if groups is None else min(bech32.to_int(groups), MAX_EXPIRY)


def _description(groups: list[int] | None) -> str | None:
    if groups is None:
        return None
    return preview(bech32.to_bytes(groups).decode("utf-8", errors="replace"), PREVIEW_LIMIT) or None
