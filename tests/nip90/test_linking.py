from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvmdash.nip90.answers import MAX_CANDIDATES, MAX_CUSTOMERS
from dvmdash.nip90.event import Event
from dvmdash.nip90.kinds import Role, default_registry
from dvmdash.nip90.linking import Answer, Candidate, Known, Link, link, read_answer, references_of
from dvmdash.nip90.request_tag import embedded_request

from .signing import NOW, Signer

A, B, C, D = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)
DVM, ALICE, BOB = ("1" * 64, "2" * 64, "3" * 64)
REQUEST = Known(5050, ALICE, NOW - 60)
OTHER_KIND = Known(5100, ALICE, NOW - 60)
BOBS = Known(5050, BOB, NOW - 60)
NOTE = Known(1, ALICE, NOW - 60)
RESULT = Known(6050, DVM, NOW - 60)
FEEDBACK = Known(7000, DVM, NOW - 60)
DENIED = Known(5969, ALICE, NOW - 60)


def answer(kind: int = 6050, e: str = "", **more: object) -> Answer:
    """An answer of kind 6050 to Alice; `e` lists ids by letter, a star after one marks it."""
    candidates = tuple(Candidate(part[0] * 64, part.endswith("*")) for part in e.split())
    ordered = tuple(sorted(candidates, key=lambda candidate: not candidate.marked))
    plain = Answer("f" * 64, kind, DVM, NOW, ordered, None, None, (ALICE,), None)
    return replace(plain, **more)  # type: ignore[arg-type]


TABLE: list[tuple[str, Answer, dict[str, Known], Link | None]] = [
    # L1: the request is inside the result
    ("embedded, unseen", answer(embedded_request=A), {}, Link(A, "L1", 1.0, ("unseen",))),
    ("embedded, seen", answer(embedded_request=A), {A: REQUEST}, Link(A, "L1", 1.0, ())),
    ("embedded wins over e", answer(e="b", embedded_request=A), {A: REQUEST, B: REQUEST},
     Link(A, "L1", 1.0, ("references-differ",))),
    ("embedded and e agree", answer(e="b a", embedded_request=A), {A: REQUEST}, Link(A, "L1", 1.0, ())),
    ("embedded of another kind yields to e", answer(e="b", embedded_request=A), {A: OTHER_KIND, B: REQUEST},
     Link(B, "L2", 1.0, ())),
    ("embedded of another kind alone", answer(e="a", embedded_request=A), {A: OTHER_KIND},
     Link(A, "L1", 0.3, ("kind-mismatch",))),
    ("embedded by another customer", answer(embedded_request=A), {A: BOBS},
     Link(A, "L1", 0.8, ("customer-mismatch",))),
    # L2: one e, a known request of the right kind
    ("one e", answer(e="a"), {A: REQUEST}, Link(A, "L2", 1.0, ())),
    ("one marked e", answer(e="a*"), {A: REQUEST}, Link(A, "L2", 1.0, ())),
    ("one e, other customer", answer(e="a"), {A: BOBS}, Link(A, "L2", 0.8, ("customer-mismatch",))),
    ("one e, no customer named", answer(e="a", customers=()), {A: REQUEST},
     Link(A, "L2", 0.8, ("customer-mismatch",))),
    ("one e, two customers named", answer(e="a", customers=(DVM, ALICE)), {A: REQUEST},
     Link(A, "L2", 1.0, ())),
    ("one e, other kind", answer(e="a"), {A: OTHER_KIND}, Link(A, "L2", 0.3, ("kind-mismatch",))),
    ("one e, other kind and customer", answer(e="a"), {A: replace(BOBS, kind=5100)},
     Link(A, "L2", 0.1, ("kind-mismatch", "customer-mismatch"))),
    # L3: several e
    ("the marked one", answer(e="a b*"), {A: REQUEST, B: REQUEST}, Link(B, "L3", 0.98, ())),
    ("the one that is a request", answer(e="a b"), {A: NOTE, B: REQUEST}, Link(B, "L3", 0.98, ())),
    ("the one of the right kind", answer(e="a b"), {A: OTHER_KIND, B: REQUEST}, Link(B, "L3", 0.98, ())),
    ("the seen one before an unseen one", answer(e="a b"), {B: REQUEST}, Link(B, "L3", 0.98, ())),
    ("the named customer's of two", answer(e="a b"), {A: BOBS, B: REQUEST}, Link(B, "L3", 0.98, ())),
    ("the first of two alike", answer(e="b a"), {A: REQUEST, B: REQUEST}, Link(B, "L3", 0.98, ())),
    ("a marked one that is no request", answer(e="a b*"), {A: REQUEST, B: NOTE}, Link(A, "L3", 0.98, ())),
    ("a marked one of another kind", answer(e="a b*"), {A: REQUEST, B: OTHER_KIND}, Link(A, "L3", 0.98, ())),
    # L4: nothing seen yet
    ("one unseen e", answer(e="a"), {}, Link(A, "L4", 0.9, ("unseen",))),
    ("the first of unseen ones", answer(e="b a"), {}, Link(B, "L4", 0.9, ("unseen",))),
    ("the marked of unseen ones", answer(e="b a*"), {}, Link(A, "L4", 0.9, ("unseen",))),
    ("a marked unseen one before a seen one", answer(e="a b*"), {A: REQUEST},
     Link(B, "L4", 0.9, ("unseen",))),
    ("unseen before another kind", answer(e="a b"), {A: OTHER_KIND}, Link(B, "L4", 0.9, ("unseen",))),
    # L5: only an id left of the request
    ("partial, unseen", answer(partial_request=A), {}, Link(A, "L5", 0.9, ("unseen",))),
    ("partial, seen", answer(partial_request=A), {A: REQUEST}, Link(A, "L5", 0.9, ())),
    ("partial after a fitting e", answer(e="b", partial_request=A), {A: REQUEST, B: REQUEST},
     Link(B, "L2", 1.0, ())),
    ("partial before an e of another kind", answer(e="b", partial_request=A), {A: REQUEST, B: OTHER_KIND},
     Link(A, "L5", 0.9, ())),
    ("partial of another kind", answer(partial_request=A), {A: OTHER_KIND},
     Link(A, "L5", 0.3, ("kind-mismatch",))),
    # No link
    ("e is a note", answer(e="a"), {A: NOTE}, None),
    ("e is a result", answer(e="a"), {A: RESULT}, None),
    ("e is feedback", answer(e="a"), {A: FEEDBACK}, None),
    ("e is of a denied kind", answer(e="a"), {A: DENIED}, None),
    ("no reference is a request", answer(e="a b*", partial_request=C), {A: NOTE, B: RESULT, C: DENIED}, None),
    ("nothing at all", answer(), {A: REQUEST}, None),
    # Feedback
    ("feedback, any request kind", answer(7000, "a"), {A: OTHER_KIND}, Link(A, "L2", 1.0, ())),
    ("feedback about a result", answer(7000, "a"), {A: RESULT}, None),
    ("feedback about a denied kind", answer(7000, "a"), {A: DENIED}, None),
    ("feedback that names nobody", answer(7000, "a", customers=()), {A: REQUEST}, Link(A, "L2", 1.0, ())),
    ("feedback to another", answer(7000, "a"), {A: BOBS}, Link(A, "L2", 0.8, ("customer-mismatch",))),
    ("feedback, unseen", answer(7000, "a"), {}, Link(A, "L4", 0.9, ("unseen",))),
    ("feedback, partial request", answer(7000, partial_request=A), {A: REQUEST}, Link(A, "L5", 0.9, ())),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given_answer", "known", "expected"), [r[1:] for r in TABLE], ids=[r[0] for r in TABLE]
)
def test_an_answer_links_to_its_request(
    given_answer: Answer, known: dict[str, Known], expected: Link | None
) -> None:
    assert link(given_answer, known) == expected


