"""Servers for tests: given by the environment, else in containers, else embedded and started once per run.

Only a test that asks for a server makes one start. `DVMDASH_TEST_KEEP=<folder>` keeps the embedded servers' data
there; servers that run anyway are named by `DVMDASH_TEST_NEO4J_URL` (`_USER`, `_PASSWORD`) and `DVMDASH_TEST_NATS_URL`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nats
import nats.aio.client
import neo4j
import psutil
import pytest

from dvmdash.ops.cache_folder import cache_folder
from dvmdash.ops.child import Child, ChildSpec
from dvmdash.ops.embedded.jar_lock import load_lock
from dvmdash.ops.embedded.jars import ensure_jars, jars_folder
from dvmdash.ops.embedded.nats import prepare_nats
from dvmdash.ops.embedded.neo4j import prepare_neo4j
from dvmdash.ops.embedded.neo4j_config import GIBIBYTE, memory_for

NEO4J_IMAGE = "neo4j:2026.08.1-community"
NATS_IMAGE = "nats:2.15.1"


@dataclass(frozen=True)
class Neo4jEndpoint:
    """Where the graph of this run is, and how to log in."""

    url: str
    user: str
    password: str


@cache
def docker_answers() -> bool:
    """Tell whether a Docker engine can be used."""
    import docker
    from docker.errors import DockerException

    try:
        return bool(docker.from_env(timeout=3).ping())
    except (DockerException, OSError):
        return False


@contextlib.contextmanager
def running(spec: ChildSpec) -> Iterator[None]:
    """Run a child for as long as the context lasts."""
    child = Child(spec)
    try:
        child.wait_ready()
        yield
    finally:
        child.stop()


@pytest.fixture(scope="session")
def servers_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the embedded servers' data."""
    kept = os.environ.get("DVMDASH_TEST_KEEP")
    return Path(kept) if kept else tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def neo4j_endpoint(request: pytest.FixtureRequest) -> Iterator[Neo4jEndpoint]:
    """Return this run's Neo4j, started when it must be."""
    given = os.environ.get("DVMDASH_TEST_NEO4J_URL")
    if given:
        user = os.environ.get("DVMDASH_TEST_NEO4J_USER", "neo4j")
        yield Neo4jEndpoint(given, user, os.environ.get("DVMDASH_TEST_NEO4J_PASSWORD", ""))
    elif docker_answers():
        from testcontainers.neo4j import Neo4jContainer

        with Neo4jContainer(NEO4J_IMAGE) as container:
            yield Neo4jEndpoint(container.get_connection_url(), container.username, container.password)
    else:
        jars = ensure_jars(load_lock(), jars_folder(cache_folder()))
        memory = memory_for(psutil.virtual_memory().total, heap=GIBIBYTE)
        server = prepare_neo4j(request.getfixturevalue("servers_folder") / "neo4j", jars, memory)
        with running(server.child):
            yield Neo4jEndpoint(server.url, server.user, server.password)


@pytest.fixture(scope="session")
def nats_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the URL, login included, of this run's NATS with JetStream, started when it must be."""
    given = os.environ.get("DVMDASH_TEST_NATS_URL")
    if given:
        yield given
    elif docker_answers():
        from testcontainers.core.container import DockerContainer
        from testcontainers.core.waiting_utils import wait_for_logs

        with DockerContainer(NATS_IMAGE).with_command("--jetstream").with_exposed_ports(4222) as container:
            wait_for_logs(container, "Server is ready")
            yield f"nats://{container.get_container_host_ip()}:{container.get_exposed_port(4222)}"
    else:
        server = prepare_nats(request.getfixturevalue("servers_folder") / "nats")
        with running(server.child):
            yield server.login_url


@pytest.fixture
def neo4j_url(neo4j_endpoint: Neo4jEndpoint) -> str:
    """Return the URL of this run's Neo4j."""
    return neo4j_endpoint.url


@pytest.fixture
def neo4j_auth(neo4j_endpoint: Neo4jEndpoint) -> tuple[str, str]:
    """Return user and password of this run's Neo4j."""
    return neo4j_endpoint.user, neo4j_endpoint.password


@pytest.fixture
async def neo4j_driver(
    neo4j_endpoint: Neo4jEndpoint, neo4j_auth: tuple[str, str]
) -> AsyncIterator[neo4j.AsyncDriver]:
    """Return a driver of a graph without a node, a constraint or an index."""
    driver = neo4j.AsyncGraphDatabase.driver(
        neo4j_endpoint.url, auth=neo4j_auth, telemetry_disabled=True, notifications_min_severity="OFF"
    )
    async with driver:
        await empty_graph(driver)
        yield driver


async def empty_graph(driver: neo4j.AsyncDriver) -> None:
    """Remove every node in batches, then every constraint and index."""
    async with driver.session(database="neo4j") as session:
        await (
            await session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS")
        ).consume()
        for row in await (await session.run("SHOW CONSTRAINTS YIELD name")).data():
            await (await session.run(f"DROP CONSTRAINT `{row['name']}` IF EXISTS")).consume()
        lookups = "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'"
        for row in await (await session.run(lookups)).data():
            await (await session.run(f"DROP INDEX `{row['name']}` IF EXISTS")).consume()


@pytest.fixture
async def nats_client(nats_url: str) -> AsyncIterator[nats.aio.client.Client]:
    """Return a connection to a NATS without a stream, which key-value buckets are too."""
    client = await nats.connect(nats_url, connect_timeout=5)
    jetstream = client.jetstream()
    for stream in await jetstream.streams_info():
        await jetstream.delete_stream(stream.config.name)
    yield client
    await client.close()
