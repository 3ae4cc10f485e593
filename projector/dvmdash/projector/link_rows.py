"""What linking wants written, as parameters of the named queries. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dvmdash.nip90.kinds import FEEDBACK_KIND
from dvmdash.nip90.linking import KIND_MISMATCH, UNSEEN, Answer, Link, references_of

Row = dict[str, Any]


@dataclass(slots=True)
class LinkRows:
    """Rows for link_results, link_feedback, link_references and unlink_answers, and what follows from them."""

    results: list[Row] = field(default_factory=list)
    feedback: list[Row] = field(default_factory=list)
    references: list[Row] = field(default_factory=list)
    targets: list[Row] = field(default_factory=list)
    """The one target of each answer, or null: every other link of that answer has to go."""
    orphans: set[str] = field(default_factory=set)
    providers: set[str] = field(default_factory=set)
    """Authors of answers to known requests: DVMs."""
    requests: set[str] = field(default_factory=set)

    def add(self, answer: Answer, found: Link | None) -> None:
        """Add an answer with the link that the rules gave it."""
        named = references_of(answer)
        if len(named) > 1:
            self.references.extend(_reference_rows(answer, named))
        elif not named:
            self.orphans.add(answer.id)
        self.targets.append({"answer": answer.id, "target": found.target if found else None})
        if found is not None:
            self._add_link(answer, found)

    def _add_link(self, answer: Answer, found: Link) -> None:
        unseen = UNSEEN in found.flags
        row = {
            "answer": answer.id,
            "target": found.target,
            "rule": found.rule,
            "confidence": found.confidence,
            "flags": list(found.flags) or None,
            # Needed only to judge the link again when its target arrives.
            "customers": list(answer.customers) if unseen else None,
        }
        (self.feedback if answer.kind == FEEDBACK_KIND else self.results).append(row)
        self.requests.add(found.target)
        # A guess (L6) may be taken back, and being a DVM may not.
        if not unseen and found.rule != "L6" and KIND_MISMATCH not in found.flags:
            self.providers.add(answer.pubkey)


def _reference_rows(answer: Answer, named: tuple[str, ...]) -> list[Row]:
    ranks = {candidate.id: rank for rank, candidate in enumerate(answer.candidates)}
    marked = {candidate.id for candidate in answer.candidates if candidate.marked}
    return [
        {
            "answer": answer.id,
            "named": event_id,
            "rank": ranks.get(event_id),
            "marked": event_id in marked,
            "embedded": event_id == answer.embedded_request or None,
            "partial": event_id == answer.partial_request or None,
            "customers": list(answer.customers),
        }
        for event_id in named
    ]
