"""What the documents tell people to type works: commands parse, queries run, links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from graphql import parse, validate
from nats.aio.client import Client
from neo4j import AsyncDriver
from typer.testing import CliRunner

from dvmdash.cypher.schema import ensure_schema
from dvmdash.graphql.context import ApiContext
from dvmdash.graphql.notices import Notices
from dvmdash.graphql.schema import make_schema
from dvmdash.ingest.archive import import_files
from dvmdash.ingest.streams import ensure_streams
from dvmdash.ops.cli.app import app
from dvmdash.projector.settings import ProjectorSettings

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def blocks(language: str) -> list[pytest.param]:
    """Return every fenced block of a language with the document it stands in."""
    return [
        pytest.param(
            body,
            id=f"{document.relative_to(ROOT)}:{document.read_text()[: match.start()].count(chr(10)) + 1}",
        )
        for document in DOCUMENTS
        for match in FENCE.finditer(document.read_text())
        for found, body in [match.groups()]
        if found == language
    ]


def commands() -> list[str]:
    """Return every `dvmdash …` and `make …` line of the console blocks."""
    lines = [
        line.strip().removeprefix("$ ")
        for block in blocks("console")
        for line in block.values[0].splitlines()
    ]
    return sorted({line for line in lines if line})


@pytest.mark.parametrize("line", [line for line in commands() if "dvmdash" in line.split()[0]])
def test_a_command_of_the_documents_exists_with_its_options(line: str) -> None:
    words = shlex.split(line.split(" #", maxsplit=1)[0])[1:]
    names = []
    for word in words:
        if word.startswith("-") or not re.fullmatch(r"[a-z]+", word) or len(names) == 2:
            break
        names.append(word)
    result = CliRunner().invoke(app, [*names[:1], "--help"] if names[0] != "dlq" else [*names, "--help"])

    assert result.exit_code == 0, result.output
    plain = re.sub(r"\x1b\[[0-9;]*m", "", result.output)
    for option in (word for word in words if word.startswith("--")):
        assert option.split("=")[0] in plain


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith("make ")])
def test_a_make_target_of_the_documents_exists(line: str) -> None:
    target = line.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_every_command_of_the_documents_is_known_to_these_tests() -> None:
    known = (
        "make ",
        "dvmdash ",
        ".venv/bin/dvmdash ",
        ".venv/bin/python ",
        "git ",
        "docker ",
        "npm ",
        "cd ",
        "pytest ",
    )
    assert [line for line in commands() if not line.startswith(known)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    targets = [target for target in LINK.findall(document.read_text()) if "://" not in target]
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("text", blocks("graphql"))
def test_a_graphql_example_fits_the_schema(text: str) -> None:
    assert validate(make_schema()._schema, parse(text)) == []


@pytest.fixture
async def sample(neo4j_driver: AsyncDriver, nats_client: Client) -> ApiContext:
    """Return a context over the graph of the sample events."""
    import asyncio

    from dvmdash.nip90.log import STREAM
    from dvmdash.projector.runner import read_checkpoint, run_projector

    await ensure_schema(neo4j_driver)
    await ensure_streams(nats_client.jetstream())
    await import_files(nats_client, [str(ROOT / "tests/data/real.jsonl")])
    last = (await nats_client.jetstream().stream_info(STREAM)).state.last_seq
    stop = asyncio.Event()
    task = asyncio.create_task(run_projector(nats_client, neo4j_driver, ProjectorSettings(), stop))
    async with asyncio.timeout(60):
        while await read_checkpoint(neo4j_driver) < last:
            await asyncio.sleep(0.1)
    stop.set()
    await task
    return ApiContext(driver=neo4j_driver, nc=nats_client, notices=Notices())


@pytest.mark.integration
async def test_every_graphql_example_is_answered(sample: ApiContext) -> None:
    schema = make_schema()
    for block in blocks("graphql"):
        text = block.values[0]
        if text.lstrip().startswith("subscription"):
            stream = await schema.subscribe(text, context_value={"api": sample})
            first = await anext(stream)
            assert first.errors is None
            assert first.data["jobChanged"]["graph"]["nodes"]
            await stream.aclose()
            continue
        answer = await schema.execute(text, context_value={"api": sample})
        assert answer.errors is None
        assert answer.data


@pytest.mark.integration
async def test_every_cypher_example_finds_something(sample: ApiContext) -> None:
    found = [re.search(r"dvmdash cypher '([^']+)'", line) for line in commands()]
    for query in [match.group(1) for match in found if match] + [
        block.values[0] for block in blocks("cypher")
    ]:
        records, _, _ = await sample.driver.execute_query(query, database_="neo4j")
        assert records
