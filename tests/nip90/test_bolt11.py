from __future__ import annotations

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvmdash.nip90.bech32 import to_groups
from dvmdash.nip90.bolt11 import MAX_EXPIRY, MAX_INVOICE_LENGTH, MAX_MSAT, read_invoice
from dvmdash.nip90.errors import InvoiceInvalid
from dvmdash.nip90.event import Event

from .invoices import PAYMENT_HASH, field, make_invoice, number, of_hex
from .signing import NOW


def text_field(text: bytes) -> list[int]:
    return field("d", to_groups(text))


def test_every_field_is_read() -> None:
    invoice = read_invoice(
        make_invoice(
            "2500u",
            [
                of_hex("p", PAYMENT_HASH),
                of_hex("s", "11" * 32),
                text_field("Kaffee für 2".encode()),
                of_hex("h", "cd" * 32),
                of_hex("n", "02" + "ef" * 32),
                field("x", number(600, 2)),
                field("c", [18]),
            ],
        )
    )
    assert invoice.id == invoice.payment_hash == PAYMENT_HASH
    assert invoice.amount_msat == 250_000_000
    assert (invoice.created_at, invoice.expires_at) == (NOW, NOW + 600)
    assert invoice.description == "Kaffee für 2"
    assert invoice.description_hash == "cd" * 32
    assert invoice.payee == "02" + "ef" * 32


def test_the_invoice_of_the_specification_is_read() -> None:
    invoice = read_invoice(
        "lnbc2500u1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqq"
        "syqcyq5rqwzqfqypqdq5xysxxatsyp3k7enxv4jsxqzpu9qrsgquk0rl77nj30yxdy8j9vdx85fkpmdla2087ne0xh8nhedh8w27kyke0lp53"
        "ut353s06fv3qfegext0eh0ymjpf39tuven09sam30g4vgpfna3rh"
    )
    assert invoice.payment_hash == "0001020304050607080900010203040506070809000102030405060708090102"
    assert invoice.amount_msat == 250_000_000
    assert invoice.description == "1 cup coffee"
    assert (invoice.created_at, invoice.expires_at) == (1_496_314_658, 1_496_314_658 + 60)


@pytest.mark.parametrize(
    ("amount", "msat"),
    [
        ("", None),
        ("1", 100_000_000_000),
        ("20m", 2_000_000_000),
        ("2500u", 250_000_000),
        ("250n", 25_000),
        ("10p", 1),
        ("9678785340p", 967_878_534),
        ("21000000", MAX_MSAT),
    ],
)
def test_amounts_are_read_in_every_multiplier(amount: str, msat: int | None) -> None:
    assert read_invoice(make_invoice(amount)).amount_msat == msat


@pytest.mark.parametrize(
    "amount", ["1p", "15p", "0", "010n", "25k", "1.5m", "21000001", "9" * 19, "9" * 40, "-1n"]
)
def test_amounts_that_are_not_whole_msat_or_not_valid_are_refused(amount: str) -> None:
    with pytest.raises(InvoiceInvalid):
        read_invoice(make_invoice(amount))


@pytest.mark.parametrize("network", ["tb", "bcrt", "tbs", "sb", "xx", ""])
def test_only_the_main_network_counts(network: str) -> None:
    with pytest.raises(InvoiceInvalid, match="main-network"):
        read_invoice(make_invoice(network=network))


def test_prefix_space_and_upper_case_make_no_difference() -> None:
    plain = make_invoice()
    same = [
        f"lightning:{plain}",
        f"LIGHTNING:{plain.upper()}",
        f"lightning://{plain}",
        f"  {plain}\n",
        plain.upper(),
    ]
    assert {read_invoice(text) for text in same} == {read_invoice(plain)}
    assert read_invoice(plain.upper()).bolt11 == plain


def changed(text: str, at: int) -> str:
    return text[:at] + ("q" if text[at] != "q" else "p") + text[at + 1 :]


