"""What can go wrong between a relay or an archive and the log."""

from __future__ import annotations


class IngestError(Exception):
    """Something keeps events from reaching the log."""


class LogUnavailable(IngestError):
    """The log did not take events although it was asked repeatedly; none of them may be counted as stored."""


class ArchiveUnreadable(IngestError):
    """A file cannot be read, or not to its end. What was read before the broken place has been kept."""

    def __init__(self, name: str, line: int, detail: str) -> None:
        super().__init__(f"{name}, line {line}: {detail}" if line else f"{name}: {detail}")
        self.name = name
        self.line = line
        self.detail = detail


class RelayUrlRefused(IngestError):
    """A relay address that collectors do not connect to."""

    def __init__(self, url: str, detail: str) -> None:
        super().__init__(f"relay {url[:200]!r}: {detail}")
        self.url = url
        self.detail = detail


class RelayLost(IngestError):
    """A relay's connection is gone or useless and has to be made anew."""


class PageFailed(IngestError):
    """A relay did not answer a question about its past completely."""
