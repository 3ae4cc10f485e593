from __future__ import annotations

import orjson
import pytest

from dvmdash.ingest.admission import Admission
from dvmdash.ingest.entry import Source
from dvmdash.nip90 import log
from dvmdash.nip90.errors import EventRefused, Refusal

from .signing import NOW, event, raw, result_carrying


def gate() -> Admission:
    return Admission(clock=lambda: NOW)


def test_a_valid_event_is_admitted_with_the_bytes_it_came_in() -> None:
    text = b" " + raw(event("hello")) + b" "
    (entry,) = gate().admit(text, Source.RELAY, "wss://relay.example")
    assert entry.raw == text
    assert entry.subject == f"dvm.event.5050.{entry.event.id}"
    assert entry.headers() == {log.HEADER_SOURCE: "relay", log.HEADER_RELAY: "wss://relay.example"}


def test_the_same_text_is_admitted_once() -> None:
    admission = gate()
    text = raw(event("hello"))
    assert len(admission.admit(text, Source.RELAY)) == 1
    assert admission.admit(text, Source.IMPORT) == []


def test_the_same_event_written_otherwise_is_admitted_and_left_to_the_log() -> None:
    admission = gate()
    signed = event("hello")
    admission.admit(raw(signed), Source.RELAY)
    assert len(admission.admit(orjson.dumps(signed, option=orjson.OPT_INDENT_2), Source.RELAY)) == 1


def test_a_forgery_with_a_known_id_is_refused_before_and_after_the_genuine_event() -> None:
    admission = gate()
    genuine = event("hello")
    forged = raw({**genuine, "content": "forged"})
    for _ in range(2):
        with pytest.raises(EventRefused) as refused:
            admission.admit(forged, Source.RELAY)
        assert refused.value.reason is Refusal.WRONG_ID
        admission.admit(raw(genuine), Source.RELAY)
    assert len(gate().admit(raw(genuine), Source.RELAY)) == 1


def test_a_forgery_seen_first_does_not_keep_the_genuine_event_out() -> None:
    admission = gate()
    genuine = event("hello")
    with pytest.raises(EventRefused):
        admission.admit(raw({**genuine, "sig": "0" * 128}), Source.RELAY)
    assert len(admission.admit(raw(genuine), Source.RELAY)) == 1


def test_the_memory_of_texts_is_bounded() -> None:
    admission = Admission(clock=lambda: NOW, remembered=2)
    first, *others = [raw(event(str(number))) for number in range(4)]
    for text in (first, *others):
        admission.admit(text, Source.RELAY)
    assert len(admission.admit(first, Source.RELAY)) == 1
    assert admission.admit(others[-1], Source.RELAY) == []


def test_a_result_brings_the_request_it_carries() -> None:
    request = event("prompt", tags=[["i", "x", "text"]])
    carried, result = gate().admit(raw(result_carrying(request)), Source.IMPORT)
    assert carried.source is Source.EMBEDDED
    assert orjson.loads(carried.raw) == request
    assert carried.event.id == request["id"]
    assert result.headers()[log.HEADER_REQUEST] == request["id"]


def test_a_known_request_is_not_brought_again_but_still_vouched_for() -> None:
    admission = gate()
    request = event("prompt")
    admission.admit(raw(request), Source.RELAY)
    (result,) = admission.admit(raw(result_carrying(request)), Source.RELAY)
    assert result.request_id == request["id"]
    (second,) = admission.admit(raw(result_carrying(request, at=NOW + 9)), Source.RELAY)
    assert second.request_id == request["id"]


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"id": 1}', "\ud800"])
def test_a_result_survives_whatever_its_request_tag_holds(text: str) -> None:
    request = event("prompt")
    if text == "\ud800":
        with pytest.raises((EventRefused, TypeError)):
            gate().admit(raw(result_carrying(request, text=text)), Source.RELAY)
        return
    (result,) = gate().admit(raw(result_carrying(request, text=text)), Source.RELAY)
    assert result.request_id is None


def test_a_forged_carried_request_is_left_out() -> None:
    request = event("prompt")
    forged = orjson.dumps({**request, "content": "other"}).decode()
    (result,) = gate().admit(raw(result_carrying(request, text=forged)), Source.RELAY)
    assert result.request_id is None
    assert log.HEADER_REQUEST not in result.headers()


def test_a_carried_request_from_the_future_is_vouched_for_but_not_brought() -> None:
    request = event("prompt", at=NOW + 901)
    (result,) = gate().admit(raw(result_carrying(request)), Source.RELAY)
    assert result.request_id == request["id"]


GOOD = event("hello")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"id":', Refusal.BAD_JSON),
        (b"\xff\xfe{}", Refusal.BAD_JSON),
        (b"[1]", Refusal.NOT_AN_OBJECT),
        (raw({k: v for k, v in GOOD.items() if k != "sig"}), Refusal.MISSING_FIELD),
        (raw({**GOOD, "content": 7}), Refusal.WRONG_TYPE),
        (raw({**GOOD, "pubkey": GOOD["pubkey"].upper()}), Refusal.BAD_HEX),
        (raw(event(tags=[[]])), Refusal.BAD_TAG),
        (raw({**GOOD, "tags": [["a", 1]]}), Refusal.BAD_TAG),
        (raw({**GOOD, "created_at": -1}), Refusal.BAD_CREATED_AT),
        (raw({**GOOD, "created_at": 1.5}), Refusal.BAD_CREATED_AT),
        (raw(event(kind=65_536)), Refusal.BAD_KIND),
        (raw(event(kind=5969)), Refusal.UNWANTED_KIND),
        (raw(event(at=NOW + 901)), Refusal.IN_THE_FUTURE),
        (raw({**GOOD, "content": "other"}), Refusal.WRONG_ID),
        (raw({**GOOD, "sig": "0" * 128}), Refusal.WRONG_SIGNATURE),
        (raw(event("x" * 131_072)), Refusal.TOO_LARGE),
    ],
)
def test_every_reason_keeps_an_event_out(text: bytes, reason: Refusal) -> None:
    with pytest.raises(EventRefused) as refused:
        gate().admit(text, Source.RELAY)
    assert refused.value.reason is reason


def test_exactly_fifteen_minutes_ahead_is_admitted() -> None:
    assert len(gate().admit(raw(event(at=NOW + 900)), Source.RELAY)) == 1
