from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvmdash.nip90.previews import preview, short_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("hello", "hello"),
        ("", ""),
        ("  two\n\n lines\t\r\n", "two lines"),
        ("a\x00b\x1b[31mc\x7f\x9f", "ab[31mc"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("\u2066a\u2069\u200f\u061c", "a"),
        ("z\u200be\u200dr\u2060o\ufeff", "zero"),
        ("a\u2028b\u2029c\u0085d", "a b c d"),
        ("\u3164\u2800\uffa0", ""),
        ("x\U000e0041\U000e007f", "x"),
        ("half\ud83d", "half"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("grüße 你好 🤙🏽", "grüße 你好 🤙🏽"),
        ("1234567890", "1234567890"),
        ("12345678901", "123456789…"),
        ("12345678 01", "12345678…"),
    ],
)
def test_a_preview_shows_harmless_text_on_one_line(text: str, shown: str) -> None:
    assert preview(text, 10 if text.startswith("1") else 40) == shown


def test_a_preview_of_much_text_is_bounded_and_says_that_more_follows() -> None:
    assert preview("x" * 10_000_000, 20) == "x" * 19 + "…"
    assert preview("\u200b" * 10_000_000, 20) == "…"


@given(st.text(max_size=500), st.integers(1, 60))
def test_no_preview_exceeds_its_limit_or_holds_control_or_format_characters(text: str, limit: int) -> None:
    shown = preview(text, limit)
    assert len(shown) <= limit
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not any(
        unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        for c in shown
    )


@pytest.mark.parametrize("value", [None, 7, [], {}, True, "", " ", "\u200b"])
def test_what_is_no_text_or_shows_nothing_is_none(value: object) -> None:
    assert short_text(value) is None
