"""The room is called graphql, and so is a library that it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_import_graphql_finds_the_library_also_from_the_repository_root() -> None:
    command = "import graphql; print(graphql.__file__); print(graphql.version)"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    file, version = done.stdout.splitlines()
    assert "site-packages" in file
    assert not Path(file).is_relative_to(ROOT / "graphql")
    assert version


def test_no_room_hides_a_library_or_another_room_behind_an_init_file() -> None:
    rooms = [folder.parent for folder in ROOT.glob("*/dvmdash") if folder.is_dir()]
    assert len(rooms) == 8
    hiding = [room / name for room in rooms for name in ("__init__.py", "dvmdash/__init__.py")]
    assert [str(file.relative_to(ROOT)) for file in hiding if file.exists()] == []
