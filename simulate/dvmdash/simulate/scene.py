"""One thread of a story: its own clock and dice, and the pen that signs."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from .cast import Cast
from .signing import Keys, SignedEvent, sign_event


class Moment(NamedTuple):
    """An event and when it is published, in unix seconds with fractions."""

    at: float
    event: SignedEvent


@dataclass(slots=True)
class Scene:
    """The clock (`now`, unix seconds), the dice and the people of one thread.

    `tempo` stretches every wait; below 1 things happen faster. With `expirations` the providers that set
    `expiration` do so (600 s, as most DVMs in the wild).
    """

    rng: Random
    cast: Cast
    now: float
    tempo: float = 1.0
    expirations: bool = True

    def wait(self, shortest: float, longest: float) -> None:
        """Let a random time pass, between two numbers of seconds."""
        self.now += self.rng.uniform(shortest, longest) * self.tempo

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.rng.random() < probability

    def fork(self) -> Scene:
        """Return a scene that starts now and no longer shares clock or dice, so that order of use is free."""
        dice = Random(self.rng.getrandbits(64))
        return Scene(dice, self.cast, self.now, self.tempo, self.expirations)

    def publish(self, keys: Keys, kind: int, tags: list[list[str]], content: str = "") -> Moment:
        """Return an event signed and published now."""
        return Moment(self.now, sign_event(keys, int(self.now), kind, tags, content))
