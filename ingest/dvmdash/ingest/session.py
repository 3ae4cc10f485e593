"""One connected stay at a relay: subscribe first, read the past, stay live, read the recent past again and again."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from dvmdash.ingest.buckets import Buckets
from dvmdash.ingest.connection import RelayConnection
from dvmdash.ingest.counters import RelayCounters, RelayState
from dvmdash.ingest.errors import PageFailed, RelayLost
from dvmdash.ingest.intake import Intake
from dvmdash.ingest.interest import Interest
from dvmdash.ingest.questions import (
    Question,
    announcement_question,
    interest_questions,
    narrow_questions,
    standing_questions,
    wide_questions,
)
from dvmdash.ingest.settings import CollectorSettings
from dvmdash.ingest.windows import PageLimit, read_past
from dvmdash.nip90.event import MAX_SECONDS_AHEAD
from dvmdash.nip90.kinds import KindRegistry

_TICK_SECONDS = 0.25
_SLICE_SECONDS = 6 * 3600
_FILTERS_AT_ONCE = 10
_SILENT_ANSWERS = 3


@dataclass(slots=True)
class RelayMemory:
    """What is kept of a relay from one connection to the next."""

    url: str
    counters: RelayCounters
    narrow: bool = False
    """Whether it refused to be asked for all kinds at once."""

    known_providers: set[str] = field(default_factory=set)
    """Providers whose past was read here."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all relays' sessions of one collector share."""

    settings: CollectorSettings
    registry: KindRegistry
    intake: Intake
    buckets: Buckets
    interest: Interest


