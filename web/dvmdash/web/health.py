"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from dvmdash.cypher.schema import missing_schema
from dvmdash.graphql.context import ApiContext


async def healthz(request: Request) -> JSONResponse:
    """Answer as long as the process does."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> JSONResponse:
    """Answer 200 when log and graph can be reached and the schema is there, else 503 with what is wrong."""
    context: ApiContext = request.app.state.context
    checks = {"nats": _nats(context), "neo4j": await _neo4j(context)}
    ready = not any(checks.values())
    body = {"status": "ready" if ready else "not ready", "checks": {k: v or "ok" for k, v in checks.items()}}
    return JSONResponse(body, status_code=200 if ready else 503)


def _nats(context: ApiContext) -> str | None:
    return None if context.nc.is_connected else "not connected"


async def _neo4j(context: ApiContext) -> str | None:
    try:
        missing = await missing_schema(context.driver)
    except Exception as error:  # Whatever it is: not ready, and this page says why.
        return type(error).__name__
    return f"schema incomplete: {', '.join(missing)}" if missing else None
