"""Keyset cursors: (created_at, id) of the last row, so that pages stay stable while new rows arrive."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from dvmdash.graphql.errors import PageRefused

MAX_PAGE = 100
_LARGEST_TIME = 2**63 - 1
_BEFORE_ALL = (_LARGEST_TIME, "~")
_KEY = re.compile(r"([0-9]{1,19}):([0-9a-f]{64})")


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
        found = _KEY.fullmatch(urlsafe_b64decode(cursor[:200].encode()).decode())
    except ValueError:
        found = None
    key = Key(int(found[1]), found[2]) if found else None
    if key is None or key.created_at > _LARGEST_TIME or key.cursor() != cursor:
        raise PageRefused("`after` is no cursor; pass an endCursor that this field returned")
    return key


def page_size(first: int) -> int:
    """Return the size of a page. Raises PageRefused outside 1 to 100."""
    if not 1 <= first <= MAX_PAGE:
        raise PageRefused(f"`first` is {first}; a page has 1 to {MAX_PAGE} rows")
    return first
