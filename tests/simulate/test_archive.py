from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest
import zstandard
from nostr_sdk import Event
from typer.testing import CliRunner

from dvmdash.simulate.__main__ import app
from dvmdash.simulate.archive import write_archive
from dvmdash.simulate.traffic import TrafficSettings


def test_archive_has_one_verifiable_event_per_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    written = write_archive(path, 250, TrafficSettings())
    lines = path.read_bytes().splitlines()
    assert len(lines) == written.events == 250
    assert written.bytes == path.stat().st_size
    assert all(Event.from_json(line.decode()).verify() for line in lines)
    assert (written.first_at, written.last_at) == (
        orjson.loads(lines[0])["created_at"],
        orjson.loads(lines[-1])["created_at"],
    )


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".jsonl.zst"])
def test_equal_seeds_give_equal_files(tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{name}{suffix}" for name in ("one", "two")]
    for path in paths:
        write_archive(path, 120, TrafficSettings(seed=7))
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_compressed_archives_hold_the_same_lines(tmp_path: Path) -> None:
    plain, zipped, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz", tmp_path / "a.jsonl.zst"
    for path in (plain, zipped, packed):
        write_archive(path, 120, TrafficSettings())
    assert gzip.decompress(zipped.read_bytes()) == plain.read_bytes()
    with packed.open("rb") as raw:
        assert zstandard.ZstdDecompressor().stream_reader(raw).read() == plain.read_bytes()


def test_progress_is_reported_every_thousand(tmp_path: Path) -> None:
    seen: list[int] = []
    write_archive(tmp_path / "a.jsonl", 2_500, TrafficSettings(), seen.append)
    assert seen == [1_000, 2_000]


def test_an_empty_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        write_archive(tmp_path / "a.jsonl", 0, TrafficSettings())
    assert list(tmp_path.iterdir()) == []


def test_command_writes_the_archive_and_says_so(tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl"
    ran = CliRunner().invoke(app, ["archive", "--events", "50", "--out", str(out)])
    assert ran.exit_code == 0
    assert f"{out}: 50 events" in ran.output.replace("\n", "")
    assert len(out.read_bytes().splitlines()) == 50
