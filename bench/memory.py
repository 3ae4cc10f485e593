"""Peak resident memory of every process of an installation and of the bench's own children."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

INTERVAL_SECONDS = 0.5
# What a command line says, and what the process is called in the report; the first that fits.
_NAMES = (
    ("nats-server", "nats"),
    ("neo4j_child", "neo4j"),
    (" import ", "import"),
    (" project", "projector"),
    (" serve", "web"),
    (" collect", "collector"),
    ("simulate", "simulated relay"),
    ("_relay.py", "simulated relay"),
    (" cypher ", "cypher command"),
    (" up ", "supervisor"),
)


@contextmanager
def peak_memory() -> Iterator[dict[str, float]]:
    """Watch every descendant of this process while the block lasts; yields name -> peak MiB, filled as it goes.

    The peak is the kernel's own high-water mark where there is one, so that no peak falls between two looks.
    """
    peaks: dict[str, float] = {}
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(peaks, done), daemon=True)
    watcher.start()
    try:
        yield peaks
    finally:
        done.set()
        watcher.join()


def _watch(peaks: dict[str, float], done: threading.Event) -> None:
    while not done.wait(INTERVAL_SECONDS):
        for child in psutil.Process().children(recursive=True):
            try:
                name, peak = _name(child), _peak_mib(child)
            except (psutil.Error, OSError):
                continue  # it ended between being listed and being read
            peaks[name] = max(peaks.get(name, 0.0), peak)


def _name(process: psutil.Process) -> str:
    command = " ".join(process.cmdline()) + " "
    return next((name for words, name in _NAMES if words in command), process.name())


def _peak_mib(process: psutil.Process) -> float:
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return round(float(process.memory_info().rss) / 2**20, 1)
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return round(int(line.split()[1]) / 1024, 1)
