from __future__ import annotations

from collections import Counter
from hashlib import sha256

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvmdash.nip90.event import Event
from dvmdash.nip90.receipts import ZapReceipt, read_zap

from .invoices import make_invoice, of_hex
from .signing import Signer

PAYER, PAYEE, WALLET, OTHER = (Signer(name) for name in ("payer", "payee", "wallet", "other"))
JOB = "e" * 64
PREIMAGE = "77" * 32
HASH = sha256(bytes.fromhex(PREIMAGE)).hexdigest()


def zap_request(signer: Signer = PAYER, *more: list[str], amount: str = "25000") -> Event:
    return signer.sign(9734, [["p", PAYEE.pubkey], ["e", JOB], ["amount", amount], *more], "thanks\u202e")


def receipt(request: Event | None, *more: list[str], amount: str = "250n") -> Event:
    description = request.json().decode() if request else ""
    fields = [of_hex("p", HASH), of_hex("h", sha256(description.encode()).hexdigest())]
    tags = [["p", PAYEE.pubkey], ["e", JOB], ["bolt11", make_invoice(amount, fields)]]
    return WALLET.sign(9735, [*tags, *([["description", description]] if request else []), *more])


def test_a_plain_zap_tells_payer_payee_amount_and_job() -> None:
    event = receipt(zap_request(), ["preimage", PREIMAGE], ["P", PAYER.pubkey])
    zap = read_zap(event)
    assert zap == ZapReceipt(
        id=event.id,
        invoice=zap.invoice,
        amount_msat=25_000,
        payer=PAYER.pubkey,
        payee=PAYEE.pubkey,
        anonymous=False,
        comment="thanks",
        event_id=JOB,
        request_author=PAYER.pubkey,
        preimage_matches=True,
        description_hash_matches=True,
        flags=(),
    )
    assert zap.invoice is not None
    assert zap.invoice.payment_hash == HASH


@pytest.mark.parametrize("anon", [["anon"], ["anon", "pzap1secret_iv1secret"]])
def test_an_anonymous_or_private_zap_has_no_payer(anon: list[str]) -> None:
    zap = read_zap(receipt(zap_request(OTHER, anon), ["P", OTHER.pubkey]))
    assert (zap.payer, zap.anonymous, zap.request_author) == (None, True, OTHER.pubkey)


def test_a_zap_request_signed_by_the_payee_has_no_payer() -> None:
    zap = read_zap(receipt(zap_request(PAYEE)))
    assert (zap.payer, zap.request_author, zap.flags) == (None, PAYEE.pubkey, ("signed-by-payee",))


@pytest.mark.parametrize(
    ("field", "value"),
    [("content", "x"), ("sig", "0" * 128), ("pubkey", OTHER.pubkey), ("tags", [[]]), ("id", 1)],
)
def test_a_forged_zap_request_names_no_payer_even_with_a_P_tag(field: str, value: object) -> None:
    forged = orjson.dumps({**orjson.loads(zap_request().json()), field: value}).decode()
    tags = [["p", PAYEE.pubkey], ["P", PAYER.pubkey], ["bolt11", make_invoice()], ["description", forged]]
    zap = read_zap(WALLET.sign(9735, tags))
    assert (zap.payer, zap.request_author, zap.comment) == (None, None, None)
    assert zap.flags == ("forged-zap-request",)
    assert (zap.payee, zap.amount_msat) == (PAYEE.pubkey, 25_000)


def test_a_signed_event_of_another_kind_is_no_zap_request() -> None:
    zap = read_zap(receipt(PAYER.sign(1, [["p", PAYEE.pubkey]])))
    assert (zap.payer, zap.flags) == (None, ("forged-zap-request",))


def test_without_a_zap_request_the_P_tag_names_the_payer_and_is_flagged() -> None:
    zap = read_zap(receipt(None, ["P", PAYER.pubkey]))
    assert (zap.payer, zap.flags) == (PAYER.pubkey, ("no-zap-request", "payer-unverified"))
    assert read_zap(receipt(None)).payer is None


@pytest.mark.parametrize(
    ("event", "flag"),
    [
        (receipt(zap_request(), ["P", OTHER.pubkey]), "payer-mismatch"),
        (receipt(zap_request(amount="1000")), "amount-mismatch"),
        (receipt(OTHER.sign(9734, [["p", OTHER.pubkey]])), "payee-mismatch"),
        (WALLET.sign(9735, [["p", PAYEE.pubkey], ["bolt11", "lnbc1"]]), "invoice-invalid"),
        (WALLET.sign(9735, []), "invoice-invalid"),
    ],
)
def test_contradictions_are_flagged(event: Event, flag: str) -> None:
    assert flag in read_zap(event).flags


def test_payee_and_job_come_from_the_zap_request_where_the_receipt_lacks_them() -> None:
    tags = [
        ["bolt11", make_invoice()],
        ["description", zap_request().json().decode()],
        ["p", "x"],
        ["e", "x"],
    ]
    zap = read_zap(WALLET.sign(9735, tags))
    assert (zap.payee, zap.event_id) == (PAYEE.pubkey, JOB)


@pytest.mark.parametrize(
    ("preimage", "matches"),
    [
        (PREIMAGE, True),
        (PREIMAGE.upper(), True),
        ("00" * 32, False),
        ("zz", False),
        ("", None),
        ("00" * 31, False),
    ],
)
def test_the_preimage_is_compared_with_the_payment_hash(preimage: str, matches: bool | None) -> None:
    assert read_zap(receipt(zap_request(), ["preimage", preimage])).preimage_matches is matches


def test_without_hashes_to_compare_nothing_is_said() -> None:
    tags = [
        ["bolt11", make_invoice(fields=[])],
        ["preimage", PREIMAGE],
        ["description", zap_request().json().decode()],
    ]
    zap = read_zap(WALLET.sign(9735, tags))
    assert (zap.preimage_matches, zap.description_hash_matches) == (None, None)


def test_another_description_does_not_match_the_invoice() -> None:
    tags = [
        ["bolt11", make_invoice(fields=[of_hex("h", "00" * 32)])],
        ["description", zap_request().json().decode()],
    ]
    assert read_zap(WALLET.sign(9735, tags)).description_hash_matches is False


NAMES = st.sampled_from(["p", "e", "P", "bolt11", "description", "preimage", "amount"])


@given(st.lists(st.lists(NAMES | st.text(max_size=70), min_size=1, max_size=3), max_size=8))
def test_any_tags_are_read_without_an_error(tags: list[list[str]]) -> None:
    zap = read_zap(Event("f" * 64, WALLET.pubkey, 0, 9735, tags, "", "0" * 128))
    assert zap.invoice is None


def test_the_24_real_receipts(real_events: list[Event]) -> None:
    zaps = [read_zap(event) for event in real_events if event.kind == 9735]
    assert len(zaps) == 24
    assert all(zap.amount_msat and zap.payee and zap.request_author for zap in zaps)
    assert Counter(zap.flags for zap in zaps) == {(): 22, ("signed-by-payee",): 2}
    assert sum(zap.payer is None for zap in zaps) == 2
    assert Counter(zap.preimage_matches for zap in zaps) == {True: 13, None: 11}
    assert Counter(zap.description_hash_matches for zap in zaps) == {True: 14, False: 2, None: 8}
    assert sum(zap.invoice is not None and zap.invoice.payment_hash is None for zap in zaps) == 6
