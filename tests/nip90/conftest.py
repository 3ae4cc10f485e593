from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from dvmdash.nip90.checks import event_of
from dvmdash.nip90.event import Event

REAL_EVENTS = Path(__file__).parents[1] / "data" / "real.jsonl"


@pytest.fixture(scope="session")
def real_lines() -> list[bytes]:
    """The 372 real signed events, one JSON text each."""
    return REAL_EVENTS.read_bytes().splitlines()


@pytest.fixture(scope="session")
def real_events(real_lines: list[bytes]) -> list[Event]:
    return [event_of(orjson.loads(line)) for line in real_lines]
