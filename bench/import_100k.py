"""How fast an archive gets into the graph: `python bench/import_100k.py [--events N] [--json FILE]`.

The archive is made before the clock starts, and DVMDash has been up for half a minute, as when somebody types the
command: the projector rehearses meanwhile. `--settle 0` measures it cold.

Measured from the start of `dvmdash import` until the projector's
checkpoint reaches the log's end, with log, graph, projector, web and import as processes of one machine.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import harmonic_mean
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from installation import DVMDASH, BenchFailed, Installation, installation, run
from memory import peak_memory
from report import report

from dvmdash.simulate.archive import write_archive
from dvmdash.simulate.traffic import TrafficSettings

SAMPLE_SECONDS = 0.5
STALLED_SECONDS = 120.0
Sample = tuple[float, int]
"""Seconds since the start, and the checkpoint then."""


def main(
    events: Annotated[int, typer.Option(min=100)] = 100_000,
    seed: int = 1,
    settle: Annotated[
        float, typer.Option(help="Seconds between the start and the import; 0 is a cold one.")
    ] = 30.0,
    json_file: Annotated[Path | None, typer.Option("--json")] = None,
) -> None:
    """Import made-up events and print the rate, over all and by tenths."""
    with TemporaryDirectory(prefix="dvmdash-bench-") as folder:
        archive = Path(folder) / "archive.jsonl"
        settings = TrafficSettings(seed=seed, customers=2_000, providers=90)
        write_archive(archive, events, settings)
        with peak_memory() as memory, installation("--no-relays") as running:
            time.sleep(settle)
            samples, import_seconds = _import(running, archive)
            in_graph = running.events_in_graph()
    report("import", _figures(samples, import_seconds, events, in_graph), memory, json_file)
    if in_graph != events:
        raise BenchFailed(f"{events} events were imported, the graph holds {in_graph}")


def _import(running: Installation, archive: Path) -> tuple[list[Sample], float]:
    command = [*DVMDASH, "import", "--json", "--strict", "--data", str(running.data), str(archive)]
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    samples: list[Sample] = [(0.0, 0)]
    import_seconds = 0.0
    while True:
        log_end, checkpoint = running.progress()
        now = time.monotonic() - started
        if checkpoint > samples[-1][1]:
            samples.append((now, checkpoint))
        if process.poll() is not None and not import_seconds:
            import_seconds = now
            _check(process)
        if import_seconds and checkpoint == log_end:
            return samples, import_seconds
        if now - samples[-1][0] > STALLED_SECONDS:
            raise BenchFailed(f"the checkpoint has stood at {checkpoint} for {STALLED_SECONDS:.0f} s")
        time.sleep(SAMPLE_SECONDS)


def _check(process: subprocess.Popen[bytes]) -> None:
    output = process.communicate()[0].decode()
    if process.returncode != 0:
        raise BenchFailed(f"`dvmdash import` ended with {process.returncode}: {output[-1000:]}")


def _figures(samples: Sequence[Sample], import_seconds: float, events: int, in_graph: int) -> dict[str, Any]:
    seconds, total = samples[-1]
    rates = rates_by_tenth(samples)
    return {
        "events": events,
        "in the graph": in_graph,
        "seconds until all in the log": import_seconds,
        "seconds until all in the graph": seconds,
        "events/s, log": events / import_seconds,
        "events/s, graph": total / seconds,
        "events/s, graph, after the first tenth": _sustained(rates),
        "events/s by tenth": json.dumps([round(rate) for rate in rates]),
        "last tenth / second tenth": rates[-1] / rates[1],
    }


def rates_by_tenth(samples: Sequence[Sample]) -> list[float]:
    """Return the events per second of each tenth of the events, between samples taken as even."""
    total = samples[-1][1]
    edges = [_time_at(samples, total * tenth / 10) for tenth in range(11)]
    return [total / 10 / max(after - before, 1e-9) for before, after in pairwise(edges)]


def _sustained(rates: Sequence[float]) -> float:
    """Return the rate without the first tenth, in which the database starts to compile what it runs."""
    return harmonic_mean(rates[1:])


def _time_at(samples: Sequence[Sample], count: float) -> float:
    for (before, low), (after, high) in pairwise(samples):
        if low <= count <= high:
            return before + (after - before) * (count - low) / (high - low)
    return samples[-1][0]


if __name__ == "__main__":
    run(main)
