"""`up` as a whole: it starts, is refused twice, survives the death of every part, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

pytestmark = pytest.mark.integration

PATIENCE = 240.0
PARTS = {
    "nats": "nats-server",
    "neo4j": "neo4j_child",
    "collect": "ops.roles collect",
    "project": "ops.roles project",
    "serve": "ops.roles serve",
}


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.2)


class Up:
    """A running `dvmdash up --demo` on a folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environment = {**os.environ, "DVMDASH_DATA": str(data), "DVMDASH_NEO4J_HEAP": "512"}
        for name in ("DVMDASH_NATS_URL", "DVMDASH_NEO4J_URL"):
            self.environment.pop(name, None)
        self.output = data.with_suffix(".out")
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dvmdash.ops", "up", "--demo"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        """Return everything that was printed."""
        return self.output.read_text(encoding="utf-8")

    def wait_up(self) -> None:
        """Wait for the line with the URL."""
        eventually(lambda: "DVMDash is up" in self.said() or self.process.poll() is not None, "the start")
        assert "DVMDash is up" in self.said(), self.said()

    def endpoints(self) -> dict[str, str]:
        """Return what endpoints.json says."""
        found: dict[str, str] = json.loads((self.data / "endpoints.json").read_text(encoding="utf-8"))
        return found

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command on the same data folder."""
        return subprocess.run(
            [sys.executable, "-m", "dvmdash.ops", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def lag(self) -> int | None:
        """Return the projector's lag, or None while the state can't be read."""
        done = self.command("status", "--json")
        return int(json.loads(done.stdout)["projector"]["lag"]) if done.returncode == 0 else None

    def events_in_graph(self) -> int:
        """Return how many events the graph holds; 0 while it can't be read."""
        done = self.command("status", "--json")
        return int(json.loads(done.stdout)["graph"]["events"]) if done.returncode == 0 else 0

    def part(self, name: str) -> psutil.Process | None:
        """Return the process of one part."""
        for child in psutil.Process(self.process.pid).children():
            try:
                if PARTS[name] in " ".join(child.cmdline()) and child.status() != psutil.STATUS_ZOMBIE:
                    return child
            except psutil.NoSuchProcess:
                continue
        return None

    def family(self) -> list[psutil.Process]:
        """Return every process under this one."""
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """Run one `up --demo` for the tests of this module, which go in order."""
    running = Up(tmp_path_factory.mktemp("up") / "data")
    try:
        running.wait_up()
        yield running
    finally:
        running.process.terminate()
        running.process.wait(90)


def test_it_prints_one_line_with_the_url_and_the_page_answers(up: Up) -> None:
    lines = [line for line in up.said().splitlines() if "DVMDash is up" in line]
    assert lines == [f"DVMDash is up: {up.endpoints()['web']}"]
    assert httpx.get(up.endpoints()["web"], trust_env=False).status_code == 200


def test_the_endpoints_hold_no_secret(up: Up) -> None:
    text = (up.data / "endpoints.json").read_text(encoding="utf-8")
    assert set(up.endpoints()) == {"web", "graphql", "nats", "neo4j"}
    for name in ("nats", "neo4j"):
        password = (up.data / name / "password").read_text(encoding="utf-8").strip()
        assert password not in text
        assert (up.data / name / "password").stat().st_mode & 0o077 == 0


def test_a_second_up_is_refused_with_the_first_one_s_url(up: Up) -> None:
    second = up.command("up")
    assert second.returncode == 1
    assert up.endpoints()["web"] in second.stderr


def test_the_demo_s_traffic_reaches_the_graph(up: Up) -> None:
    eventually(lambda: up.events_in_graph() > 100, "the demo's history in the graph")


def test_a_query_is_answered_as_columns_and_rows_and_a_write_is_refused(up: Up) -> None:
    answer = json.loads(up.command("cypher", "--json", "MATCH (r:Request) RETURN r.id AS id LIMIT 1").stdout)
    assert answer["columns"] == ["id"]
    assert len(answer["rows"][0][0]) == 64
    refused = up.command("cypher", "CREATE (n:Intruder)")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1


def test_a_job_is_traced_as_a_tree(up: Up) -> None:
    query = "MATCH (r:Request)<-[:RESULT_FOR]-(a) RETURN a.id AS id LIMIT 1"
    answer = json.loads(up.command("cypher", "--json", query).stdout)["rows"][0][0]
    told = up.command("trace", answer)
    assert told.stdout.startswith("request 5")
    assert answer[:12] in told.stdout


def test_a_rebuild_ends_with_nothing_behind(up: Up) -> None:
    assert up.command("rebuild").returncode == 0
    eventually(lambda: up.events_in_graph() > 100, "the graph made anew")


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_part_that_is_killed_is_started_again(up: Up, name: str) -> None:
    victim = up.part(name)
    assert victim is not None
    before = up.events_in_graph()
    victim.kill()
    eventually(lambda: (again := up.part(name)) is not None and again.pid != victim.pid, f"a new {name}")
    eventually(
        lambda: up.lag() == 0 and up.events_in_graph() >= max(before, 1), f"the graph after {name}'s death"
    )
    assert f"{name} ended with code -9" in up.said()


def test_sigterm_stops_everything_and_leaves_no_process_and_no_endpoints(up: Up) -> None:
    family = up.family()
    assert len(family) >= len(PARTS)
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(90) == 0
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    assert not (up.data / "endpoints.json").exists()


def test_when_it_is_killed_itself_its_children_go_too_and_the_next_start_goes_on(up: Up) -> None:
    second = Up(up.data)
    second.wait_up()
    family = second.family()
    second.process.kill()
    second.process.wait()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []
    third = Up(up.data)
    third.wait_up()
    try:
        assert third.events_in_graph() > 100
    finally:
        third.process.terminate()
        assert third.process.wait(90) == 0