@given(at=st.integers(min_value=9, max_value=len(make_invoice()) - 1))
def test_any_changed_character_breaks_the_checksum(at: int) -> None:
    with pytest.raises(InvoiceInvalid):
        read_invoice(changed(make_invoice(), at))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lnbc",
        "lnbc1",
        "lightning:",
        "not an invoice",
        "lno1pg257enxv4ezqcneype82um50ynhxgrwdajx293pqglnyxw6q0hzngfdusg8umzuxe8kquuz7pjl90ldj8wadwgs0xlmc",
        make_invoice()[:-1],
        make_invoice()[:30] + make_invoice()[30:].upper(),
        make_invoice() + "b",
        make_invoice() + "ä",
        "lnbc1" + "q" * 8_000,
        "x" * 1_000_000,
        make_invoice(fields=[], signature_groups=103),
        make_invoice(fields=[[1]]),
        make_invoice(fields=[[1, 31, 31, 0]]),
    ],
)
def test_what_is_no_invoice_is_refused(text: str) -> None:
    with pytest.raises(InvoiceInvalid):
        read_invoice(text)


def test_an_invoice_without_payment_hash_is_known_by_the_hash_of_its_text() -> None:
    text = make_invoice(fields=[text_field(b"__PRIMAL_INTERNAL_INVOICE__")])
    invoice = read_invoice(text.upper())
    assert invoice.payment_hash is None
    assert invoice.id == sha256(text.encode()).hexdigest()


def test_fields_of_wrong_length_are_skipped_and_the_first_of_a_kind_counts() -> None:
    short, first, second = field("p", [1] * 51), of_hex("p", PAYMENT_HASH), of_hex("p", "cd" * 32)
    assert read_invoice(make_invoice(fields=[short, first, second])).payment_hash == PAYMENT_HASH


def test_an_absurd_expiry_is_bounded() -> None:
    invoice = read_invoice(make_invoice(fields=[field("x", [31] * 1_000)]))
    assert invoice.expires_at == NOW + MAX_EXPIRY


def test_a_description_is_bounded_harmless_text() -> None:
    assert read_invoice(make_invoice(fields=[text_field(b"\xff\xfe ok")])).description == "\ufffd\ufffd ok"
    assert read_invoice(make_invoice(fields=[text_field("a\u202eb\x00".encode())])).description == "ab"
    long = read_invoice(make_invoice(fields=[text_field(b"x" * 600)])).description
    assert long is not None
    assert len(long) == 280


def test_the_longest_text_is_bounded() -> None:
    assert len(make_invoice(fields=[text_field(b"x" * 600)] * 7)) < MAX_INVOICE_LENGTH
    with pytest.raises(InvoiceInvalid, match="characters"):
        read_invoice(make_invoice(fields=[text_field(b"x" * 600)] * 8))


@given(st.text(max_size=300) | st.text("lnbc1qpzry9x8gf2tvdw0s3jn54khce6mua7 ", max_size=300))
def test_nothing_but_invoice_invalid_is_raised(text: str) -> None:
    with pytest.raises(InvoiceInvalid):
        read_invoice(text)


def test_all_real_invoices_are_read_and_six_have_no_payment_hash(real_events: list[Event]) -> None:
    texts = [value for event in real_events for value in event.tag_values("bolt11")]
    texts += [
        tag[2]
        for event in real_events
        for tag in event.tags
        if tag[0] == "amount" and tag[2:3] and "ln" in tag[2][:3]
    ]
    invoices = [read_invoice(text) for text in texts]
    assert len(invoices) == 28
    assert Counter(invoice.payment_hash is None for invoice in invoices) == {False: 22, True: 6}
    assert len({invoice.id for invoice in invoices}) == 28
    assert {invoice.description for invoice in invoices if not invoice.payment_hash} == {
        "__PRIMAL_INTERNAL_INVOICE__"
    }
    assert all(invoice.amount_msat for invoice in invoices)
