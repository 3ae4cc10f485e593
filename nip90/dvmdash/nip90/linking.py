"""Which request a result or feedback answers: rules L1 to L6 (nip90.md 2.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from dvmdash.nip90.answers import Answer, Candidate, read_answer
from dvmdash.nip90.kinds import RESULT_OFFSET, KindRegistry, Role, default_registry

__all__ = ["Answer", "Candidate", "Known", "Link", "link", "read_answer", "references_of"]

OPEN_REQUEST_SECONDS = 3_600
"""How old a request may be when an answer without any reference is taken for its answer (L6)."""

CONFIDENCE = {"L1": 1.0, "L2": 1.0, "L3": 0.98, "L4": 0.9, "L5": 0.9, "L6": 0.5}
KIND_MISMATCH_CONFIDENCE = 0.3
CUSTOMER_MISMATCH_PENALTY = 0.2

UNSEEN = "unseen"
KIND_MISMATCH = "kind-mismatch"
CUSTOMER_MISMATCH = "customer-mismatch"
REFERENCES_DIFFER = "references-differ"
INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an event already seen; `input_digest` matters for open requests only."""

    kind: int
    pubkey: str
    created_at: int
    input_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The request an answer belongs to, the rule that says so (`L1` to `L6`), and how sure it is (0 to 1)."""

    target: str
    rule: str
    confidence: float
    flags: tuple[str, ...]


class _Standing(IntEnum):
    """What is known of an option, best first."""

    MATCHING = 0
    UNSEEN = 1
    MISMATCHING = 2


@dataclass(frozen=True, slots=True)
class _Option:
    """One id that an answer may belong to, by which reference, and what is known of it."""

    id: str
    reference: str
    standing: _Standing
    named_customer: bool


# Preference of a reference and its standing: the order of nip90.md 2.3, mismatching kinds last.
_PREFERENCE = [
    ("request", _Standing.MATCHING),
    ("request", _Standing.UNSEEN),
    ("marked", _Standing.MATCHING),
    ("marked", _Standing.UNSEEN),
    ("plain", _Standing.MATCHING),
    ("partial", _Standing.MATCHING),
    ("plain", _Standing.UNSEEN),
    ("partial", _Standing.UNSEEN),
    ("request", _Standing.MISMATCHING),
    ("marked", _Standing.MISMATCHING),
    ("plain", _Standing.MISMATCHING),
    ("partial", _Standing.MISMATCHING),
]
_RANK = {preference: rank for rank, preference in enumerate(_PREFERENCE)}


def link(
    answer: Answer,
    known: Mapping[str, Known],
    open_requests: Sequence[tuple[str, Known]] = (),
    *,
    kinds: KindRegistry | None = None,
) -> Link | None:
    """Return the request that `answer` belongs to, or None.

    `known` holds the seen ones among the answer's references. `open_requests` holds requests that the answer's
    customers made, with their input digests; only L6 reads them, and those of the hour before count as open. The
    outcome depends on these sets alone, never on the order in which events became known.
    """
    registry = kinds or default_registry()
    references = _references(answer)
    if not references:
        return _link_by_input(answer, open_requests, registry)
    options = list(_options(answer, references, known, registry))
    if not options:
        return None
    best = min(
        options, key=lambda option: (_RANK[option.reference, option.standing], not option.named_customer)
    )
    return _link_by_reference(answer, best, known, registry)


def references_of(answer: Answer) -> tuple[str, ...]:
    """Return every id that `link` wants to look up in `known`, distinct, in order of preference."""
    return tuple(dict.fromkeys(event_id for event_id, _ in _references(answer)))


def _references(answer: Answer) -> list[tuple[str, str]]:
    references = [(c.id, "marked" if c.marked else "plain") for c in answer.candidates]
    if answer.embedded_request:
        references.insert(0, (answer.embedded_request, "request"))
    if answer.partial_request:
        references.append((answer.partial_request, "partial"))
    return references


def _options(
    answer: Answer, references: Iterable[tuple[str, str]], known: Mapping[str, Known], kinds: KindRegistry
) -> Iterator[_Option]:
    for event_id, reference in references:
        target = known.get(event_id)
        standing = _standing(answer, target, kinds)
        if standing is not None:
            named = target is not None and target.pubkey in answer.customers
            yield _Option(event_id, reference, standing, named)


def _standing(answer: Answer, target: Known | None, kinds: KindRegistry) -> _Standing | None:
    """Return how well a target fits; None for one that is known to be no request."""
    if target is None:
        return _Standing.UNSEEN
    if not kinds.is_request(target.kind):
        return None
    is_result = kinds.role(answer.kind) is Role.RESULT
    mismatching = is_result and target.kind + RESULT_OFFSET != answer.kind
    return _Standing.MISMATCHING if mismatching else _Standing.MATCHING


def _link_by_reference(
    answer: Answer, option: _Option, known: Mapping[str, Known], kinds: KindRegistry
) -> Link:
    rule = _rule(answer, option)
    confidence = CONFIDENCE[rule]
    flags = []
    if option.standing is _Standing.UNSEEN:
        flags.append(UNSEEN)
    if option.standing is _Standing.MISMATCHING:
        confidence = min(confidence, KIND_MISMATCH_CONFIDENCE)
        flags.append(KIND_MISMATCH)
    if _names_another_customer(answer, known.get(option.id), kinds):
        confidence -= CUSTOMER_MISMATCH_PENALTY
        flags.append(CUSTOMER_MISMATCH)
    if option.reference == "request" and not _agrees(answer, option.id):
        flags.append(REFERENCES_DIFFER)
    return Link(option.id, rule, round(confidence, 2), tuple(flags))


def _rule(answer: Answer, option: _Option) -> str:
    if option.reference == "request":
        return "L1"
    if option.reference == "partial":
        return "L5"
    if option.standing is _Standing.UNSEEN:
        return "L4"
    return "L2" if len(answer.candidates) == 1 else "L3"


def _names_another_customer(answer: Answer, target: Known | None, kinds: KindRegistry) -> bool:
    """Say whether the `p` tags contradict the request's author; without any, only a result does."""
    if target is None or target.pubkey in answer.customers:
        return False
    return bool(answer.customers) or kinds.role(answer.kind) is Role.RESULT


def _agrees(answer: Answer, target: str) -> bool:
    return not answer.candidates or any(candidate.id == target for candidate in answer.candidates)


def _link_by_input(
    answer: Answer, open_requests: Sequence[tuple[str, Known]], kinds: KindRegistry
) -> Link | None:
    """L6: the one open request by a named customer with the same input, in the hour before."""
    if answer.input_digest is None or kinds.role(answer.kind) is not Role.RESULT:
        return None
    fitting = {event_id for event_id, request in open_requests if _fits(answer, request, kinds)}
    if len(fitting) != 1:
        return None
    return Link(fitting.pop(), "L6", CONFIDENCE["L6"], (INFERRED,))


def _fits(answer: Answer, request: Known, kinds: KindRegistry) -> bool:
    return (
        kinds.is_request(request.kind)
        and request.kind + RESULT_OFFSET == answer.kind
        and request.pubkey in answer.customers
        and request.input_digest == answer.input_digest
        and 0 <= answer.created_at - request.created_at <= OPEN_REQUEST_SECONDS
    )
