from __future__ import annotations

import importlib
import math
import time
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture
def import_100k(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module("import_100k")


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module("report")


@pytest.fixture
def job_events(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module("job_events")


def test_an_even_pace_gives_equal_tenths(import_100k: ModuleType) -> None:
    rates = import_100k.rates_by_tenth([(0.0, 0), (3.0, 300), (10.0, 1_000)])
    assert rates == pytest.approx([100.0] * 10)


def test_a_slow_start_shows_in_the_first_tenth_alone(import_100k: ModuleType) -> None:
    rates = import_100k.rates_by_tenth([(0.0, 0), (10.0, 100), (19.0, 1_000)])
    assert rates == pytest.approx([10.0] + [100.0] * 9)


def test_decay_shows_in_the_last_tenth(import_100k: ModuleType) -> None:
    rates = import_100k.rates_by_tenth([(0.0, 0), (9.0, 900), (11.0, 1_000)])
    assert rates[-1] / rates[1] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("share", "value"),
    [(0.0, 1), (0.01, 1), (0.5, 50), (0.95, 95), (0.99, 99), (0.991, 100), (1.0, 100)],
)
def test_a_quantile_is_a_value_that_occurred(report: ModuleType, share: float, value: int) -> None:
    assert report.quantile(range(100, 0, -1), share) == value


def test_without_values_there_is_no_quantile(report: ModuleType) -> None:
    assert math.isnan(report.quantile([], 0.5))


def test_job_events_are_distinct_past_and_complete(job_events: ModuleType) -> None:
    now = time.time()
    events = job_events.job_events(5_000, now)
    ids = {event["id"] for event in events}
    assert len(ids) == 5_000
    assert all(5000 <= event["kind"] <= 7000 and event["created_at"] < now for event in events)
    answered = {tag[1] for event in events if event["kind"] >= 6000 for tag in event["tags"] if tag[0] == "e"}
    assert answered <= ids
