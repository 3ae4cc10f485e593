"""A whole DVMDash in a scratch data folder, started as a newcomer starts it: `dvmdash up`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil
import typer

START_SECONDS = 300.0
STOP_SECONDS = 60.0
DVMDASH = [sys.executable, "-m", "dvmdash.ops"]

_PROGRESS = "{ status { log { lastSequence } projector { checkpoint lag } } }"
_RELAYS = "{ status { collectors { relays { url state } } } }"


class BenchFailed(Exception):
    """A bench could not measure: something did not start, or did not get done."""


@dataclass(frozen=True)
class Installation:
    """A running DVMDash: its data folder, where GraphQL is, and its supervising process."""

    data: Path
    graphql: str
    process: psutil.Process

    def ask(self, query: str) -> dict[str, Any]:
        """Return the data of a GraphQL query. Raises BenchFailed when it has errors."""
        answer = httpx.post(self.graphql, json={"query": query}, timeout=30).json()
        if answer.get("errors"):
            raise BenchFailed(f"GraphQL says {answer['errors']}")
        data: dict[str, Any] = answer["data"]
        return data

    def progress(self) -> tuple[int, int]:
        """Return the last sequence in the log and the last one in the graph."""
        status = self.ask(_PROGRESS)["status"]
        return int(status["log"]["lastSequence"]), int(status["projector"]["checkpoint"])

    def wait_for_events(self, count: int, patience: float = 600.0) -> float:
        """Block until the graph holds `count` messages of the log; return the monotonic time of the last change.

        Gives up, and returns, when nothing has changed for `patience` seconds.
        """
        last_change, seen = time.monotonic(), 0
        while seen < count and time.monotonic() - last_change < patience:
            _, checkpoint = self.progress()
            if checkpoint > seen:
                last_change, seen = time.monotonic(), checkpoint
            time.sleep(0.1)
        return last_change

    def events_in_graph(self) -> int:
        """Return how many events the graph holds, stubs left out."""
        query = "MATCH (e:Event) WHERE NOT e:Stub RETURN count(e) AS n"
        command = [*DVMDASH, "cypher", query, "--json", "--data", str(self.data)]
        rows = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["rows"]
        return int(rows[0][0])

    def wait_for_relay(self, url: str, timeout: float = 60.0) -> None:
        """Block until a collector is connected to the relay."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            collectors = self.ask(_RELAYS)["status"]["collectors"]
            states = {
                relay["url"].rstrip("/"): relay["state"] for one in collectors for relay in one["relays"]
            }
            if states.get(url) == "connected":
                return
            time.sleep(0.2)
        raise BenchFailed(f"no collector connected to {url} within {timeout:.0f} s; states: {states}")


def run(main: Callable[..., None]) -> None:
    """Run a bench's command; a failure is one line on standard error and exit status 1."""
    try:
        typer.run(main)
    except BenchFailed as error:
        typer.echo(f"bench failed: {error}", err=True)
        sys.exit(1)


@contextmanager
def installation(*options: str) -> Iterator[Installation]:
    """Run `dvmdash up` with more options on an empty data folder while the block lasts; all of it is removed."""
    with TemporaryDirectory(prefix="dvmdash-bench-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "up.log"
        data = Path(folder) / "data"
        with log.open("wb") as output:
            command = [*DVMDASH, "up", "--data", str(data), *options]
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            endpoints = _wait_for_endpoints(process, data / "endpoints.json", log)
            yield Installation(data, endpoints["graphql"], psutil.Process(process.pid))
        finally:
            _stop(process)


def _wait_for_endpoints(process: subprocess.Popen[bytes], file: Path, log: Path) -> dict[str, str]:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if file.exists():
            endpoints: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
            return endpoints
        time.sleep(0.2)
    words = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise BenchFailed(f"`dvmdash up` did not get ready: {words}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
