"""Writes events to the log: many in one atomic batch, few singly, each exactly once.

The reasons and the figures are in docs/adr/0005-sync-interval.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from secrets import token_hex

import nats.errors
import structlog
from nats.aio.client import Client

from dvmdash.ingest.acks import WRONG_LAST_SEQUENCE, AckInbox, Answer
from dvmdash.ingest.entry import Admitted, Outcome
from dvmdash.ingest.errors import LogUnavailable
from dvmdash.ingest.settings import WriterSettings

_log = structlog.get_logger(__name__)

_EXPECT_NOTHING = {"Nats-Expected-Last-Subject-Sequence": "0"}
_BATCHES_OFF = frozenset({10174, 10052})
_LONGEST_PAUSE = 5.0


class LogWriter:
    """Writes to DVM_EVENTS over one connection; appends may run at the same time."""

    def __init__(self, nc: Client, settings: WriterSettings | None = None) -> None:
        self._nc = nc
        self._settings = settings or WriterSettings()
        self._inbox = AckInbox(nc)
        self._batches_work = True
        self._mostly_known = False

    async def close(self) -> None:
        """Stop listening for answers; the connection stays open."""
        await self._inbox.close()

    async def append(self, entries: Sequence[Admitted]) -> list[Outcome]:
        """Store the events, in order; return one outcome per event once all are synced to disk.

        A server that fails or is silent is asked again with growing pauses. Raises LogUnavailable when it
        does not recover; then some of the events may be stored, and writing them again is harmless.
        After a lost answer, an event of ours can be reported as DUPLICATE although this call stored it.
        """
        await self._inbox.open()
        outcomes: dict[str, Outcome] = {}
        unique = {entry.event.id: entry for entry in entries}
        for part in self._parts(list(unique.values())):
            outcomes.update(await self._write(part))
        # Only the first of several equal events can have been the accepted one.
        return [outcomes.pop(entry.event.id, Outcome.DUPLICATE) for entry in entries]

    def _parts(self, entries: list[Admitted]) -> Iterator[list[Admitted]]:
        part: list[Admitted] = []
        size = 0
        for entry in entries:
            if part and (
                len(part) >= self._settings.batch_up_to or size + len(entry.raw) > self._settings.batch_bytes
            ):
                yield part
                part, size = [], 0
            part.append(entry)
            size += len(entry.raw)
        if part:
            yield part

    async def _write(self, entries: list[Admitted]) -> dict[str, Outcome]:
        if await self._write_as_batch(entries):
            return {entry.event.id: Outcome.ACCEPTED for entry in entries}
        outcomes: dict[str, Outcome] = {}
        problem = ""
        for attempt in range(self._settings.attempts):
            if attempt:
                await asyncio.sleep(min(_LONGEST_PAUSE, self._settings.backoff_seconds * 2 ** (attempt - 1)))
            missing = [entry for entry in entries if entry.event.id not in outcomes]
            answers = await self._write_singly(missing)
            for entry, answer in zip(missing, answers, strict=True):
                if (outcome := _outcome(answer)) is not None:
                    outcomes[entry.event.id] = outcome
            if len(outcomes) == len(entries):
                self._mostly_known = _share_known(outcomes) > 0.5
                return outcomes
            problem = _problem(answers)
        missing_count = len(entries) - len(outcomes)
        raise LogUnavailable(
            f"the log did not take {missing_count} events after {self._settings.attempts} attempts: {problem}"
        )

    async def _write_as_batch(self, entries: list[Admitted]) -> bool:
        """Return whether all were stored; False says nothing about why not, nor for sure that none was."""
        if len(entries) < self._settings.batch_from or self._mostly_known or not self._batches_work:
            return False
        acks = self._inbox.expect(1)
        try:
            await self._publish_batch(entries, acks.reply(0))
            await acks.wait(self._settings.answer_seconds)
        except (nats.errors.Error, OSError):
            return False
        finally:
            self._inbox.forget(acks)
        answer = acks.answers[0]
        if answer is not None and answer.err_code in _BATCHES_OFF:
            self._batches_work = False
        return answer is not None and answer.error is None

    async def _publish_batch(self, entries: list[Admitted], reply: str) -> None:
        batch = {"Nats-Batch-Id": token_hex(8)}
        last = len(entries)
        for position, entry in enumerate(entries, 1):
            headers = {**entry.headers(), **_EXPECT_NOTHING, **batch, "Nats-Batch-Sequence": str(position)}
            if position == last:
                headers["Nats-Batch-Commit"] = "1"
            await self._nc.publish(
                entry.subject, entry.raw, reply=reply if position == last else "", headers=headers
            )

    async def _write_singly(self, entries: list[Admitted]) -> list[Answer]:
        acks = self._inbox.expect(len(entries))
        try:
            for position, entry in enumerate(entries):
                await self._nc.publish(
                    entry.subject,
                    entry.raw,
                    reply=acks.reply(position),
                    headers={**entry.headers(), **_EXPECT_NOTHING},
                )
            await acks.wait(self._settings.answer_seconds)
        except (nats.errors.Error, OSError) as error:
            return [answer or Answer(503, 0, f"{type(error).__name__}: {error}") for answer in acks.answers]
        finally:
            self._inbox.forget(acks)
        return [answer or Answer(503, 0, "no answer in time") for answer in acks.answers]


def _outcome(answer: Answer) -> Outcome | None:
    if answer.error is None:
        return Outcome.ACCEPTED
    if answer.err_code == WRONG_LAST_SEQUENCE:
        return Outcome.DUPLICATE
    if 400 <= answer.status < 500 and answer.err_code:
        _log.error("log.refuses_event", error=answer.error, err_code=answer.err_code)
        return Outcome.FAILED
    return None


def _problem(answers: list[Answer]) -> str:
    errors = [a.error for a in answers if a.error is not None and a.err_code != WRONG_LAST_SEQUENCE]
    return errors[0] if errors else "unknown"


def _share_known(outcomes: dict[str, Outcome]) -> float:
    return sum(outcome is Outcome.DUPLICATE for outcome in outcomes.values()) / len(outcomes)
