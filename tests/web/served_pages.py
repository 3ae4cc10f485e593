"""The whole product behind the pages, in a thread: log, projector and web on this run's servers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nats
import orjson
import uvicorn
from nats.js.errors import NotFoundError
from neo4j import AsyncGraphDatabase

from dvmdash.cypher.schema import wipe_graph
from dvmdash.ingest.archive import import_files
from dvmdash.ingest.streams import ensure_streams, wipe_streams
from dvmdash.nip90.log import STREAM
from dvmdash.ops import ui_build
from dvmdash.projector.runner import read_checkpoint, run_projector
from dvmdash.projector.settings import ProjectorSettings
from dvmdash.web.app import create_app

if TYPE_CHECKING:
    from nats.aio.client import Client
    from neo4j import AsyncDriver

    from dvmdash.nip90.event import Event

PATIENCE_SECONDS = 120.0


class QuietServer(uvicorn.Server):
    """A server in a thread, where signals are not its business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the test run."""
        yield


class ServedPages:
    """Pages at `url`, and a way to let events happen. To be used from another thread than the one that serves."""

    def __init__(self, nc: Client, driver: AsyncDriver, url: str, folder: Path) -> None:
        self.url = url
        self._nc = nc
        self._driver = driver
        self._folder = folder
        self._loop = asyncio.get_running_loop()

    def publish(self, *events: Event) -> None:
        """Put signed events into the log and wait until they are in the graph."""
        archive = self._folder / f"{events[0].id}.jsonl"
        archive.write_bytes(b"".join(orjson.dumps(event) + b"\n" for event in events))
        self.import_archive(archive, expected=len(events))

    def import_archive(self, archive: Path, *, expected: int | None = None) -> None:
        """Import a file and wait until it is in the graph; all `expected` events must be new and valid."""
        self._run(self._import(archive, expected))

    async def _import(self, archive: Path, expected: int | None) -> None:
        summary = await import_files(self._nc, [str(archive)])
        assert expected is None or summary.accepted == expected, summary
        last = (await self._nc.jetstream().stream_info(STREAM)).state.last_seq
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await read_checkpoint(self._driver) < last:
                await asyncio.sleep(0.05)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS)


@contextlib.contextmanager
def served_pages(neo4j_url: str, auth: tuple[str, str], nats_url: str, folder: Path) -> Iterator[ServedPages]:
    """Serve an empty log and graph for as long as the context lasts; the pages are built where they are not."""
    if ui_build.needs_build():
        ui_build.build()
    ready: asyncio.Queue[ServedPages] = asyncio.Queue()
    with in_thread(lambda: _serving(neo4j_url, auth, nats_url, folder, ready)) as (loop, running):
        waiting = asyncio.run_coroutine_threadsafe(_first(ready, running), loop)
        yield waiting.result(PATIENCE_SECONDS)


async def _first(ready: asyncio.Queue[ServedPages], running: asyncio.Task[None]) -> ServedPages:
    getting = asyncio.ensure_future(ready.get())
    await asyncio.wait({getting, running}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        running.result()
    return await getting


@contextlib.contextmanager
def in_thread(
    work: Callable[[], Coroutine[Any, Any, None]],
) -> Iterator[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]]:
    """Run a coroutine in a thread with a loop of its own; it is cancelled at the end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def begin() -> asyncio.Task[None]:
        return asyncio.create_task(work())

    async def end(running: asyncio.Task[None]) -> None:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    running = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    try:
        yield loop, running
    finally:
        asyncio.run_coroutine_threadsafe(end(running), loop).result(PATIENCE_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _serving(
    neo4j_url: str, auth: tuple[str, str], nats_url: str, folder: Path, ready: asyncio.Queue[ServedPages]
) -> None:
    nc = await nats.connect(nats_url)
    driver = AsyncGraphDatabase.driver(neo4j_url, auth=auth, telemetry_disabled=True)
    stop = asyncio.Event()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(nc.close)
        await stack.enter_async_context(driver)
        await _start_empty(nc, driver)
        await stack.enter_async_context(_background(run_projector(nc, driver, ProjectorSettings(), stop)))
        stack.callback(stop.set)
        url = await stack.enter_async_context(_web(nc, driver))
        await ready.put(ServedPages(nc, driver, url, folder))
        await asyncio.Event().wait()


async def _start_empty(nc: Client, driver: AsyncDriver) -> None:
    with contextlib.suppress(NotFoundError):
        await wipe_streams(nc.jetstream())
    await ensure_streams(nc.jetstream())
    await wipe_graph(driver)


@contextlib.asynccontextmanager
async def _background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@contextlib.asynccontextmanager
async def _web(nc: Client, driver: AsyncDriver) -> AsyncIterator[str]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(nc, driver), log_config=None, timeout_graceful_shutdown=1)
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
