"""compose.yaml says what the embedded servers are told, and runs nothing with more rights than it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from dvmdash.ops.cli.app import app
from dvmdash.ops.embedded.nats import conf_text
from dvmdash.ops.embedded.neo4j_config import GUARDED_SETTINGS
from dvmdash.ops.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
SERVICES = ["nats", "neo4j", "collect", "project", "serve"]


def compose() -> dict[str, Any]:
    """Return compose.yaml."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


def as_variable(setting: str) -> str:
    """Return the name under which the Neo4j image takes a setting."""
    return "NEO4J_" + setting.replace("_", "__").replace(".", "_")


def test_it_has_the_two_servers_and_the_three_roles() -> None:
    assert sorted(compose()["services"]) == sorted([*SERVICES, "nats-owner"])
    assert {compose()["services"][name]["command"][0] for name in SERVICES[2:]} == set(SERVICES[2:])
    assert set(SERVICES[2:]) <= set(getattr(get_command(app), "commands", {}))


def test_its_database_is_guarded_as_the_embedded_one() -> None:
    told = compose()["services"]["neo4j"]["environment"]
    assert {name: told.get(as_variable(name)) for name in GUARDED_SETTINGS} == GUARDED_SETTINGS


def test_its_event_log_is_told_what_the_embedded_one_is() -> None:
    theirs = compose()["configs"]["nats"]["content"]
    ours = conf_text(Path("/data"), 4222, "$NATS_PASSWORD", "always")
    for line in ("max_payload: 1048576", "sync_interval: always", "user: dvmdash"):
        assert line in theirs
        assert line in ours


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_pinned_and_without_needless_rights(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["user"].split(":")[0] not in {"0", "root"}
    assert ":" in service["image"]
    assert not service["image"].endswith(":latest")
    assert "healthcheck" in service


def test_it_holds_no_secret_and_only_settings_that_exist() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for service in compose()["services"].values():
        names = set(service.get("environment", {}))
        assert "env_file" not in service or service["env_file"] == ".env.compose"
        assert not [name for name in names if "PASSWORD" in name or "SECRET" in name]
        assert {name for name in names if name.startswith(PREFIX)} <= known


def test_the_image_installs_by_hash_and_runs_as_nobody_in_particular() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes" in text
    assert "USER 10001:10001" in text
    assert "latest" not in text


def test_lock_files_carry_hashes_and_no_addresses() -> None:
    for name in ("run", "test", "node"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text
    npm = (ROOT / "web" / "ui" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in npm
    assert "://" not in npm
    assert '"integrity"' in npm
