"""Made-up events that any collector asks every relay for: requests, results and feedback."""

from __future__ import annotations

from itertools import islice

from dvmdash.simulate.signing import SignedEvent
from dvmdash.simulate.traffic import TrafficSettings, traffic

HOURS_BACK = 6


def job_events(count: int, now: float) -> list[SignedEvent]:
    """Return so many distinct events of the hours before `now` (unix seconds), oldest first.

    Every request that a result carries in its `request` tag is among them, so that a log which gets them all
    holds exactly `count` events.
    """
    settings = TrafficSettings(start=now - HOURS_BACK * 3600, expirations=False, introduce=False)
    wanted = (moment.event for moment in traffic(settings) if 5000 <= moment.event["kind"] <= 7000)
    return list(islice(wanted, count))
