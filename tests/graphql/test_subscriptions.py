from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from dvmdash.graphql.context import Row
from dvmdash.projector.notices import publish_notice
from dvmdash.simulate.signing import SignedEvent

from .asking import CountingContext, watch
from .world import (
    PROVIDER,
    RIVAL,
    World,
    deletion,
    feedback,
    invoice,
    request,
    result,
    unseen_id,
    zap,
)

pytestmark = pytest.mark.integration

JOB = "subscription Job($id: String!) { jobChanged(id: $id) { id results feedbacks lastStatus request { stub } } }"
GRAPH = "subscription Job($id: String!) { jobChanged(id: $id) { graph { edges { type source } } } }"
STATUS = "subscription { statusChanged { projector { checkpoint } counts { name value } } }"

PATIENCE = 20.0
"""Seconds after which something that must come counts as never coming."""


async def following(stream: AsyncGenerator[Any, None]) -> Any:
    return await asyncio.wait_for(anext(stream), PATIENCE)


async def last_of(stream: AsyncGenerator[Any, None], wanted: dict[str, Any]) -> int:
    """Read until a message holds what is wanted; return how many it took."""
    for count in range(1, 1_000):
        job = (await following(stream))["jobChanged"]
        if wanted.items() <= job.items():
            return count
    raise AssertionError


async def test_a_job_is_sent_at_once_and_again_after_each_change(
    context: CountingContext, world: World
) -> None:
    job = request()
    await world.add(job)
    async with contextlib.aclosing(watch(context, JOB, id=job["id"])) as stream:
        first = (await following(stream))["jobChanged"]
        assert first == {
            "id": job["id"],
            "results": 0,
            "feedbacks": 0,
            "lastStatus": None,
            "request": {"stub": False},
        }
        await world.publish(feedback(job))
        assert (await following(stream))["jobChanged"] == {
            **first,
            "feedbacks": 1,
            "lastStatus": "processing",
        }
        await world.publish(result(job))
        assert (await following(stream))["jobChanged"]["results"] == 1


async def test_a_job_is_watched_by_the_id_of_an_answer_too(context: CountingContext, world: World) -> None:
    job = request()
    answer = feedback(job)
    await world.add(job, answer)
    async with contextlib.aclosing(watch(context, JOB, id=answer["id"])) as stream:
        assert (await following(stream))["jobChanged"]["id"] == job["id"]
        await world.publish(result(job, author=RIVAL))
        assert (await following(stream))["jobChanged"]["results"] == 1


async def test_an_id_that_has_not_been_seen_is_waited_for(context: CountingContext, world: World) -> None:
    job = request()
    async with contextlib.aclosing(watch(context, JOB, id=job["id"])) as stream:
        waiting = asyncio.ensure_future(following(stream))
        await world.publish(request(99))
        assert not waiting.done()
        await world.publish(feedback(job))
        assert (await waiting)["jobChanged"]["request"] == {"stub": True}
        await world.publish(job)
        assert (await following(stream))["jobChanged"]["request"] == {"stub": False}


async def test_a_payment_of_its_invoice_changes_a_job(context: CountingContext, world: World) -> None:
    job, bill = request(), invoice()
    demand = feedback(job, "payment-required", bill=bill)
    await world.add(job, demand)
    async with contextlib.aclosing(watch(context, GRAPH, id=job["id"])) as stream:
        assert "HAS_RECEIPT" not in str(await following(stream))
        await world.publish(zap(demand, bill))
        assert "HAS_RECEIPT" in str(await following(stream))


async def test_a_zap_of_the_result_changes_a_job(context: CountingContext, world: World) -> None:
    job = request()
    answer = result(job)
    await world.add(job, answer)
    async with contextlib.aclosing(watch(context, GRAPH, id=job["id"])) as stream:
        await following(stream)
        tip = zap(answer, invoice(1_000, b"t" * 32), payer=RIVAL)
        await world.publish(tip)
        assert tip["id"] in str(await following(stream))


async def test_a_deletion_changes_a_job(context: CountingContext, world: World) -> None:
    job = request()
    answer = result(job)
    await world.add(job, answer)
    async with contextlib.aclosing(watch(context, GRAPH, id=job["id"])) as stream:
        await following(stream)
        await world.publish(deletion(answer, PROVIDER))
        assert "DELETES" in str(await following(stream))


async def test_changes_of_other_jobs_send_nothing(context: CountingContext, world: World) -> None:
    job, other = request(1), request(2)
    await world.add(job, other)
    async with contextlib.aclosing(watch(context, JOB, id=job["id"])) as stream:
        await following(stream)
        context.asked.clear()
        await world.publish(feedback(other))
        await world.publish(feedback(job))
        assert (await following(stream))["jobChanged"]["feedbacks"] == 1
        assert context.asked.count("job_by_id") == 1


