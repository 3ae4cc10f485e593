from __future__ import annotations

from typing import Any

import pytest

from .asking import CountingContext, ask, refusal
from .world import CUSTOMER, RIVAL, START, World, feedback, request, result

pytestmark = pytest.mark.integration

JOBS = """
query Jobs($first: Int!, $after: String, $kind: Int) {
  jobs(first: $first, after: $after, kind: $kind) {
    edges { cursor node { id results feedbacks providers lastStatus lastEventAt
                          customer { pubkey isUser } request { kind kindName input role createdAtUnix } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def ids(page: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in page["edges"]]


async def test_an_empty_graph_has_an_empty_page(context: CountingContext) -> None:
    data = await ask(context, JOBS, first=10)
    assert data == {"jobs": {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}}


async def test_a_job_in_a_page_tells_who_asked_and_how_far_it_is(
    context: CountingContext, world: World
) -> None:
    job = request(3)
    await world.add(job, feedback(job), feedback(job, "error", author=RIVAL, after=5), result(job, after=3))
    (edge,) = (await ask(context, JOBS, first=10))["jobs"]["edges"]
    assert edge["node"] == {
        "id": job["id"],
        "results": 1,
        "feedbacks": 2,
        "providers": 2,
        "lastStatus": "error",
        "lastEventAt": "2026-05-28T20:26:45Z",
        "customer": {"pubkey": CUSTOMER.pubkey, "isUser": True},
        "request": {
            "kind": 5100,
            "kindName": "Image generation",
            "input": "draw number 3",
            "role": "request",
            "createdAtUnix": START,
        },
    }


async def test_a_job_that_nobody_answered_counts_nobody(context: CountingContext, world: World) -> None:
    await world.add(request())
    (edge,) = (await ask(context, JOBS, first=1))["jobs"]["edges"]
    seen = {
        key: edge["node"][key] for key in ("results", "feedbacks", "providers", "lastStatus", "lastEventAt")
    }
    assert seen == {"results": 0, "feedbacks": 0, "providers": 0, "lastStatus": None, "lastEventAt": None}


async def test_all_pages_together_give_each_job_once_newest_first(
    context: CountingContext, world: World
) -> None:
    # Four of each second, so that pages end amid equal times.
    made = [request(number, at=START + number // 4) for number in range(23)]
    await world.add(*made)
    found, sizes, after = [], [], None
    while True:
        page = (await ask(context, JOBS, first=5, after=after))["jobs"]
        found += [(edge["node"]["request"]["createdAtUnix"], edge["node"]["id"]) for edge in page["edges"]]
        sizes.append(len(page["edges"]))
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sizes == [5, 5, 5, 5, 3]
    assert found == sorted(((job["created_at"], job["id"]) for job in made), reverse=True)


async def test_pages_stay_whole_while_new_jobs_arrive_between_them(
    context: CountingContext, world: World
) -> None:
    made = [request(number, at=START + number) for number in range(12)]
    await world.add(*made)
    found, after, late = [], None, []
    for round_ in range(4):
        page = (await ask(context, JOBS, first=3, after=after))["jobs"]
        found += ids(page)
        after = page["pageInfo"]["endCursor"]
        late.append(request(100 + round_, at=START + 1_000 + round_))
        await world.add(late[-1])
    assert found == [job["id"] for job in reversed(made)]
    assert ids((await ask(context, JOBS, first=4))["jobs"]) == [job["id"] for job in reversed(late)]


async def test_a_page_that_ends_with_the_last_job_says_so(context: CountingContext, world: World) -> None:
    await world.add(*(request(number, at=START + number) for number in range(4)))
    page = (await ask(context, JOBS, first=4))["jobs"]
    assert page["pageInfo"]["hasNextPage"] is False
    after = page["pageInfo"]["endCursor"]
    assert after == page["edges"][-1]["cursor"]
    assert (await ask(context, JOBS, first=4, after=after))["jobs"]["edges"] == []


async def test_jobs_of_one_kind_page_like_all(context: CountingContext, world: World) -> None:
    made = [request(number, kind=5100 + number % 3, at=START + number) for number in range(12)]
    await world.add(*made)
    wanted = [job["id"] for job in reversed(made) if job["kind"] == 5101]
    page = (await ask(context, JOBS, first=3, kind=5101))["jobs"]
    rest = (await ask(context, JOBS, first=3, kind=5101, after=page["pageInfo"]["endCursor"]))["jobs"]
    assert ids(page) + ids(rest) == wanted
    assert (await ask(context, JOBS, first=3, kind=5999))["jobs"]["edges"] == []


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_a_page_size_out_of_bounds_is_refused_with_the_bounds(
    context: CountingContext, first: int
) -> None:
    assert await refusal(context, JOBS, first=first) == f"`first` is {first}; a page has 1 to 100 rows"
    assert context.asked == []


@pytest.mark.parametrize("after", ["garbage", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OnRlc3Q="])
async def test_a_cursor_that_is_none_is_refused_with_what_to_pass(
    context: CountingContext, after: str
) -> None:
    said = await refusal(context, JOBS, first=5, after=after)
    assert said == "`after` is no cursor; pass an endCursor that this field returned"
    assert context.asked == []


async def test_kinds_are_counted_with_their_results_the_most_requested_first(
    context: CountingContext, world: World
) -> None:
    images = [request(number, kind=5100) for number in range(3)]
    text = request(kind=5050)
    await world.add(text, *images, result(images[0]), result(images[1], author=RIVAL), result(text))
    unmatched = result(request(99, kind=5300))
    await world.add(unmatched)
    data = await ask(context, "{ kinds { kind name role requests results } }")
    assert [(each["kind"], each["requests"], each["results"]) for each in data["kinds"]][:2] == [
        (5100, 3, 2),
        (5050, 1, 1),
    ]
    assert data["kinds"][0]["name"] == "Image generation"
    assert {each["role"] for each in data["kinds"]} == {"request"}
    assert (5300, 0, 1) in [(each["kind"], each["requests"], each["results"]) for each in data["kinds"]]
