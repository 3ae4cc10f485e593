from __future__ import annotations

import asyncio
from typing import Any

import nats.aio.client
import neo4j
import orjson
import pytest
import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dvmdash.projector.graph_writer import GraphWriter
from dvmdash.projector.message import LogMessage
from dvmdash.projector.notices import publish_notice
from dvmdash.simulate.signing import as_event, derive_keys, sign_event

pytestmark = pytest.mark.integration

TRANSPORT_WS = "graphql-transport-ws"
LEGACY = "graphql-ws"
PATIENCE = 20.0


def connect(address: str, *protocols: str, origin: str | None = None) -> Any:
    return websockets.connect(
        f"ws://{address}/graphql", subprotocols=list(protocols) or None, origin=origin, open_timeout=PATIENCE
    )


async def send(socket: Any, **message: Any) -> None:
    await socket.send(orjson.dumps(message).decode())


async def received(socket: Any) -> dict[str, Any]:
    """Return the next message, which has to be text: browsers' clients read no other."""
    text = await asyncio.wait_for(socket.recv(), PATIENCE)
    assert isinstance(text, str)
    return dict(orjson.loads(text))


async def introduced(socket: Any) -> None:
    await send(socket, type="connection_init")
    assert (await received(socket))["type"] == "connection_ack"


async def subscribe(socket: Any, name: str, document: str, **variables: Any) -> None:
    await send(socket, id=name, type="subscribe", payload={"query": document, "variables": variables})


async def closing(socket: Any) -> int | None:
    """Return the code with which the server closes."""
    try:
        async with asyncio.timeout(PATIENCE):
            async for _ in socket:
                pass
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None
    return int(socket.close_code)


async def test_a_subscription_sends_text_now_and_after_a_notice(
    address: str, neo4j_driver: neo4j.AsyncDriver, nats_client: nats.aio.client.Client
) -> None:
    customer = derive_keys(7, "customer")
    job = as_event(sign_event(customer, 1_780_000_000, 5100, [["i", "a cat", "text"]]))
    document = "subscription J($id: String!) { jobChanged(id: $id) { request { input } } }"
    async with connect(address, TRANSPORT_WS, origin=f"http://{address}") as socket:
        assert socket.subprotocol == TRANSPORT_WS
        await introduced(socket)
        await subscribe(socket, "status", "subscription { statusChanged { projector { checkpoint } } }")
        first = await received(socket)
        assert first == {
            "id": "status",
            "type": "next",
            "payload": {"data": {"statusChanged": {"projector": {"checkpoint": 0}}}},
        }
        await send(socket, id="status", type="complete")
        await subscribe(socket, "job", document, id=job.id)
        await send(socket, type="ping")
        assert (await received(socket))["type"] == "pong"
        touched = (
            await GraphWriter(neo4j_driver).write([LogMessage(1, 0.0, job, "relay", None, None)])
        ).touched
        await publish_notice(nats_client, 1, 1, touched)
        said = await received(socket)
        assert (said["id"], said["payload"]["data"]) == (
            "job",
            {"jobChanged": {"request": {"input": "a cat"}}},
        )


async def test_a_query_is_answered_too_and_ends(address: str) -> None:
    async with connect(address, TRANSPORT_WS) as socket:
        await introduced(socket)
        await subscribe(socket, "1", "{ kinds { kind } }")
        assert (await received(socket))["payload"] == {"data": {"kinds": []}}
        assert await received(socket) == {"id": "1", "type": "complete"}


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://localhost",
        "null",
        "https://friend.example.evil.example",
        "http://friend.example",
    ],
)
async def test_a_page_of_a_foreign_origin_gets_no_socket(address: str, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(address, TRANSPORT_WS, origin=origin):
            pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("origin", [None, "https://friend.example", "own"])
async def test_our_own_pages_those_of_friends_and_programs_get_one(address: str, origin: str | None) -> None:
    named = f"http://{address}" if origin == "own" else origin
    async with connect(address, TRANSPORT_WS, origin=named) as socket:
        await introduced(socket)


@pytest.mark.parametrize("protocols", [[LEGACY], ["soap"], []])
async def test_another_protocol_than_graphql_transport_ws_is_closed_at_once(
    address: str, protocols: list[str]
) -> None:
    async with connect(address, *protocols) as socket:
        assert socket.subprotocol is None
        assert await closing(socket) == 4406


async def test_of_both_protocols_the_legacy_one_is_never_chosen(address: str) -> None:
    async with connect(address, LEGACY, TRANSPORT_WS) as socket:
        assert socket.subprotocol == TRANSPORT_WS


async def test_who_does_not_introduce_itself_first_is_closed(address: str) -> None:
    async with connect(address, TRANSPORT_WS) as socket:
        await subscribe(socket, "1", "{ kinds { kind } }")
        assert await closing(socket) == 4401


async def test_what_is_no_message_closes_its_own_socket_only(address: str) -> None:
    async with connect(address, TRANSPORT_WS) as good:
        await introduced(good)
        for nonsense in ("{", "7", "null", "[]", "[" * 60_000, '{"type": "soap"}', b"\xff"):
            async with connect(address, TRANSPORT_WS) as bad:
                await introduced(bad)
                await bad.send(nonsense)
                assert await closing(bad) is not None
        await subscribe(good, "1", "{ kinds { kind } }")
        assert (await received(good))["payload"] == {"data": {"kinds": []}}


async def test_a_connection_has_no_more_subscriptions_than_allowed(address: str) -> None:
    document = "subscription { statusChanged { __typename } }"
    async with connect(address, TRANSPORT_WS) as socket:
        await introduced(socket)
        for name in ("1", "2", "3"):
            await subscribe(socket, name, document)
        kinds: dict[str, str] = {}
        while len(kinds) < 3:
            message = await received(socket)
            kinds.setdefault(message["id"], message["type"])
        assert kinds == {"1": "next", "2": "next", "3": "error"}


async def test_a_document_over_a_limit_is_refused_with_the_limit(address: str) -> None:
    many = " ".join(f"a{number}: kinds {{ kind }}" for number in range(16))
    async with connect(address, TRANSPORT_WS) as socket:
        await introduced(socket)
        await subscribe(socket, "1", f"query {{ {many} }}")
        message = await received(socket)
        assert message["type"] == "error"
        assert message["payload"][0]["message"] == "16 aliases found. Allowed: 15"
