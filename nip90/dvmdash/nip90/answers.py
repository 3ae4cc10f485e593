"""What a result or feedback says about the request it answers."""

from __future__ import annotations

from dataclasses import dataclass

from dvmdash.nip90.event import Event
from dvmdash.nip90.hexes import distinct_hexes, is_hex_32
from dvmdash.nip90.inputs import input_digest
from dvmdash.nip90.request_tag import partial_request_id

MAX_CANDIDATES = 8
MAX_CUSTOMERS = 16
_MARKERS = ("job", "reply")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One event that an answer's `e` tags name; `marked` by `job` or `reply` at index 3 or 2."""

    id: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A result (6xxx) or feedback (7000), reduced to what linking needs.

    `candidates`: at most 8 distinct ids, marked ones first. `embedded_request`: id of the verified request in
    the `request` tag. `partial_request`: the id an unverifiable `request` tag claims. `customers`: `p` tags.
    """

    id: str
    kind: int
    pubkey: str
    created_at: int
    candidates: tuple[Candidate, ...]
    embedded_request: str | None
    partial_request: str | None
    customers: tuple[str, ...]
    input_digest: str | None


def read_answer(event: Event, embedded_request: str | None) -> Answer:
    """Reduce a result or feedback; `embedded_request` is what its `request` tag proved to hold."""
    return Answer(
        id=event.id,
        kind=event.kind,
        pubkey=event.pubkey,
        created_at=event.created_at,
        candidates=_candidates(event),
        embedded_request=embedded_request,
        partial_request=None if embedded_request else partial_request_id(event),
        customers=distinct_hexes(event.tag_values("p"), MAX_CUSTOMERS),
        input_digest=input_digest(event.tags),
    )


def _candidates(event: Event) -> tuple[Candidate, ...]:
    marked: dict[str, bool] = {}
    for tag in event.tags:
        if tag[0] == "e" and len(tag) > 1 and is_hex_32(tag[1]) and tag[1] != event.id:
            marked[tag[1]] = marked.get(tag[1], False) or _is_marked(tag)
    ordered = sorted(marked, key=lambda event_id: not marked[event_id])
    return tuple(Candidate(event_id, marked[event_id]) for event_id in ordered[:MAX_CANDIDATES])


def _is_marked(tag: list[str]) -> bool:
    # NIP-10 puts the marker at index 3, NDK's reader looks at index 2.
    return any(item in _MARKERS for item in tag[2:4])
