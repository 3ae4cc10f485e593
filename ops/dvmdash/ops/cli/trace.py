"""`dvmdash trace`: a job as a tree in the terminal."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer

from dvmdash.cypher.library import query
from dvmdash.cypher.sessions import read_rows
from dvmdash.nip90.references import ReferenceKind, parse_reference
from dvmdash.ops.cli.options import DataOption, JsonOption, console, example, print_json
from dvmdash.ops.connections import open_driver
from dvmdash.ops.errors import UsageError
from dvmdash.ops.job_tree import Job, job_tree
from dvmdash.ops.settings import Settings, load_settings

ANSWERS = 1000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("dvmdash trace nevent1qqs…\ndvmdash trace --json 6fd1…"))(trace)


def trace(
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="The request, or an answer to it: hex, note1… or nevent1….")
    ],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a job: who asked, who answered what and when, and what was billed and paid."""
    reference = parse_reference(id_)
    if reference.kind not in {ReferenceKind.EVENT, ReferenceKind.HEX}:
        raise UsageError(
            f"this names a {reference.kind}; a job is named by an event: hex, note1… or nevent1…"
        )
    job = asyncio.run(_job(load_settings(data=data), reference.id))
    if as_json:
        print_json({"request": job.request, "customer": job.customer, "links": job.links})
    else:
        console().print(job_tree(job))


async def _job(settings: Settings, event_id: str) -> Job:
    async with open_driver(settings) as driver:
        found = await read_rows(driver, query("job_by_id"), {"id": event_id})
        if not found:
            raise UsageError(f"the graph has no job with the event {event_id}")
        request: dict[str, Any] = found[0]["request"]
        links = await read_rows(driver, query("job_graph"), {"id": request["id"], "limit": ANSWERS})
        return Job(request, found[0]["customer"], links)
