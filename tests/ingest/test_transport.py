"""Reading EVENT frames without touching the event in them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvmdash.ingest.transport import read_event_frame


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ('["EVENT","live0",{"id":1}]', ("live0", b'{"id":1}')),
        (' [ "EVENT" , "a\\"b" , { "x" : [1, 2] } ] ', ('a"b', b'{ "x" : [1, 2] }')),
        ('["EVENT","s",7]', ("s", b"7")),
        ('["EVENT","s",{"broken]', ("s", b'{"broken')),
        ('["EVENT","s",]', ("s", b"")),
        ('["EVENT","s",{}', None),
        ('["EVENT","s"]', None),
        ('["EVENT",{"id":1}]', None),
        ('["EOSE","s"]', None),
        ('["EVENTS","s",{}]', None),
        ("EVENT", None),
        ("", None),
        ("[", None),
        ('["EVENT"', None),
    ],
)
def test_a_frame_gives_its_subscription_and_its_event(frame: str, expected: tuple[str, bytes] | None) -> None:
    assert read_event_frame(frame) == expected


@given(name=st.text(), content=st.text())
def test_whatever_is_in_it_the_event_comes_out_as_it_was(name: str, content: str) -> None:
    event = json.dumps({"content": content})
    frame = f"[{json.dumps('EVENT')},{json.dumps(name)},{event}]"

    assert read_event_frame(frame) == (name, event.encode())


@given(st.text())
def test_no_text_breaks_the_reader(frame: str) -> None:
    read_event_frame(frame)
