"""Logs of children, kept small: one older file beside the one being written."""

from __future__ import annotations

import os
from pathlib import Path

LIMIT = 10 * (1 << 20)


def keep_newest(log_file: Path, limit: int = LIMIT) -> None:
    """Set a log aside as `.1` when it is larger than `limit` bytes. For a log that nobody writes to."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    if log_file.exists() and log_file.stat().st_size > limit:
        log_file.replace(log_file.with_name(log_file.name + ".1"))


def truncate_running(log_file: Path, limit: int = LIMIT) -> None:
    """Bound a log that a child holds open in append mode: copy it to `.1`, then empty it in place."""
    if log_file.exists() and log_file.stat().st_size > limit:
        log_file.with_name(log_file.name + ".1").write_bytes(log_file.read_bytes())
        os.truncate(log_file, 0)
