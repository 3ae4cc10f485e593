"""Zap receipts: what a 9735 proves of a payment, and what it only claims (NIP-57; nip90.md 1.3, 0.7)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import orjson

from dvmdash.nip90.amounts import read_msat
from dvmdash.nip90.bolt11 import Invoice, read_invoice
from dvmdash.nip90.checks import event_of, verify
from dvmdash.nip90.errors import EventRefused, InvoiceInvalid
from dvmdash.nip90.event import Event
from dvmdash.nip90.hexes import hex_or_none, is_hex_32
from dvmdash.nip90.previews import PREVIEW_LIMIT, short_text

ZAP_REQUEST_KIND = 9734

NO_ZAP_REQUEST = "no-zap-request"
FORGED_ZAP_REQUEST = "forged-zap-request"
INVOICE_INVALID = "invoice-invalid"
AMOUNT_MISMATCH = "amount-mismatch"
PAYEE_MISMATCH = "payee-mismatch"
PAYER_MISMATCH = "payer-mismatch"
SIGNED_BY_PAYEE = "signed-by-payee"
PAYER_UNVERIFIED = "payer-unverified"


@dataclass(frozen=True, slots=True)
class ZapReceipt:
    """One 9735. Amounts are millisatoshis, ids and keys lowercase hex; None means that it can't be known.

    `payer` is set only where a signed zap request names one who is neither anonymous nor the payee; `flags`
    says what else is odd. `request_author` is whoever signed the zap request: a throw-away key when
    `anonymous`, the provider itself when it zaps its own invoice. `amount_msat` is the invoice's. The receipt
    is signed by the payee's wallet server and is no proof of payment; `preimage_matches` is.
    """

    id: str
    invoice: Invoice | None
    amount_msat: int | None
    payer: str | None
    payee: str | None
    anonymous: bool
    comment: str | None
    event_id: str | None
    request_author: str | None
    preimage_matches: bool | None
    description_hash_matches: bool | None
    flags: tuple[str, ...]


def read_zap(event: Event) -> ZapReceipt:
    """Read a zap receipt (kind 9735). Never raises: what is wrong in it becomes None and a flag."""
    description = event.first("description")
    request = _zap_request(description)
    invoice = _invoice(event)
    payee = hex_or_none(event.first("p")) or (hex_or_none(request.first("p")) if request else None)
    anonymous = request is not None and any(tag[0] == "anon" for tag in request.tags)
    payer, payer_flags = _payer(event, description, request, payee)
    return ZapReceipt(
        id=event.id,
        invoice=invoice,
        amount_msat=invoice.amount_msat if invoice else None,
        payer=None if anonymous else payer,
        payee=payee,
        anonymous=anonymous,
        comment=short_text(request.content, PREVIEW_LIMIT) if request else None,
        event_id=hex_or_none(event.first("e")) or (hex_or_none(request.first("e")) if request else None),
        request_author=request.pubkey if request else None,
        preimage_matches=_preimage_matches(event.first("preimage"), invoice),
        description_hash_matches=_description_hash_matches(description, invoice),
        flags=(*payer_flags, *_invoice_flags(invoice, request), *_payee_flags(payee, request)),
    )


def _zap_request(description: str | None) -> Event | None:
    """Return the zap request if it is whole, of its kind and truly signed."""
    try:
        request = event_of(orjson.loads(description or ""))
        verify(request)
    except (EventRefused, orjson.JSONDecodeError):
        return None
    return request if request.kind == ZAP_REQUEST_KIND else None


def _invoice(event: Event) -> Invoice | None:
    try:
        return read_invoice(event.first("bolt11") or "")
    except InvoiceInvalid:
        return None


def _payer(
    event: Event, description: str | None, request: Event | None, payee: str | None
) -> tuple[str | None, tuple[str, ...]]:
    named = hex_or_none(event.first("P"))
    if request is None and description:
        return None, (FORGED_ZAP_REQUEST,)
    if request is None:
        return named, (NO_ZAP_REQUEST, PAYER_UNVERIFIED) if named else (NO_ZAP_REQUEST,)
    if request.pubkey == payee:
        return None, (SIGNED_BY_PAYEE,)
    if named is not None and named != request.pubkey:
        return None, (PAYER_MISMATCH,)
    return request.pubkey, ()


def _invoice_flags(invoice: Invoice | None, request: Event | None) -> tuple[str, ...]:
    if invoice is None:
        return (INVOICE_INVALID,)
    wanted = read_msat(request.first("amount") or "") if request else None
    return (AMOUNT_MISMATCH,) if wanted is not None and wanted != invoice.amount_msat else ()


def _payee_flags(payee: str | None, request: Event | None) -> tuple[str, ...]:
    named = hex_or_none(request.first("p")) if request else None
    return (PAYEE_MISMATCH,) if named is not None and named != payee else ()


def _preimage_matches(preimage: str | None, invoice: Invoice | None) -> bool | None:
    if not preimage or invoice is None or invoice.payment_hash is None:
        return None
    if not is_hex_32(preimage.lower()):
        return False
    return sha256(bytes.fromhex(preimage)).hexdigest() == invoice.payment_hash


def _description_hash_matches(description: str | None, invoice: Invoice | None) -> bool | None:
    if not description or invoice is None or invoice.description_hash is None:
        return None
    return sha256(description.encode()).hexdigest() == invoice.description_hash
