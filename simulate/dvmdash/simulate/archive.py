"""Writes made-up traffic into archives: one event per line, plain, gzip or zstandard by the file's name."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

import orjson
import zstandard

from .traffic import TrafficSettings, traffic

REPORT_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Written:
    """What an archive holds: number of events, bytes of JSON uncompressed, first and last time (unix)."""

    events: int
    bytes: int
    first_at: int
    last_at: int


def write_archive(
    path: Path, events: int, settings: TrafficSettings, report: Callable[[int], None] | None = None
) -> Written:
    """Write exactly `events` events, in the order of publication, in constant memory.

    `report` is told the number written so far, every thousand. An interrupted archive keeps its `.part` name.
    Raises OSError when the file cannot be written, ValueError unless `events` is positive.
    """
    if events < 1:
        raise ValueError(f"an archive of {events} events makes no sense; ask for at least 1")
    unfinished = path.with_name(path.name + ".part")
    with _opened(unfinished, path.suffix) as out:
        written = _write(out, events, settings, report or (lambda _: None))
    unfinished.rename(path)
    return written


def _write(out: BinaryIO, events: int, settings: TrafficSettings, report: Callable[[int], None]) -> Written:
    size, first_at, last_at = 0, 0, 0
    for number, moment in enumerate(islice(traffic(settings), events), start=1):
        size += out.write(orjson.dumps(moment.event, option=orjson.OPT_APPEND_NEWLINE))
        last_at = int(moment.at)
        first_at = first_at or last_at
        if number % REPORT_EVERY == 0:
            report(number)
    return Written(events, size, first_at, last_at)


@contextmanager
def _opened(path: Path, suffix: str) -> Iterator[BinaryIO]:
    match suffix:
        case ".zst":
            with path.open("wb") as raw, zstandard.ZstdCompressor(level=3).stream_writer(raw) as out:
                yield cast(BinaryIO, out)
        case ".gz":
            # Without a time and a name in its header, equal events give an equal file.
            with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as zipped:
                yield cast(BinaryIO, zipped)
        case _:
            with path.open("wb") as plain:
                yield plain
