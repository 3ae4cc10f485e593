"""Bech32 (BIP-173) without its length limit, as BOLT11 and NIP-19 use it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {character: value for value, character in enumerate(_CHARSET)}
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
CHECKSUM_GROUPS = 6


def _feedback_of(top: int) -> int:
    feedback = 0
    for bit, generator in enumerate(_GENERATORS):
        if top >> bit & 1:
            feedback ^= generator
    return feedback


_FEEDBACK = tuple(_feedback_of(top) for top in range(32))


def split(text: str) -> tuple[str, list[int]]:
    """Return the human-readable part and the 5-bit groups of the data, checksum removed.

    `text` is all lower case. Raises ValueError for a wrong alphabet or checksum.
    """
    prefix, separator, data = text.rpartition("1")
    if not prefix or not separator or len(data) < CHECKSUM_GROUPS:
        raise ValueError("no bech32 text")
    try:
        groups = [_VALUES[character] for character in data]
    except KeyError:
        raise ValueError("a character outside the bech32 alphabet") from None
    if _polymod([*_expanded(prefix), *groups]) != 1:
        raise ValueError("the bech32 checksum is wrong")
    return prefix, groups[:-CHECKSUM_GROUPS]


def join(prefix: str, groups: Sequence[int]) -> str:
    """Return the bech32 text of 5-bit groups under a lower-case human-readable part."""
    check = _polymod([*_expanded(prefix), *groups, *[0] * CHECKSUM_GROUPS]) ^ 1
    checksum = (check >> shift & 31 for shift in (25, 20, 15, 10, 5, 0))
    return f"{prefix}1{''.join(_CHARSET[group] for group in (*groups, *checksum))}"


def to_groups(data: bytes) -> list[int]:
    """Return `data` as 5-bit groups, the last one padded with zero bits."""
    count = -(-len(data) * 8 // 5)
    number = int.from_bytes(data) << (count * 5 - len(data) * 8)
    return [number >> shift & 31 for shift in range((count - 1) * 5, -1, -5)]


def to_bytes(groups: Sequence[int]) -> bytes:
    """Return the whole bytes that 5-bit groups hold; left-over bits are dropped."""
    bits = len(groups) * 5
    return (to_int(groups) >> bits % 8).to_bytes(bits // 8)


def to_int(groups: Iterable[int]) -> int:
    """Return 5-bit groups as one big-endian number."""
    number = 0
    for group in groups:
        number = number << 5 | group
    return number


def _expanded(prefix: str) -> list[int]:
    return [*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix)]


def _polymod(groups: Iterable[int]) -> int:
    check = 1
    for group in groups:
        check = (check & 0x1FFFFFF) << 5 ^ group ^ _FEEDBACK[check >> 25]
    return check
