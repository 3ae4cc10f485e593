"""`dvmdash collect`, `dvmdash project` and `dvmdash serve`: the roles alone, for several machines."""

from __future__ import annotations

from typing import Annotated

import typer

from dvmdash.ops import roles
from dvmdash.ops.cli.options import DataOption, example
from dvmdash.ops.settings import load_settings

ELSEWHERE = "DVMDASH_NATS_URL=nats://10.0.0.2:4222"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog=example(f"{ELSEWHERE} dvmdash collect --relay wss://relay.example"))(collect)
    app.command(epilog=example(f"{ELSEWHERE} DVMDASH_NEO4J_URL=bolt://10.0.0.3:7687 dvmdash project"))(
        project
    )
    app.command(epilog=example("DVMDASH_WEB_HOST=0.0.0.0 dvmdash serve --port 8080"))(serve)


def collect(
    data: DataOption = None,
    relay: Annotated[list[str] | None, typer.Option(help="A relay to collect from; repeatable.")] = None,
) -> None:
    """Collect from relays into the event log, and nothing else."""
    roles.run_role(roles.collect, load_settings(data=data, relays=tuple(relay) if relay else None))


def project(data: DataOption = None) -> None:
    """Project the event log into the graph, and nothing else."""
    roles.run_role(roles.project, load_settings(data=data))


def serve(
    data: DataOption = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to serve on.")] = None,
) -> None:
    """Serve pages and API, and nothing else."""
    roles.run_role(roles.serve, load_settings(data=data, web_port=port))
