from __future__ import annotations

import socket

import httpx
import nats.aio.client
import neo4j
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dvmdash.web.app import create_app
from dvmdash.web.security_headers import HEADERS

pytestmark = pytest.mark.integration


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def client_of(app: Starlette) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://dvmdash.example")


async def test_it_is_ready_when_log_graph_and_schema_are_there(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "checks": {"nats": "ok", "neo4j": "ok"}}


async def test_a_part_of_the_schema_that_is_missing_is_named(
    client: httpx.AsyncClient, neo4j_driver: neo4j.AsyncDriver
) -> None:
    await neo4j_driver.execute_query("DROP CONSTRAINT event_id")
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"nats": "ok", "neo4j": "schema incomplete: event_id"}


async def test_without_the_graph_it_lives_and_is_not_ready_and_says_why(
    nats_client: nats.aio.client.Client,
) -> None:
    url = f"bolt://127.0.0.1:{closed_port()}"
    driver = neo4j.AsyncGraphDatabase.driver(url, auth=("neo4j", "x"), telemetry_disabled=True)
    async with driver, client_of(create_app(nats_client, driver)) as client:
        assert (await client.get("/healthz")).status_code == 200
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {
            "status": "not ready",
            "checks": {"nats": "ok", "neo4j": "ServiceUnavailable"},
        }
        asked = await client.post("/graphql", json={"query": "{ kinds { kind } }"})
        assert [error["message"] for error in asked.json()["errors"]] == ["Unexpected error."]


async def test_without_the_log_it_lives_and_is_not_ready_and_says_why(
    client: httpx.AsyncClient, nats_client: nats.aio.client.Client
) -> None:
    await nats_client.close()
    assert (await client.get("/healthz")).status_code == 200
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"nats": "not connected", "neo4j": "ok"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/graphql?query={kinds{kind}}", 200),
        ("GET", "/graphql?query={nonsense}", 200),
        ("GET", "/graphql?query=mutation{x}", 400),
        ("PUT", "/graphql", 405),
        ("POST", "/", 405),
        ("DELETE", "/job/x", 405),
        ("GET", "/assets/none.js", 404),
        ("GET", "/broken", 500),
    ],
)
async def test_every_answer_has_the_security_headers(
    app: Starlette, client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    app.router.routes.insert(0, Route("/broken", broken))
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


async def broken(request: Request) -> Response:
    raise RuntimeError("bolt://neo4j:hunter2@db")


async def test_an_error_of_ours_is_not_told(app: Starlette, client: httpx.AsyncClient) -> None:
    app.router.routes.insert(0, Route("/broken", broken))
    answer = await client.get("/broken")
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")


def test_the_policy_lets_a_page_run_nothing_but_its_own_files() -> None:
    policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe-eval" not in str(policy)
