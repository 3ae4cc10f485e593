"""The data folder is held by one run; where that run's servers are is written without secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from dvmdash.ops.connections import nats_login, neo4j_login
from dvmdash.ops.data_folder import DataFolder
from dvmdash.ops.endpoints import read_endpoints, remove_endpoints, write_endpoints
from dvmdash.ops.errors import DataFolderError, ServerError
from dvmdash.ops.settings import load_settings

WEB = "http://127.0.0.1:8000/"


def write_some(folder: Path) -> None:
    """Write endpoints as a run does."""
    write_endpoints(folder, web=WEB, nats="nats://127.0.0.1:4222", neo4j="bolt://127.0.0.1:7687")


def test_a_second_run_on_the_same_folder_is_refused_with_the_first_one_s_url(tmp_path: Path) -> None:
    with DataFolder(tmp_path).held():
        write_some(tmp_path)
        with pytest.raises(DataFolderError, match=WEB), DataFolder(tmp_path).held():
            pass


def test_a_run_that_still_starts_has_no_url_to_tell(tmp_path: Path) -> None:
    with (
        DataFolder(tmp_path).held(),
        pytest.raises(DataFolderError, match="still starting"),
        DataFolder(tmp_path).held(),
    ):
        pass


def test_the_folder_is_free_again_after_a_run(tmp_path: Path) -> None:
    with DataFolder(tmp_path).held():
        pass
    with DataFolder(tmp_path).held():
        assert (tmp_path / "logs").is_dir()


def test_a_folder_that_can_t_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFolderError, match="file"), DataFolder(tmp_path / "file" / "data").held():
        pass


def test_endpoints_are_read_back_and_gone_after_the_run(tmp_path: Path) -> None:
    write_some(tmp_path)
    assert read_endpoints(tmp_path) == {
        "web": WEB,
        "graphql": WEB + "graphql",
        "nats": "nats://127.0.0.1:4222",
        "neo4j": "bolt://127.0.0.1:7687",
    }
    remove_endpoints(tmp_path)
    remove_endpoints(tmp_path)
    assert read_endpoints(tmp_path) == {}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"web": 3, "other": "x"}'])
def test_a_damaged_endpoints_file_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "endpoints.json").write_text(text, encoding="utf-8")
    assert read_endpoints(tmp_path) == {}


def test_commands_log_in_with_the_kept_passwords(tmp_path: Path) -> None:
    write_some(tmp_path)
    for name in ("nats", "neo4j"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "password").write_text(f"{name} secret\n", encoding="utf-8")
    settings = load_settings(data=tmp_path)
    assert nats_login(settings).password == "nats secret"
    assert neo4j_login(settings).url == "bolt://127.0.0.1:7687"
    assert neo4j_login(settings).password == "neo4j secret"


def test_settings_go_before_the_run_on_the_data_folder(tmp_path: Path) -> None:
    write_some(tmp_path)
    settings = load_settings(data=tmp_path, nats_url="nats://10.0.0.2:4222")
    assert nats_login(settings).url == "nats://10.0.0.2:4222"
    assert nats_login(settings).password is None


def test_without_a_run_the_message_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="dvmdash up"):
        nats_login(load_settings(data=tmp_path))
