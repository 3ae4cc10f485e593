"""GraphQL over HTTP and over graphql-transport-ws."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from json import JSONDecodeError
from typing import Any

import orjson
from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.websockets import WebSocket
from strawberry import Schema
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from dvmdash.graphql.context import ApiContext

VISITOR = """This is the GraphQL endpoint of DVMDash. POST a query to it, for example:

curl -H 'content-type: application/json' -d '{"query": "{ status { projector { lag } } }"}' THIS-ADDRESS

Subscriptions are served over websockets by the protocol graphql-transport-ws.
"""
"""What a browser is told that opens the endpoint as if it were a page."""

INIT_TIMEOUT_SECONDS = 10
"""A socket that has not introduced itself by then is closed."""


class GraphQLEndpoint(GraphQL[dict[str, ApiContext], None]):
    """Queries by POST and GET, subscriptions by the one protocol that has no known way around its checks."""

    def __init__(self, schema: Schema, context: ApiContext, *, origins: Sequence[str]) -> None:
        super().__init__(
            schema,
            graphql_ide="graphiql",  # Only so that `render_graphql_ide` is asked; no page is served.
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=INIT_TIMEOUT_SECONDS),
            max_subscriptions_per_connection=context.settings.subscriptions_per_connection,
            allowed_origins=origins,
        )
        self._context = {"api": context}

    async def render_graphql_ide(self, request: Request) -> Response:
        """Answer somebody who opens the endpoint in a browser."""
        return PlainTextResponse(VISITOR)

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, ApiContext]:
        """Give every resolver the one context of the process."""
        return self._context

    def parse_json(self, data: str | bytes) -> Any:
        """Decode a request over HTTP. Raises HTTPException for all that is not one JSON object."""
        try:
            return self.decode_json(data)
        except JSONDecodeError:
            raise HTTPException(400, "One JSON object is expected; batches are not answered") from None

    def decode_json(self, data: str | bytes) -> object:
        """Decode a request or a socket's message. Raises JSONDecodeError, as callers expect, for all but an object."""
        try:
            decoded = orjson.loads(data)
        except orjson.JSONDecodeError:
            decoded = None
        if not isinstance(decoded, dict):
            raise JSONDecodeError("one JSON object is expected", "", 0)
        return decoded

    def encode_json(self, data: GraphQLHTTPResponse | list[GraphQLHTTPResponse] | Any) -> str:
        """Encode an answer; as text, since bytes would go out as binary frames, which browsers' clients refuse."""
        return orjson.dumps(data).decode()
