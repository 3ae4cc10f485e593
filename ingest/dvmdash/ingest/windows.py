"""Reads a relay's past completely although it gives only so many events at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from dvmdash.ingest.questions import Question

Ask = Callable[[Question, int, int], Awaitable[int]]
"""Asks for (question, since, until), both unix seconds included, and returns how many events came."""

_USUAL_LIMITS = frozenset({100, 200, 250, 256, 300, 400, 500, 512, 1000, 1024})


class PageLimit:
    """How many events a relay gives at once: never more than asked for, maybe fewer without saying so."""

    def __init__(self, asked: int) -> None:
        self.asked = asked
        self._largest = 0

    def is_full(self, count: int) -> bool:
        """Say whether a page of `count` events may have been cut short.

        A page of exactly one of the usual limits is suspected until the relay has given a larger one.
        """
        self._largest = max(self._largest, count)
        return count >= self.asked or (count in _USUAL_LIMITS and count == self._largest)


async def read_past(ask: Ask, question: Question, since: int, until: int, limit: PageLimit) -> int:
    """Read everything from `since` to `until`, oldest first, and return in how many places events stay unread.

    A window that fills the relay's limit is read again in halves; a single second that does is cut by kind,
    then by person. Where that is not enough either, a place stays unread. Whatever `ask` raises passes through.
    """
    unread = 0
    start = since
    span = until - since + 1
    while start <= until:
        end = min(until, start + span - 1)
        count = await ask(question, start, end)
        full = limit.is_full(count)
        if full and end > start:
            span = (end - start + 1) // 2
            continue
        if full:
            unread += await _read_second(ask, question, start, limit)
        start = end + 1
        if count * 4 <= limit.asked:
            span *= 2
    return unread


async def _read_second(ask: Ask, question: Question, second: int, limit: PageLimit) -> int:
    parts = question.halves()
    if parts is None:
        return 1
    unread = 0
    for part in parts:
        if limit.is_full(await ask(part, second, second)):
            unread += await _read_second(ask, part, second, limit)
    return unread
