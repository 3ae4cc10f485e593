from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from dvmdash.web.pages import pages

SECRET = "nobody may read this"


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A build, with files beside and below it that are not to be served."""
    folder = tmp_path / "static"
    (folder / "assets" / "deep").mkdir(parents=True)
    (folder / ".vite").mkdir()
    (folder / "index.html").write_text("<title>the pages</title>")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "index-abc.js").write_text("run()")
    (folder / ".vite" / "manifest.json").write_text(SECRET)
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "assets.txt").write_text(SECRET)
    return folder


async def served(static: Path) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=pages(static)), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://dvmdash.example") as http:
        yield http


@pytest.fixture
async def built(static: Path) -> AsyncIterator[httpx.AsyncClient]:
    async for client in served(static):
        yield client


@pytest.fixture
async def unbuilt(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async for client in served(tmp_path / "none"):
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/jobs",
        "/job/abc",
        "/index.html",
        "/nonsense.js",
        "/event/" + "nevent1" * 60,
        "/" + "n" * 300,
        "/a%00b",
    ],
)
async def test_every_address_that_is_no_file_is_the_page(built: httpx.AsyncClient, path: str) -> None:
    answer = await built.get(path)
    assert (answer.status_code, answer.text) == (200, "<title>the pages</title>")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


async def test_files_of_the_build_are_served_and_hashed_ones_kept_for_ever(built: httpx.AsyncClient) -> None:
    icon = await built.get("/favicon.svg")
    assert (icon.text, icon.headers["content-type"]) == ("<svg/>", "image/svg+xml")
    script = await built.get("/assets/index-abc.js")
    assert script.text == "run()"
    assert "javascript" in script.headers["content-type"]
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_an_asset_that_is_none_is_not_found_and_not_a_page(built: httpx.AsyncClient) -> None:
    for path in ("/assets/index-old.js", "/assets/", "/assets/deep", "/assets/" + "n" * 300):
        answer = await built.get(path)
        assert answer.status_code == 404
        assert "cache-control" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/x/../../secret.txt",
        "/x%2f..%2f..%2fsecret.txt",
        "/assets/../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/..%2f.vite%2fmanifest.json",
        "/assets/../../assets.txt",
        "/.vite/manifest.json",
        "/%2e%2e",
        "/.",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/assets//etc/passwd",
        "/assets/%2fetc%2fpasswd",
        "{secret}",
        "/{secret}",
        "/assets/{secret}",
    ],
)
async def test_no_path_leads_out_of_the_build(built: httpx.AsyncClient, static: Path, path: str) -> None:
    raw = path.replace("{secret}", str(static.parent / "secret.txt"))
    request = httpx.Request("GET", "http://dvmdash.example/")
    request.url = httpx.URL(scheme="http", host="dvmdash.example", raw_path=raw.encode())
    answer = await built.send(request)
    assert SECRET not in answer.text
    assert "root:" not in answer.text
    assert answer.status_code in {200, 404}


async def test_without_a_build_every_page_says_how_to_make_one(unbuilt: httpx.AsyncClient) -> None:
    for path in ("/", "/job/abc"):
        answer = await unbuilt.get(path)
        assert answer.status_code == 503
        assert "have not been built" in answer.text
        assert "make up" in answer.text
        assert "/graphql" in answer.text
    assert (await unbuilt.get("/assets/index-abc.js")).status_code == 404
