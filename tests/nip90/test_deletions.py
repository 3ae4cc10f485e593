from __future__ import annotations

import pytest

from dvmdash.nip90.deletions import MAX_TARGETS, Coordinate, parse_coordinate, read_deletion
from dvmdash.nip90.event import Event

from .signing import Signer

AUTHOR, OTHER = Signer("author"), Signer("other")
A, B = "a" * 64, "b" * 64


def test_a_deletion_names_events_and_its_own_addresses() -> None:
    own = f"31990:{AUTHOR.pubkey}:my:id"
    tags = [["e", A], ["e", "x"], ["e"], ["e", B], ["e", A], ["k", "1"], ["a", own], ["a", own]]
    read = read_deletion(AUTHOR.sign(5, tags, created_at=1_700_000_000))
    assert (read.author, read.created_at) == (AUTHOR.pubkey, 1_700_000_000)
    assert read.event_ids == (A, B)
    assert read.coordinates == (Coordinate(31990, AUTHOR.pubkey, "my:id"),)


def test_addresses_of_others_are_left_out() -> None:
    assert read_deletion(AUTHOR.sign(5, [["a", f"31990:{OTHER.pubkey}:x"]])).coordinates == ()


def test_targets_are_bounded() -> None:
    tags = [["e", f"{number:064x}"] for number in range(900)]
    tags += [["a", f"31990:{AUTHOR.pubkey}:{number}"] for number in range(900)]
    read = read_deletion(AUTHOR.sign(5, tags))
    assert (len(read.event_ids), len(read.coordinates)) == (MAX_TARGETS, MAX_TARGETS)


@pytest.mark.parametrize(
    "text",
    ["", ":", "::", f"31990:{A}", f"70000:{A}:x", f"-1:{A}:x", f":{A}:x", f"x:{A}:x", f"31990:{A.upper()}:x",
     f"31990:{A[:-1]}:x", f"31990:{A}:{'x' * 201}", f"٣:{A}:x", f"0031990:{A}:x"],
)  # fmt: skip
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse_coordinate(text) is None


def test_an_address_may_have_an_empty_identifier() -> None:
    assert parse_coordinate(f"10002:{A}:") == Coordinate(10002, A, "")


def test_the_128_real_deletions(real_events: list[Event]) -> None:
    read = [read_deletion(event) for event in real_events if event.kind == 5]
    assert len(read) == 128
    assert sum(len(one.event_ids) for one in read) == 132
    assert sum(len(one.coordinates) for one in read) == 38
