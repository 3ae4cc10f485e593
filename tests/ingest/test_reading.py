from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvmdash.ingest.errors import ArchiveUnreadable
from dvmdash.ingest.reading import Record, read_records
from dvmdash.nip90.event import MAX_EVENT_BYTES


class Drip:
    """Gives at most `step` bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._data = io.BytesIO(data)
        self._step = step

    def read(self, size: int, /) -> bytes:
        return self._data.read(min(size, self._step))


class Endless:
    """Gives a head, then `length` bytes of filling, then a tail, without ever holding them."""

    def __init__(self, head: bytes, filling: bytes, length: int, tail: bytes) -> None:
        self._pieces = self._cut(head, filling, length, tail)

    @staticmethod
    def _cut(head: bytes, filling: bytes, length: int, tail: bytes) -> Iterator[bytes]:
        yield head
        block = filling * (256 * 1024 // len(filling))
        for _ in range(length // len(block)):
            yield block
        yield tail

    def read(self, _size: int, /) -> bytes:
        return next(self._pieces, b"")


def records(data: bytes, step: int = 1 << 20) -> list[Record]:
    return list(read_records(Drip(data, step), "events.jsonl"))


def texts(data: bytes, step: int = 1 << 20) -> list[bytes]:
    return [record.raw for record in records(data, step)]


def test_lines_keep_their_numbers_over_empty_lines_and_carriage_returns() -> None:
    found = records(b'\xef\xbb\xbf\n{"a":1}\r\n\n  \n{"b":2}')
    assert [(record.line, record.item, record.raw) for record in found] == [
        (2, None, b'{"a":1}'),
        (5, None, b'{"b":2}'),
    ]


def test_items_of_an_array_are_cut_at_their_commas_and_keep_lines_and_numbers() -> None:
    found = records(b' [\n {"a": [1, {"x": "]},"}]},\n\n 5 , "a\\"b,"\n]\n')
    assert [(record.line, record.item, record.raw) for record in found] == [
        (2, 1, b'{"a": [1, {"x": "]},"}]}'),
        (4, 2, b"5"),
        (4, 3, b'"a\\"b,"'),
    ]


@pytest.mark.parametrize("data", [b"", b"\n \n", b"[]", b" [ ] \n"])
def test_nothing_is_read_from_an_empty_archive(data: bytes) -> None:
    assert records(data) == []


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(JSON_VALUES), st.integers(1, 40), st.booleans(), st.sampled_from([None, 1]))
def test_any_array_in_any_pieces_gives_back_its_items(
    values: list[object], step: int, plain: bool, indent: int | None
) -> None:
    data = json.dumps(values, ensure_ascii=not plain, indent=indent).encode("utf-8", "surrogatepass")
    assert [json.loads(text.decode("utf-8", "surrogatepass")) for text in texts(data, step)] == values


@given(st.lists(st.dictionaries(st.text(), st.text())), st.integers(1, 40))
def test_any_lines_in_any_pieces_come_back(values: list[dict[str, str]], step: int) -> None:
    data = b"".join(json.dumps(value).encode() + b"\n" for value in values)
    assert [json.loads(text) for text in texts(data, step)] == values


def test_an_array_that_is_not_closed_is_an_error_after_its_whole_items() -> None:
    reading = read_records(Drip(b'[{"a":1},\n{"b":', 7), "events.jsonl")
    found = [next(reading).raw]
    with pytest.raises(ArchiveUnreadable, match=r"events\.jsonl, line 2: .*not closed") as broken:
        next(reading)
    assert found == [b'{"a":1}']
    assert broken.value.line == 2


def test_text_after_an_array_is_an_error() -> None:
    with pytest.raises(ArchiveUnreadable, match="more text after"):
        records(b'[{"a":1}]\n{"b":2}')


MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("head", "filling", "length", "tail", "count"),
    [
        (b'{"first":1}\n{"content":"', b"x", 16 * MIB, b'"}\n{"last":1}\n', 3),
        (b'[{"first":1},{"content":"', b'\\"', 16 * MIB, b'"},{"last":1}]', 3),
        (b'[{"first":1},{"content":[', b"[[1,2],3],", MIB, b'0]},{"last":1}]', 3),
        (b'[{"first":1}', b',{"a":"b"}', MIB, b',{"last":1}]', 4 * (256 * 1024 // 10) + 2),
    ],
    ids=["line", "string in an array", "deep item in an array", "many items"],
)
def test_memory_stays_bounded_however_long_lines_items_and_arrays_are(
    head: bytes, filling: bytes, length: int, tail: bytes, count: int
) -> None:
    seen = longest = 0
    tracemalloc.start()
    try:
        for record in read_records(Endless(head, filling, length, tail), "x"):
            seen += 1
            longest = max(longest, len(record.raw))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.5 * MIB
    assert longest <= MAX_EVENT_BYTES + 1
    assert seen == count
