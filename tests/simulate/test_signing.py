from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nostr_sdk import Event

from dvmdash.simulate.signing import as_event, as_json, derive_keys, sign_event

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def test_keys_depend_on_seed_and_label_alone() -> None:
    assert derive_keys(1, "a").pubkey == derive_keys(1, "a").pubkey
    assert len({derive_keys(1, "a").pubkey, derive_keys(2, "a").pubkey, derive_keys(1, "b").pubkey}) == 3


@settings(max_examples=50)
@given(texts, st.lists(st.lists(texts, min_size=1, max_size=3), max_size=3))
def test_any_text_gives_an_event_that_others_verify(content: str, tags: list[list[str]]) -> None:
    event = sign_event(derive_keys(1, "a"), 1_750_000_000, 5050, tags, content)
    assert Event.from_json(as_json(event)).verify()


@pytest.mark.parametrize("text", ["\x00", "\x08\t\n\x0c\r", "\x1f\x7f", '"\\/', "\u2028\u2029", "😀"])
def test_awkward_characters_are_hashed_as_nip01_says(text: str) -> None:
    event = sign_event(derive_keys(1, "a"), 0, 1, [["t", text]], text)
    assert Event.from_json(as_json(event)).verify_id()


def test_protocol_form_keeps_every_field() -> None:
    event = sign_event(derive_keys(1, "a"), 12, 7000, [["e", "x"]], "hello")
    same = as_event(event)
    assert {name: getattr(same, name) for name in event} == event
