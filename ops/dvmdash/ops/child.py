"""One child process: how it is started, known to be ready, and stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dvmdash.ops.bounded_log import keep_newest
from dvmdash.ops.errors import ServerError
from dvmdash.ops.tether import tether_command

POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """What to run. `ready` tells whether it serves; `grace_seconds` is the time between SIGTERM and SIGKILL.

    `own_group` keeps a terminal's Ctrl-C from a program that would act on it although it was told not to, and lets
    the signals sent here reach its own children too.
    """

    name: str
    command: Sequence[str]
    log_file: Path
    ready: Callable[[], bool] = lambda: True
    environment: Mapping[str, str] = field(default_factory=dict)
    grace_seconds: float = 30.0
    own_group: bool = False


class Child:
    """A running child. Start it from the main thread: the kernel ties it to the thread that started it."""

    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        keep_newest(spec.log_file)
        with spec.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                tether_command(list(spec.command)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **spec.environment},
                process_group=0 if spec.own_group else None,
            )

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._process.poll()

    def is_ready(self) -> bool:
        """Tell whether it serves. Raises ServerError when it has ended instead."""
        code = self.exit_code()
        if code is not None:
            raise ServerError(f"{self.spec.name} ended with code {code}: {last_words(self.spec.log_file)}")
        return self.spec.ready()

    def wait_ready(self, timeout: float = 120.0) -> None:
        """Block until it serves. Raises ServerError when it ends first or takes longer than `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise ServerError(
                    f"{self.spec.name} was not ready within {timeout:.0f} s; see {self.spec.log_file}"
                )
            time.sleep(POLL_SECONDS)

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self.exit_code() is not None:
            return
        if self.spec.own_group:
            os.killpg(self.pid, number)
        else:
            self._process.send_signal(number)

    def stop(self) -> None:
        """Stop it, by force after its grace time; returns when it has ended."""
        self.ask_to_stop()
        try:
            self._process.wait(self.spec.grace_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()


def last_words(log_file: Path, lines: int = 3) -> str:
    """Return the last lines of a log, for a message about what ended."""
    try:
        text = log_file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "it wrote no log"
    return (
        " / ".join(line.strip() for line in text.splitlines()[-lines:] if line.strip()) or "it said nothing"
    )
