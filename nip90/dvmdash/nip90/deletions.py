"""What a kind 5 takes back: only ever its own author's events (NIP-09)."""

from __future__ import annotations

from dataclasses import dataclass

from dvmdash.nip90.event import Event
from dvmdash.nip90.hexes import distinct_hexes, is_hex_32
from dvmdash.nip90.kinds import MAX_KIND

MAX_TARGETS = 500
MAX_IDENTIFIER_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Coordinate:
    """An addressable event: all versions of (kind, pubkey, d)."""

    kind: int
    pubkey: str
    d: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """What `author` asks to delete, at most 500 of each.

    `event_ids` may name other people's events: whoever applies it must compare the authors. `coordinates`
    are the author's own and concern versions up to `created_at` (unix seconds).
    """

    author: str
    created_at: int
    event_ids: tuple[str, ...]
    coordinates: tuple[Coordinate, ...]


def read_deletion(event: Event) -> Deletion:
    """Read a deletion (kind 5). Never raises; what is no id and no own address is left out."""
    addresses = (parse_coordinate(text) for text in event.tag_values("a"))
    own = dict.fromkeys(address for address in addresses if address and address.pubkey == event.pubkey)
    return Deletion(
        author=event.pubkey,
        created_at=event.created_at,
        event_ids=distinct_hexes(event.tag_values("e"), MAX_TARGETS),
        coordinates=tuple(own)[:MAX_TARGETS],
    )


def parse_coordinate(text: str) -> Coordinate | None:
    """Return the address in `<kind>:<pubkey>:<d>` (NIP-01), None where it is none; `d` may hold colons."""
    kind, _, rest = text.partition(":")
    pubkey, separator, d = rest.partition(":")
    if not separator or not is_hex_32(pubkey) or len(d) > MAX_IDENTIFIER_LENGTH:
        return None
    if not 0 < len(kind) <= 5 or not kind.isascii() or not kind.isdecimal() or int(kind) > MAX_KIND:
        return None
    return Coordinate(int(kind), pubkey, d)
