"""`dvmdash cypher`."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import neo4j
import typer
from neo4j.graph import Node, Path, Relationship
from rich.table import Column, Table
from rich.text import Text

from dvmdash.cypher.errors import QueryRefused
from dvmdash.cypher.sessions import DATABASE
from dvmdash.nip90.previews import preview
from dvmdash.ops.cli.options import DataOption, JsonOption, console, example, print_json
from dvmdash.ops.connections import open_driver
from dvmdash.ops.settings import Settings, load_settings

CELL = 120
JSON_SCALARS = (bool, int, float, str, type(None))


def register(app: typer.Typer) -> None:
    """Add the command."""
    query = "MATCH (r:Request) RETURN r.kind, count(*) ORDER BY r.kind"
    app.command(
        epilog=example(f"dvmdash cypher '{query}'\ndvmdash cypher --json 'MATCH (d:DVM) RETURN d.pubkey'")
    )(cypher)


def cypher(
    query: Annotated[str, typer.Argument(metavar="'QUERY'", help="One Cypher statement that only reads.")],
    data: DataOption = None,
    as_json: JsonOption = False,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds after which the database ends it.")] = 60.0,
) -> None:
    """Run a read-only query on the graph."""
    columns, rows = asyncio.run(_read(load_settings(data=data), query, timeout))
    if as_json:
        print_json({"columns": columns, "rows": rows})
        return
    table = Table(*(Column(Text(column)) for column in columns), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(preview(str(value), CELL)) for value in row))
    console().print(table)


async def _read(settings: Settings, text: str, timeout: float) -> tuple[list[str], list[list[Any]]]:  # noqa: ASYNC109
    async with open_driver(settings) as driver:
        await _refuse_writes(driver, text)
        async with driver.session(database=DATABASE, default_access_mode=neo4j.READ_ACCESS) as session:
            result = await session.run(neo4j.Query(text, timeout=timeout))
            rows = [[plain(value) for value in record.values()] async for record in result]
            return list(result.keys()), rows


async def _refuse_writes(driver: neo4j.AsyncDriver, text: str) -> None:
    async with driver.session(database=DATABASE, default_access_mode=neo4j.READ_ACCESS) as session:
        summary = await (await session.run(f"EXPLAIN {text}")).consume()
    if summary.query_type != "r":
        raise QueryRefused("this query would change something; only queries that read are run")


def plain(value: Any) -> Any:
    """Return a value of the graph in types that JSON has; a node or relationship becomes an object."""
    match value:
        case Node():
            return {"labels": sorted(value.labels), "properties": plain(dict(value))}
        case Relationship():
            return {"type": value.type, "properties": plain(dict(value))}
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | Path():
            items = (*value.nodes, *value.relationships) if isinstance(value, Path) else value
            return [plain(item) for item in items]
        case _:
            return value if isinstance(value, JSON_SCALARS) else str(value)
