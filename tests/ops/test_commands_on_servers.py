"""Commands against real servers without an `up`: the environment says where they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nats.aio.client
import neo4j
import pytest

from dvmdash.ingest.streams import ensure_streams
from dvmdash.nip90.log import DEAD_LETTER_STREAM
from dvmdash.simulate.archive import write_archive
from dvmdash.simulate.traffic import TrafficSettings

pytestmark = pytest.mark.integration

EVENTS = 60
Dvmdash = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def dvmdash(
    tmp_path: Path,
    nats_client: nats.aio.client.Client,
    neo4j_driver: neo4j.AsyncDriver,
    nats_url: str,
    neo4j_url: str,
    neo4j_auth: tuple[str, str],
) -> Dvmdash:
    """Return a way to run a command on emptied servers; `stdin` is what it reads."""
    environment = {
        **os.environ,
        "DVMDASH_DATA": str(tmp_path / "data"),
        "DVMDASH_NATS_URL": nats_url,
        "DVMDASH_NEO4J_URL": neo4j_url,
        "DVMDASH_NEO4J_USER": neo4j_auth[0],
        "DVMDASH_NEO4J_PASSWORD": neo4j_auth[1],
    }

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dvmdash.ops", *arguments],
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return an archive of signed events."""
    target = tmp_path / "events.jsonl"
    write_archive(target, EVENTS, TrafficSettings(customers=5, providers=5))
    return target


def test_a_second_import_accepts_nothing(dvmdash: Dvmdash, archive: Path) -> None:
    first = json.loads(dvmdash("import", "--json", str(archive)).stdout)
    second = json.loads(dvmdash("import", "--json", str(archive)).stdout)
    assert first["read"] == first["accepted"] == EVENTS
    assert second["duplicates"] == EVENTS
    assert second["accepted"] == 0


def test_status_counts_what_no_projector_has_taken_as_lag(dvmdash: Dvmdash, archive: Path) -> None:
    imported = json.loads(dvmdash("import", "--json", str(archive)).stdout)
    state = json.loads(dvmdash("status", "--json").stdout)
    assert state["log"]["messages"] == imported["accepted"] + imported["embedded"]
    assert state["projector"]["lag"] == state["log"]["messages"]
    assert state["graph"]["events"] == 0
    assert state["versions"]["neo4j"]


def test_a_refused_line_is_named_and_only_strict_fails(dvmdash: Dvmdash, archive: Path) -> None:
    text = archive.read_text(encoding="utf-8") + "{broken\n"
    lenient = dvmdash("import", "-", stdin=text)
    assert lenient.returncode == 0
    assert f"line {EVENTS + 1}" in lenient.stdout
    assert dvmdash("import", "--strict", "-", stdin=text).returncode == 1


def test_a_file_that_can_t_be_read_fails(dvmdash: Dvmdash, tmp_path: Path) -> None:
    done = dvmdash("import", str(tmp_path / "absent.jsonl"))
    assert done.returncode == 1
    assert "absent.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_dead_letter_is_listed_shown_and_projected_again(
    dvmdash: Dvmdash, archive: Path, nats_client: nats.aio.client.Client
) -> None:
    jetstream = nats_client.jetstream()
    await ensure_streams(jetstream)
    event = archive.read_text(encoding="utf-8").splitlines()[0]
    await jetstream.publish("dvm.dlq.7", event.encode(), headers={"Dvm-Error": "it was a bad day"})
    (listed,) = json.loads(dvmdash("dlq", "list", "--json").stdout)
    assert (listed["sequence"], listed["error"]) == (7, "it was a bad day")
    assert json.loads(dvmdash("dlq", "show", "7").stdout)["event"] == event
    assert dvmdash("dlq", "retry", "7").returncode == 0
    assert (await jetstream.stream_info(DEAD_LETTER_STREAM)).state.messages == 0
    assert json.loads(dvmdash("status", "--json").stdout)["graph"]["events"] == 1


def test_a_dead_letter_that_is_not_there_is_told_in_one_line(dvmdash: Dvmdash) -> None:
    done = dvmdash("dlq", "retry", "12")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_a_rebuild_without_a_projector_empties_the_graph(dvmdash: Dvmdash, archive: Path) -> None:
    assert dvmdash("import", str(archive)).returncode == 0
    done = dvmdash("rebuild")
    assert done.returncode == 0
    assert "when it runs" in done.stdout


def test_wipe_empties_the_servers_that_are_named(dvmdash: Dvmdash, archive: Path) -> None:
    assert dvmdash("import", str(archive)).returncode == 0
    assert dvmdash("wipe", "--yes").returncode == 0
    assert json.loads(dvmdash("status", "--json").stdout)["log"]["messages"] == 0


def test_doctor_finds_the_servers_and_says_what_the_schema_lacks(dvmdash: Dvmdash) -> None:
    findings = {each["what"]: each for each in json.loads(dvmdash("doctor", "--json").stdout)}
    assert findings["event log"]["mend"] is None
    assert "dvmdash project" in findings["graph"]["mend"]
