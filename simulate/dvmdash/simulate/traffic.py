"""Endless made-up traffic: a pure function of its settings, in the order of publication."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from .cast import make_cast
from .scene import Moment, Scene
from .stories import chain, introductions, job, restart

DEFAULT_START = 1_750_000_000.0
"""15 June 2025, a fixed time, so that an archive depends on its seed alone."""


@dataclass(frozen=True, slots=True)
class TrafficSettings:
    """What to make up. `start` is unix seconds, `jobs_per_second` the mean rate at which stories begin.

    Equal settings give equal events, byte for byte. `expirations` off leaves out NIP-40 tags, which a relay
    that is given the past would refuse. `introduce` off leaves out the opening profiles and announcements.
    """

    seed: int = 1
    start: float = DEFAULT_START
    jobs_per_second: float = 0.5
    customers: int = 120
    providers: int = 30
    tempo: float = 1.0
    expirations: bool = True
    introduce: bool = True


def traffic(settings: TrafficSettings) -> Iterator[Moment]:
    """Yield moments without end, `at` never decreasing; every event is signed and comes once."""
    scene = _opening_scene(settings)
    if settings.introduce:
        # A list, because telling it moves the clock at which the first story begins.
        yield from list(introductions(scene))
    yield from _once_each(_interleave(scene, settings.jobs_per_second))


def _once_each(moments: Iterator[Moment]) -> Iterator[Moment]:
    """Leave out repetitions: one customer may ask the same within one second, which is the same event."""
    second, seen = 0, set[str]()
    for moment in moments:
        if int(moment.at) != second:
            second, seen = int(moment.at), set()
        if moment.event["id"] not in seen:
            seen.add(moment.event["id"])
            yield moment


def _opening_scene(settings: TrafficSettings) -> Scene:
    cast = make_cast(settings.seed, settings.customers, settings.providers)
    # A later start gives other jobs of the same people, so that a live stream does not repeat its history.
    dice = Random(f"traffic {settings.seed} {settings.start}")
    return Scene(dice, cast, settings.start, settings.tempo, settings.expirations)


def _interleave(scene: Scene, rate: float) -> Iterator[Moment]:
    """Start a story at random intervals and let all that are under way take turns by the clock."""
    pending: list[tuple[float, int, Moment, Iterator[Moment]]] = []
    for number in _count(scene, rate):
        while pending and pending[0][0] <= scene.now:
            yield from _advance(pending)
        story = _begin(scene.fork())
        _push(pending, number, story)


def _count(scene: Scene, rate: float) -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1
        scene.now += scene.rng.expovariate(rate)


def _begin(scene: Scene) -> Iterator[Moment]:
    dice = scene.rng.random()
    if dice < 0.08:
        return chain(scene)
    if dice < 0.085:
        return restart(scene)
    return job(scene)


def _advance(pending: list[tuple[float, int, Moment, Iterator[Moment]]]) -> Iterator[Moment]:
    _, number, moment, story = heapq.heappop(pending)
    yield moment
    _push(pending, number, story)


def _push(
    pending: list[tuple[float, int, Moment, Iterator[Moment]]], number: int, story: Iterator[Moment]
) -> None:
    moment = next(story, None)
    if moment is not None:
        heapq.heappush(pending, (moment.at, number, moment, story))
