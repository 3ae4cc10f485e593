"""What ends up in the graph for events of each role."""

from __future__ import annotations

from typing import Any

import pytest
from neo4j import AsyncDriver

from dvmdash.cypher.schema import ensure_schema
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.message import LogMessage

from .made import NOW, event, hex_of, logged

pytestmark = pytest.mark.integration


@pytest.fixture
async def graph(neo4j_driver: AsyncDriver) -> AsyncDriver:
    await ensure_schema(neo4j_driver)
    return neo4j_driver


async def write(driver: AsyncDriver, messages: list[LogMessage]) -> None:
    await GraphWriter(driver).write(messages)


async def rows(driver: AsyncDriver, text: str, **parameters: Any) -> list[dict[str, Any]]:
    found = await driver.execute_query(text, parameters, database_="neo4j")
    return [dict(record) for record in found.records]


LINK = """
MATCH (:Event {id: $answer})-[link:RESULT_FOR|FEEDBACK_FOR]->(target)
RETURN type(link) AS type, target.id AS target, link.rule AS rule, link.confidence AS confidence,
       coalesce(link.flags, []) AS flags, link.customers AS customers
"""


async def link_of(driver: AsyncDriver, answer: str) -> dict[str, Any] | None:
    found = await rows(driver, LINK, answer=hex_of(answer))
    assert len(found) <= 1
    return found[0] if found else None


async def test_a_result_before_its_request_makes_a_stub_that_the_request_fills(graph: AsyncDriver) -> None:
    result = event("result", 6050, "dvm", ["e", "@request"], ["p", "@customer"])
    await write(graph, logged(result))

    assert await link_of(graph, "result") == {
        "type": "RESULT_FOR",
        "target": hex_of("request"),
        "rule": "L4",
        "confidence": 0.9,
        "flags": ["unseen"],
        "customers": [hex_of("customer")],
    }
    assert await rows(graph, "MATCH (s:Stub) RETURN s.id AS id, s.kind AS kind") == [
        {"id": hex_of("request"), "kind": None}
    ]

    await write(graph, logged(event("request", 5050, "customer")))

    link = await link_of(graph, "result")
    assert link is not None
    assert (link["rule"], link["confidence"], link["flags"], link["customers"]) == ("L2", 1.0, [], None)
    assert await rows(graph, "MATCH (s:Stub) RETURN s") == []


async def test_a_link_to_what_turns_out_to_be_no_request_is_taken_back(graph: AsyncDriver) -> None:
    await write(graph, logged(event("feedback", 7000, "dvm", ["e", "@result"])))
    assert await link_of(graph, "feedback") is not None

    await write(graph, logged(event("result", 6050, "dvm", ["e", "@request"])))

    assert await link_of(graph, "feedback") is None


async def test_the_request_inside_a_result_is_believed_before_its_e_tag(graph: AsyncDriver) -> None:
    result = event("result", 6050, "dvm", ["e", "@decoy"], ["p", "@customer"])
    requests = [event("request", 5050, "customer"), event("decoy", 5050, "customer")]
    await write(graph, logged(*requests, (result, "request")))

    link = await link_of(graph, "result")
    assert link is not None
    assert (link["target"], link["rule"], link["flags"]) == (hex_of("request"), "L1", ["references-differ"])


async def test_a_fitting_request_that_comes_later_wins_over_an_unseen_one(graph: AsyncDriver) -> None:
    choice = event("choice", 6050, "dvm", ["e", "@never"], ["e", "@request"], ["p", "@customer"])
    await write(graph, logged(choice))
    first = await link_of(graph, "choice")
    assert first is not None
    assert first["target"] == hex_of("never")

    await write(graph, logged(event("request", 5050, "customer")))

    second = await link_of(graph, "choice")
    assert second is not None
    assert (second["target"], second["rule"]) == (hex_of("request"), "L3")


async def test_an_orphan_result_is_linked_by_its_input_until_a_second_request_fits(
    graph: AsyncDriver,
) -> None:
    same = ["i", "a text that both have", "text"]
    await write(graph, logged(event("orphan", 6050, "dvm", same, ["p", "@customer"], at=NOW + 20)))
    assert await link_of(graph, "orphan") is None

    await write(graph, logged(event("request", 5050, "customer", same, at=NOW)))
    link = await link_of(graph, "orphan")
    assert link is not None
    assert (link["target"], link["rule"], link["confidence"]) == (hex_of("request"), "L6", 0.5)

    await write(graph, logged(event("twin", 5050, "customer", same, at=NOW + 1)))
    assert await link_of(graph, "orphan") is None


