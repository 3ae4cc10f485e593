from __future__ import annotations

import hashlib

import pytest
from coincurve import PublicKey

from dvmdash.nip90 import bech32
from dvmdash.nip90.bolt11 import read_invoice
from dvmdash.simulate.errors import UnencodableAmount
from dvmdash.simulate.invoices import MAX_MSAT, InvoiceTerms, encode_invoice
from dvmdash.simulate.signing import derive_keys

NODE = derive_keys(1, "node").private
TERMS = InvoiceTerms(21_000, 1_750_000_000, b"p" * 32, description="café")


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
    assert bech32.split(encode_invoice(terms, NODE))[0] == prefix


@pytest.mark.parametrize("msat", [-1, MAX_MSAT + 1])
def test_impossible_amounts_are_refused(msat: int) -> None:
    with pytest.raises(UnencodableAmount, match="is not an amount"):
        encode_invoice(InvoiceTerms(msat, 1_750_000_000, b"p" * 32), NODE)


def test_a_reader_finds_what_was_written() -> None:
    invoice = read_invoice(encode_invoice(TERMS, NODE))
    assert invoice.payment_hash == hashlib.sha256(TERMS.preimage).hexdigest()
    assert (invoice.amount_msat, invoice.description) == (21_000, "café")
    assert (invoice.created_at, invoice.expires_at) == (1_750_000_000, 1_750_003_600)


def test_a_description_hash_takes_the_place_of_the_description() -> None:
    terms = InvoiceTerms(21_000, 1_750_000_000, b"p" * 32, description_hash=b"h" * 32)
    invoice = read_invoice(encode_invoice(terms, NODE))
    assert (invoice.description, invoice.description_hash) == (None, (b"h" * 32).hex())


@pytest.mark.parametrize("description", ["", "a", "ab", "abc", "abcd", "abcde"])
def test_signature_recovers_the_node_whatever_the_padding(description: str) -> None:
    terms = InvoiceTerms(21_000, 1_750_000_000, b"p" * 32, description=description)
    prefix, groups = bech32.split(encode_invoice(terms, NODE))
    data, signature = groups[:-104], bech32.to_bytes(groups[-104:])
    bits = "".join(f"{group:05b}" for group in data)
    bits += "0" * (-len(bits) % 8)
    signed = prefix.encode() + bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    assert PublicKey.from_signature_and_message(signature, signed).format() == NODE.public_key.format()
