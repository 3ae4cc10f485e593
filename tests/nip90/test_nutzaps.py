from __future__ import annotations

import orjson
import pytest

from dvmdash.nip90.event import Event
from dvmdash.nip90.nutzaps import Nutzap, read_nutzap

from .signing import Signer

PAYER = Signer("payer")
PAYEE, JOB = "b" * 64, "e" * 64


def proof(amount: object, coin: object = "s1") -> list[str]:
    return ["proof", orjson.dumps({"amount": amount, "secret": coin, "C": "02", "id": "00"}).decode()]


def nutzap(*tags: list[str], content: str = "") -> Nutzap:
    return read_nutzap(PAYER.sign(9321, list(tags), content))


def test_a_nutzap_tells_payer_payee_amount_job_and_mint() -> None:
    read = nutzap(
        proof(64),
        proof(36, "s2"),
        ["u", "https://mint.example.com"],
        ["p", PAYEE],
        ["e", JOB],
        content="hi\x00",
    )
    assert (read.amount_msat, read.unit, read.mint) == (100_000, "sat", "https://mint.example.com")
    assert (read.payer, read.payee, read.event_id, read.comment) == (PAYER.pubkey, PAYEE, JOB, "hi")


@pytest.mark.parametrize(
    ("unit", "msat"), [("sat", 21_000), ("SAT", 21_000), ("msat", 21), ("usd", None), ("x" * 999, None)]
)
def test_only_bitcoin_units_have_an_amount(unit: str, msat: int | None) -> None:
    assert nutzap(proof(21), ["unit", unit]).amount_msat == msat


@pytest.mark.parametrize(
    "tags",
    [
        [],
        [["amount", "100"]],
        [proof(-1)],
        [proof(5), proof(-5, "s2")],
        [proof(1.5)],
        [proof(1e300)],
        [proof("100")],
        [proof(True)],
        [proof(None)],
        [proof(5, None)],
        [proof(2**63)],
        [proof(2_100_000_000_000_001)],
        [["proof", "{"]],
        [["proof", "[1]"]],
        [["proof", '"x"']],
        [["proof", "7"]],
        [["proof", "{}"]],
        [proof(5), ["proof", ""]],
        [proof(1, f"s{number}") for number in range(501)],
    ],
)
def test_a_bad_or_absurd_proof_leaves_no_amount(tags: list[list[str]]) -> None:
    assert nutzap(*tags).amount_msat is None


def test_the_same_coin_twice_counts_once() -> None:
    assert nutzap(proof(50), proof(50)).amount_msat == 50_000


def test_names_that_are_no_keys_are_left_out_and_the_mint_is_bounded() -> None:
    read = nutzap(proof(1), ["p", "npub1x"], ["e", ""], ["u", "https://m/" + "x" * 999])
    assert (read.payee, read.event_id) == (None, None)
    assert read.mint is not None
    assert len(read.mint) == 200


def test_the_12_real_nutzaps(real_events: list[Event]) -> None:
    read = [read_nutzap(event) for event in real_events if event.kind == 9321]
    assert sorted(str(one.amount_msat) for one in read) == ["100000"] * 9 + ["50000"] + ["None"] * 2
    assert sum(one.payee is None for one in read) == 1
