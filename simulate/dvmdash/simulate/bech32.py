"""Bech32 as invoices use it: groups of five bits and the BCH checksum (BIP-173, of any length)."""

from __future__ import annotations

from collections.abc import Iterable

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _step_table() -> tuple[int, ...]:
    return tuple(_mask(top) for top in range(32))


def _mask(top: int) -> int:
    mask = 0
    for bit, generator in enumerate(_GENERATORS):
        if top >> bit & 1:
            mask ^= generator
    return mask


_STEPS = _step_table()


def polymod(groups: Iterable[int]) -> int:
    """Return the checksum state after the groups; 1 for a text whose checksum is right."""
    state = 1
    for group in groups:
        state = (state & 0x1FFFFFF) << 5 ^ group ^ _STEPS[state >> 25]
    return state


def expand_prefix(prefix: str) -> list[int]:
    """Return the human-readable part as the checksum sees it."""
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def encode(prefix: str, groups: list[int]) -> str:
    """Return `prefix` + `1` + data + six checksum letters; every group is below 32."""
    state = polymod([*expand_prefix(prefix), *groups, 0, 0, 0, 0, 0, 0]) ^ 1
    checksum = [state >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(ALPHABET[group] for group in (*groups, *checksum))


def groups_of_number(number: int, length: int) -> list[int]:
    """Return a number as exactly `length` groups, most significant first."""
    return [number >> 5 * (length - 1 - place) & 31 for place in range(length)]


def groups_of_bytes(data: bytes) -> list[int]:
    """Return bytes as groups, the last one padded with zero bits."""
    length = -(-len(data) * 8 // 5)
    padding = length * 5 - len(data) * 8
    return groups_of_number(int.from_bytes(data, "big") << padding, length)


def bytes_of_groups(groups: list[int]) -> bytes:
    """Return groups as bytes, the last one padded with zero bits (as BOLT 11 signs them)."""
    number = 0
    for group in groups:
        number = number << 5 | group
    length = -(-len(groups) * 5 // 8)
    return (number << (length * 8 - len(groups) * 5)).to_bytes(length, "big")