async def test_who_answers_a_known_request_is_a_dvm_and_who_asks_is_a_user(graph: AsyncDriver) -> None:
    await write(
        graph,
        logged(
            event("request", 5050, "customer"),
            event("result", 6050, "dvm", ["e", "@request"], ["p", "@customer"]),
            event("unasked", 6050, "bot", ["e", "@never"]),
            event("wrong kind", 6100, "poser", ["e", "@request"]),
            event("announcement", 31990, "announcer", ["d", "1"], ["k", "5100"]),
            event("app", 31990, "app", ["d", "1"], ["k", "1"]),
        ),
    )

    dvms = {row["key"] for row in await rows(graph, "MATCH (n:DVM) RETURN n.pubkey AS key")}
    users = {row["key"] for row in await rows(graph, "MATCH (n:User) RETURN n.pubkey AS key")}
    assert dvms == {hex_of("dvm"), hex_of("announcer")}
    assert users == {hex_of("customer")}


async def test_a_dvm_that_hires_another_is_one_entity_with_both_labels(graph: AsyncDriver) -> None:
    await write(
        graph,
        logged(
            event("request", 5050, "customer"),
            event("hire", 5100, "dvm"),
            event("result", 6050, "dvm", ["e", "@request"], ["p", "@customer"]),
        ),
    )

    found = await rows(graph, "MATCH (n:Entity {pubkey: $key}) RETURN labels(n) AS labels", key=hex_of("dvm"))
    assert [sorted(row["labels"]) for row in found] == [["DVM", "Entity", "User"]]


async def test_only_own_events_are_deleted_and_never_a_deletion(graph: AsyncDriver) -> None:
    await write(
        graph,
        logged(
            event("deletion", 5, "dvm", ["e", "@mine"], ["e", "@theirs"], ["e", "@deletion of it"]),
            event("deletion of it", 5, "dvm", ["e", "@deletion"]),
        ),
    )
    await write(graph, logged(event("mine", 7000, "dvm"), event("theirs", 5050, "customer")))

    found = await rows(graph, "MATCH (d:Event)-[:DELETES]->(t:Event) RETURN d.id AS deletion, t.id AS target")
    assert found == [{"deletion": hex_of("deletion"), "target": hex_of("mine")}]


async def test_the_newest_announcement_is_the_current_one_and_deleted_up_to_its_time(
    graph: AsyncDriver,
) -> None:
    address = f"31990:{hex_of('dvm')}:chat"
    await write(
        graph,
        logged(
            event("new", 31990, "dvm", ["d", "chat"], ["k", "5050"], at=NOW + 10),
            event("old", 31990, "dvm", ["d", "chat"], ["k", "5050"], at=NOW),
            event("withdrawn", 5, "dvm", ["a", address], at=NOW + 5),
            event("foreign", 5, "stranger", ["a", address], at=NOW + 50),
        ),
    )

    assert await rows(
        graph, "MATCH (a:Address) RETURN a.id AS id, a.latest AS latest, a.deleted_at AS deleted_at"
    ) == [{"id": address, "latest": hex_of("new"), "deleted_at": NOW + 5}]


async def test_a_nutzap_is_a_receipt_with_payer_payee_and_what_it_paid_for(graph: AsyncDriver) -> None:
    proof = '{"amount":21,"id":"1","secret":"s","C":"c"}'
    tags = (["e", "@result"], ["p", "@dvm"], ["u", "https://mint.example.com"], ["proof", proof])
    await write(graph, logged(event("nutzap", 9321, "customer", *tags)))

    found = await rows(
        graph,
        "MATCH (from)<-[:PAYMENT_FROM]-(r:Receipt:Event)-[:PAYMENT_TO]->(to), (r)-[:PAYMENT_FOR]->(paid)"
        " RETURN r.amount_msat AS msat, from.pubkey AS payer, to.pubkey AS payee, paid.id AS paid, r.mint AS mint",
    )
    assert found == [
        {
            "msat": 21_000,
            "payer": hex_of("customer"),
            "payee": hex_of("dvm"),
            "paid": hex_of("result"),
            "mint": "https://mint.example.com",
        }
    ]


async def test_a_batch_written_again_changes_nothing(graph: AsyncDriver) -> None:
    from .awkward import awkward_messages
    from .snapshot import snapshot

    messages = awkward_messages()
    await write(graph, messages)
    before = await snapshot(graph)

    await write(graph, messages[4:9])
    await write(graph, messages)

    assert await snapshot(graph) == before


async def test_the_checkpoint_never_goes_back(graph: AsyncDriver) -> None:
    messages = logged(event("a", 5050, "x"), event("b", 5050, "x"), event("c", 5050, "x"))
    await write(graph, messages[1:])
    await write(graph, messages[:1])

    checkpoint = await rows(graph, "MATCH (c:Checkpoint) RETURN c.stream_seq AS seq, c.stream_time AS time")
    assert checkpoint == [{"seq": 3, "time": 1_800_000_003.0}]
