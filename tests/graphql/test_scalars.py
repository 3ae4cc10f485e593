from __future__ import annotations

import pytest

from dvmdash.graphql.scalars import Msats, Time, as_msats, as_time, read_time, show_time


@pytest.mark.parametrize(
    ("unix", "shown"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1_700_000_000, "2023-11-14T22:13:20Z"),
        (1_700_000_000.25, "2023-11-14T22:13:20.250Z"),
        (2**31, "2038-01-19T03:14:08Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
        (253_402_300_800, "9999-12-31T23:59:59Z"),
        (2**63 - 1, "9999-12-31T23:59:59Z"),
        (-1, "1970-01-01T00:00:00Z"),
    ],
)
def test_times_are_shown_in_utc_and_outside_their_range_at_its_end(unix: float, shown: str) -> None:
    assert show_time(unix) == shown


def test_a_shown_time_reads_back() -> None:
    assert read_time(show_time(1_700_000_000.25)) == 1_700_000_000.25


def test_what_is_absent_stays_absent() -> None:
    assert as_time(None) is None
    assert as_msats(None) is None
    assert as_time(0) == Time(0)
    assert as_msats(0) == Msats(0)
