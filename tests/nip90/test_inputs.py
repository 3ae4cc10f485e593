from __future__ import annotations

from hashlib import sha256

import pytest

from dvmdash.nip90.event import Event
from dvmdash.nip90.inputs import MAX_INPUTS, InputType, input_digest, read_inputs

A = "a" * 64


@pytest.mark.parametrize(
    ("tag", "kind", "value", "relay", "marker", "event_id"),
    [
        (["i", "hello", "text"], InputType.TEXT, "hello", None, None, None),
        (["i", "hello"], InputType.UNKNOWN, "hello", None, None, None),
        (["i", "hello", ""], InputType.UNKNOWN, "hello", None, None, None),
        (["i", "hello", "prompt"], InputType.TEXT, "hello", None, None, None),
        (["i", "hello", "poem"], InputType.UNKNOWN, "hello", None, None, None),
        (["i", "https://x.example/a", "URL"], InputType.URL, "https://x.example/a", None, None, None),
        (["i", A, "event", "wss://r.example"], InputType.EVENT, A, "wss://r.example", None, A),
        (["i", A, "job"], InputType.JOB, A, None, None, A),
        (["i", A, "job", "background"], InputType.JOB, A, None, "background", A),
        (["i", A, "job", "", "mask"], InputType.JOB, A, None, "mask", A),
        (["i", A, "job", "wss://r.example", "mask"], InputType.JOB, A, "wss://r.example", "mask", A),
        (["i", "note1xyz", "event"], InputType.EVENT, "note1xyz", None, None, None),
        (["input", "text", "Hi"], InputType.TEXT, "Hi", None, None, None),
        (["i", "text", "Hi"], InputType.TEXT, "Hi", None, None, None),
        (["i", "text", "text"], InputType.TEXT, "text", None, None, None),
        (["i", "job"], InputType.UNKNOWN, "job", None, None, None),
    ],
)
def test_inputs_are_read_in_all_their_forms(
    tag: list[str], kind: InputType, value: str, relay: str | None, marker: str | None, event_id: str | None
) -> None:
    (read,) = read_inputs([["p", "x"], tag])
    assert (read.type, read.preview, read.relay, read.marker, read.event_id) == (
        kind,
        value,
        relay,
        marker,
        event_id,
    )
    assert (read.digest, read.length) == (sha256(value.encode()).hexdigest(), len(value))


def test_inputs_are_bounded_in_number_and_text() -> None:
    read = read_inputs([["i", "x" * 50_000, "text", "m" * 5_000]] * 100)
    assert len(read) == MAX_INPUTS
    assert (len(read[0].preview), read[0].length) == (280, 50_000)
    assert len(read[0].marker or "") == 40


def test_tags_without_a_value_are_no_inputs() -> None:
    assert read_inputs([["i"], ["e", A], ["inputs", "x"]]) == ()


def test_equal_values_have_equal_digests_whatever_stands_beside_them() -> None:
    digest = input_digest([["i", "a", "text"], ["p", "x"], ["i", "b"]])
    assert digest == input_digest([["i", "a", "url", "wss://r"], ["i", "b", "text"], ["e", "x"]])
    assert digest is not None
    assert len(digest) == 64


@pytest.mark.parametrize("other", [["b", "a"], ["ab"], ["a"], ["a", "b", ""], ['a","b']])
def test_other_values_have_other_digests(other: list[str]) -> None:
    assert input_digest([["i", value] for value in other]) != input_digest([["i", "a"], ["i", "b"]])


def test_no_input_has_no_digest() -> None:
    assert input_digest([["i"], ["e", A]]) is None


def test_a_real_result_repeats_the_input_of_its_request(real_events: list[Event]) -> None:
    by_id = {event.id: event for event in real_events}
    pairs = [(e, by_id[e.first("e") or ""]) for e in real_events if e.kind == 6050 and e.first("e") in by_id]
    digests = [(input_digest(result.tags), input_digest(request.tags)) for result, request in pairs]
    assert len(digests) == 2
    assert any(result is not None and result == request for result, request in digests)
