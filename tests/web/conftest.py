from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import httpx
import nats.aio.client
import neo4j
import pytest
import uvicorn
from starlette.applications import Starlette

from dvmdash.cypher.schema import ensure_schema
from dvmdash.graphql.settings import ApiSettings
from dvmdash.web.app import create_app
from dvmdash.web.settings import WebSettings


@pytest.fixture
async def app(neo4j_driver: neo4j.AsyncDriver, nats_client: nats.aio.client.Client) -> Starlette:
    """The application over an empty graph and an empty log."""
    await ensure_schema(neo4j_driver)
    settings = WebSettings(
        origins=("https://friend.example",), api=ApiSettings(coalesce=0.05, subscriptions_per_connection=2)
    )
    return create_app(nats_client, neo4j_driver, settings)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the application, without a socket between them."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://dvmdash.example") as http:
        yield http


@pytest.fixture
async def address(app: Starlette) -> AsyncIterator[str]:
    """Host and port where the application is served."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await serving
