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
        self.environment = {
            **os.environ,
            "DVMDASH_DATA": str(data),
            "DVMDASH_NEO4J_HEAP": "512",
            "DVMDASH_WARM_UP": "0",
        }
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

    def start_command(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start another command on the same data folder; what it prints is thrown away."""
        return subprocess.Popen(
            [sys.executable, "-m", "dvmdash.ops", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command on the same data folder to its end."""
        return subprocess.run(
            [sys.executable, "-m", "dvmdash.ops", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    def status(self) -> dict[str, Any] | None:
        """Return the status as data, or None while it can't be read."""
        done = self.command("status", "--json")
        found: dict[str, Any] | None = json.loads(done.stdout) if done.returncode == 0 else None
        return found

    def events_in_graph(self) -> int:
        """Return how many events the graph holds; 0 while it can't be read."""
        found = self.status()
        return int(found["graph"]["events"]) if found else 0

    def family(self) -> list[psutil.Process]:
        """Return every process under this one."""
        return psutil.Process(self.process.pid).children(recursive=True)

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
