"""What `dvmdash doctor` looks at. Each check says what it found and, when that is bad, how to mend it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from dvmdash.cypher.schema import missing_schema
from dvmdash.ingest.streams import Drift, ensure_streams
from dvmdash.ops.connections import connect_nats, open_driver
from dvmdash.ops.embedded.jar_lock import load_lock
from dvmdash.ops.embedded.jars import jars_folder, missing_jars
from dvmdash.ops.embedded.nats import nats_program
from dvmdash.ops.embedded.neo4j_config import GIBIBYTE
from dvmdash.ops.endpoints import read_endpoints
from dvmdash.ops.errors import OpsError
from dvmdash.ops.node import node_on_path
from dvmdash.ops.ports import is_free
from dvmdash.ops.settings import Settings
from dvmdash.ops.state import nats_version
from dvmdash.ops.ui_build import needs_build

NEEDED_MEMORY = 2 * GIBIBYTE
NEEDED_DISK = 2 * GIBIBYTE
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `mend` is empty when it is well."""

    what: str
    found: str
    mend: str = ""


async def diagnose(settings: Settings) -> AsyncIterator[Finding]:
    """Yield every finding; the servers' are there only when some are named or running."""
    for finding in _machine(settings):
        yield finding
    for finding in _ports(settings):
        yield finding
    running = read_endpoints(settings.data)
    if settings.nats_url or "nats" in running:
        yield await _event_log(settings)
    else:
        yield Finding("servers", f"none runs on {settings.data}; `dvmdash up` starts them")
    if settings.neo4j_url or "neo4j" in running:
        yield await _graph(settings)


def _machine(settings: Settings) -> Iterator[Finding]:
    python = ".".join(str(part) for part in sys.version_info[:3])
    old = sys.version_info[:2] < OLDEST_PYTHON
    yield Finding("Python", python, "install Python 3.11 or newer and run `make up` again" if old else "")
    free = psutil.virtual_memory().available
    few = "close other programs, or lower DVMDASH_NEO4J_HEAP" if free < NEEDED_MEMORY else ""
    yield Finding("memory", f"{free / GIBIBYTE:.1f} GiB available", few)
    yield _disk("data", settings.data)
    yield _disk("cache", settings.cache)
    yield _jars(settings)
    yield _nats_program()
    yield _pages()


def _disk(name: str, folder: Path) -> Finding:
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    little = f"free some space, or set DVMDASH_{name.upper()} to another disk" if free < NEEDED_DISK else ""
    return Finding(f"disk of {name}", f"{free / GIBIBYTE:.1f} GiB free at {folder}", little)


def _jars(settings: Settings) -> Finding:
    lock = load_lock()
    missing = missing_jars(lock, jars_folder(settings.cache))
    if len(missing) == len(lock.jars):
        return Finding("database", f"{lock.root} is not fetched yet; `dvmdash up` does that")
    mend = "`dvmdash up` fetches them again" if missing else ""
    return Finding(
        "database", f"{lock.root}: {len(lock.jars) - len(missing)} of {len(lock.jars)} jars intact", mend
    )


def _nats_program() -> Finding:
    try:
        return Finding("nats-server", str(nats_program()))
    except OpsError as error:
        return Finding("nats-server", str(error), "run `make up` again")


def _pages() -> Finding:
    if not needs_build():
        return Finding("pages", "built")
    how = "with the Node.js on PATH" if node_on_path() else "with a Node.js that it installs"
    return Finding("pages", f"not built from the sources as they are; `dvmdash up` builds them {how}")


def _ports(settings: Settings) -> Iterator[Finding]:
    if read_endpoints(settings.data):
        return
    for name in ("web_port", "nats_port", "neo4j_port"):
        port = getattr(settings, name)
        if port:
            mend = (
                ""
                if is_free(port)
                else f"end what listens there, or set DVMDASH_{name.upper()} to another port"
            )
            yield Finding(name.replace("_", " "), f"{port} is {'taken' if mend else 'free'}", mend)


async def _event_log(settings: Settings) -> Finding:
    try:
        async with connect_nats(settings, name="doctor") as nc:
            drifts = await ensure_streams(nc.jetstream(), replicas=settings.nats_replicas)
            version = nats_version(nc)
    except Exception as error:
        return Finding(
            "event log", str(error) or type(error).__name__, "look at logs/nats.log in the data folder"
        )
    mend = "change these settings with the `nats` tool, or wipe and import again" if drifts else ""
    return Finding("event log", "; ".join(map(_drift, drifts)) or f"NATS {version}, streams as wanted", mend)


def _drift(drift: Drift) -> str:
    return f"{drift.what} is {drift.found!r}, wanted {drift.wanted!r}"


async def _graph(settings: Settings) -> Finding:
    try:
        async with open_driver(settings) as driver:
            missing = await missing_schema(driver)
            version = (await driver.get_server_info()).agent.replace("/", " ")
    except Exception as error:
        return Finding(
            "graph", str(error) or type(error).__name__, "look at logs/neo4j.log in the data folder"
        )
    mend = "start the projector (`dvmdash up` or `dvmdash project`): it makes them" if missing else ""
    return Finding(
        "graph", f"missing: {', '.join(missing)}" if missing else f"{version}, schema complete", mend
    )
