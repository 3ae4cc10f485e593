from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nostr_sdk import Event as SdkEvent

from dvmdash.nip90.checks import check_event, check_policy, event_digest, event_of, parse_event, verify
from dvmdash.nip90.errors import EventRefused, Refusal
from dvmdash.nip90.event import MAX_EVENT_BYTES, Event
from dvmdash.nip90.kinds import default_registry

from .signing import NOW, Signer, as_json

KINDS = default_registry()
GOOD = Signer("customer").sign(5050, [["i", "hello", "text"]], "content")


def check(raw: bytes | str) -> Event:
    return check_event(raw, now=NOW, kinds=KINDS)


def refusal(raw: bytes | str) -> Refusal:
    with pytest.raises(EventRefused) as refused:
        check(raw)
    assert refused.value.detail
    return refused.value.reason


def with_field(field: str, value: Any) -> bytes:
    return json.dumps({**orjson.loads(as_json(GOOD)), field: value}).encode()


def without(field: str) -> bytes:
    return orjson.dumps({k: v for k, v in orjson.loads(as_json(GOOD)).items() if k != field})


def with_literal(field: str, literal: bytes) -> bytes:
    return with_field(field, "LITERAL").replace(b'"LITERAL"', literal)


def test_a_well_signed_event_passes_as_bytes_and_as_text() -> None:
    assert check(as_json(GOOD)) == GOOD
    assert check(as_json(GOOD).decode()) == GOOD


