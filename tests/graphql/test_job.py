from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dvmdash.nip90.bolt11 import read_invoice
from dvmdash.nip90.references import to_note, to_npub

from .asking import CountingContext, ask, refusal
from .world import (
    CUSTOMER,
    PROVIDER,
    RIVAL,
    WALLET,
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

JOB = """
query Job($id: String!) {
  job(id: $id) {
    id results feedbacks providers lastStatus
    customer { pubkey npub }
    request { id stub role kindName kind }
    graph {
      truncated
      nodes { id type role label stub entity { pubkey isDvm isUser } event { id kind statusClass amountMsat }
              invoice { amountMsat description paymentHash bolt11 }
              receipt { amountMsat anonymous kind comment preimageMatches } }
      edges { id type source target rule confidence }
    }
  }
}
"""


async def job_of(context: CountingContext, event_id: str) -> Any:
    return (await ask(context, JOB, id=event_id))["job"]


def edges(job: Any) -> set[tuple[str, str, str]]:
    return {(edge["type"], edge["source"], edge["target"]) for edge in job["graph"]["edges"]}


def nodes(job: Any) -> dict[str, Any]:
    found = {node["id"]: node for node in job["graph"]["nodes"]}
    assert len(found) == len(job["graph"]["nodes"])
    return found


async def test_a_job_is_found_by_its_request_and_by_any_answer(
    context: CountingContext, world: World
) -> None:
    job = request()
    answers = [feedback(job), result(job), feedback(job, "error", author=RIVAL)]
    await world.add(job, *answers)
    found = await job_of(context, job["id"])
    assert found["id"] == job["id"]
    for answer in answers:
        assert await job_of(context, answer["id"]) == found
    assert await job_of(context, to_note(answers[0]["id"])) == found


async def test_what_belongs_to_no_job_is_null(context: CountingContext, world: World) -> None:
    job = request()
    removal = deletion(job, CUSTOMER)
    await world.add(job, removal)
    assert await job_of(context, unseen_id()) is None
    assert await job_of(context, removal["id"]) is None


async def test_a_request_that_nobody_answered_is_a_graph_of_two(
    context: CountingContext, world: World
) -> None:
    job = request()
    await world.add(job)
    found = await job_of(context, job["id"])
    assert set(nodes(found)) == {job["id"], CUSTOMER.pubkey}
    assert edges(found) == {("MAKES_EVENT", CUSTOMER.pubkey, job["id"])}


async def test_a_request_that_has_not_been_seen_is_shown_as_a_stub_with_its_answers(
    context: CountingContext, world: World
) -> None:
    job = request()
    answer = feedback(job)
    await world.add(answer)
    found = await job_of(context, answer["id"])
    assert found["request"] == {
        "id": job["id"],
        "stub": True,
        "role": "stub",
        "kindName": "Not seen yet",
        "kind": None,
    }
    assert (found["customer"], found["feedbacks"]) == (None, 1)
    shown = nodes(found)[job["id"]]
    assert (shown["type"], shown["role"], shown["label"], shown["stub"]) == (
        "EVENT",
        "stub",
        "Not seen yet",
        True,
    )
    assert edges(found) == {
        ("FEEDBACK_FOR", answer["id"], job["id"]),
        ("MAKES_EVENT", PROVIDER.pubkey, answer["id"]),
    }
    await world.add(job)
    assert (await job_of(context, answer["id"]))["request"]["stub"] is False


async def test_a_paid_invoice_is_shown_with_its_receipt_payer_and_payee(
    context: CountingContext, world: World
) -> None:
    job, bill = request(), invoice(21_000)
    demand = feedback(job, "payment-required", bill=bill)
    receipt = zap(demand, bill)
    await world.add(job, demand, receipt)
    found = await job_of(context, job["id"])
    invoice_id = read_invoice(bill).id
    assert edges(found) == {
        ("MAKES_EVENT", CUSTOMER.pubkey, job["id"]),
        ("MAKES_EVENT", PROVIDER.pubkey, demand["id"]),
        ("FEEDBACK_FOR", demand["id"], job["id"]),
        ("HAS_INVOICE", demand["id"], invoice_id),
        ("HAS_RECEIPT", invoice_id, receipt["id"]),
        ("PAYMENT_FOR", receipt["id"], demand["id"]),
        ("PAYMENT_FROM", receipt["id"], CUSTOMER.pubkey),
        ("PAYMENT_TO", receipt["id"], PROVIDER.pubkey),
    }
    shown = nodes(found)
    assert set(shown) == {
        job["id"],
        demand["id"],
        invoice_id,
        receipt["id"],
        CUSTOMER.pubkey,
        PROVIDER.pubkey,
    }
    assert shown[invoice_id]["type"] == "INVOICE"
    assert shown[invoice_id]["invoice"]["amountMsat"] == "21000"
    assert shown[invoice_id]["invoice"]["bolt11"] == bill
    assert shown[receipt["id"]]["type"] == "RECEIPT"
    assert shown[receipt["id"]]["receipt"]["amountMsat"] == "21000"
    assert shown[receipt["id"]]["event"]["kind"] == 9735
    assert shown[demand["id"]]["label"] == "payment-required"


async def test_a_zap_through_an_invoice_of_its_own_is_shown_with_payer_and_payee(
    context: CountingContext, world: World
) -> None:
    job, bill = request(), invoice(5_000, b"z" * 32)
    answer = result(job)
    tip = zap(answer, bill, payer=RIVAL)
    await world.add(job, answer, tip)
    found = await job_of(context, job["id"])
    assert {
        ("PAYMENT_FOR", tip["id"], answer["id"]),
        ("PAYMENT_FROM", tip["id"], RIVAL.pubkey),
        ("PAYMENT_TO", tip["id"], PROVIDER.pubkey),
        ("HAS_RECEIPT", read_invoice(bill).id, tip["id"]),
    } <= edges(found)
    assert nodes(found)[RIVAL.pubkey]["role"] == "entity"
    assert WALLET.pubkey not in nodes(found)


async def test_a_deletion_by_the_author_is_shown_and_one_by_a_stranger_is_not(
    context: CountingContext, world: World
) -> None:
    job = request()
    answer = result(job)
    own, foreign = deletion(answer, PROVIDER), deletion(answer, RIVAL)
    await world.add(job, answer, own, foreign)
    found = await job_of(context, job["id"])
    assert [edge for edge in edges(found) if edge[0] == "DELETES"] == [("DELETES", own["id"], answer["id"])]
    assert nodes(found)[own["id"]]["role"] == "deletion"
    assert foreign["id"] not in nodes(found)


async def test_a_deletion_of_what_was_not_seen_yet_is_shown_once_that_is_seen(
    context: CountingContext, world: World
) -> None:
    job = request()
    removal = deletion(job, CUSTOMER)
    await world.add(removal, feedback(job))
    assert "DELETES" not in {edge[0] for edge in edges(await job_of(context, job["id"]))}
    await world.add(job)
    assert ("DELETES", removal["id"], job["id"]) in edges(await job_of(context, job["id"]))


async def test_a_rule_and_its_confidence_stand_on_every_link(context: CountingContext, world: World) -> None:
    job = request()
    await world.add(job, feedback(job), result(job))
    links = [edge for edge in (await job_of(context, job["id"]))["graph"]["edges"] if edge["rule"]]
    assert {edge["type"] for edge in links} == {"FEEDBACK_FOR", "RESULT_FOR"}
    assert all(edge["rule"] in {"L1", "L2"} and edge["confidence"] == 1.0 for edge in links)
    assert all(edge["id"] == f"{edge['type']}:{edge['source']}:{edge['target']}" for edge in links)


async def test_a_job_with_more_answers_than_are_shown_says_so(context: CountingContext, world: World) -> None:
    job = request()
    answers = [feedback(job, after=number) for number in range(1, 6)]
    await world.add(job, *answers)
    context.settings = replace(context.settings, max_answers=3)
    found = await job_of(context, job["id"])
    assert (found["feedbacks"], found["graph"]["truncated"]) == (5, True)
    assert {each["id"] for each in answers} & set(nodes(found)) == {each["id"] for each in answers[:3]}
    context.settings = replace(context.settings, max_answers=5)
    assert (await job_of(context, job["id"]))["graph"]["truncated"] is False


async def test_graphs_are_not_drawn_for_a_whole_page(context: CountingContext, world: World) -> None:
    await world.add(request(1), request(2))
    context.asked.clear()
    document = "{ jobs(first: 1) { edges { node { graph { truncated } } } } }"
    said = await refusal(context, document)
    assert said == "`graph` is drawn for one job at a time; ask for it with job(id: …)"
    assert context.asked == ["newest_jobs"]


@pytest.mark.parametrize("field", ["job", "event"])
async def test_a_pubkey_where_an_event_id_is_due_is_refused_with_what_is_due(
    context: CountingContext, field: str
) -> None:
    document = f"query Q($id: String!) {{ {field}(id: $id) {{ __typename }} }}"
    assert await refusal(context, document, id=to_npub(CUSTOMER.pubkey)) == (
        "this names a pubkey; this field takes an event id: 64 hex digits, note1… or nevent1…"
    )
    assert context.asked == []
