"""Every named query is planned by the real Neo4j over real data: none may walk the graph or hold up its rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import neo4j
import pytest
import pytest_asyncio
from neo4j import NotificationClassification

from dvmdash.cypher.library import NamedQuery, all_queries
from dvmdash.cypher.schema import ensure_schema
from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.message import read_message

from ..conftest import Neo4jEndpoint, empty_graph

pytestmark = pytest.mark.integration

REAL_EVENTS = Path(__file__).parents[1] / "data" / "real.jsonl"

STATED_BY = {
    "AllNodesScan": None,
    "NodeByLabelScan": "Label scan:",
    "Eager": "Eager:",
    "CartesianProduct": "CartesianProduct:",
}
"""What a plan may not hold, and how a contract's line begins that says why it does; None where nothing excuses it."""

PLANNED = {
    name: each
    for name, each in all_queries().items()
    if each.source != "schema.cypher" and not each.text.startswith(("SHOW ", "CALL db."))
}

BAD = {
    "MATCH (n) RETURN n": ["AllNodesScan"],
    "MATCH (n:Event) RETURN n.content AS content": ["NodeByLabelScan"],
    "MATCH (a:Event {id: $id}) SET a:Seen WITH a MATCH (b:Seen) RETURN b": ["Eager", "NodeByLabelScan"],
    "MATCH (a:Event {id: $id}), (b:Event {id: $before_id}) RETURN a, b": ["CartesianProduct"],
}
"""Plans that must be refused, so that the check itself is known to see them."""

PARAMETERS: dict[str, Any] = {
    "rows": [],
    "authors": [],
    "ids": [],
    "pubkeys": [],
    "id": "0" * 64,
    "pubkey": "0" * 64,
    "kind": 5100,
    "limit": 50,
    "before_time": 1_790_000_000,
    "before_id": "~",
    "projection": "graph",
    "stream_seq": 1,
    "stream_time": 1.0,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def summaries(neo4j_endpoint: Neo4jEndpoint) -> AsyncIterator[dict[str, neo4j.ResultSummary]]:
    """What Neo4j says to each query, by its text, over a graph of the real events, whose statistics it plans by."""
    auth = neo4j_endpoint.user, neo4j_endpoint.password
    async with neo4j.AsyncGraphDatabase.driver(
        neo4j_endpoint.url, auth=auth, telemetry_disabled=True
    ) as driver:
        await empty_graph(driver)
        await ensure_schema(driver)
        lines = REAL_EVENTS.read_bytes().splitlines()
        await GraphWriter(driver).write(
            [read_message(line, None, stream_seq=seq, first_seen=0.0) for seq, line in enumerate(lines, 1)]
        )
        texts = [*(each.text for each in PLANNED.values()), *BAD]
        yield {text: await explained(driver, text) for text in texts}


async def explained(driver: neo4j.AsyncDriver, text: str) -> neo4j.ResultSummary:
    return (await driver.execute_query(f"EXPLAIN {text}", PARAMETERS, database_="neo4j")).summary


def operators(plan: Mapping[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


def unstated(contract: str, plan: Mapping[str, Any] | None) -> list[str]:
    assert plan is not None
    found = {each for each in operators(plan) if each in STATED_BY}
    return sorted(each for each in found if not _is_stated(each, contract.split("\n")))


def _is_stated(operator: str, lines: list[str]) -> bool:
    opening = STATED_BY[operator]
    return opening is not None and any(line.startswith(opening) for line in lines)


@pytest.mark.parametrize("query", PLANNED.values(), ids=PLANNED)
def test_a_plan_holds_nothing_bad_that_its_contract_does_not_state(
    query: NamedQuery, summaries: dict[str, neo4j.ResultSummary]
) -> None:
    assert unstated(query.contract, summaries[query.text].plan) == []


@pytest.mark.parametrize("query", PLANNED.values(), ids=PLANNED)
def test_neo4j_warns_of_nothing_in_a_query(
    query: NamedQuery, summaries: dict[str, neo4j.ResultSummary]
) -> None:
    # That a name is unknown says only that no real event made such a relationship or property.
    said = [
        each.status_description
        for each in summaries[query.text].gql_status_objects
        if each.is_notification and each.classification != NotificationClassification.UNRECOGNIZED
    ]
    assert said == []


@pytest.mark.parametrize(("text", "refused"), BAD.items())
def test_a_bad_plan_is_seen(text: str, refused: list[str], summaries: dict[str, neo4j.ResultSummary]) -> None:
    assert unstated("Rows: some.", summaries[text].plan) == refused


@pytest.mark.parametrize("text", BAD)
def test_a_contract_excuses_all_but_a_walk_over_all_nodes(
    text: str, summaries: dict[str, neo4j.ResultSummary]
) -> None:
    contract = "Rows: some.\nEager: few.\nLabel scan: few.\nCartesianProduct: one by one."
    assert unstated(contract, summaries[text].plan) == [each for each in BAD[text] if each == "AllNodesScan"]
