"""Connections to the servers: those that the settings name, else those of the run on the data folder."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import nats
import nats.errors
import neo4j
from nats.aio.client import Client
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from dvmdash.ops.data_folder import DataFolder
from dvmdash.ops.embedded import nats as embedded_nats
from dvmdash.ops.embedded import neo4j as embedded_neo4j
from dvmdash.ops.endpoints import read_endpoints
from dvmdash.ops.errors import ServerError
from dvmdash.ops.settings import Settings

NOT_RUNNING = (
    "no DVMDash runs on {data}; start it with `dvmdash up`, or name its servers by DVMDASH_{name}_URL"
)


@dataclass(frozen=True, slots=True)
class Login:
    """Where a server is and how to log in."""

    url: str
    user: str | None
    password: str | None


def nats_login(settings: Settings) -> Login:
    """Return where NATS is. Raises ServerError when nothing says so."""
    if settings.nats_url is not None:
        secret = settings.nats_password
        return Login(settings.nats_url, settings.nats_user, secret.get_secret_value() if secret else None)
    url = _running(settings, "nats")
    return Login(url, embedded_nats.USER, _kept_password(DataFolder(settings.data).nats))


def neo4j_login(settings: Settings) -> Login:
    """Return where Neo4j is. Raises ServerError when nothing says so."""
    if settings.neo4j_url is not None:
        secret = settings.neo4j_password
        return Login(settings.neo4j_url, settings.neo4j_user, secret.get_secret_value() if secret else None)
    url = _running(settings, "neo4j")
    return Login(url, embedded_neo4j.USER, _kept_password(DataFolder(settings.data).neo4j))


def _running(settings: Settings, name: str) -> str:
    url = read_endpoints(settings.data).get(name)
    if url is None:
        raise ServerError(NOT_RUNNING.format(data=settings.data, name=name.upper()))
    return url


def _kept_password(folder: Path) -> str:
    try:
        return (folder / "password").read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ServerError(f"can't read the password in {folder}: {error.strerror}") from error


@contextlib.asynccontextmanager
async def connect_nats(
    settings: Settings, *, name: str = "dvmdash", patient: bool = False
) -> AsyncIterator[Client]:
    """Yield a connection to NATS. Raises ServerError when it can't be made.

    A `patient` one, for roles, reconnects for ever; the other, for commands, gives up at once.
    """
    login = nats_login(settings)
    client = await _open_nats(login, name, patient)
    try:
        yield client
    finally:
        with contextlib.suppress(nats.errors.Error, OSError):
            await client.close()


async def _open_nats(login: Login, name: str, patient: bool) -> Client:
    async def quiet(_error: Exception) -> None:
        """Reconnecting is reported by the roles; nats-py would print a trace."""

    try:
        return await nats.connect(
            login.url,
            user=login.user,
            password=login.password,
            name=name,
            connect_timeout=5,
            allow_reconnect=patient,
            # Also for the first connection: roles wait for a server that still starts.
            max_reconnect_attempts=-1 if patient else 1,
            reconnect_time_wait=1 if patient else 0.1,
            error_cb=quiet,
        )
    except (nats.errors.Error, OSError, TimeoutError) as error:
        raise ServerError(f"can't reach NATS at {login.url}: {error or type(error).__name__}") from error


@contextlib.asynccontextmanager
async def open_driver(settings: Settings) -> AsyncIterator[neo4j.AsyncDriver]:
    """Yield a driver of the graph that has answered once. Raises ServerError when it does not."""
    login = neo4j_login(settings)
    auth = (login.user or "", login.password) if login.password is not None else None
    try:
        # Notifications off: an empty graph lacks labels that queries name, and that is no news.
        driver = neo4j.AsyncGraphDatabase.driver(
            login.url, auth=auth, telemetry_disabled=True, notifications_min_severity="OFF"
        )
    except (DriverError, ValueError) as error:
        raise ServerError(f"{login.url} is no address of a Neo4j: {error}") from error
    async with driver:
        await _verify(driver, login)
        yield driver


async def _verify(driver: neo4j.AsyncDriver, login: Login) -> None:
    try:
        await driver.verify_connectivity()
    except AuthError as error:
        raise ServerError(f"Neo4j at {login.url} refuses user {login.user!r}: wrong password") from error
    except (Neo4jError, DriverError) as error:
        raise ServerError(f"can't reach Neo4j at {login.url}: {error}") from error
