"""Imports archives of events into the log."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from nats.aio.client import Client

from dvmdash.ingest.admission import Admission
from dvmdash.ingest.decompression import OpenArchive, open_archive
from dvmdash.ingest.entry import Admitted, Outcome, Source
from dvmdash.ingest.errors import ArchiveUnreadable
from dvmdash.ingest.reading import Record, read_records
from dvmdash.ingest.refusals import RefusalLog, Refused
from dvmdash.ingest.settings import ImportSettings
from dvmdash.ingest.writer import LogWriter
from dvmdash.nip90.errors import EventRefused, Refusal


@dataclass(slots=True)
class ImportSummary:
    """What an import did so far; every text that was read is accepted, duplicate, refused or failed."""

    read: int = 0
    """Texts found in the archives."""

    accepted: int = 0
    """Events that are in the log because of this import."""

    duplicates: int = 0
    """Events that the log already held."""

    embedded: int = 0
    """Requests found signed inside results and logged as events of their own; not part of `read`."""

    failed: int = 0
    """Events that the log will not take."""

    refused: Counter[Refusal] = field(default_factory=Counter)
    """How many texts failed which check."""

    first_refusals: list[str] = field(default_factory=list)
    """The first few refusals, each with file, line, reason and detail."""

    errors: list[str] = field(default_factory=list)
    """What could not be read: one sentence per file, with its line."""

    bytes_done: int = 0
    """Packed bytes read of all archives."""

    bytes_total: int | None = 0
    """Packed size of the archives opened so far; None when one of them has no known size."""


@dataclass(slots=True)
class _Checked:
    entries: list[Admitted] = field(default_factory=list)
    read: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)


async def import_files(
    nc: Client,
    names: Sequence[str],
    *,
    settings: ImportSettings | None = None,
    on_progress: Callable[[ImportSummary], None] | None = None,
) -> ImportSummary:
    """Write every event in the archives to the log and return what became of them.

    `names` are files, plain, .gz or .zst, one event per line or one JSON array; `-` is standard input.
    A file that cannot be read, or not to its end, is named in `errors`; what came before the break is kept
    and the other files are read. `on_progress` is called after each batch. Raises LogUnavailable.
    """
    job = _Import(nc, settings or ImportSettings(), on_progress)
    try:
        for name in names:
            await job.read(name)
    finally:
        await job.close()
    return job.summary


class _Import:
    def __init__(
        self, nc: Client, settings: ImportSettings, on_progress: Callable[[ImportSummary], None] | None
    ) -> None:
        self._settings = settings
        self._on_progress = on_progress
        self._admission = Admission(remembered=settings.remembered)
        self._writer = LogWriter(nc, settings.writer)
        self._refusals = RefusalLog(nc)
        self.summary = ImportSummary()

    async def read(self, name: str) -> None:
        try:
            archive = await asyncio.to_thread(open_archive, name)
        except ArchiveUnreadable as error:
            self.summary.errors.append(str(error))
            return
        try:
            await self._pump(archive)
        except ArchiveUnreadable as error:
            self.summary.errors.append(str(error))
        finally:
            archive.close()

    async def close(self) -> None:
        await self._refusals.flush()
        await self._writer.close()

    async def _pump(self, archive: OpenArchive) -> None:
        """Check the next batch in a thread while the last one is being written and synced."""
        done_before = self.summary.bytes_done
        self._count_size(archive)
        records = _Batches(archive, self._settings.batch_events)
        writing: asyncio.Task[None] | None = None
        try:
            while checked := await asyncio.to_thread(self._check_next, records):
                if writing is not None:
                    await writing
                self.summary.bytes_done = done_before + archive.position
                writing = asyncio.create_task(self._write(checked))
        finally:
            if writing is not None:
                await writing
        if records.broken is not None:
            raise records.broken

    def _count_size(self, archive: OpenArchive) -> None:
        if archive.size is None or self.summary.bytes_total is None:
            self.summary.bytes_total = None
        else:
            self.summary.bytes_total += archive.size

    def _check_next(self, records: _Batches) -> _Checked | None:
        # Runs in a thread, one call at a time; the admission is touched nowhere else.
        batch = records.next()
        return self._check(batch, records.name) if batch else None

    def _check(self, batch: list[Record], name: str) -> _Checked:
        checked = _Checked(read=len(batch))
        for record in batch:
            try:
                entries = self._admission.admit(record.raw, Source.IMPORT)
            except EventRefused as refusal:
                place = f"{name}, {record.place}"
                checked.refused.append(Refused.because(refusal, record.raw, Source.IMPORT, place=place))
                continue
            checked.known += not entries
            checked.entries += entries
        return checked

    async def _write(self, checked: _Checked) -> None:
        outcomes = await self._writer.append(checked.entries)
        logged = list(zip(checked.entries, outcomes, strict=True))
        self._count(checked, logged)
        await self._refusals.flush()
        if self._on_progress is not None:
            self._on_progress(self.summary)

    def _count(self, checked: _Checked, logged: list[tuple[Admitted, Outcome]]) -> None:
        summary = self.summary
        summary.read += checked.read
        summary.duplicates += checked.known
        for entry, outcome in logged:
            if entry.source is Source.EMBEDDED:
                summary.embedded += outcome is Outcome.ACCEPTED
                continue
            summary.accepted += outcome is Outcome.ACCEPTED
            summary.duplicates += outcome is Outcome.DUPLICATE
            summary.failed += outcome is Outcome.FAILED
        for refused in checked.refused:
            self._refusals.record(refused)
            summary.refused[refused.reason] += 1
            if len(summary.first_refusals) < self._settings.first_refusals:
                summary.first_refusals.append(f"{refused.place}: {refused.reason.value}: {refused.detail}")


class _Batches:
    """Groups records; a break in the archive ends the groups and is kept until they are written."""

    def __init__(self, archive: OpenArchive, size: int) -> None:
        self.name = archive.name
        self._records: Iterator[Record] = read_records(archive, archive.name)
        self._size = size
        self.broken: ArchiveUnreadable | None = None

    def next(self) -> list[Record]:
        batch: list[Record] = []
        try:
            for record in islice(self._records, self._size):
                batch.append(record)
        except ArchiveUnreadable as error:
            self.broken = error
        return batch