async def test_a_batch_too_large_to_name_its_ids_may_have_changed_anything(
    context: CountingContext, world: World
) -> None:
    job = request()
    await world.add(job)
    async with contextlib.aclosing(watch(context, JOB, id=job["id"])) as stream:
        await following(stream)
        await world.add(feedback(job))
        await publish_notice(
            context.nc, world.seq, 5_000, [unseen_id(str(number)) for number in range(4_001)]
        )
        assert (await following(stream))["jobChanged"]["feedbacks"] == 1


async def test_a_burst_of_notices_makes_few_messages_and_the_last_shows_the_final_state(
    context: CountingContext, world: World
) -> None:
    job = request()
    await world.add(job)
    async with contextlib.aclosing(watch(context, JOB, id=job["id"])) as stream:
        await following(stream)
        burst = [feedback(job, after=number) for number in range(1, 101)]
        await world.add(*burst[:-1])
        for answer in burst[:-1]:
            await publish_notice(context.nc, world.seq, 1, [answer["id"], job["id"]])
        await world.publish(burst[-1])
        count = await last_of(stream, {"feedbacks": 100})
        assert count <= 10
        assert context.asked.count("job_by_id") <= 12


async def test_a_slow_reader_gets_the_newest_state_and_no_backlog(
    context: CountingContext, world: World
) -> None:
    job = request()
    await world.add(job)
    async with contextlib.aclosing(watch(context, JOB, id=job["id"])) as stream:
        await following(stream)
        for number in range(1, 21):
            await world.publish(feedback(job, after=number))
        # Nobody read meanwhile. Two messages at most: one that a change had already asked for, and the newest.
        assert await last_of(stream, {"feedbacks": 20}) <= 2


async def test_what_is_committed_while_the_first_answer_is_read_is_not_missed(
    context: CountingContext, world: World
) -> None:
    job = request()
    answer = feedback(job)
    await world.add(job, answer)
    racing = Racing(driver=context.driver, nc=context.nc, notices=context.notices, settings=context.settings)
    racing.world, racing.event = world, result(job)
    async with contextlib.aclosing(watch(racing, JOB, id=answer["id"])) as stream:
        await last_of(stream, {"results": 1})


class Racing(CountingContext):
    """Commits an event, and lets its notice arrive, after the first read of a job and before its answer."""

    world: World
    event: SignedEvent | None

    async def row(self, name: str, **parameters: Any) -> Row | None:
        found = await super().row(name, **parameters)
        if name == "job_by_id" and self.event is not None:
            event, self.event = self.event, None
            await self.world.publish(event)
            await self.nc.flush()
            await asyncio.sleep(0.1)
        return found


async def test_the_status_is_sent_at_once_and_again_after_any_batch(
    context: CountingContext, world: World
) -> None:
    async with contextlib.aclosing(watch(context, STATUS)) as stream:
        assert (await following(stream))["statusChanged"]["projector"]["checkpoint"] == 0
        await world.publish(request(1), request(2))
        status = (await following(stream))["statusChanged"]
        assert status["projector"]["checkpoint"] == 2
        assert {"name": "requests", "value": 2} in status["counts"]


async def test_notices_that_can_not_be_read_are_passed_over(context: CountingContext, world: World) -> None:
    job = request()
    await world.add(job)
    async with contextlib.aclosing(watch(context, JOB, id=job["id"])) as stream:
        await following(stream)
        for nonsense in (b"", b"{", b"[]", b"{}", b'{"ids": 7}', b'{"ids": [[]]}', b"\xff"):
            await context.nc.publish("dvm.notice", nonsense)
        await world.publish(feedback(job))
        assert (await following(stream))["jobChanged"]["feedbacks"] == 1


async def test_a_subscription_that_ends_is_forgotten(context: CountingContext, world: World) -> None:
    job = request()
    await world.add(job)
    for document in (JOB, STATUS):
        async with contextlib.aclosing(watch(context, document, id=job["id"])) as stream:
            await following(stream)
            assert len(context.notices._interests) == 1
        assert len(context.notices._interests) == 0


async def test_an_id_that_is_none_ends_a_subscription_with_what_is_wanted(context: CountingContext) -> None:
    async with contextlib.aclosing(watch(context, JOB, id="nonsense")) as stream:
        (said,) = await following(stream)
    assert "this field takes an event id: 64 hex digits, note1… or nevent1…" in said
