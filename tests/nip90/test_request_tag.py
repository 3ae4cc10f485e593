from __future__ import annotations

import orjson
import pytest

from dvmdash.nip90.event import Event
from dvmdash.nip90.request_tag import embedded_request, partial_request_id

from .signing import Signer

REQUEST = Signer("customer").sign(5050, [["i", "hello", "text"]])
A = "a" * 64


def result(text: str) -> Event:
    return Signer("dvm").sign(6050, [["request", text]])


def altered(**fields: object) -> str:
    return orjson.dumps({**orjson.loads(REQUEST.json()), **fields}).decode()


def test_a_whole_signed_request_is_taken_out_of_its_result() -> None:
    event = result(REQUEST.json().decode())
    assert embedded_request(event) == REQUEST
    assert partial_request_id(event) == REQUEST.id


@pytest.mark.parametrize("kind", [1, 6050, 7000, 5969, 9734])
def test_only_a_job_request_is_taken(kind: int) -> None:
    assert embedded_request(result(Signer("customer").sign(kind).json().decode())) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        A,
        "{" * 5_000,
        altered(content="forged"),
        altered(sig="0" * 128),
        altered(pubkey="f" * 64),
        altered(tags=[[]]),
        altered(created_at=10**18),
        '{"id":"' + A + '","kind":5050}',
    ],
)
def test_what_is_not_whole_or_not_signed_is_not_taken(text: str) -> None:
    assert embedded_request(result(text)) is None


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ('{"id":"' + A + '","kind":5050}', A),
        (altered(content="forged"), REQUEST.id),
        (A, A),
        (f" {A} ", A),
        ("{'id': '" + A + "', 'pubkey': 'x'}", A),
        ('{"id":"' + A.upper() + '"}', None),
        ('{"id":7}', None),
        ('["' + A + '"]', None),
        ("", None),
        ("[" * 5_000, None),
    ],
)
def test_an_id_is_claimed_by_what_is_left_of_the_request(text: str, claimed: str | None) -> None:
    assert partial_request_id(result(text)) == claimed


def test_no_request_tag_means_no_request() -> None:
    event = Signer("dvm").sign(6050, [["request"]])
    assert embedded_request(event) is None
    assert partial_request_id(event) is None
