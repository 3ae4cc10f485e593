"""What people paste into a search box: hex ids, NIP-19 texts, addresses and invoices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from nostr_sdk import Nip19, Nip19Enum, NostrSdkError

from dvmdash.nip90 import bech32
from dvmdash.nip90.bolt11 import MAX_INVOICE_LENGTH, read_invoice
from dvmdash.nip90.deletions import parse_coordinate
from dvmdash.nip90.errors import InvoiceInvalid, ReferenceInvalid
from dvmdash.nip90.hexes import is_hex_32

MAX_REFERENCE_LENGTH = MAX_INVOICE_LENGTH + len("lightning://")
MAX_NIP19_LENGTH = 5_000
MAX_RELAYS = 8
_SECRETS = ("nsec1", "ncryptsec1")
_NIP19 = ("note1", "nevent1", "npub1", "nprofile1", "naddr1")
_INVOICES = ("lightning:", "lnbc")
_PREFIX = re.compile(r"(?:web\+)?nostr:(?://)?", re.IGNORECASE).match


class ReferenceKind(StrEnum):
    """What a reference names; `hex` may be an event, a pubkey or a payment hash."""

    EVENT = "event"
    PUBKEY = "pubkey"
    ADDRESS = "address"
    HEX = "hex"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class Reference:
    """`id` is lowercase hex; of an address it is `<kind>:<pubkey>:<d>`, of an invoice the `Invoice.id`."""

    kind: ReferenceKind
    id: str
    relays: tuple[str, ...] = ()


def parse_reference(text: str) -> Reference:
    """Return what `text` names; raise ReferenceInvalid, whose message never repeats the text, otherwise."""
    if len(text) > MAX_REFERENCE_LENGTH:
        raise ReferenceInvalid(f"{len(text)} characters are too many for a reference")
    bare = _without_prefix(text.strip())
    lower = bare.lower()
    if any(secret in lower for secret in _SECRETS):
        raise ReferenceInvalid(
            "this is a secret key: it is not looked up and not kept; do not paste it anywhere"
        )
    if is_hex_32(lower):
        return Reference(ReferenceKind.HEX, lower)
    if lower.startswith(_INVOICES):
        return _invoice(bare)
    if lower.startswith(_NIP19):
        return _nip19(lower if bare.isupper() else bare)
    return _address(bare)


@lru_cache(maxsize=65_536)
def to_npub(pubkey: str) -> str:
    """Return the NIP-19 form of a pubkey of 64 hex digits; raises ValueError for anything else."""
    return _bech32_of("npub", pubkey)


@lru_cache(maxsize=65_536)
def to_note(event_id: str) -> str:
    """Return the NIP-19 form of an event id of 64 hex digits; raises ValueError for anything else."""
    return _bech32_of("note", event_id)


def _bech32_of(prefix: str, digits: str) -> str:
    if not is_hex_32(digits):
        raise ValueError("64 lowercase hex digits are needed")
    return bech32.join(prefix, bech32.to_groups(bytes.fromhex(digits)))


def _without_prefix(text: str) -> str:
    prefix = _PREFIX(text)
    return text[prefix.end() :] if prefix else text


def _invoice(text: str) -> Reference:
    try:
        return Reference(ReferenceKind.INVOICE, read_invoice(text).id)
    except InvoiceInvalid as error:
        raise ReferenceInvalid(str(error)) from None


def _address(text: str) -> Reference:
    coordinate = parse_coordinate(text)
    if coordinate is None:
        raise ReferenceInvalid(
            "not a reference: 64 hex digits, note, nevent, npub, nprofile, naddr, a BOLT11 invoice"
            " or <kind>:<pubkey>:<d> is expected"
        )
    return Reference(ReferenceKind.ADDRESS, f"{coordinate.kind}:{coordinate.pubkey}:{coordinate.d}")


def _nip19(text: str) -> Reference:
    if len(text) > MAX_NIP19_LENGTH:
        raise ReferenceInvalid(f"{len(text)} characters are too many for a NIP-19 reference")
    try:
        return _of_entity(Nip19.from_bech32(text).as_enum())
    except NostrSdkError:
        raise ReferenceInvalid("the NIP-19 text is damaged: its checksum or its content is wrong") from None


def _of_entity(entity: Any) -> Reference:
    match entity:
        case Nip19Enum.NOTE():
            return Reference(ReferenceKind.EVENT, entity.event_id.to_hex())
        case Nip19Enum.EVENT():
            return Reference(ReferenceKind.EVENT, entity.event.event_id().to_hex(), _relays(entity.event))
        case Nip19Enum.PUBKEY():
            return Reference(ReferenceKind.PUBKEY, entity.npub.to_hex())
        case Nip19Enum.PROFILE():
            profile = entity.nprofile
            return Reference(ReferenceKind.PUBKEY, profile.public_key().to_hex(), _relays(profile))
        case Nip19Enum.ADDR():
            address = entity.coordinate.coordinate()
            text = f"{address.kind().as_u16()}:{address.public_key().to_hex()}:{address.identifier()}"
            return Reference(ReferenceKind.ADDRESS, text, _relays(entity.coordinate))
        case _:
            raise ReferenceInvalid("this NIP-19 text names no event, pubkey or address")


def _relays(pointer: Any) -> tuple[str, ...]:
    return tuple(str(relay) for relay in pointer.relays()[:MAX_RELAYS])
