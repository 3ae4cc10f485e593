from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvmdash.ingest.errors import PageFailed
from dvmdash.ingest.questions import Question
from dvmdash.ingest.windows import PageLimit, read_past


@dataclass
class Past:
    """A relay's stored events as (second, kind, number); gives the newest `cap` of a page."""

    events: list[tuple[int, int, int]]
    cap: int = 500
    given: set[tuple[int, int, int]] = field(default_factory=set)
    pages: int = 0
    lists_ids: bool = False

    async def list_ids(self, question: Question, second: int) -> list[str]:
        if not self.lists_ids:
            raise PageFailed("unknown message NEG-OPEN")
        return [str(e[2]) for e in self.events if e[0] == second and e[1] in question.kinds]

    async def ask(self, question: Question, since: int, until: int) -> int:
        self.pages += 1
        found = [e for e in self.events if since <= e[0] <= until and e[1] in question.kinds]
        if question.ids:
            found = [e for e in found if str(e[2]) in question.ids]
        page = sorted(found, reverse=True)[: self.cap]
        self.given.update(page)
        return len(page)


KINDS = Question((5050, 6050, 7000))


async def read(past: Past, since: int = 0, until: int = 86_400, limit: int = 500) -> int:
    return await read_past(past.ask, past.list_ids, KINDS, since, until, PageLimit(limit))


async def test_a_quiet_past_takes_one_page() -> None:
    past = Past([(10, 5050, 1), (80_000, 7000, 2)])
    assert await read(past) == 0
    assert past.given == set(past.events)
    assert past.pages == 1


async def test_seven_hundred_events_in_one_second_are_read_by_kind() -> None:
    past = Past([(5_000, kind, number) for kind in KINDS.kinds for number in range(240)])
    assert len(past.events) > 700
    assert await read(past) == 0
    assert past.given == set(past.events)


async def test_a_second_of_one_kind_above_the_limit_is_reported_and_does_not_stop_the_reading() -> None:
    past = Past([(5_000, 5050, number) for number in range(700)] + [(6_000, 7000, 1), (100, 7000, 2)])
    assert await read(past) == 1
    assert {(6_000, 7000, 1), (100, 7000, 2)} <= past.given
    assert len(past.given) == 502


async def test_a_second_of_one_kind_above_the_limit_is_read_by_id_where_the_relay_lists_them() -> None:
    past = Past([(5_000, 5050, number) for number in range(1_700)] + [(6_000, 7000, 1)], lists_ids=True)
    assert await read(past) == 0
    assert past.given == set(past.events)


async def test_a_relay_that_gives_fewer_than_asked_for_is_read_completely() -> None:
    past = Past([(second, 5050, second) for second in range(0, 5_000, 3)], cap=100)
    assert await read(past) == 0
    assert past.given == set(past.events)


async def test_a_page_that_fails_stops_the_reading() -> None:
    async def ask(_question: Question, _since: int, _until: int) -> int:
        raise PageFailed("rate-limited: slow down")

    with pytest.raises(PageFailed):
        await read_past(ask, Past([]).list_ids, KINDS, 0, 10, PageLimit(500))


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from(KINDS.kinds), st.integers(0, 10_000)),
        unique=True,
        max_size=300,
    ),
    st.integers(7, 60),
)
async def test_any_past_is_read_unless_one_kind_fills_a_second(
    events: list[tuple[int, int, int]], cap: int
) -> None:
    past = Past(events, cap)
    unread = await read_past(past.ask, past.list_ids, KINDS, 0, 300, PageLimit(cap))
    if unread == 0:
        assert past.given == set(events)
    else:
        assert any(sum(e[:2] == other[:2] for e in events) >= cap for other in events)


def test_a_full_page_is_known_by_what_was_asked_for_and_by_the_usual_limits_until_a_larger_one_came() -> None:
    limit = PageLimit(500)
    assert not limit.is_full(0)
    assert not limit.is_full(99)
    assert limit.is_full(100)
    assert limit.is_full(100)
    assert not limit.is_full(101)
    assert not limit.is_full(100)
    assert limit.is_full(500)
    assert limit.is_full(700)


def test_a_question_is_cut_by_kind_then_person_then_author() -> None:
    question = Question((1, 2), authors=("a", "b"), people=())
    assert question.halves() == (
        Question((1,), authors=("a", "b")),
        Question((2,), authors=("a", "b")),
    )
    assert Question((1,), authors=("a", "b", "c")).halves() == (
        Question((1,), authors=("a",)),
        Question((1,), authors=("b", "c")),
    )
    assert Question((1,)).halves() is None
