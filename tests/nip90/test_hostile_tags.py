"""Whatever stands in the tags and content of a well-shaped event, every reader answers within bounds."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from dvmdash.nip90.amounts import read_amount
from dvmdash.nip90.bolt11 import MAX_MSAT
from dvmdash.nip90.deletions import read_deletion
from dvmdash.nip90.event import Event
from dvmdash.nip90.inputs import input_digest, read_inputs
from dvmdash.nip90.linking import link, read_answer
from dvmdash.nip90.nutzaps import read_nutzap
from dvmdash.nip90.profiles import read_announcement
from dvmdash.nip90.receipts import read_zap
from dvmdash.nip90.request_tag import embedded_request, partial_request_id
from dvmdash.nip90.status import read_status

NAMES = st.sampled_from(
    [
        *("e", "p", "P", "i", "input", "a", "d", "k", "u", "s", "status", "amount", "request", "bolt11"),
        *("description", "preimage", "proof", "unit", "encrypted", "anon", ""),
    ]
)
JSON_TEXTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "amount", "secret"]), inner)
    ),
    max_leaves=6,
).map(lambda value: orjson.dumps(value).decode())
ITEMS = (
    st.text(max_size=30)
    | st.sampled_from(["a" * 64, "A" * 64, "free", "job", "lnbc1", "5300", "1e400"])
    | JSON_TEXTS
)
TAGS = st.lists(
    st.builds(lambda name, items: [name, *items], NAMES, st.lists(ITEMS, max_size=4)), max_size=12
)
EVENTS = st.builds(
    Event,
    id=st.just("f" * 64),
    pubkey=st.just("1" * 64),
    created_at=st.integers(0, 2**63 - 1),
    kind=st.sampled_from([0, 5, 5050, 6050, 6600, 7000, 9321, 9735, 31990]),
    tags=TAGS,
    content=st.text(max_size=50) | JSON_TEXTS,
    sig=st.just("0" * 128),
)


@given(EVENTS)
def test_answers_are_read_and_linked(event: Event) -> None:
    assert embedded_request(event) is None
    answer = read_answer(event, None)
    found = link(answer, {})
    assert (found is None) == (not answer.candidates and partial_request_id(event) is None)


@given(EVENTS)
def test_statuses_inputs_and_amounts_are_read(event: Event) -> None:
    status, amount = read_status(event), read_amount(event.tags)
    assert status is None or len(status.raw or "") <= 64
    assert amount is None or amount.msat is None or 0 <= amount.msat <= MAX_MSAT
    assert all(len(one.preview) <= 280 for one in read_inputs(event.tags))
    assert input_digest(event.tags) is None or len(input_digest(event.tags) or "") == 64


@given(EVENTS)
def test_payments_are_read(event: Event) -> None:
    amounts = [read_zap(event).amount_msat, read_nutzap(event).amount_msat]
    assert all(amount is None or 0 <= amount <= MAX_MSAT for amount in amounts)


@given(EVENTS)
def test_announcements_and_deletions_are_read(event: Event) -> None:
    assert all(0 <= kind <= 65535 for kind in read_announcement(event).kinds)
    assert all(address.pubkey == event.pubkey for address in read_deletion(event).coordinates)
