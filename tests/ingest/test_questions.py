from __future__ import annotations

from dvmdash.ingest.questions import (
    STRICT_KINDS,
    Question,
    announcement_question,
    interest_questions,
    narrow_questions,
    standing_questions,
    wide_questions,
)
from dvmdash.nip90.kinds import default_registry

REGISTRY = default_registry()


def test_a_filter_holds_only_what_is_asked() -> None:
    assert Question((5050,)).filter(since=1, limit=2) == {"kinds": [5050], "since": 1, "limit": 2}
    assert Question((0,), authors=("a",), people=("b",)).filter(until=0) == {
        "kinds": [0],
        "authors": ["a"],
        "#p": ["b"],
        "until": 0,
    }


def test_the_wide_question_covers_every_kind_collected_in_full() -> None:
    (question,) = wide_questions(REGISTRY)
    assert list(question.kinds) == REGISTRY.kinds_for_relays()


def test_narrow_questions_are_small_enough_for_strict_relays_and_cover_what_is_listed() -> None:
    questions = narrow_questions(REGISTRY)
    asked = {kind for question in questions for kind in question.kinds}
    assert all(len(question.kinds) <= STRICT_KINDS for question in questions)
    assert {5050, 6050, 5300, 6300, 7000, 31990} <= asked
    assert all(REGISTRY.wanted(kind) for kind in asked)


def test_interest_asks_payments_by_addressee_and_the_rest_by_author_in_chunks() -> None:
    pubkeys = [f"{number:064x}" for number in range(250)]
    questions = interest_questions(REGISTRY, pubkeys, 100)
    by_people = [question for question in questions if question.people]
    by_author = [question for question in questions if question.authors]
    assert [len(question.people) for question in by_people] == [100, 100, 50]
    assert [len(question.authors) for question in by_author] == [100, 100, 50]
    assert set(by_people[0].kinds) == {9735, 9321}
    assert {0, 5} <= set(by_author[0].kinds)
    assert interest_questions(REGISTRY, [], 100) == []


def test_standing_questions_ask_for_profiles_whatever_their_age() -> None:
    (question,) = standing_questions(REGISTRY, ["a"], 100)
    assert 0 in question.kinds
    assert question.authors == ("a",)


def test_announcements_are_asked_for_apart() -> None:
    assert announcement_question(REGISTRY).kinds == (31990,)
