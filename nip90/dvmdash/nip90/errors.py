"""What can be wrong with what Nostr sends us."""

from __future__ import annotations

from enum import StrEnum


class Nip90Error(Exception):
    """Something does not follow the protocol."""


class Refusal(StrEnum):
    """Why an event does not enter the log. The values are counted, shown and kept in the refusal stream."""

    TOO_LARGE = "too-large"
    BAD_JSON = "bad-json"
    NOT_AN_OBJECT = "not-an-object"
    MISSING_FIELD = "missing-field"
    WRONG_TYPE = "wrong-type"
    BAD_HEX = "bad-hex"
    BAD_TAG = "bad-tag"
    BAD_CREATED_AT = "bad-created-at"
    BAD_KIND = "bad-kind"
    UNWANTED_KIND = "unwanted-kind"
    IN_THE_FUTURE = "in-the-future"
    WRONG_ID = "wrong-id"
    WRONG_SIGNATURE = "wrong-signature"


class EventRefused(Nip90Error):
    """An event fails one of the checks before the log."""

    def __init__(self, reason: Refusal, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class InvoiceInvalid(Nip90Error):
    """A text is not a BOLT11 invoice, or its checksum or structure is wrong."""


class ReferenceInvalid(Nip90Error):
    """A text names no event, pubkey, address or invoice. The message never repeats the text."""
