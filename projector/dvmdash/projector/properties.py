"""The properties of an Event node: few, bounded, and the same whatever arrived before. Pure.

The raw event stays in the log and is read from there by `stream_seq`. A value that is absent is null, which
Neo4j does not store.
"""

from __future__ import annotations

from typing import Any

from dvmdash.nip90.amounts import Amount, read_msat
from dvmdash.nip90.answers import Answer
from dvmdash.nip90.event import Event
from dvmdash.nip90.hexes import distinct_hexes
from dvmdash.nip90.inputs import input_digest, read_inputs
from dvmdash.nip90.previews import PREVIEW_LIMIT, preview
from dvmdash.nip90.profiles import Announcement
from dvmdash.nip90.status import is_encrypted, read_status
from dvmdash.projector.message import LogMessage

Row = dict[str, Any]

INPUT_PREVIEW = 140
MAX_ASKED = 16
"""Providers that a request names by `p` and that the graph keeps."""


def base_properties(message: LogMessage) -> Row:
    """Return what every event keeps."""
    event = message.event
    return {
        "id": event.id,
        "kind": event.kind,
        "pubkey": event.pubkey,
        "created_at": event.created_at,
        "first_seen": message.first_seen,
        "stream_seq": message.stream_seq,
        "relay": message.relay,
        "content": preview(event.content, PREVIEW_LIMIT) if event.content else None,
        "encrypted": is_encrypted(event) or None,
    }


def request_properties(event: Event) -> Row:
    """Return what a request keeps besides: its first input, what it bids (msats) and whom it asks."""
    kept: Row = {}
    if inputs := read_inputs(event.tags):
        kept["input"] = inputs[0].preview[:INPUT_PREVIEW]
        kept["input_type"] = inputs[0].type.value
        kept["input_digest"] = input_digest(event.tags)
    if bid := event.first("bid"):
        kept["bid_msat"] = read_msat(bid)
    if asked := distinct_hexes(event.tag_values("p"), MAX_ASKED):
        kept["asked"] = list(asked)
    return kept


def answer_properties(event: Event, amount: Amount | None) -> Row:
    """Return what a result or a feedback keeps besides: its status and the amount it names (msats)."""
    kept: Row = {}
    if status := read_status(event):
        kept["status"] = status.raw
        kept["status_class"] = status.status.value
        kept["status_info"] = status.info
    if amount is not None:
        kept["amount_msat"] = amount.msat
        kept["amount_form"] = amount.form.value
    return kept


def orphan_properties(answer: Answer) -> Row:
    """Return what makes a result that names no request findable when a request of its customer arrives (L6)."""
    return {"customer": answer.customers[0], "input_digest": answer.input_digest}


def announcement_properties(announcement: Announcement) -> Row:
    """Return what an announcement keeps besides: its identifier, kinds and what it calls itself."""
    profile = announcement.profile
    return {
        "d": announcement.d,
        "announced_kinds": list(announcement.kinds),
        "name": profile.name or profile.display_name,
        "about": profile.about,
    }
