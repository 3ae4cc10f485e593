from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest

from dvmdash.graphql.errors import PageRefused
from dvmdash.graphql.paging import Key, page_size, read_cursor


def encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize("created_at", [0, 1_780_000_000, 2**63 - 1])
def test_a_cursor_reads_back(created_at: int) -> None:
    key = Key(created_at, "ab" * 32)
    assert read_cursor(key.cursor()) == key


def test_without_a_cursor_everything_is_before() -> None:
    key = read_cursor(None)
    assert key.created_at == 2**63 - 1
    assert key.id > "f" * 64


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "garbage",
        "%%%",
        "é",
        "\ud800",
        "A" * 10_000,
        encoded("no number:abc"),
        encoded("17"),
        encoded("17:"),
        encoded(f"17:{'z' * 64}"),
        encoded("17.5:" + "ab" * 32),
        encoded(f"-1:{'ab' * 32}"),
        encoded(f"{2**63}:{'ab' * 32}"),
        encoded(f"{'9' * 100}:{'ab' * 32}"),
        encoded("\u0661:" + "ab" * 32) + "!",
    ],
)
def test_what_is_no_cursor_is_refused_with_what_to_pass(cursor: str) -> None:
    with pytest.raises(PageRefused, match="`after` is no cursor; pass an endCursor that this field returned"):
        read_cursor(cursor)


@pytest.mark.parametrize("first", [1, 50, 100])
def test_a_page_has_1_to_100_rows(first: int) -> None:
    assert page_size(first) == first


@pytest.mark.parametrize("first", [-(2**31), -1, 0, 101, 2**31 - 1])
def test_another_page_size_is_refused_with_the_limits(first: int) -> None:
    with pytest.raises(PageRefused, match=f"`first` is {first}; a page has 1 to 100 rows"):
        page_size(first)
