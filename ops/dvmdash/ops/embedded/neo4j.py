"""A real Neo4j Community on this machine, in a child process, its data under one folder."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dvmdash.ops.child import ChildSpec
from dvmdash.ops.embedded.neo4j_config import Neo4jMemory, conf_text, jvm_options, server_settings
from dvmdash.ops.ports import LOOPBACK, kept_port
from dvmdash.ops.private_file import secret_in, write_private

USER = "neo4j"


@dataclass(frozen=True, slots=True)
class Neo4jServer:
    """A server prepared to start: where it will listen, how to log in, and the child that runs it."""

    url: str
    user: str
    password: str
    child: ChildSpec


def prepare_neo4j(
    folder: Path,
    class_path: Sequence[Path],
    memory: Neo4jMemory,
    *,
    port: int = 0,
    log_file: Path | None = None,
) -> Neo4jServer:
    """Write what the child needs under `folder` and return the server; its port and password stay the same.

    `port` 0 means the one of the last start, or a free one.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    bolt_port = kept_port(folder / "port", port)
    password_file, ready_file = folder / "password", folder / "ready.json"
    password = secret_in(password_file)
    write_private(folder / "neo4j.conf", conf_text(server_settings(folder, bolt_port, memory)))
    launch = {
        "home": str(folder),
        "conf_file": str(folder / "neo4j.conf"),
        "password_file": str(password_file),
        "ready_file": str(ready_file),
        "port": bolt_port,
        "class_path": [str(jar) for jar in class_path],
        "jvm_options": jvm_options(memory, os.cpu_count() or 1),
    }
    write_private(folder / "launch.json", json.dumps(launch))
    ready_file.unlink(missing_ok=True)
    child = ChildSpec(
        name="neo4j",
        command=[sys.executable, "-m", "dvmdash.ops.embedded.neo4j_child", str(folder / "launch.json")],
        log_file=log_file or folder / "neo4j.log",
        ready=ready_file.exists,
        grace_seconds=60.0,
    )
    return Neo4jServer(f"bolt://{LOOPBACK}:{bolt_port}", USER, password, child)