REFUSED: list[tuple[str, bytes | str, Refusal]] = [
    ("empty", b"", Refusal.BAD_JSON),
    ("cut off", as_json(GOOD)[:-1], Refusal.BAD_JSON),
    ("NaN", with_literal("created_at", b"NaN"), Refusal.BAD_JSON),
    ("infinity", with_literal("kind", b"Infinity"), Refusal.BAD_JSON),
    ("invalid UTF-8", with_literal("content", b'"\xff\xfe"'), Refusal.BAD_JSON),
    ("overlong UTF-8", with_literal("content", b'"\xc0\xaf"'), Refusal.BAD_JSON),
    ("escaped lone surrogate", with_literal("content", b'"\\ud800"'), Refusal.BAD_JSON),
    ("raw lone surrogate in a text", as_json(GOOD).decode().replace("hello", "\udfff"), Refusal.BAD_JSON),
    ("deep nesting", b"[" * 20_000, Refusal.BAD_JSON),
    ("deep nesting in a field", with_literal("tags", b"[" * 60_000), Refusal.BAD_JSON),
    ("byte order mark", b"\xef\xbb\xbf" + as_json(GOOD), Refusal.BAD_JSON),
    ("two events", as_json(GOOD) * 2, Refusal.BAD_JSON),
    ("a list", b"[]", Refusal.NOT_AN_OBJECT),
    ("a string", b'"hello"', Refusal.NOT_AN_OBJECT),
    ("null", b"null", Refusal.NOT_AN_OBJECT),
    ("an empty object", b"{}", Refusal.MISSING_FIELD),
    *[(f"no {field}", without(field), Refusal.MISSING_FIELD) for field in orjson.loads(as_json(GOOD))],
    ("id null", with_field("id", None), Refusal.WRONG_TYPE),
    ("pubkey a number", with_field("pubkey", 7), Refusal.WRONG_TYPE),
    ("sig a list", with_field("sig", []), Refusal.WRONG_TYPE),
    ("content an object", with_field("content", {}), Refusal.WRONG_TYPE),
    ("content null", with_field("content", None), Refusal.WRONG_TYPE),
    ("tags an object", with_field("tags", {}), Refusal.WRONG_TYPE),
    ("tags a string", with_field("tags", "e"), Refusal.WRONG_TYPE),
    ("kind a string", with_field("kind", "5050"), Refusal.WRONG_TYPE),
    ("kind true", with_field("kind", True), Refusal.WRONG_TYPE),
    ("created_at a string", with_field("created_at", str(NOW)), Refusal.WRONG_TYPE),
    ("created_at true", with_field("created_at", True), Refusal.WRONG_TYPE),
    ("uppercase id", with_field("id", GOOD.id.upper()), Refusal.BAD_HEX),
    ("uppercase pubkey", with_field("pubkey", GOOD.pubkey.upper()), Refusal.BAD_HEX),
    ("uppercase sig", with_field("sig", GOOD.sig.upper()), Refusal.BAD_HEX),
    ("short id", with_field("id", GOOD.id[:-2]), Refusal.BAD_HEX),
    ("id with a line end", with_field("id", GOOD.id + "\n"), Refusal.BAD_HEX),
    ("full-width digits", with_field("id", "\uff11" * 64), Refusal.BAD_HEX),
    ("id as an npub", with_field("pubkey", "npub1" + "q" * 58), Refusal.BAD_HEX),
    ("sig of 64 digits", with_field("sig", GOOD.sig[:64]), Refusal.BAD_HEX),
    ("negative created_at", with_field("created_at", -1), Refusal.BAD_CREATED_AT),
    ("float created_at", with_field("created_at", NOW - 0.5), Refusal.BAD_CREATED_AT),
    ("float created_at of whole seconds", with_field("created_at", float(NOW - 60)), Refusal.BAD_CREATED_AT),
    ("created_at of 30 digits", with_field("created_at", 10**30), Refusal.BAD_CREATED_AT),
    ("created_at beyond 63 bits", with_field("created_at", 2**63), Refusal.BAD_CREATED_AT),
    ("negative kind", with_field("kind", -1), Refusal.BAD_KIND),
    ("kind beyond 16 bits", with_field("kind", 65536), Refusal.BAD_KIND),
    ("kind of 400 digits", with_literal("kind", b"9" * 300), Refusal.BAD_KIND),
    ("float kind", with_field("kind", 5050.0), Refusal.BAD_KIND),
    ("empty tag", with_field("tags", [["p", "x"], []]), Refusal.BAD_TAG),
    ("tag is a string", with_field("tags", ["e"]), Refusal.BAD_TAG),
    ("tag item a number", with_field("tags", [["e", 1]]), Refusal.BAD_TAG),
    ("tag item null", with_field("tags", [["e", None]]), Refusal.BAD_TAG),
    ("tag item a list", with_field("tags", [["e", ["x"]]]), Refusal.BAD_TAG),
    ("denied kind", as_json(Signer("customer").sign(5969)), Refusal.UNWANTED_KIND),
    ("kind of no interest", as_json(Signer("customer").sign(1)), Refusal.UNWANTED_KIND),
    ("901 s ahead", as_json(Signer("customer").sign(5050, created_at=NOW + 901)), Refusal.IN_THE_FUTURE),
    ("far ahead", with_field("created_at", 2**63 - 1), Refusal.IN_THE_FUTURE),
    ("changed content", with_field("content", "other"), Refusal.WRONG_ID),
    ("changed id", with_field("id", "0" * 64), Refusal.WRONG_ID),
    ("changed date", with_field("created_at", GOOD.created_at - 1), Refusal.WRONG_ID),
    ("zero signature", with_field("sig", "0" * 128), Refusal.WRONG_SIGNATURE),
    ("someone else's signature", with_field("sig", Signer("other").sign(5050).sig), Refusal.WRONG_SIGNATURE),
    ("too large", with_field("content", "x" * MAX_EVENT_BYTES), Refusal.TOO_LARGE),
    ("too large in bytes, not in characters", with_literal("content", b'"' + "ä".encode() * 65_536 + b'"'),
     Refusal.TOO_LARGE),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_fails_a_check_is_refused_with_its_reason(raw: bytes | str, reason: Refusal) -> None:
    assert refusal(raw) is reason


def test_the_table_above_covers_every_reason() -> None:
    assert {reason for _, _, reason in REFUSED} == set(Refusal)


def test_a_key_that_is_no_point_on_the_curve_is_a_wrong_signature() -> None:
    forged = replace(GOOD, pubkey="f" * 64)
    forged = replace(forged, id=event_digest(forged).hex())
    assert refusal(as_json(forged)) is Refusal.WRONG_SIGNATURE


def test_exactly_900_seconds_ahead_passes() -> None:
    ahead = Signer("customer").sign(5050, created_at=NOW + 900)
    assert check(as_json(ahead)) == ahead


def test_an_event_of_exactly_the_largest_size_passes_the_size_check() -> None:
    padding = MAX_EVENT_BYTES - len(as_json(Signer("customer").sign(5050)))
    largest = Signer("customer").sign(5050, content="x" * padding)
    assert len(as_json(largest)) == MAX_EVENT_BYTES
    assert check(as_json(largest)) == largest
    assert refusal(as_json(largest) + b" ") is Refusal.TOO_LARGE


def test_unknown_fields_are_ignored_and_the_last_of_a_repeated_key_counts() -> None:
    text = as_json(GOOD).decode()
    assert check('{"seen_on": ["x"], "content": "first",' + text[1:]) == GOOD
    assert refusal(text[:-1] + ',"content":"last"}') is Refusal.WRONG_ID


def test_the_pieces_check_their_part_alone() -> None:
    forged = replace(GOOD, sig="0" * 128, kind=1, created_at=NOW + 5_000)
    assert parse_event(as_json(forged)) == forged
    check_policy(replace(forged, kind=5050, created_at=NOW), now=NOW, kinds=KINDS)
    verify(Signer("customer").sign(1, created_at=NOW + 5_000))


@pytest.mark.parametrize(
    "value",
    [10**10_000, -(10**10_000), float("nan"), float("inf"), 1.5],
    ids=["huge", "huge negative", "NaN", "infinite", "fraction"],
)
@pytest.mark.parametrize(
    ("field", "reason"), [("kind", Refusal.BAD_KIND), ("created_at", Refusal.BAD_CREATED_AT)]
)
def test_already_decoded_numbers_of_any_size_are_refused(field: str, reason: Refusal, value: float) -> None:
    with pytest.raises(EventRefused) as refused:
        event_of({**orjson.loads(as_json(GOOD)), field: value})
    assert refused.value.reason is reason


def test_an_event_writes_itself_as_json() -> None:
    assert check(GOOD.json()) == GOOD


def test_of_the_real_events_298_pass_and_74_are_of_kinds_not_collected(real_lines: list[bytes]) -> None:
    outcomes: Counter[str] = Counter()
    unwanted: Counter[int] = Counter()
    for line in real_lines:
        try:
            check(line)
            outcomes["accepted"] += 1
        except EventRefused as error:
            outcomes[error.reason] += 1
            unwanted[orjson.loads(line)["kind"]] += 1
    assert outcomes == {"accepted": 298, Refusal.UNWANTED_KIND: 74}
    assert {kind: n for kind, n in unwanted.items() if KINDS.denied(kind) is None} == {
        9734: 31,
        1059: 21,
        9733: 1,
    }


def test_every_real_event_verifies_as_it_does_for_nostr_sdk(real_lines: list[bytes]) -> None:
    for line in real_lines:
        verify(parse_event(line))
        assert SdkEvent.from_json(line.decode()).verify()


AWKWARD = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('\x00\x08\x0c\x1f\x7f\u2028\u2029"\\/\ufeff')
)


