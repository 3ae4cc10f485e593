"""The embedded servers are the real ones, guarded as designed. (Everything else tests them by using them.)"""

from __future__ import annotations

from pathlib import Path

import nats.aio.client
import neo4j
import pytest
from neo4j.exceptions import ClientError, Neo4jError, TransientError

from dvmdash.ops.child import Child
from dvmdash.ops.embedded.nats import prepare_nats
from dvmdash.ops.embedded.neo4j import prepare_neo4j
from dvmdash.ops.embedded.neo4j_config import GIBIBYTE, MEBIBYTE, jvm_options, memory_for, server_settings

pytestmark = pytest.mark.integration


async def test_the_graph_is_empty_and_has_no_schema_at_the_start_of_a_test(
    neo4j_driver: neo4j.AsyncDriver,
) -> None:
    rows = await neo4j_driver.execute_query("MATCH (n) RETURN count(n) AS nodes")
    constraints = await neo4j_driver.execute_query("SHOW CONSTRAINTS")
    assert rows.records[0]["nodes"] == 0
    assert constraints.records == []


async def test_the_event_log_has_no_stream_at_the_start_of_a_test(
    nats_client: nats.aio.client.Client,
) -> None:
    assert await nats_client.jetstream().streams_info() == []


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row", "is false"),
        (
            "LOAD CSV FROM 'http://127.0.0.1:1/' AS row RETURN row",
            "blocked|blocklist|not permitted|not allowed",
        ),
    ],
)
async def test_the_database_reads_no_file_and_no_address(
    neo4j_driver: neo4j.AsyncDriver, statement: str, refusal: str
) -> None:
    with pytest.raises(Neo4jError, match=refusal):
        await neo4j_driver.execute_query(statement)


async def test_a_query_that_wants_all_memory_is_refused_and_the_database_lives(
    neo4j_driver: neo4j.AsyncDriver,
) -> None:
    with pytest.raises((TransientError, ClientError), match="memory"):
        await neo4j_driver.execute_query("UNWIND range(1, 100000000) AS number RETURN size(collect(number))")
    alive = await neo4j_driver.execute_query("RETURN 1 AS one")
    assert alive.records[0]["one"] == 1


def test_memory_follows_the_machine_within_bounds() -> None:
    assert memory_for(64 * GIBIBYTE).heap_max == 2 * GIBIBYTE
    assert memory_for(GIBIBYTE).heap_max == 512 * MEBIBYTE
    assert memory_for(64 * GIBIBYTE, heap=GIBIBYTE).heap_max == GIBIBYTE


def test_the_database_listens_on_loopback_only_and_reports_nothing_home(tmp_path: Path) -> None:
    settings = server_settings(tmp_path, 7687, memory_for(8 * GIBIBYTE))
    assert settings["server.bolt.listen_address"] == "127.0.0.1:7687"
    assert settings["server.http.enabled"] == "false"
    assert settings["dbms.usage_report.enabled"] == "false"
    assert "-Xmx2048m" in jvm_options(memory_for(8 * GIBIBYTE), cores=2)


def test_generated_credentials_are_for_their_owner_only_and_stay_the_same(tmp_path: Path) -> None:
    first = prepare_neo4j(tmp_path / "neo4j", [], memory_for(8 * GIBIBYTE))
    again = prepare_neo4j(tmp_path / "neo4j", [], memory_for(8 * GIBIBYTE))
    nats_server = prepare_nats(tmp_path / "nats")
    assert first.password == again.password
    assert first.url == again.url
    assert len(nats_server.password) >= 24
    for secret in ("neo4j/password", "neo4j/launch.json", "nats/password", "nats/nats.conf"):
        assert (tmp_path / secret).stat().st_mode & 0o777 == 0o600


async def test_the_event_log_comes_back_after_it_was_killed(tmp_path: Path) -> None:
    server = prepare_nats(tmp_path)
    child = Child(server.child)
    child.wait_ready()
    client = await nats.connect(server.login_url, allow_reconnect=False)
    await client.jetstream().add_stream(name="KEPT", subjects=["kept"])
    acknowledged = await client.jetstream().publish("kept", b"an event")
    child.kill()
    child.stop()
    second = Child(prepare_nats(tmp_path).child)
    second.wait_ready()
    client = await nats.connect(server.login_url)
    found = await client.jetstream().get_msg("KEPT", acknowledged.seq)
    await client.close()
    second.stop()
    assert found.data == b"an event"