DIGEST = "9" * 64
OPEN = replace(REQUEST, input_digest=DIGEST)
LOOSE = answer(input_digest=DIGEST)
INFERRED = Link(A, "L6", 0.5, ("inferred",))

BY_INPUT: list[tuple[str, Answer, list[tuple[str, Known]], Link | None]] = [
    ("one fits", LOOSE, [(A, OPEN)], INFERRED),
    ("one of several fits", LOOSE, [(B, replace(OPEN, pubkey=BOB)), (A, OPEN)], INFERRED),
    ("the same one twice", LOOSE, [(A, OPEN), (A, OPEN)], INFERRED),
    ("exactly an hour old", LOOSE, [(A, replace(OPEN, created_at=NOW - 3600))], INFERRED),
    ("of the same second", LOOSE, [(A, replace(OPEN, created_at=NOW))], INFERRED),
    ("two fit", LOOSE, [(A, OPEN), (B, OPEN)], None),
    ("none is open", LOOSE, [], None),
    ("over an hour old", LOOSE, [(A, replace(OPEN, created_at=NOW - 3601))], None),
    ("after the answer", LOOSE, [(A, replace(OPEN, created_at=NOW + 1))], None),
    ("another input", LOOSE, [(A, replace(OPEN, input_digest="8" * 64))], None),
    ("no input on the request", LOOSE, [(A, REQUEST)], None),
    ("no input on either", answer(), [(A, REQUEST)], None),
    ("another kind", LOOSE, [(A, replace(OPEN, kind=5100))], None),
    ("another customer", LOOSE, [(A, replace(OPEN, pubkey=BOB))], None),
    ("no customer named", replace(LOOSE, customers=()), [(A, OPEN)], None),
    ("feedback", replace(LOOSE, kind=7000), [(A, OPEN)], None),
    ("an e that is no request", answer(e="b", input_digest=DIGEST), [(A, OPEN)], None),
]


