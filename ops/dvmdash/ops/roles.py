"""The three roles, each a process of its own: collect, project, serve.

`python -m dvmdash.ops.roles <role>` runs one without loading the other commands, as `up` does.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from typing import Any

import structlog
import uvicorn

from dvmdash.ops.bulk_memory import collect_rarely
from dvmdash.ops.connections import connect_nats, open_driver
from dvmdash.ops.errors import UsageError
from dvmdash.ops.logs import configure_logs
from dvmdash.ops.settings import Settings, load_settings

log = structlog.get_logger()

STOP_SECONDS = 8.0

Role = Callable[[Settings, asyncio.Event], Coroutine[Any, Any, None]]


def run_role(role: Role, settings: Settings) -> None:
    """Run a role until SIGTERM or Ctrl-C. Raises what the role raises."""
    configure_logs(settings.log_level)
    asyncio.run(_until_told(role, settings))


async def _until_told(role: Role, settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    # Under `up` Ctrl-C is the supervisor's alone, and SIGINT arrives here ignored.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        loop.add_signal_handler(signal.SIGINT, stop.set)
    await run_until(asyncio.ensure_future(role(settings, stop)), stop)


async def run_until(running: asyncio.Future[None], stop: asyncio.Event) -> None:
    """Await a role; when it has not ended in good time after `stop`, as while it waits for a server, cancel it."""
    stopping = asyncio.ensure_future(stop.wait())
    both: set[asyncio.Future[Any]] = {running, stopping}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    _, late = await asyncio.wait({running}, timeout=STOP_SECONDS if stop.is_set() else None)
    if late:
        running.cancel()
        await asyncio.wait({running})
    if not running.cancelled():
        running.result()


async def collect(settings: Settings, stop: asyncio.Event) -> None:
    """Collect from relays into the log until `stop` is set."""
    from dvmdash.ingest.collector import run_collector  # noqa: PLC0415 - a role loads its own room only
    from dvmdash.ingest.settings import CollectorSettings  # noqa: PLC0415
    from dvmdash.ingest.streams import ensure_streams  # noqa: PLC0415

    secret = settings.relay_secret_key
    wanted = CollectorSettings(
        relays=settings.relays,
        collector_id=settings.collector_id,
        replicas=settings.nats_replicas,
        lookback_seconds=settings.lookback,
        reconcile_seconds=settings.reconcile,
        secret_key=secret.get_secret_value() if secret else None,
        allow_private_relays=settings.allow_private_relays,
    )
    async with connect_nats(settings, name="collector", patient=True) as nc:
        for drift in await ensure_streams(nc.jetstream(), replicas=settings.nats_replicas):
            log.warning("setting differs", what=drift.what, wanted=str(drift.wanted), found=str(drift.found))
        await run_collector(nc, wanted, stop)


async def project(settings: Settings, stop: asyncio.Event) -> None:
    """Project the log into the graph until `stop` is set."""
    from dvmdash.projector.runner import run_projector  # noqa: PLC0415
    from dvmdash.projector.settings import ProjectorSettings  # noqa: PLC0415

    collect_rarely()
    wanted = ProjectorSettings(batch_size=settings.projector_batch)
    if not settings.warm_up:
        wanted = replace(wanted, rehearsals=0)
    async with connect_nats(settings, name="projector", patient=True) as nc, open_driver(settings) as driver:
        await run_projector(nc, driver, wanted, stop)


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Serve pages and API until `stop` is set. Raises UsageError when the port is taken."""
    from dvmdash.web.app import create_app  # noqa: PLC0415
    from dvmdash.web.settings import WebSettings  # noqa: PLC0415

    web = WebSettings() if settings.warm_up else WebSettings(warm_up_rounds=0)
    with _listening(settings.web_host, settings.web_port) as listener:
        async with connect_nats(settings, name="web", patient=True) as nc, open_driver(settings) as driver:
            config = uvicorn.Config(
                create_app(nc, driver, web),
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=5,
            )
            await _serve_until(_Server(config), listener, stop)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the role."""
        yield


async def _serve_until(server: uvicorn.Server, listener: socket.socket, stop: asyncio.Event) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.should_exit = True
    await serving


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise UsageError(
            f"can't serve on {host} port {port}: {error.strerror}; set another --port"
        ) from error
    log.info("serving", url=f"http://{host}:{listener.getsockname()[1]}")
    with listener:
        yield listener


ROLES: dict[str, Role] = {"collect": collect, "project": project, "serve": serve}


def main() -> None:
    """Run the role named by the first argument; a failure is one line and exit code 1, its trace in the log."""
    try:
        run_role(ROLES[sys.argv[1]], load_settings())
    except Exception as error:  # the supervisor starts it again, whatever it was
        log.exception("ended", role=sys.argv[1])
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
