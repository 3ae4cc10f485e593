"""The command line without servers: help with examples, one clear line on failure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dvmdash.ops.cli.app import app

COMMANDS = [
    "up",
    "collect",
    "project",
    "serve",
    "import",
    "status",
    "trace",
    "cypher",
    "rebuild",
    "wipe",
    "doctor",
    "config",
    "dlq list",
    "dlq show",
    "dlq retry",
]


def dvmdash(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dvmdash.ops", *arguments],
        env={**os.environ, "DVMDASH_DATA": str(data), "COLUMNS": "200", **environment},
        cwd=data,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_s_help_shows_an_example(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert f"dvmdash {command}" in result.output


def test_no_command_is_missing_from_the_list_above() -> None:
    groups = {group.name for group in app.registered_groups}
    names = {
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    }
    assert names | groups == {command.split()[0] for command in COMMANDS}


@pytest.mark.parametrize("command", ["status", "rebuild", "dlq list", "cypher RETURN", "import events.jsonl"])
def test_without_servers_a_command_fails_with_one_line(command: str, tmp_path: Path) -> None:
    done = dvmdash(*command.split(), data=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("dvmdash: no DVMDash runs on ")
    assert done.stderr.count("\n") == 1


def test_a_server_that_does_not_answer_is_named_in_one_line(tmp_path: Path) -> None:
    done = dvmdash("status", data=tmp_path, DVMDASH_NATS_URL="nats://127.0.0.1:1")
    assert done.returncode == 1
    assert done.stderr.startswith("dvmdash: can't reach NATS at nats://127.0.0.1:1")
    assert done.stderr.count("\n") == 1


def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path) -> None:
    done = dvmdash("config", data=tmp_path, DVMDASH_LOOKBACK="yesterday")
    assert done.returncode == 1
    assert done.stderr.startswith("dvmdash: DVMDASH_LOOKBACK: ")


def test_trace_refuses_what_is_no_event(tmp_path: Path) -> None:
    done = dvmdash("trace", "npub1xyz", data=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_config_prints_every_setting_as_json(tmp_path: Path) -> None:
    done = dvmdash("config", "--json", data=tmp_path, DVMDASH_NATS_PASSWORD="hush")
    assert json.loads(done.stdout)["DVMDASH_DATA"] == str(tmp_path)
    assert "hush" not in done.stdout


def test_wipe_deletes_nothing_without_an_answer_and_everything_with_yes(tmp_path: Path) -> None:
    (tmp_path / "nats").mkdir()
    assert dvmdash("wipe", data=tmp_path).returncode != 0
    assert (tmp_path / "nats").is_dir()
    assert dvmdash("wipe", "--yes", data=tmp_path).returncode == 0
    assert not (tmp_path / "nats").exists()


def test_doctor_says_what_it_found_and_how_to_mend_it(tmp_path: Path) -> None:
    done = dvmdash("doctor", "--json", data=tmp_path)
    findings = {finding["what"]: finding for finding in json.loads(done.stdout)}
    assert findings["Python"]["mend"] is None
    assert "dvmdash up" in findings["servers"]["found"]
    assert {"memory", "disk of data", "nats-server", "database", "pages"} <= findings.keys()
