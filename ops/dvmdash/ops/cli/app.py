"""`dvmdash`: the commands, and how a failure is told: one line on standard error, and a non-zero exit."""

from __future__ import annotations

import asyncio
import os
import sys

import nats.errors
import typer
from neo4j.exceptions import DriverError, Neo4jError
from rich.console import Console

from dvmdash.cypher.errors import CypherError
from dvmdash.ingest.errors import IngestError
from dvmdash.nip90.errors import Nip90Error
from dvmdash.ops.cli import (
    config,
    cypher,
    dlq,
    doctor,
    import_,
    rebuild,
    roles,
    status,
    trace,
    up,
    wipe,
)
from dvmdash.ops.errors import OpsError
from dvmdash.projector.errors import ProjectorError

EXPECTED = (
    OpsError,
    IngestError,
    ProjectorError,
    CypherError,
    Nip90Error,
    Neo4jError,
    DriverError,
    nats.errors.Error,
    OSError,
)

app = typer.Typer(
    name="dvmdash",
    help="Watch Nostr Data Vending Machines: collect their events, build their graph, answer questions about them.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (up, import_, status, trace, cypher, doctor, config, rebuild, wipe, roles):
    module.register(app)
app.add_typer(dlq.app, name="dlq")


def main() -> None:
    """Run the command line."""
    try:
        app()
    except EXPECTED as error:
        _fail(error)
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(130)


def _fail(error: Exception) -> None:
    if os.environ.get("DVMDASH_TRACEBACK"):
        raise error
    text = error.message if isinstance(error, Neo4jError) and error.message else str(error)
    words = " ".join(text.split()) or type(error).__name__
    Console(stderr=True, highlight=False).print(f"dvmdash: {words}", markup=False, soft_wrap=True)
    sys.exit(1)
