"""The whole run: what is fetched and built, what starts after what, and the way down."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dvmdash.ingest.streams import ensure_streams
from dvmdash.ops import ui_build
from dvmdash.ops.connections import connect_nats
from dvmdash.ops.data_folder import DataFolder
from dvmdash.ops.embedded.jar_lock import load_lock
from dvmdash.ops.embedded.jars import ensure_jars, jars_folder
from dvmdash.ops.endpoints import remove_endpoints, write_endpoints
from dvmdash.ops.errors import JarsError
from dvmdash.ops.settings import PREFIX, Settings, load_settings
from dvmdash.ops.up.parts import (
    Part,
    cached_jars_missing,
    demo_part,
    nats_part,
    neo4j_part,
    pages_build,
    role_part,
    web_part,
)
from dvmdash.ops.up.relays import tell_unreachable
from dvmdash.ops.up.report import Report
from dvmdash.ops.up.supervisor import Supervisor

JARS_STEP = "Fetching the database (Neo4j, once)"
PAGES_STEP = "Building the web pages"


@dataclass(frozen=True, slots=True)
class UpOptions:
    """What the command line adds to the settings."""

    demo: bool = False
    relays: bool = True


def run_up(settings: Settings, options: UpOptions) -> None:
    """Run everything until Ctrl-C or SIGTERM. Raises OpsError when it can't start."""
    folder = DataFolder(settings.data)
    with folder.held(), Report() as report:
        remove_endpoints(folder.root)
        asyncio.run(_Run(settings, options, folder, report).until_told())


class _Run:
    def __init__(self, settings: Settings, options: UpOptions, folder: DataFolder, report: Report) -> None:
        self._settings = settings
        self._options = options
        self._folder = folder
        self._report = report
        self._children = Supervisor(report)
        self._stopping = False

    async def until_told(self) -> None:
        """Start, supervise, and stop when told or when starting fails."""
        stop = asyncio.Event()
        running = asyncio.create_task(self._run())
        stopping = asyncio.create_task(stop.wait())
        with self._signals(stop):
            try:
                await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._stopping = True
                stopping.cancel()
                running.cancel()
                await asyncio.wait({running})
                await self._stop()
        if not running.cancelled():
            running.result()

    @contextlib.contextmanager
    def _signals(self, stop: asyncio.Event) -> Iterator[None]:
        loop = asyncio.get_running_loop()

        def told() -> None:
            if stop.is_set():
                self._report.say("Ending everything by force")
                self._children.kill()
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, told)
        yield

    async def _run(self) -> None:
        web, environment = await self._start()
        self._report.settle()
        sys.stdout.write(f"DVMDash is up: {web.url}\n")
        sys.stdout.flush()
        settings = self._settings_with(environment)
        async with connect_nats(settings, name="up", patient=True) as nc:
            await asyncio.gather(self._children.watch(), tell_unreachable(nc, self._report.say))

    async def _start(self) -> tuple[Part, Mapping[str, str]]:
        nats = nats_part(self._settings, self._folder)
        self._start_part(nats)
        building = asyncio.create_task(self._build_pages())
        try:
            await self._fetch_jars()
            neo4j = neo4j_part(self._settings, self._folder)
            self._start_part(neo4j)
            await self._ready(nats, "Starting NATS")
            environment = {
                "DVMDASH_DATA": str(self._settings.data),
                "DVMDASH_CACHE": str(self._settings.cache),
                **nats.environment,
                **neo4j.environment,
            }
            await self._prepare_log(environment)
            await self._start_collecting(environment)
            await self._ready(neo4j, "Starting Neo4j")
            self._start_part(role_part("project", self._folder, environment))
            await building
        finally:
            building.cancel()
        web = web_part(self._settings, self._folder, environment)
        self._start_part(web)
        await self._ready(web, "Starting the web pages")
        write_endpoints(self._folder.root, web=web.url, nats=nats.url, neo4j=neo4j.url)
        return web, environment

    async def _build_pages(self) -> None:
        if await asyncio.to_thread(ui_build.needs_build):
            self._report.begin(PAGES_STEP)
            await self._children.finish(pages_build(self._folder))
            self._report.end(PAGES_STEP)

    async def _fetch_jars(self) -> None:
        if self._settings.neo4j_url is not None:
            return
        missing = await asyncio.to_thread(cached_jars_missing, self._settings.cache)
        if missing:
            self._report.begin(JARS_STEP)
        await asyncio.to_thread(ensure_jars, load_lock(), jars_folder(self._settings.cache), self._jars_moved)
        if missing:
            self._report.end(JARS_STEP)

    def _jars_moved(self, done: int, wanted: int) -> None:
        if self._stopping:
            raise JarsError("stopped while fetching the database; the next start goes on from there")
        self._report.move(JARS_STEP, done, wanted, f"{done / 1e6:.0f} of {wanted / 1e6:.0f} MB")

    async def _prepare_log(self, environment: Mapping[str, str]) -> None:
        settings = self._settings_with(environment)
        async with connect_nats(settings, name="up") as nc:
            drifts = await ensure_streams(nc.jetstream(), replicas=settings.nats_replicas)
        for drift in drifts:
            self._report.say(f"event log: {drift.what} is {drift.found!r}, wanted {drift.wanted!r}")

    async def _start_collecting(self, environment: Mapping[str, str]) -> None:
        relays = self._settings.relays if self._options.relays else ()
        if self._options.demo:
            demo = demo_part(self._folder)
            self._start_part(demo)
            await self._ready(demo, "Starting the demo's relay")
            relays = (demo.url,)
        if relays:
            told = {**environment, "DVMDASH_RELAYS": ",".join(relays)}
            self._start_part(role_part("collect", self._folder, told))

    def _start_part(self, part: Part) -> None:
        if part.child is not None:
            self._children.start(part.child)

    async def _ready(self, part: Part, step: str) -> None:
        if part.child is not None:
            self._report.begin(step)
            await self._children.ready(part.child.name)
            self._report.end(step)

    async def _stop(self) -> None:
        remove_endpoints(self._folder.root)
        self._report.settle()
        self._report.say("Stopping")
        await self._children.stop("demo", "collect", "project", "serve")
        await self._children.stop("neo4j")
        await self._children.stop("nats")
        self._report.say("Stopped")

    def _settings_with(self, environment: Mapping[str, str]) -> Settings:
        given = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items()}
        return load_settings(starting=True, **given)
