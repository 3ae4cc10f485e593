"""Scalars that JSON and GraphQL lack: 64-bit money and points in time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

Msats = NewType("Msats", int)
Time = NewType("Time", float)

_LAST_SHOWN = 253_402_300_799  # The last second of the year 9999, the end of RFC 3339.


def show_time(unix: float) -> str:
    """Return unix seconds as RFC 3339 in UTC; what lies outside its range is shown at its end."""
    moment = datetime.fromtimestamp(min(max(unix, 0), _LAST_SHOWN), UTC)
    precision = "seconds" if float(unix).is_integer() else "milliseconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


def read_time(text: str) -> float:
    """Return unix seconds of an RFC 3339 text. Raises ValueError."""
    return datetime.fromisoformat(text).timestamp()


SCALARS: dict[object, ScalarDefinition] = {
    Msats: strawberry.scalar(
        name="Msats",
        description="A whole number of up to 64 bits as a string; money is in millisatoshis.",
        serialize=str,
        parse_value=int,
    ),
    Time: strawberry.scalar(
        name="Time",
        description="A point in time as RFC 3339 in UTC, such as 2026-01-31T12:00:00Z.",
        serialize=show_time,
        parse_value=read_time,
    ),
}


def as_time(value: float | None) -> Time | None:
    """Return a nullable unix time as the scalar, as exact as it came."""
    return None if value is None else Time(value)


def as_msats(value: int | None) -> Msats | None:
    """Return a nullable amount as the scalar."""
    return None if value is None else Msats(value)
