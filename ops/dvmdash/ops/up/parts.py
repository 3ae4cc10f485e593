"""The parts of one machine: which children `up` runs, and with which environment."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from dvmdash.ops.child import ChildSpec
from dvmdash.ops.data_folder import DataFolder
from dvmdash.ops.embedded.jar_lock import load_lock
from dvmdash.ops.embedded.jars import jars_folder
from dvmdash.ops.embedded.nats import prepare_nats
from dvmdash.ops.embedded.neo4j import prepare_neo4j
from dvmdash.ops.embedded.neo4j_config import MEBIBYTE, Neo4jMemory, memory_for
from dvmdash.ops.errors import UsageError
from dvmdash.ops.ports import LOOPBACK, is_free, is_listening, kept_port
from dvmdash.ops.settings import Settings

PYTHON = [sys.executable, "-m"]
ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound to


@dataclass(frozen=True, slots=True)
class Part:
    """A server or role, and what others need to know to reach it."""

    child: ChildSpec | None
    url: str
    environment: Mapping[str, str] = field(default_factory=dict)


def nats_part(settings: Settings, folder: DataFolder) -> Part:
    """Return the embedded NATS, or the one that the settings name, which has no child."""
    if settings.nats_url is not None:
        return Part(None, settings.nats_url)
    server = prepare_nats(folder.nats, port=settings.nats_port, log_file=folder.log("nats"))
    return Part(server.child, server.url, _login("NATS", server.url, server.user, server.password))


def neo4j_part(settings: Settings, folder: DataFolder) -> Part:
    """Return the embedded Neo4j, or the one that the settings name, which has no child. The jars must be there."""
    if settings.neo4j_url is not None:
        return Part(None, settings.neo4j_url)
    jars = [jars_folder(settings.cache) / jar.path for jar in load_lock().jars]
    server = prepare_neo4j(
        folder.neo4j, jars, database_memory(settings), port=settings.neo4j_port, log_file=folder.log("neo4j")
    )
    return Part(server.child, server.url, _login("NEO4J", server.url, server.user, server.password))


def database_memory(settings: Settings) -> Neo4jMemory:
    """Return the memory of the embedded Neo4j on this machine."""
    heap, pages = settings.neo4j_heap, settings.neo4j_page_cache
    return memory_for(
        psutil.virtual_memory().total,
        heap=heap * MEBIBYTE if heap else None,
        page_cache=pages * MEBIBYTE if pages else None,
    )


def role_part(name: str, folder: DataFolder, environment: Mapping[str, str]) -> Part:
    """Return a role that serves nobody: `collect` or `project`."""
    child = ChildSpec(name, [*PYTHON, "dvmdash.ops.roles", name], folder.log(name), environment=environment)
    return Part(child, "")


def web_part(settings: Settings, folder: DataFolder, environment: Mapping[str, str]) -> Part:
    """Return the role that serves pages and API. Raises UsageError when the port asked for is taken."""
    if settings.web_port and not is_free(settings.web_port):
        raise UsageError(
            f"port {settings.web_port} is taken; choose another with --port, or 0 for a free one"
        )
    port = kept_port(folder.web_port, settings.web_port)
    host = LOOPBACK if settings.web_host in ANYWHERE else settings.web_host
    child = ChildSpec(
        "serve",
        [*PYTHON, "dvmdash.ops.roles", "serve"],
        folder.log("serve"),
        ready=lambda: answers(host, port),
        environment={**environment, "DVMDASH_WEB_PORT": str(port)},
    )
    return Part(child, f"http://{f'[{host}]' if ':' in host else host}:{port}/")


def pages_build(folder: DataFolder) -> ChildSpec:
    """Return the build of the web pages, which ends by itself."""
    return ChildSpec("pages", [*PYTHON, "dvmdash.ops.ui_build"], folder.log("pages"), own_group=True)


def demo_part(folder: DataFolder) -> Part:
    """Return the relay with made-up traffic."""
    port = kept_port(folder.root / "demo.port")
    command = [*PYTHON, "dvmdash.simulate", "demo", "--relay-port", str(port)]
    child = ChildSpec("demo", command, folder.log("demo"), ready=lambda: is_listening(port))
    return Part(child, f"ws://{LOOPBACK}:{port}")


def answers(host: str, port: int) -> bool:
    """Tell whether the first page is served."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def cached_jars_missing(cache: Path) -> bool:
    """Tell whether a jar is absent, by name and size only: quick, for saying what is going to happen."""
    folder = jars_folder(cache)
    paths = ((folder / jar.path, jar.size) for jar in load_lock().jars)
    return any(not path.is_file() or path.stat().st_size != size for path, size in paths)


def _login(name: str, url: str, user: str, password: str) -> dict[str, str]:
    return {
        f"DVMDASH_{name}_URL": url,
        f"DVMDASH_{name}_USER": user,
        f"DVMDASH_{name}_PASSWORD": password,
    }
