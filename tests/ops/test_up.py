"""`up` as a whole: it starts, is refused twice, survives the death of every part, and leaves nothing behind."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator

import httpx
import psutil
import pytest

from ..e2e.running_up import PARTS, RunningUp, eventually

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningUp]:
    """Run one `up --demo` for the tests of this module, which go in order."""
    running = RunningUp(tmp_path_factory.mktemp("up") / "data", "--demo")
    try:
        yield running
    finally:
        running.process.terminate()
        running.process.wait(90)


def test_it_prints_one_line_with_the_url_and_the_page_answers(up: RunningUp) -> None:
    lines = [line for line in up.said().splitlines() if "DVMDash is up" in line]
    assert lines == [f"DVMDash is up: {up.endpoints()['web']}"]
    assert httpx.get(up.endpoints()["web"], trust_env=False).status_code == 200


def test_the_endpoints_hold_no_secret(up: RunningUp) -> None:
    text = (up.data / "endpoints.json").read_text(encoding="utf-8")
    assert set(up.endpoints()) == {"web", "graphql", "nats", "neo4j"}
    for name in ("nats", "neo4j"):
        password = (up.data / name / "password").read_text(encoding="utf-8").strip()
        assert password not in text
        assert (up.data / name / "password").stat().st_mode & 0o077 == 0


def test_a_second_up_is_refused_with_the_first_one_s_url(up: RunningUp) -> None:
    second = up.command("up")
    assert second.returncode == 1
    assert up.endpoints()["web"] in second.stderr


def test_the_demo_s_traffic_reaches_the_graph(up: RunningUp) -> None:
    eventually(lambda: up.events_in_graph() > 100, "the demo's history in the graph")


def test_a_query_is_answered_as_columns_and_rows_and_a_write_is_refused(up: RunningUp) -> None:
    answer = json.loads(up.command("cypher", "--json", "MATCH (r:Request) RETURN r.id AS id LIMIT 1").stdout)
    assert answer["columns"] == ["id"]
    assert len(answer["rows"][0][0]) == 64
    refused = up.command("cypher", "CREATE (n:Intruder)")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1


def test_a_job_is_traced_as_a_tree(up: RunningUp) -> None:
    query = "MATCH (r:Request)<-[:RESULT_FOR]-(a) RETURN a.id AS id LIMIT 1"
    answer = json.loads(up.command("cypher", "--json", query).stdout)["rows"][0][0]
    told = up.command("trace", answer)
    assert told.stdout.startswith("request 5")
    assert answer[:12] in told.stdout


def test_a_rebuild_ends_with_nothing_behind(up: RunningUp) -> None:
    assert up.command("rebuild").returncode == 0
    eventually(lambda: up.events_in_graph() > 100, "the graph made anew")


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_part_that_is_killed_is_started_again(up: RunningUp, name: str) -> None:
    victim = up.part(name)
    assert victim is not None
    before = up.events_in_graph()
    victim.kill()
    eventually(lambda: (again := up.part(name)) is not None and again.pid != victim.pid, f"a new {name}")
    eventually(
        lambda: up.caught_up() and up.events_in_graph() >= max(before, 1), f"the graph after {name}'s death"
    )
    assert f"{name} ended with code -9" in up.said()


def test_sigterm_stops_everything_and_leaves_no_process_and_no_endpoints(up: RunningUp) -> None:
    family = up.family()
    assert len(family) >= len(PARTS)
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(90) == 0
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    assert not (up.data / "endpoints.json").exists()


def test_when_it_is_killed_itself_its_children_go_too_and_the_next_start_goes_on(up: RunningUp) -> None:
    second = RunningUp(up.data, "--demo")
    family = second.family()
    second.process.kill()
    second.process.wait()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []
    third = RunningUp(up.data, "--demo")
    try:
        assert third.events_in_graph() > 100
    finally:
        third.process.terminate()
        assert third.process.wait(90) == 0
