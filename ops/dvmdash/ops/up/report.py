"""What `up` tells while it starts and runs: live on a terminal, plain lines elsewhere; always on standard error."""

from __future__ import annotations

import contextlib
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

LINE_SECONDS = 2.0


class Report:
    """Steps that begin, move and end, and things said in between. Safe to call from any thread."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._live = self._console.is_terminal
        self._steps: dict[str, TaskID] = {}
        self._said_at: dict[str, float] = {}
        self._progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[note]}", markup=False),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )

    def __enter__(self) -> Self:
        if self._live:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.settle()

    def settle(self) -> None:
        """End the live display; what is said later is lines."""
        with contextlib.suppress(OSError):
            self._progress.stop()

    def begin(self, step: str) -> None:
        """Say that a step has begun."""
        if self._live:
            self._steps[step] = self._progress.add_task(step, total=None, note="")
        else:
            self._line(f"{step} …")

    def move(self, step: str, done: int, total: int, note: str) -> None:
        """Say how far a step is; lines are at least two seconds apart."""
        if self._live and step in self._steps:
            self._progress.update(self._steps[step], completed=done, total=total, note=note)
        elif time.monotonic() - self._said_at.get(step, 0.0) > LINE_SECONDS:
            self._said_at[step] = time.monotonic()
            self._line(f"{step}: {note}")

    def end(self, step: str) -> None:
        """Say that a step is done."""
        if self._live and step in self._steps:
            self._progress.update(self._steps[step], completed=1, total=1, note="done")
        else:
            self._line(f"{step}: done")

    def say(self, text: str) -> None:
        """Say something in a line of its own."""
        self._line(text)

    def _line(self, text: str) -> None:
        # The terminal may be gone; the way down goes on without it.
        with contextlib.suppress(OSError):
            self._console.print(text, markup=False, soft_wrap=True)