@settings(max_examples=150, deadline=None)
@given(content=AWKWARD, value=AWKWARD)
def test_ids_agree_with_nostr_sdk_for_every_text(content: str, value: str) -> None:
    event = Signer("customer").sign(5050, [["i", value]], content)
    assert check(as_json(event)) == event
    assert SdkEvent.from_json(as_json(event).decode()).verify()


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(raw=st.binary(max_size=300) | st.text(max_size=300))
def test_arbitrary_input_raises_nothing_but_a_refusal(raw: bytes | str) -> None:
    with pytest.raises(EventRefused):
        check(raw)


@settings(max_examples=300, deadline=None)
@given(field=st.sampled_from(list(orjson.loads(as_json(GOOD)))), value=JSON_VALUES)
def test_an_arbitrary_field_raises_nothing_but_a_refusal(field: str, value: Any) -> None:
    raw = with_field(field, value)
    if orjson.loads(as_json(GOOD))[field] == value and type(value) is type(
        orjson.loads(as_json(GOOD))[field]
    ):
        assert check(raw) == GOOD
    else:
        assert refusal(raw) in set(Refusal)


@settings(max_examples=200, deadline=None)
@given(position=st.integers(0, len(as_json(GOOD)) - 1), byte=st.integers(0, 255))
def test_one_changed_byte_never_passes_as_another_event(position: int, byte: int) -> None:
    raw = bytearray(as_json(GOOD))
    raw[position] = byte
    if bytes(raw) == as_json(GOOD):
        assert check(bytes(raw)) == GOOD
    else:
        assert refusal(bytes(raw)) in set(Refusal)
