"""Reads each message of a batch by the role of its kind and gathers what it wants written. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from dvmdash.nip90.amounts import read_amount
from dvmdash.nip90.deletions import read_deletion
from dvmdash.nip90.event import Event
from dvmdash.nip90.kinds import KindRegistry, Role
from dvmdash.nip90.linking import read_answer, references_of
from dvmdash.nip90.profiles import read_announcement, read_profile
from dvmdash.projector.batch import Batch, Row
from dvmdash.projector.deleting import EventDeletion
from dvmdash.projector.message import LogMessage
from dvmdash.projector.properties import (
    announcement_properties,
    answer_properties,
    base_properties,
    orphan_properties,
    request_properties,
)

LABELS: dict[Role | None, str] = {
    Role.REQUEST: "Request",
    Role.RESULT: "Result",
    Role.FEEDBACK: "Feedback",
    Role.ANNOUNCEMENT: "Announcement",
    Role.PROFILE: "Profile",
    Role.DELETION: "Deletion",
    Role.ZAP_RECEIPT: "Receipt",
    Role.NUTZAP: "Receipt",
    Role.HEARTBEAT: "Heartbeat",
}
"""The label that an event's role gives it; events of other roles have none but Event."""


def gather(messages: Iterable[LogMessage], kinds: KindRegistry) -> Batch:
    """Gather a batch, in the order of the log; an event that stands in it twice counts once."""
    batch = Batch()
    for message in sorted(messages, key=lambda each: each.stream_seq):
        batch.messages += 1
        batch.last_seq, batch.last_time = message.stream_seq, message.first_seen
        if message.event.id not in batch.known:
            _add(batch, message, kinds)
    return batch


def _add(batch: Batch, message: LogMessage, kinds: KindRegistry) -> None:
    event, role = message.event, kinds.role(message.event.kind)
    properties = base_properties(message)
    labels = [LABELS[role]] if role in LABELS else []
    batch.add_event(message, labels, properties)
    match role:
        case Role.REQUEST:
            properties.update(request_properties(event))
            batch.users.add(event.pubkey)
            batch.requests.append(batch.known[event.id])
        case Role.RESULT | Role.FEEDBACK:
            _add_answer(batch, message, labels, properties)
        case Role.ZAP_RECEIPT:
            kept, invoice = batch.receipts.add_zap(event)
            properties.update(kept)
            if invoice:
                batch.add_invoice(invoice)
        case Role.NUTZAP:
            properties.update(batch.receipts.add_nutzap(event))
        case Role.PROFILE:
            _add_profile(batch, event)
        case Role.DELETION:
            _add_deletion(batch, event)
        case Role.ANNOUNCEMENT:
            announcement = read_announcement(event, kinds=kinds)
            properties.update(announcement_properties(announcement))
            if announcement.announces_jobs:
                batch.announcers.add(event.pubkey)
        case _:
            pass
    batch.addresses.add_version(event)


def _add_answer(batch: Batch, message: LogMessage, labels: list[str], properties: Row) -> None:
    event = message.event
    amount = read_amount(event.tags)
    properties.update(answer_properties(event, amount))
    if amount is not None and amount.invoice is not None:
        batch.add_invoice(amount.invoice)
        bill = {"event": event.id, "invoice": amount.invoice.id, "amount_msat": amount.stated_msat}
        batch.bills.append({**bill, "mismatch": amount.mismatch or None})
    answer = read_answer(event, message.embedded_request)
    if references_of(answer):
        batch.answers.append(answer)
    elif labels == [LABELS[Role.RESULT]] and answer.customers and answer.input_digest:
        labels.append("Orphan")
        properties.update(orphan_properties(answer))
        batch.answers.append(answer)


def _add_profile(batch: Batch, event: Event) -> None:
    profile = read_profile(event.content)
    batch.add_profile(
        {
            "pubkey": event.pubkey,
            "event": event.id,
            "created_at": event.created_at,
            "properties": {
                "name": profile.display_name or profile.name,
                "about": profile.about,
                "picture": profile.picture,
                "nip05": profile.nip05,
                "lud16": profile.lud16,
            },
        }
    )


def _add_deletion(batch: Batch, event: Event) -> None:
    deletion = read_deletion(event)
    batch.deletions.append(EventDeletion(event.id, event.pubkey, deletion.event_ids))
    for coordinate in deletion.coordinates:
        batch.addresses.add_deletion(event, coordinate)
