"""What passed the checks a moment ago, so that its repetition costs one hash."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b


class RecentTexts:
    """A bounded memory of texts that passed every check, least recently met dropped first.

    It knows exact bytes by a cryptographic hash, never ids: a forged event that borrows a known id is not
    found here and goes through the checks.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._ids: OrderedDict[bytes, str] = OrderedDict()

    def __len__(self) -> int:
        return len(self._ids)

    def find(self, text: bytes) -> str | None:
        """Return the id of the event with exactly this text, or None."""
        digest = _digest(text)
        event_id = self._ids.get(digest)
        if event_id is not None:
            self._ids.move_to_end(digest)
        return event_id

    def add(self, text: bytes, event_id: str) -> None:
        """Remember the text of an event that passed every check."""
        self._ids[_digest(text)] = event_id
        if len(self._ids) > self._capacity:
            self._ids.popitem(last=False)


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=16).digest()
