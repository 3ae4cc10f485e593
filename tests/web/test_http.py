from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from dvmdash.web.settings import MAX_BODY_BYTES

pytestmark = pytest.mark.integration

KINDS = "{ kinds { kind } }"


async def test_a_query_is_answered_by_post_and_by_get(client: httpx.AsyncClient) -> None:
    expected = {"data": {"kinds": []}}
    posted = await client.post("/graphql", json={"query": KINDS})
    assert (posted.status_code, posted.json()) == (200, expected)
    assert posted.headers["content-type"].startswith("application/json")
    got = await client.get("/graphql", params={"query": KINDS})
    assert (got.status_code, got.json()) == (200, expected)


async def test_variables_and_the_operation_name_are_heeded(client: httpx.AsyncClient) -> None:
    document = "query A { kinds { kind } } query B($n: Int!) { jobs(first: $n) { edges { cursor } } }"
    body = {"query": document, "operationName": "B", "variables": {"n": 5}}
    answer = await client.post("/graphql", json=body)
    assert answer.json() == {"data": {"jobs": {"edges": []}}}


@pytest.mark.parametrize("operation", ["mutation { wipe }", "subscription { statusChanged { __typename } }"])
async def test_get_does_nothing_but_ask(client: httpx.AsyncClient, operation: str) -> None:
    answer = await client.get("/graphql", params={"query": operation})
    assert answer.status_code == 400
    assert "not allowed when using GET" in answer.text


async def test_there_is_no_mutation_by_post_either(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json={"query": "mutation { wipe }"})
    assert answer.json()["data"] is None
    assert "mutation" in answer.text


async def test_a_batch_of_operations_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json=[{"query": KINDS}, {"query": KINDS}])
    assert answer.status_code == 400
    assert "batches are not answered" in answer.text


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None],
)
async def test_what_a_foreign_page_may_post_unasked_is_refused(
    client: httpx.AsyncClient, content_type: str | None
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    answer = await client.post("/graphql", content=f'{{"query": "{KINDS}"}}', headers=headers)
    assert answer.status_code == 400
    assert "Unsupported content type" in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"7",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'"\xff"',
        b"[" * 60_000,
        b"[]",
        b"{}",
        b'{"query": 7}',
    ],
)
async def test_a_body_that_is_no_operation_is_the_clients_fault(
    client: httpx.AsyncClient, body: bytes
) -> None:
    answer = await client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400


async def test_a_browser_that_opens_the_endpoint_is_told_in_plain_text_how_to_ask(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/graphql", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert "POST a query" in answer.text
    assert "<html" not in answer.text.lower()


async def test_a_body_of_the_largest_size_is_read(client: httpx.AsyncClient) -> None:
    frame = '{"query": "' + KINDS + '", "x": ""}'
    body = frame[:-2] + "x" * (MAX_BODY_BYTES - len(frame)) + frame[-2:]
    assert len(body) == MAX_BODY_BYTES
    answer = await client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.json() == {"data": {"kinds": []}}


async def test_a_larger_body_is_refused_with_the_limit(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json={"query": KINDS + " " * MAX_BODY_BYTES})
    assert answer.status_code == 413
    (error,) = answer.json()["errors"]
    assert error["message"] == "the request body is larger than 65536 bytes; send a shorter query"
    assert answer.headers["content-security-policy"]


async def test_a_larger_body_is_refused_also_when_it_comes_in_pieces_of_untold_length(
    client: httpx.AsyncClient,
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    answer = await client.post("/graphql", content=pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "accept", ["multipart/mixed", "multipart/mixed;subscriptionSpec=1.0", "text/event-stream"]
)
async def test_there_are_no_subscriptions_but_over_sockets(client: httpx.AsyncClient, accept: str) -> None:
    body = {"query": "subscription { statusChanged { __typename } }"}
    answer = await client.post("/graphql", json=body, headers={"accept": accept}, timeout=10)
    assert answer.status_code == 400
    assert "subscriptions are not allowed when using POST" in answer.text
