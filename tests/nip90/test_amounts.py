from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvmdash.nip90.amounts import AmountForm, read_amount, read_msat
from dvmdash.nip90.bolt11 import MAX_MSAT
from dvmdash.nip90.event import Event

from .invoices import make_invoice

INVOICE_25_SAT = make_invoice("250n")
INVOICE_OPEN = make_invoice("")


@pytest.mark.parametrize(
    ("items", "msat", "form", "mismatch"),
    [
        (["51000"], 51_000, AmountForm.NONE, False),
        (["51000", ""], 51_000, AmountForm.NONE, False),
        (["0"], 0, AmountForm.NONE, False),
        (["free"], 0, AmountForm.NONE, False),
        (["25000", INVOICE_25_SAT], 25_000, AmountForm.BOLT11, False),
        (["28125", INVOICE_25_SAT], 25_000, AmountForm.BOLT11, True),
        (["1000000", f"lightning:{INVOICE_25_SAT}"], 25_000, AmountForm.BOLT11, True),
        (["25000", INVOICE_25_SAT.upper()], 25_000, AmountForm.BOLT11, False),
        (["25000", "", INVOICE_25_SAT], 25_000, AmountForm.BOLT11, False),
        (["soon", INVOICE_25_SAT], 25_000, AmountForm.BOLT11, False),
        ([INVOICE_25_SAT], 25_000, AmountForm.BOLT11, False),
        (["7000", INVOICE_OPEN], 7_000, AmountForm.BOLT11, False),
        (["7000", INVOICE_25_SAT[:-1]], 7_000, AmountForm.BOLT11_INVALID, False),
        (["7000", "lnbc..."], 7_000, AmountForm.BOLT11_INVALID, False),
        (["7000", make_invoice(network="tb")], 7_000, AmountForm.BOLT11_INVALID, False),
        (["1000", "lno1pg257enxv4ezqcneype82um50ynhxgrwdajx293pqgl"], 1_000, AmountForm.BOLT12, False),
        (["1000", "creqApWF0gaNhdGVub3N0cmFheKlucHJvZmls"], 1_000, AmountForm.CASHU_REQUEST, False),
        (["1000", "cashuAeyJ0b2tlbiI6W3sicHJvb2ZzIjpb"], 1_000, AmountForm.CASHU_TOKEN, False),
        (["1000", "cashuBo2F0gqJhaUgA_9SLj17PgGFwgaNhYQFhc3hA"], 1_000, AmountForm.CASHU_TOKEN, False),
        (
            ["1000", "LNURL1DP68GURN8GHJ7MRWW4EXCTNXD9SHG6NPVCHXXMMD9AKXUATJDSKHQCTE8AEK"],
            1_000,
            AmountForm.LNURL,
            False,
        ),
        (["100_000", "botlab@zeuspay.com"], 100_000, AmountForm.LIGHTNING_ADDRESS, False),
        (["1000", "msats"], 1_000, AmountForm.UNIT, False),
        (["21", "sats"], 21_000, AmountForm.UNIT, False),
        (["1", "ecash"], 1, AmountForm.UNIT, False),
        (["5", "USD"], None, AmountForm.UNIT, False),
        (["1000", "wss://relay.example.com"], 1_000, AmountForm.OTHER, False),
        (["NaN"], None, AmountForm.NONE, False),
        (["-5", "x" * 5_000], None, AmountForm.OTHER, False),
    ],
)
def test_each_form_seen_in_the_wild(
    items: list[str], msat: int | None, form: AmountForm, mismatch: bool
) -> None:
    amount = read_amount([["e", "x"], ["amount", *items]])
    assert amount is not None
    assert (amount.msat, amount.form, amount.mismatch) == (msat, form, mismatch)
    assert (amount.invoice is not None) is (form is AmountForm.BOLT11)


def test_the_number_of_the_tag_stays_visible_beside_the_invoice() -> None:
    amount = read_amount([["amount", "28125", INVOICE_25_SAT]])
    assert amount is not None
    assert (amount.msat, amount.stated_msat) == (25_000, 28_125)


@pytest.mark.parametrize(
    ("text", "msat"),
    [
        ("1000", 1_000),
        (" 1000 ", 1_000),
        ("100_000", 100_000),
        ("1000.0", 1_000),
        ("0.5", 1),
        ("1e5", 100_000),
        ("FREE", 0),
        (str(MAX_MSAT), MAX_MSAT),
        (str(MAX_MSAT + 1), None),
        ("9e99", None),
        ("1e999999999", None),
        ("9" * 1_000_000, None),
        ("-1", None),
        ("-0.0", None),
        ("nan", None),
        ("inf", None),
        ("1,000", None),
        ("1__0", None),
        ("0x10", None),
        ("١٠٠", None),
        ("", None),
    ],
)
def test_numbers_are_whole_bounded_millisatoshis_or_nothing(text: str, msat: int | None) -> None:
    assert read_msat(text) == msat


def test_without_an_amount_tag_there_is_none_and_the_first_that_says_something_counts() -> None:
    assert read_amount([]) is None
    assert read_amount([["amount"]]) is None
    amount = read_amount([["amount", "?"], ["amount", "5"], ["amount", "6"]])
    assert amount is not None
    assert amount.msat == 5


def test_the_real_answers_ask_for_these_amounts(real_events: list[Event]) -> None:
    read = [(e.kind, read_amount(e.tags)) for e in real_events if 6000 <= e.kind <= 7000]
    asked = [(kind, a.msat, str(a.form), a.mismatch) for kind, a in read if a is not None]
    assert asked == [
        (7000, 25_000, "bolt11", False),
        (6500, 1_000, "bolt11", False),
        (6305, 0, "none", False),
        (7000, 1_000, "bolt11", False),
        (7000, 100_000, "lightning-address", False),
        (7000, 25_000, "bolt11", True),
        (6050, 100_000, "lightning-address", False),
        (7000, 51_000, "none", False),
    ]


@given(
    st.lists(st.lists(st.text(max_size=40), min_size=1, max_size=6), max_size=6),
    st.lists(st.text(max_size=80), max_size=5),
)
def test_any_tags_are_read_without_an_error(tags: list[list[str]], items: list[str]) -> None:
    amount = read_amount([*tags, ["amount", *items]])
    assert amount is None or amount.msat is None or 0 <= amount.msat <= MAX_MSAT