class RelaySession:
    """Runs until the relay is lost; everything it is told goes to the intake."""

    def __init__(self, memory: RelayMemory, around: Surroundings) -> None:
        self._memory = memory
        self._counters = memory.counters
        self._around = around
        self._settings = around.settings
        self._listening: list[str] = []
        self._interest_names: list[str] = []
        self._interest_version = 0
        self._interest_tried = 0
        self._interest_works = False
        self._page_limit = PageLimit(around.settings.page_limit)

    async def run(self) -> None:
        """Connect and stay. Raises RelayLost, and only that, when it is over."""
        async with RelayConnection(self._memory.url, self, self._settings) as relay:
            await self._go_live(relay)
            self._counters.enter(RelayState.CONNECTED)
            await self._stay(relay)

    async def event(self, raw: bytes) -> None:
        """Take an event from the connection."""
        await self._around.intake.put(raw, self._counters)

    def said(self, text: str) -> None:
        """Take the relay's words from the connection."""
        self._counters.said(text)

    async def _go_live(self, relay: RelayConnection) -> None:
        try:
            await self._listen(relay, self._questions())
        except PageFailed as error:
            if self._memory.narrow:
                raise RelayLost(f"does not take the subscription: {error}") from None
            self._memory.narrow = True
            try:
                await self._listen(relay, self._questions())
            except PageFailed as second:
                self._memory.narrow = False
                raise RelayLost(f"does not take the subscription: {second}") from None

    async def _listen(self, relay: RelayConnection, questions: list[Question]) -> None:
        self._listening = []
        for number, start in enumerate(range(0, len(questions), _FILTERS_AT_ONCE)):
            name = f"live{number}"
            await relay.listen(name, questions[start : start + _FILTERS_AT_ONCE])
            self._listening.append(name)

    async def _stay(self, relay: RelayConnection) -> None:
        loop = asyncio.get_running_loop()
        next_reading = loop.time()
        failures = 0
        while True:
            relay.check(*self._listening)
            if loop.time() >= next_reading:
                heard_before = self._counters.events
                try:
                    await self._catch_up(relay)
                    failures = 0
                    next_reading = loop.time() + self._settings.reconcile_seconds
                except PageFailed as error:
                    failures += 1
                    self._counters.backfill = None
                    self._counters.enter(RelayState.CONNECTED, f"its past cannot be read: {error}")
                    if failures >= _SILENT_ANSWERS and self._counters.events == heard_before:
                        raise RelayLost(f"no answers any more: {error}") from None
                    next_reading = loop.time() + self._pause(failures)
            await asyncio.sleep(_TICK_SECONDS)
            if not failures and self._interest_tried != self._around.interest.version:
                next_reading = loop.time()

    def _pause(self, failures: int) -> float:
        return min(self._settings.backoff_limit_seconds, self._settings.backoff_seconds * 2.0**failures)

    async def _catch_up(self, relay: RelayConnection) -> None:
        """Read from the watermark to now, then what new providers bring with them."""
        self._counters.backfill = "running"
        self._counters.unread = 0
        now = int(time.time())
        known_until = await self._around.buckets.watermark(self._memory.url)
        self._counters.watermark = known_until
        if known_until is None:
            await self._read(relay, [announcement_question(self._around.registry)], 0, now)
        await self._try_to_follow_interest(relay, now)
        start = (
            now - self._settings.lookback_seconds
            if known_until is None
            else min(known_until, now) - self._settings.overlap_seconds
        )
        await self._read_in_slices(relay, max(0, start), now)
        self._counters.backfill = "done"
        self._counters.enter(RelayState.CONNECTED)

    async def _read_in_slices(self, relay: RelayConnection, start: int, now: int) -> None:
        questions = self._questions()
        if self._interest_works:
            questions += self._interest_questions(self._around.interest.pubkeys)
        end = now + MAX_SECONDS_AHEAD
        while start <= end:
            slice_end = min(end, start + _SLICE_SECONDS)
            await self._read(relay, questions, start, slice_end)
            # Only what is synced to the log counts as read.
            await self._around.intake.written()
            self._counters.watermark = min(slice_end, now)
            await self._around.buckets.set_watermark(self._memory.url, self._counters.watermark)
            start = slice_end + 1

    async def _try_to_follow_interest(self, relay: RelayConnection, now: int) -> None:
        """A relay that refuses the additional questions is still read for the others; asked again next time."""
        version, pubkeys = self._around.interest.version, self._around.interest.pubkeys
        if version == self._interest_version:
            return
        self._interest_tried = version
        try:
            await self._follow_interest(relay, pubkeys, now)
        except PageFailed as error:
            self._interest_works = False
            self._counters.said(f"does not answer about payments and profiles: {error}")
            return
        self._interest_version = version
        self._interest_works = True

    async def _follow_interest(self, relay: RelayConnection, pubkeys: tuple[str, ...], now: int) -> None:
        await self._listen_to_interest(relay, pubkeys)
        new = sorted(set(pubkeys) - self._memory.known_providers)
        for question in standing_questions(self._around.registry, new, self._settings.interest_chunk):
            await relay.ask(question, 0, now + MAX_SECONDS_AHEAD)
        await self._read(relay, self._interest_questions(new), now - self._settings.lookback_seconds, now)
        self._memory.known_providers = set(pubkeys)

    async def _listen_to_interest(self, relay: RelayConnection, pubkeys: tuple[str, ...]) -> None:
        questions = self._interest_questions(pubkeys)
        names = [f"interest{number}" for number in range(-(-len(questions) // _FILTERS_AT_ONCE))]
        for number, name in enumerate(names):
            start = number * _FILTERS_AT_ONCE
            await relay.listen(name, questions[start : start + _FILTERS_AT_ONCE])
        for name in set(self._interest_names) - set(names):
            await relay.stop_listening(name)
        self._interest_names = names

    async def _read(self, relay: RelayConnection, questions: list[Question], since: int, until: int) -> None:
        for question in questions:
            self._counters.unread += await read_past(
                relay.ask, relay.list_ids, question, since, until, self._page_limit
            )

    def _questions(self) -> list[Question]:
        ask = narrow_questions if self._memory.narrow else wide_questions
        return ask(self._around.registry)

    def _interest_questions(self, pubkeys: tuple[str, ...] | list[str]) -> list[Question]:
        return interest_questions(self._around.registry, pubkeys, self._settings.interest_chunk)
