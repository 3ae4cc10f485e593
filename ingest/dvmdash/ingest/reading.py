"""Cuts an archive into the texts of its events: one per line, or the items of one JSON array."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dvmdash.ingest.decompression import ByteSource
from dvmdash.ingest.errors import ArchiveUnreadable
from dvmdash.nip90.event import MAX_EVENT_BYTES

CHUNK_BYTES = 256 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"

# Strings are passed over whole. Inside an item only quotes and brackets matter; between items also the commas.
_REST_OF_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+"', re.DOTALL)
_IN_ITEM = re.compile(rb'["\[\]{}]')
_IN_ARRAY = re.compile(rb'["\[\]{},]')


@dataclass(frozen=True, slots=True)
class Record:
    """The text of what should be one event."""

    line: int
    """The line it starts on, from 1."""

    item: int | None
    """Its number in a JSON array, from 1; None in a file of lines."""

    raw: bytes
    """The text without surrounding space; if it is too long, one byte more than an event may have."""

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return f"line {self.line}" if self.item is None else f"line {self.line}, item {self.item}"


def read_records(source: ByteSource, name: str) -> Iterator[Record]:
    """Yield every text in `source`; memory stays bounded whatever the lengths of lines and items.

    Raises ArchiveUnreadable, after what came before, where the source breaks or an array is not closed.
    """
    line = 1
    head = b""
    while not head:
        chunk = source.read(CHUNK_BYTES)
        if not chunk:
            return
        head = chunk.removeprefix(_BYTE_ORDER_MARK).lstrip(_SPACE)
        line += chunk.count(b"\n") - head.count(b"\n")
    reader = _Items(source, name, line) if head.startswith(b"[") else _Lines(source, name, line)
    yield from reader.records(head)


class _Collected:
    """Bytes of one record without the space around it, kept up to one byte more than an event may have."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._room = MAX_EVENT_BYTES + 1
        self.skipped_lines = 0
        """Line ends in the space before the record."""

    def add(self, part: bytes) -> None:
        if not self._parts:
            text = part.lstrip(_SPACE)
            self.skipped_lines += part.count(b"\n", 0, len(part) - len(text))
            part = text
        if self._room and part:
            kept = part[: self._room]
            self._parts.append(kept)
            self._room -= len(kept)

    def text(self) -> bytes:
        return b"".join(self._parts).rstrip(_SPACE)


class _Lines:
    def __init__(self, source: ByteSource, name: str, line: int) -> None:
        self._source = source
        self._name = name
        self._line = line
        self._text = _Collected()

    def records(self, chunk: bytes) -> Iterator[Record]:
        while chunk:
            *ended, rest = chunk.split(b"\n")
            for part in ended:
                self._text.add(part)
                yield from self._finished()
                self._line += 1
            self._text.add(rest)
            chunk = self._more()
        yield from self._finished()

    def _finished(self) -> Iterator[Record]:
        if raw := self._text.text():
            yield Record(self._line, None, raw)
        self._text = _Collected()

    def _more(self) -> bytes:
        return _read(self._source, self._name, self._line)


class _Items:
    def __init__(self, source: ByteSource, name: str, line: int) -> None:
        self._source = source
        self._name = name
        self._line = line
        self._started_on = line
        self._item = 0
        self._depth = 0
        self._in_string = False
        self._escaped = False
        self._text = _Collected()

    def records(self, chunk: bytes) -> Iterator[Record]:
        chunk = chunk[1:] or _read(self._source, self._name, self._line)
        self._depth = 1
        while chunk:
            yield from self._scan(chunk)
            if not self._depth:
                return
            chunk = _read(self._source, self._name, self._line)
        raise ArchiveUnreadable(self._name, self._line, "the JSON array is not closed: truncated?")

    def _scan(self, chunk: bytes) -> Iterator[Record]:
        start = counted = 0
        position = self._after_string(chunk, int(self._escaped)) if self._in_string else 0
        while (hit := self._pattern().search(chunk, position)) is not None:
            at, position = hit.start(), hit.end()
            if hit[0] == b'"':
                position = self._after_string(chunk, position)
            elif self._ends_item(hit[0]):
                self._text.add(chunk[start:at])
                self._line += chunk.count(b"\n", counted, at)
                counted, start = at, at + 1
                yield from self._finished()
                if not self._depth:
                    self._reject_rest(chunk[at + 1 :])
                    return
        self._text.add(chunk[start:])
        self._line += chunk.count(b"\n", counted)

    def _pattern(self) -> re.Pattern[bytes]:
        return _IN_ARRAY if self._depth == 1 else _IN_ITEM

    def _after_string(self, chunk: bytes, position: int) -> int:
        """Return where the string around `position` ends; it may go on in the next chunk."""
        ended = _REST_OF_STRING.match(chunk, position)
        self._in_string = ended is None
        if ended is not None:
            self._escaped = False
            return ended.end()
        body = chunk[position:]
        self._escaped = (len(body) - len(body.rstrip(b"\\"))) % 2 == 1
        return len(chunk)

    def _ends_item(self, sign: bytes) -> bool:
        """Follow a bracket or comma; return whether an item of the outer array ends here."""
        if sign in b"[{":
            self._depth += 1
        elif sign in b"]}":
            self._depth -= 1
            return not self._depth
        return sign == b","

    def _finished(self) -> Iterator[Record]:
        if raw := self._text.text():
            self._item += 1
            yield Record(self._started_on + self._text.skipped_lines, self._item, raw)
        self._text = _Collected()
        self._started_on = self._line

    def _reject_rest(self, rest: bytes) -> None:
        while rest:
            if rest.strip(_SPACE):
                raise ArchiveUnreadable(self._name, self._line, "there is more text after the JSON array")
            rest = _read(self._source, self._name, self._line)


def _read(source: ByteSource, name: str, line: int) -> bytes:
    try:
        return source.read(CHUNK_BYTES)
    except ArchiveUnreadable as error:
        raise ArchiveUnreadable(name, line, error.detail) from None
