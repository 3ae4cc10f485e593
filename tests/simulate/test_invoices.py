from __future__ import annotations

import hashlib

import pytest
from coincurve import PublicKey

from dvmdash.simulate import bech32
from dvmdash.simulate.errors import UnencodableAmount
from dvmdash.simulate.invoices import MAX_MSAT, InvoiceTerms, encode_invoice
from dvmdash.simulate.signing import derive_keys

NODE = derive_keys(1, "node").private
TERMS = InvoiceTerms(21_000, 1_750_000_000, b"p" * 32, description="café")


def groups_of(invoice: str) -> tuple[str, list[int]]:
    prefix, _, data = invoice.rpartition("1")
    return prefix, [bech32.ALPHABET.index(letter) for letter in data]


@pytest.mark.parametrize(
    ("msat", "prefix"),
    [
        (0, "lnbc"),
        (1, "lnbc10p"),
        (1_000, "lnbc10n"),
        (21_000, "lnbc210n"),
        (250_000_000, "lnbc2500u"),
        (100_000_000_000, "lnbc1000m"),
    ],
)
def test_amount_takes_the_largest_whole_unit(msat: int, prefix: str) -> None:
    terms = InvoiceTerms(msat, 1_750_000_000, b"p" * 32)
    assert groups_of(encode_invoice(terms, NODE))[0] == prefix


@pytest.mark.parametrize("msat", [-1, MAX_MSAT + 1])
def test_impossible_amounts_are_refused(msat: int) -> None:
    with pytest.raises(UnencodableAmount, match="is not an amount"):
        encode_invoice(InvoiceTerms(msat, 1_750_000_000, b"p" * 32), NODE)


def test_checksum_is_right_and_a_changed_letter_breaks_it() -> None:
    prefix, groups = groups_of(encode_invoice(TERMS, NODE))
    assert bech32.polymod([*bech32.expand_prefix(prefix), *groups]) == 1
    groups[20] ^= 1
    assert bech32.polymod([*bech32.expand_prefix(prefix), *groups]) != 1


def test_checksum_fits_an_address_of_the_specification() -> None:
    # BIP-173's first valid test vector: prefix "a", no data.
    assert bech32.encode("a", []) == "a12uel5l"


def test_signature_recovers_the_node_that_signed() -> None:
    prefix, groups = groups_of(encode_invoice(TERMS, NODE))
    data, signature = groups[:-110], bech32.bytes_of_groups(groups[-110:-6])
    signed = prefix.encode() + bech32.bytes_of_groups(data)
    payee = PublicKey.from_signature_and_message(signature, signed)
    assert payee.format() == NODE.public_key.format()


def test_payment_hash_is_the_hash_of_the_preimage() -> None:
    _, groups = groups_of(encode_invoice(TERMS, NODE))
    # After seven groups of time comes the field p: letter, length 52, then the hash.
    assert groups[7:10] == [1, 1, 20]
    assert bech32.bytes_of_groups(groups[10:62])[:32] == hashlib.sha256(b"p" * 32).digest()
