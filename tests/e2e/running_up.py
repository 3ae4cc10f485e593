"""A real `dvmdash up` as a process of its own, as a newcomer runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

PATIENCE = 240.0
PARTS = {
    "nats": "nats-server",
    "neo4j": "neo4j_child",
    "collect": "ops.roles collect",
    "project": "ops.roles project",
    "serve": "ops.roles serve",
}


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.2)


class RunningUp:
    """`dvmdash up` on a data folder, from its start to its end."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data = data
        self.environment = {**os.environ, "DVMDASH_DATA": str(data), "DVMDASH_NEO4J_HEAP": "512"}
        for name in ("DVMDASH_NATS_URL", "DVMDASH_NEO4J_URL"):
            self.environment.pop(name, None)
        self._output = data.with_suffix(".out")
        with self._output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dvmdash.ops", "up", *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        eventually(lambda: "DVMDash is up" in self.said() or self.process.poll() is not None, "the start")
        assert "DVMDash is up" in self.said(), self.said()

    def said(self) -> str:
        """Return everything that was printed."""
        return self._output.read_text(encoding="utf-8")

    def stop(self) -> None:
        """End it as Ctrl-C does, and wait."""
        self.process.terminate()
        self.process.wait(90)

    def endpoints(self) -> dict[str, str]:
        """Return what endpoints.json says."""
        found: dict[str, str] = json.loads((self.data / "endpoints.json").read_text(encoding="utf-8"))
        return found

    def start_command(self, *arguments: str) -> subprocess.Popen[str]:
        """Start another command on the same data folder."""
        return subprocess.Popen(
            [sys.executable, "-m", "dvmdash.ops", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def command(self, *arguments: str) -> tuple[int, str]:
        """Run another command on the same data folder; return its exit code and what it printed."""
        process = self.start_command(*arguments)
        output, _ = process.communicate(timeout=180)
        return process.returncode, output

    def status(self) -> dict[str, Any] | None:
        """Return the status as data, or None while it can't be read."""
        code, output = self.command("status", "--json")
        found: dict[str, Any] | None = json.loads(output) if code == 0 else None
        return found

    def caught_up(self) -> bool:
        """Say whether the graph holds all of the log."""
        found = self.status()
        return found is not None and found["projector"]["lag"] == 0

    def part(self, name: str) -> psutil.Process | None:
        """Return the living process of one part."""
        for child in psutil.Process(self.process.pid).children():
            try:
                if PARTS[name] in " ".join(child.cmdline()) and child.status() != psutil.STATUS_ZOMBIE:
                    return child
            except psutil.NoSuchProcess:
                continue
        return None
