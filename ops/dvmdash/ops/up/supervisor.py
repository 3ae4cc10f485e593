"""Keeps children running: starts them, starts again what dies, stops them in order."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from dvmdash.ops.bounded_log import truncate_running
from dvmdash.ops.child import Child, ChildSpec, last_words
from dvmdash.ops.errors import ServerError
from dvmdash.ops.up.report import Report

POLL_SECONDS = 0.1
LOG_CHECK_SECONDS = 30.0
STEADY_SECONDS = 60.0
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
START_ATTEMPTS = 3


@dataclass
class _Kept:
    child: Child
    started_at: float
    pause: float = FIRST_PAUSE
    due: float | None = None


class Supervisor:
    """The children of one run, in the order in which they were started. Used from the main thread's loop only."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._kept: dict[str, _Kept] = {}
        self._stopping: list[Child] = []
        self._finishing: Child | None = None
        self._logs_checked = 0.0

    def start(self, spec: ChildSpec) -> None:
        """Start a child and keep it running from now on."""
        self._kept[spec.name] = _Kept(Child(spec), time.monotonic())

    async def ready(self, name: str, timeout: float = 180.0) -> None:  # noqa: ASYNC109 - told in its message
        """Wait until a child serves. Raises ServerError when it keeps ending, or takes too long."""
        deadline = time.monotonic() + timeout
        failures = 0
        while True:
            kept = self._kept[name]
            try:
                if await asyncio.to_thread(kept.child.is_ready):
                    return
            except ServerError:
                failures += 1
                if failures >= START_ATTEMPTS:
                    raise
                await asyncio.sleep(FIRST_PAUSE)
                self.start(kept.child.spec)
            if time.monotonic() > deadline:
                raise ServerError(
                    f"{name} was not ready within {timeout:.0f} s; see {kept.child.spec.log_file}"
                )
            await asyncio.sleep(POLL_SECONDS)

    async def finish(self, spec: ChildSpec) -> None:
        """Run a child that has an end of its own. Raises ServerError when it fails."""
        child = self._finishing = Child(spec)
        while (code := child.exit_code()) is None:  # noqa: ASYNC110 - a process, not a task
            await asyncio.sleep(POLL_SECONDS)
        if code:
            raise ServerError(last_words(spec.log_file, 8))

    async def watch(self) -> None:
        """Start again whatever dies, with a growing pause, for ever."""
        while True:
            for name in list(self._kept):
                self._look_after(name)
            self._bound_logs()
            await asyncio.sleep(POLL_SECONDS)

    def _look_after(self, name: str) -> None:
        kept, now = self._kept[name], time.monotonic()
        if kept.due is not None:
            if now >= kept.due:
                self._kept[name] = _Kept(Child(kept.child.spec), now, min(kept.pause * 2, LONGEST_PAUSE))
            return
        code = kept.child.exit_code()
        if code is None:
            return
        if now - kept.started_at > STEADY_SECONDS:
            kept.pause = FIRST_PAUSE
        kept.due = now + kept.pause
        words = last_words(kept.child.spec.log_file, 1)[:300]
        self._report.say(f"{name} ended with code {code}; starting it again in {kept.pause:.0f} s ({words})")

    def _bound_logs(self) -> None:
        if time.monotonic() - self._logs_checked > LOG_CHECK_SECONDS:
            self._logs_checked = time.monotonic()
            for kept in self._kept.values():
                truncate_running(kept.child.spec.log_file)

    async def stop(self, *names: str) -> None:
        """Ask these to stop, all at once, and wait for them; by force after their grace time."""
        children = [self._kept.pop(name).child for name in names if name in self._kept]
        self._stopping = children
        if self._finishing is not None:
            self._finishing.ask_to_stop()
        for child in children:
            child.ask_to_stop()
        await asyncio.gather(*(_ended(child) for child in children))

    def kill(self) -> None:
        """End everything by force, at once."""
        for child in [*(kept.child for kept in self._kept.values()), *self._stopping]:
            child.kill()


async def _ended(child: Child) -> None:
    deadline = time.monotonic() + child.spec.grace_seconds
    while child.exit_code() is None:
        if time.monotonic() > deadline:
            child.kill()
        await asyncio.sleep(POLL_SECONDS)
