"""Reads a relay's past completely although it gives only so many events at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from dvmdash.ingest.errors import PageFailed
from dvmdash.ingest.questions import Question

Ask = Callable[[Question, int, int], Awaitable[int]]
"""Asks for (question, since, until), both unix seconds included, and returns how many events came."""

ListIds = Callable[[Question, int], Awaitable[list[str]]]
"""Lists the ids of all events that answer a question in one second; raises PageFailed where a relay cannot."""

_IDS_AT_ONCE = 250

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


async def read_past(
    ask: Ask, list_ids: ListIds, question: Question, since: int, until: int, limit: PageLimit
) -> int:
    """Read everything from `since` to `until`, oldest first, and return in how many places events stay unread.

    A window that fills the relay's limit is read again in halves; a single second that does is cut by kind,
    then by person, and where that is not enough either, its events are asked for by id. Where the relay cannot list
    the ids, that place stays unread. Whatever `ask` raises passes through.
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
            unread += await _read_second(ask, list_ids, question, start, limit)
        start = end + 1
        if count * 4 <= limit.asked:
            span *= 2
    return unread


async def _read_second(ask: Ask, list_ids: ListIds, question: Question, second: int, limit: PageLimit) -> int:
    parts = question.halves()
    if parts is None:
        return await _read_by_id(ask, list_ids, question, second)
    unread = 0
    for part in parts:
        if limit.is_full(await ask(part, second, second)):
            unread += await _read_second(ask, list_ids, part, second, limit)
    return unread


async def _read_by_id(ask: Ask, list_ids: ListIds, question: Question, second: int) -> int:
    try:
        ids = await list_ids(question, second)
    except PageFailed:
        return 1
    for start in range(0, len(ids), _IDS_AT_ONCE):
        await ask(replace(question, ids=tuple(ids[start : start + _IDS_AT_ONCE])), second, second)
    return 0
