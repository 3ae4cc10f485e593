"""Headers that keep a page from loading or running anything but our own files."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # What the graph library sets on elements by script needs no exception; style sheets are files of ours.
        "style-src 'self'",
        "font-src 'self'",
        # A picture is loaded from elsewhere only after a click on it.
        "img-src 'self' https:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        # No text becomes markup but through the page library's own policy.
        "require-trusted-types-for 'script'",
        "trusted-types svelte-trusted-html",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


async def internal_error(request: Request, error: Exception) -> PlainTextResponse:
    """Answer what failed on our side, with the headers: Starlette makes this answer outside all middleware."""
    return PlainTextResponse("Internal Server Error", status_code=500, headers=HEADERS)


class SecurityHeaders:
    """ASGI middleware; adds the headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, with_headers)
