"""What a feedback or result says of the job's state (NIP-90; nip90.md 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dvmdash.nip90.event import Event
from dvmdash.nip90.previews import PREVIEW_LIMIT, preview

MAX_RAW_STATUS = 64


class StatusClass(StrEnum):
    """What a status means, whatever words the provider chose."""

    PAYMENT_REQUIRED = "payment-required"
    PROCESSING = "processing"
    PARTIAL = "partial"
    SUCCESS = "success"
    ERROR = "error"
    ACCEPTED = "accepted"
    """The job waits in a queue or for another job."""
    PAID = "paid"
    """The provider says that it has its money."""
    OFFER = "offer"
    UNDERPAID = "underpaid"
    OPAQUE = "opaque"
    """Encrypted: nobody but the customer can read it."""
    OTHER = "other"


_CLASSES = {
    **{str(known): known for known in StatusClass if known not in (StatusClass.OPAQUE, StatusClass.OTHER)},
    "finished": StatusClass.SUCCESS,
    "done": StatusClass.SUCCESS,
    "scheduled": StatusClass.ACCEPTED,
    "chain-scheduled": StatusClass.ACCEPTED,
    "available": StatusClass.OFFER,
    "payment-accepted": StatusClass.PAID,
    "subscription-active": StatusClass.PAID,
    "subscription-success": StatusClass.PAID,
    "subscription-required": StatusClass.PAYMENT_REQUIRED,
    "payment-rejected": StatusClass.UNDERPAID,
    "user-blocked-from-service": StatusClass.ERROR,
}


@dataclass(frozen=True, slots=True)
class Status:
    """The provider's own word (bounded, None when encrypted), its class, and its extra text (bounded)."""

    raw: str | None
    status: StatusClass
    info: str | None


def read_status(event: Event) -> Status | None:
    """Return the status of a feedback or result; None where it states none.

    A result may state it in an `s` tag instead (kind 6600 does). Without a readable status an encrypted event
    is opaque.
    """
    tag = _first_tag(event.tags, "status") or _status_in_s(event)
    if tag is not None:
        return Status(
            raw=preview(tag[1], MAX_RAW_STATUS),
            status=classify(tag[1]),
            info=(preview(tag[2], PREVIEW_LIMIT) or None) if len(tag) > 2 else None,
        )
    return Status(None, StatusClass.OPAQUE, None) if is_encrypted(event) else None


def classify(raw: str) -> StatusClass:
    """Return the class of a provider's own word for a status."""
    return _CLASSES.get(_normalised(raw), StatusClass.OTHER)


def is_encrypted(event: Event) -> bool:
    """Say whether the event declares its content encrypted (`encrypted` tag)."""
    return any(tag[0] == "encrypted" for tag in event.tags)


def _status_in_s(event: Event) -> Sequence[str] | None:
    # Elsewhere `s` names a session, so only a known status counts.
    tag = _first_tag(event.tags, "s") if 6000 <= event.kind <= 6999 else None
    return tag if tag is not None and _normalised(tag[1]) in _CLASSES else None


def _first_tag(tags: Sequence[Sequence[str]], name: str) -> Sequence[str] | None:
    return next((tag for tag in tags if len(tag) > 1 and tag[0] == name and tag[1].strip()), None)


def _normalised(raw: str) -> str:
    return raw[:MAX_RAW_STATUS].strip().lower().replace("_", "-")
