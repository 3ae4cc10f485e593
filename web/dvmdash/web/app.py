"""Puts the parts of the web role together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from dvmdash.graphql.context import ApiContext
from dvmdash.graphql.notices import Notices
from dvmdash.graphql.schema import make_schema
from dvmdash.graphql.warm_up import warm_up
from dvmdash.web.body_limit import BodyLimit
from dvmdash.web.graphql_endpoint import GraphQLEndpoint
from dvmdash.web.health import healthz, readyz
from dvmdash.web.pages import pages
from dvmdash.web.security_headers import SecurityHeaders, internal_error
from dvmdash.web.settings import MAX_BODY_BYTES, WebSettings

if TYPE_CHECKING:
    from nats.aio.client import Client
    from neo4j import AsyncDriver


def create_app(nc: Client, driver: AsyncDriver, settings: WebSettings | None = None) -> Starlette:
    """Return the ASGI application. The connections stay the caller's, who closes them after serving."""
    settings = settings or WebSettings()
    context = ApiContext(driver=driver, nc=nc, notices=Notices(), settings=settings.api)
    schema = make_schema(settings.api)
    endpoint = GraphQLEndpoint(schema, context, origins=settings.origins)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with context.notices.listening(nc):
            warming = asyncio.create_task(warm_up(schema, context, settings.warm_up_rounds))
            yield
            warming.cancel()

    app = Starlette(
        routes=[
            Route("/graphql", endpoint),
            WebSocketRoute("/graphql", endpoint),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            *pages(),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(BodyLimit, max_bytes=MAX_BODY_BYTES),
        ],
        exception_handlers={Exception: internal_error},
        lifespan=lifespan,
    )
    app.state.context = context
    return app
