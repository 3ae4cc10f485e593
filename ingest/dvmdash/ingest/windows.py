"""Reads a relay's past completely although it gives only so many events at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from dvmdash.ingest.questions import Question

Ask = Callable[[Question, int, int], Awaitable[int]]
"""Asks for (question, since, until), both unix seconds included, and returns how many events came."""

# A relay may give fewer than asked for without saying so. A page of exactly so many is taken for a full one.
_USUAL_LIMITS = frozenset({100, 200, 250, 256, 300, 400, 500, 512, 1000, 1024})


async def read_past(
    ask: Ask,
    question: Question,
    since: int,
    until: int,
    *,
    limit: int,
) -> int:
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
        full = is_full(count, limit)
        if full and end > start:
            span = (end - start + 1) // 2
            continue
        if full:
            unread += await _read_second(ask, question, start, limit)
        start = end + 1
        if count * 4 <= limit:
            span *= 2
    return unread


def is_full(count: int, limit: int) -> bool:
    """Say whether a page of `count` events may have been cut short; `limit` is what was asked for."""
    return count >= limit or count in _USUAL_LIMITS


async def _read_second(ask: Ask, question: Question, second: int, limit: int) -> int:
    parts = question.halves()
    if parts is None:
        return 1
    unread = 0
    for part in parts:
        if is_full(await ask(part, second, second), limit):
            unread += await _read_second(ask, part, second, limit)
    return unread
