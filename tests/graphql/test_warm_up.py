from __future__ import annotations

import pytest

from dvmdash.graphql.schema import make_schema
from dvmdash.graphql.warm_up import JOB, NEWEST, UNKNOWN, warm_up

from .asking import CountingContext, ask
from .world import World, request, result

pytestmark = pytest.mark.integration


async def test_the_rehearsed_questions_are_ones_that_are_answered(
    context: CountingContext, world: World
) -> None:
    job = request()
    await world.add(job, result(job))

    assert (await ask(context, NEWEST))["jobs"]["edges"][0]["node"]["id"] == job["id"]
    assert (await ask(context, JOB, id=job["id"]))["job"]["graph"]["nodes"]
    assert (await ask(context, JOB, id=UNKNOWN))["job"] is None


async def test_it_asks_for_the_newest_job_as_often_as_it_is_told(
    context: CountingContext, world: World
) -> None:
    job = request()
    await world.add(job, result(job))

    await warm_up(make_schema(context.settings), context, rounds=3)

    assert context.asked.count("newest_jobs") == 3
    assert context.asked.count("job_graph") == 3