@pytest.mark.parametrize(
    ("given_answer", "open_requests", "expected"), [r[1:] for r in BY_INPUT], ids=[r[0] for r in BY_INPUT]
)
def test_an_answer_without_references_links_by_its_input(
    given_answer: Answer, open_requests: list[tuple[str, Known]], expected: Link | None
) -> None:
    known = {B: NOTE} if given_answer.candidates else {}
    assert {link(given_answer, known, order) for order in permutations(open_requests)} == {expected}


KNOWN = st.sampled_from([REQUEST, OTHER_KIND, BOBS, NOTE, RESULT, FEEDBACK, DENIED])
IDS = st.sampled_from([A, B, C, D])
CANDIDATES = st.builds(Candidate, IDS, st.booleans())
ANSWERS = st.builds(
    Answer,
    id=st.just("f" * 64),
    kind=st.sampled_from([6050, 7000]),
    pubkey=st.just(DVM),
    created_at=st.just(NOW),
    candidates=st.lists(st.builds(Candidate, IDS, st.booleans()), max_size=4, unique_by=lambda c: c.id).map(
        tuple
    ),
    embedded_request=st.none() | IDS,
    partial_request=st.none() | IDS,
    customers=st.lists(st.sampled_from([ALICE, BOB, DVM]), max_size=3, unique=True).map(tuple),
    input_digest=st.none() | st.just(DIGEST),
)


@given(given_answer=ANSWERS, known=st.dictionaries(IDS, KNOWN), data=st.data())
def test_the_order_in_which_events_became_known_does_not_matter(
    given_answer: Answer, known: dict[str, Known], data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(known.items()))))
    assert link(given_answer, shuffled) == link(given_answer, known)


@given(given_answer=ANSWERS, known=st.dictionaries(IDS, KNOWN))
def test_a_link_goes_to_a_named_event_that_is_not_known_to_be_no_request(
    given_answer: Answer, known: dict[str, Known]
) -> None:
    found = link(given_answer, known)
    usable = [i for i in references_of(given_answer) if i not in known or known[i].kind in (5050, 5100)]
    assert (found is None) == (not usable)
    if found is not None:
        assert found.target in usable
        assert 0 < found.confidence <= 1


PROVIDER = Signer("dvm")


def test_what_an_answer_says_is_read_from_its_tags() -> None:
    tags = [["e", "short"], ["e", B, "wss://x"], ["e"], ["p", ALICE], ["e", A, "", "job"], ["e", B], ["p", ALICE],
            ["p", "npub1"], ["i", "hello", "text"]]  # fmt: skip
    read = read_answer(PROVIDER.sign(6050, tags), None)
    assert read.candidates == (Candidate(A, True), Candidate(B, False))
    assert read.customers == (ALICE,)
    assert read.input_digest is not None
    assert (read.embedded_request, read.partial_request) == (None, None)


@pytest.mark.parametrize(
    "tag", [["e", A, "", "job"], ["e", A, "", "reply"], ["e", A, "job"], ["e", A, "reply", ""]]
)
def test_a_marker_counts_at_either_place(tag: list[str]) -> None:
    assert read_answer(PROVIDER.sign(6050, [["e", B], tag]), None).candidates[0] == Candidate(A, True)


@pytest.mark.parametrize(
    "tag", [["e", A, "", "root"], ["e", A, "", "mention"], ["e", A, "wss://x"], ["e", A]]
)
def test_other_markers_do_not_count(tag: list[str]) -> None:
    assert read_answer(PROVIDER.sign(6050, [tag]), None).candidates == (Candidate(A, False),)


def test_references_are_bounded_and_marked_ones_survive() -> None:
    many = [["e", f"{number:064x}"] for number in range(50)]
    people = [["p", f"{number:064x}"] for number in range(50)]
    read = read_answer(PROVIDER.sign(6050, [*many, ["e", A, "", "job"], *people]), None)
    assert len(read.candidates) == MAX_CANDIDATES
    assert read.candidates[0] == Candidate(A, True)
    assert len(read.customers) == MAX_CUSTOMERS


def test_a_verified_request_leaves_no_partial_one() -> None:
    event = PROVIDER.sign(6050, [["request", A]])
    assert read_answer(event, None).partial_request == A
    read = read_answer(event, B)
    assert (read.embedded_request, read.partial_request) == (B, None)
    assert references_of(read) == (B,)


def test_the_real_answers_link_by_these_rules(real_events: list[Event]) -> None:
    kinds = default_registry()
    answers = [e for e in real_events if kinds.role(e.kind) in (Role.RESULT, Role.FEEDBACK)]
    requests = {e.id: embedded_request(e) for e in answers}
    seen = [*real_events, *(request for request in requests.values() if request)]
    known = {e.id: Known(e.kind, e.pubkey, e.created_at) for e in seen}
    rules: Counter[str | None] = Counter()
    for event in answers:
        request = requests[event.id]
        found = link(read_answer(event, request.id if request else None), known)
        rules[found.rule if found else None] += 1
    assert rules == {"L1": 26, "L2": 16, "L4": 14, None: 2}
