"""The built front end: its assets, and its one document for every page's address."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"


class HashedFiles(StaticFiles):
    """Files whose names change with their content: a browser may keep them for ever."""

    async def check_config(self) -> None:
        """Accept that there is no folder: it comes with the build, whose absence every page explains."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve one file."""
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def pages(static: Path = STATIC) -> list[BaseRoute]:
    """Return the routes of the front end; what is no file is a page, whose address the front end reads."""

    async def page(request: Request) -> Response:
        if wanted := _file(static, request.path_params.get("path", "")):
            return FileResponse(wanted)
        if not (static / "index.html").is_file():
            return PlainTextResponse(
                "The pages have not been built. Run `make up`, which builds them, or"
                " `npm ci && npm run build` in web/ui. The API is at /graphql.\n",
                status_code=503,
            )
        return FileResponse(static / "index.html", headers={"Cache-Control": "no-cache"})

    return [
        Mount("/assets", HashedFiles(directory=static / "assets", check_dir=False)),
        Route("/{path:path}", page),
    ]


def _file(static: Path, path: str) -> Path | None:
    """Return the file of that name in the folder itself, never one below or outside it."""
    wanted = static / path
    if wanted.parent != static or wanted.name == "index.html":
        return None
    try:
        return wanted if wanted.is_file() else None
    except OSError:  # A name that is too long for a file, as a pasted nevent1… may be.
        return None
