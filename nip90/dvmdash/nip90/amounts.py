"""The `amount` tag in all the forms seen in the wild (NIP-90; nip90.md 2.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from dvmdash.nip90.bolt11 import MAX_MSAT, Invoice, read_invoice
from dvmdash.nip90.errors import InvoiceInvalid

_MAX_AMOUNT_TAGS = 4
_MAX_ITEMS = 4
_NUMBER = re.compile(r"[0-9](?:_?[0-9]){0,24}(?:\.[0-9]{0,12})?(?:e\+?[0-9]{1,2})?", re.IGNORECASE).fullmatch
_LIGHTNING_ADDRESS = re.compile(r"[a-z0-9._+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}").fullmatch
_MSAT_PER_UNIT: dict[str, int | None] = {
    **dict.fromkeys(("msat", "msats", "millisat", "millisats", "millisatoshi", "millisatoshis"), 1),
    **dict.fromkeys(("sat", "sats", "satoshi", "satoshis"), 1000),
    # These name a way to pay; the number is in millisatoshis as NIP-90 says.
    **dict.fromkeys(("ecash", "cashu", "nutzap", "lightning", "ln", "zap"), 1),
    # Other currencies can't be summed with millisatoshis.
    **dict.fromkeys(("usd", "eur", "usdt", "usdc", "cent", "cents", "btc", "credit", "credits"), None),
}


class AmountForm(StrEnum):
    """What stands beside the number in an `amount` tag."""

    NONE = "none"
    BOLT11 = "bolt11"
    BOLT11_INVALID = "bolt11-invalid"
    BOLT12 = "bolt12"
    CASHU_REQUEST = "cashu-request"
    CASHU_TOKEN = "cashu-token"  # noqa: S105 - a form of payment
    LNURL = "lnurl"
    LIGHTNING_ADDRESS = "lightning-address"
    UNIT = "unit"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Amount:
    """What an event asks for, in millisatoshis.

    `msat` is the invoice's amount where there is one (it is what a payer would pay), else the tag's number,
    else None. `stated_msat` is the tag's number alone. `mismatch`: both are known and differ.
    """

    msat: int | None
    stated_msat: int | None
    form: AmountForm
    invoice: Invoice | None
    mismatch: bool


def read_amount(tags: Sequence[Sequence[str]]) -> Amount | None:
    """Return the first `amount` tag that says something, else the first there is, else None."""
    named = [tag for tag in tags if len(tag) > 1 and tag[0] == "amount"][:_MAX_AMOUNT_TAGS]
    amounts = [_read_tag(tag[1 : 1 + _MAX_ITEMS]) for tag in named]
    return next((amount for amount in amounts if _says_something(amount)), amounts[0] if amounts else None)


def read_msat(text: str) -> int | None:
    """Return a whole, non-negative number of millisatoshis, or None.

    `free` is 0; `100_000` and floats are read, a fraction is rounded up so that nothing becomes free by
    rounding; negative numbers, NaN, infinity and more than all bitcoin are None.
    """
    # Measured before anything walks over the text.
    bare = text[:64].strip().lower()
    if bare == "free":
        return 0
    if len(text) > 64 or _NUMBER(bare) is None:
        return None
    msat = int(Decimal(bare.replace("_", "")).to_integral_value(ROUND_CEILING))
    return msat if msat <= MAX_MSAT else None


def classify(text: str) -> AmountForm:
    """Return what a further item of an `amount` tag looks like; a `bolt11` may still prove invalid."""
    bare = text[:320].strip().lower().removeprefix("lightning:").removeprefix("//")
    for form, prefixes in _PREFIXES:
        if bare.startswith(prefixes):
            return form
    if not bare:
        return AmountForm.NONE
    if bare in _MSAT_PER_UNIT:
        return AmountForm.UNIT
    return AmountForm.LIGHTNING_ADDRESS if _LIGHTNING_ADDRESS(bare) else AmountForm.OTHER


_PREFIXES: tuple[tuple[AmountForm, tuple[str, ...]], ...] = (
    (AmountForm.BOLT11, ("lnbc", "lntb", "lnsb")),
    (AmountForm.BOLT12, ("lno1", "lnr1", "lni1")),
    (AmountForm.CASHU_REQUEST, ("creqa", "creqb")),
    (AmountForm.CASHU_TOKEN, ("cashua", "cashub")),
    (AmountForm.LNURL, ("lnurl1", "lnurlp:", "keyauth:")),
)


def _read_tag(items: Sequence[str]) -> Amount:
    stated = read_msat(items[0])
    # Some put the invoice where the number belongs.
    rest = items if classify(items[0]) is AmountForm.BOLT11 else items[1:]
    for item in rest:
        form = classify(item)
        if form is AmountForm.BOLT11:
            return _with_invoice(stated, item)
        if form is not AmountForm.NONE:
            return _without_invoice(_in_unit(stated, item) if form is AmountForm.UNIT else stated, form)
    return _without_invoice(stated, AmountForm.NONE)


def _with_invoice(stated: int | None, text: str) -> Amount:
    try:
        invoice = read_invoice(text)
    except InvoiceInvalid:
        return _without_invoice(stated, AmountForm.BOLT11_INVALID)
    asked = invoice.amount_msat
    return Amount(
        msat=stated if asked is None else asked,
        stated_msat=stated,
        form=AmountForm.BOLT11,
        invoice=invoice,
        mismatch=asked is not None and stated is not None and asked != stated,
    )


def _without_invoice(stated: int | None, form: AmountForm) -> Amount:
    return Amount(msat=stated, stated_msat=stated, form=form, invoice=None, mismatch=False)


def _in_unit(stated: int | None, unit: str) -> int | None:
    factor = _MSAT_PER_UNIT[unit.strip().lower()]
    if stated is None or factor is None or stated * factor > MAX_MSAT:
        return None
    return stated * factor


def _says_something(amount: Amount) -> bool:
    return amount.msat is not None or amount.invoice is not None
