"""Ids as people paste them."""

from __future__ import annotations

from dvmdash.graphql.errors import ReferenceRefused
from dvmdash.nip90.errors import ReferenceInvalid
from dvmdash.nip90.references import ReferenceKind, parse_reference


def event_id(text: str) -> str:
    """Return the event id in hex, note or nevent form. Raises ReferenceRefused, never repeating the text."""
    return _id(text, ReferenceKind.EVENT, "an event id: 64 hex digits, note1… or nevent1…")


def pubkey(text: str) -> str:
    """Return the pubkey in hex, npub or nprofile form. Raises ReferenceRefused, never repeating the text."""
    return _id(text, ReferenceKind.PUBKEY, "a public key: 64 hex digits, npub1… or nprofile1…")


def _id(text: str, kind: ReferenceKind, wanted: str) -> str:
    try:
        reference = parse_reference(text)
    except ReferenceInvalid as invalid:
        raise ReferenceRefused(f"{invalid}; this field takes {wanted}") from None
    if reference.kind not in {kind, ReferenceKind.HEX}:
        raise ReferenceRefused(f"this names a {reference.kind}; this field takes {wanted}")
    return reference.id
