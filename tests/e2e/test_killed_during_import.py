"""Whatever part is killed while an archive is imported, the graph ends up the same."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from neo4j import AsyncGraphDatabase

from .running_up import PARTS, RunningUp, eventually

pytestmark = pytest.mark.integration

EVENTS = 4000
# What the log says of an event differs from run to run; everything else may not.
NODES = """
MATCH (n) WHERE NOT n:Checkpoint
RETURN labels(n) AS labels, properties(n) AS properties
"""
RELATIONSHIPS = """
MATCH (a)-[r]->(b)
RETURN coalesce(a.pubkey, '') + coalesce(a.id, '') AS source, type(r) AS type, properties(r) AS properties,
       coalesce(b.pubkey, '') + coalesce(b.id, '') AS target
"""
OF_THE_LOG = {"stream_seq", "first_seen"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of made-up events."""
    file = tmp_path_factory.mktemp("archive") / "events.jsonl"
    command = [sys.executable, "-m", "dvmdash.simulate", "archive", "--events", str(EVENTS), "--seed", "11"]
    subprocess.run([*command, "--out", str(file)], check=True, capture_output=True)
    return file


async def read_graph(up: RunningUp) -> set[str]:
    """Return every node and relationship with all that does not come from the log."""
    password = (up.data / "neo4j" / "password").read_text(encoding="utf-8").strip()
    async with AsyncGraphDatabase.driver(up.endpoints()["neo4j"], auth=("neo4j", password)) as driver:
        nodes, _, _ = await driver.execute_query(NODES, database_="neo4j")
        relationships, _, _ = await driver.execute_query(RELATIONSHIPS, database_="neo4j")
    return {json.dumps([sorted(row["labels"]), plain(row["properties"])]) for row in nodes} | {
        json.dumps([row["source"], row["type"], row["target"], plain(row["properties"])])
        for row in relationships
    }


def plain(properties: dict[str, object]) -> list[tuple[str, object]]:
    return sorted((name, value) for name, value in properties.items() if name not in OF_THE_LOG)


@pytest.fixture(scope="module")
def undisturbed(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the graph of the archive when nothing happens."""
    up = RunningUp(tmp_path_factory.mktemp("undisturbed") / "data", "--no-relays")
    try:
        assert up.command("import", str(archive)).returncode == 0
        eventually(up.caught_up, "the graph of the archive")
        return asyncio.run(read_graph(up))
    finally:
        up.stop()


def test_the_graph_is_the_same_whatever_is_killed(
    archive: Path, undisturbed: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    up = RunningUp(tmp_path_factory.mktemp("disturbed") / "data", "--no-relays")
    chance = random.Random(5)
    try:
        for name in ("project", "neo4j", "nats", "serve", "project"):
            importing = up.start_command("import", str(archive))
            time.sleep(chance.uniform(0.8, 2.5))
            victim = up.part(name)
            assert victim is not None, f"{name} of {sorted(PARTS)}"
            victim.kill()
            importing.wait(180)
            eventually(lambda victim=victim, name=name: _again(up, name, victim.pid), f"a new {name}")
        killed = up.start_command("import", str(archive))
        time.sleep(1)
        killed.kill()
        killed.wait(30)

        assert up.command("import", str(archive)).returncode == 0
        eventually(up.caught_up, "the graph after all of it")
        found = asyncio.run(read_graph(up))
    finally:
        up.stop()

    assert found - undisturbed == set()
    assert undisturbed - found == set()


def _again(up: RunningUp, name: str, former: int) -> bool:
    process = up.part(name)
    return process is not None and process.pid != former and up.status() is not None
