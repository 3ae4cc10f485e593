"""Keyset cursors: (created_at, id) of the last row, so that pages stay stable while new rows arrive."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from dvmdash.graphql.errors import PageRefused

MAX_PAGE = 100
_BEFORE_ALL = (2**63 - 1, "~")


@dataclass(frozen=True, slots=True)
class Key:
    """Rows strictly before this are wanted, newest first."""

    created_at: int
    id: str

    def cursor(self) -> str:
        """Return the opaque form."""
        return urlsafe_b64encode(f"{self.created_at}:{self.id}".encode()).decode()


def read_cursor(cursor: str | None) -> Key:
    """Return the key in a cursor, or the one before everything. Raises PageRefused."""
    if cursor is None:
        return Key(*_BEFORE_ALL)
    try:
        created_at, _, event_id = urlsafe_b64decode(cursor[:200].encode()).decode().partition(":")
        return Key(int(created_at), event_id)
    except ValueError:
        raise PageRefused("`after` is no cursor; pass an endCursor that this field returned") from None


def page_size(first: int) -> int:
    """Return the size of a page. Raises PageRefused outside 1 to 100."""
    if not 1 <= first <= MAX_PAGE:
        raise PageRefused(f"`first` is {first}; a page has 1 to {MAX_PAGE} rows")
    return first
