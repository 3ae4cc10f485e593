from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest
import zstandard

from dvmdash.ingest.decompression import OpenArchive, open_archive
from dvmdash.ingest.errors import ArchiveUnreadable

TEXT = b"".join(b"line %d\n" % number for number in range(50_000))


def read_all(archive: OpenArchive) -> bytes:
    return b"".join(iter(lambda: archive.read(10_000), b""))


def packed(text: bytes, packing: str) -> bytes:
    half = len(text) // 2
    match packing:
        case "gzip":
            return gzip.compress(text)
        case "gzip twice":
            return gzip.compress(text[:half]) + gzip.compress(text[half:])
        case "zstd":
            return zstandard.compress(text)
        case "zstd twice":
            return zstandard.compress(text[:half]) + zstandard.compress(text[half:])
        case _:
            return text


@pytest.mark.parametrize("packing", ["plain", "gzip", "gzip twice", "zstd", "zstd twice"])
def test_the_first_bytes_decide_how_a_file_is_unpacked(packing: str, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(packed(TEXT, packing))
    archive = open_archive(str(path))
    assert read_all(archive) == TEXT
    assert archive.position == archive.size == path.stat().st_size
    archive.close()


@pytest.mark.parametrize("packing", ["plain", "gzip", "zstd"])
def test_standard_input_is_read_and_unpacked(packing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(packed(TEXT, packing))))
    archive = open_archive("-")
    assert read_all(archive) == TEXT
    assert archive.name == "standard input"
    assert archive.size is None
    archive.close()
    assert not sys.stdin.buffer.closed


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_truncated_file_is_an_error_after_what_can_be_unpacked(packing: str, tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(packed(TEXT, packing)[:-20])
    archive = open_archive(str(path))
    with pytest.raises(ArchiveUnreadable, match="too early"):
        read_all(archive)


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_damaged_data_are_an_error(packing: str, tmp_path: Path) -> None:
    path = tmp_path / "events"
    data = bytearray(packed(TEXT, packing))
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    path.write_bytes(bytes(data))
    with pytest.raises(ArchiveUnreadable, match=r"damaged|too early"):
        read_all(open_archive(str(path)))


def test_a_missing_file_and_a_folder_are_errors_that_name_them(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnreadable, match=r"missing\.jsonl: cannot be opened: No such file"):
        open_archive(str(tmp_path / "missing.jsonl"))
    with pytest.raises(ArchiveUnreadable, match="directory"):
        open_archive(str(tmp_path))


def test_utf16_text_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('{"a": 1}', encoding="utf-16")
    with pytest.raises(ArchiveUnreadable, match="UTF-16"):
        open_archive(str(path))
