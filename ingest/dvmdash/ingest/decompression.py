"""Opens archives whatever they are packed with; the first bytes decide, not the name."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

from dvmdash.ingest.errors import ArchiveUnreadable

STDIN = "-"

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
# One kilobyte of zstd can unpack to 32 MB at most, so feeding it this way bounds the memory.
_ZSTD_STEP = 1024
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class ByteSource(Protocol):
    """Anything that gives at most `size` bytes at a time and b"" at its end."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""
        ...


class OpenArchive:
    """One archive being read, unpacked. `position` counts packed bytes, so that progress can be told."""

    def __init__(self, name: str, packed: BinaryIO, size: int | None) -> None:
        self.name = "standard input" if name == STDIN else name
        self.size = size
        """Packed size in bytes, None when it is not known beforehand."""
        self._packed = _Counting(packed)
        self._unpacked = _unpacked(self.name, self._packed)

    @property
    def position(self) -> int:
        """Packed bytes read so far."""
        return self._packed.position

    def read(self, size: int, /) -> bytes:
        """Return the next unpacked bytes, b"" at the end; raise ArchiveUnreadable where it is broken."""
        try:
            return self._unpacked.read(size)
        except EOFError:
            raise ArchiveUnreadable(self.name, 0, "the compressed data end too early: truncated?") from None
        except (gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            raise ArchiveUnreadable(self.name, 0, f"the compressed data are damaged: {error}") from None
        except OSError as error:
            raise ArchiveUnreadable(self.name, 0, f"cannot be read: {error.strerror or error}") from None

    def close(self) -> None:
        """Close the file; standard input is left open."""
        self._packed.close()


def open_archive(name: str) -> OpenArchive:
    """Open a file, or standard input for `-`. Raises ArchiveUnreadable when there is none."""
    if name == STDIN:
        return OpenArchive(name, sys.stdin.buffer, None)
    path = Path(name)
    try:
        size = path.stat().st_size if path.is_file() else None
        return OpenArchive(name, path.open("rb"), size)
    except OSError as error:
        raise ArchiveUnreadable(name, 0, f"cannot be opened: {error.strerror or error}") from None


class _Counting(io.RawIOBase):
    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self._ahead = b""
        self.position = 0

    def readable(self) -> bool:
        return True

    def first(self, size: int) -> bytes:
        while len(self._ahead) < size and (more := self._inner.read(size - len(self._ahead))):
            self._ahead += more
        return self._ahead

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        chunk = self._ahead[: len(buffer)] or self._inner.read(len(buffer)) or b""
        self._ahead = self._ahead[len(chunk) :]
        buffer[: len(chunk)] = chunk
        self.position += len(chunk)
        return len(chunk)

    def close(self) -> None:
        if self._inner is not sys.stdin.buffer:
            self._inner.close()
        super().close()


class _Gzip:
    def __init__(self, packed: _Counting) -> None:
        self._unpacking = gzip.GzipFile(fileobj=packed)

    def read(self, size: int, /) -> bytes:
        # `read` would throw away what stands before a break.
        return self._unpacking.read1(size)


class _Zstd:
    # `stream_reader` takes a truncated file for a complete one, so the frames are followed here.
    def __init__(self, packed: _Counting) -> None:
        self._packed = packed
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._left_over = b""
        self._ready = b""

    def read(self, size: int, /) -> bytes:
        while not self._ready:
            chunk = self._left_over or self._packed.read(_ZSTD_STEP) or b""
            self._left_over = b""
            if not chunk:
                if self._frame is not None:
                    raise EOFError
                return b""
            self._ready = self._unpack(chunk)
        piece, self._ready = self._ready[:size], self._ready[size:]
        return piece

    def _unpack(self, chunk: bytes) -> bytes:
        frame = self._frame or zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj()
        unpacked = frame.decompress(chunk)
        self._frame = None if frame.eof else frame
        self._left_over = frame.unused_data if frame.eof else b""
        return unpacked


def _unpacked(name: str, packed: _Counting) -> ByteSource:
    first = packed.first(4)
    if first.startswith(_GZIP):
        return _Gzip(packed)
    if first == _ZSTD:
        return _Zstd(packed)
    if first.startswith(_UTF16_MARKS):
        raise ArchiveUnreadable(name, 1, "this is UTF-16 text; events are UTF-8, convert it first")
    return io.BufferedReader(packed, 1024 * 1024)
