"""`endpoints.json` in the data folder: where a run's servers listen, without any secret."""

from __future__ import annotations

import json
from pathlib import Path

from dvmdash.ops.private_file import write_private

FILE = "endpoints.json"
NAMES = ("web", "graphql", "nats", "neo4j")


def write_endpoints(folder: Path, *, web: str, nats: str, neo4j: str) -> None:
    """Write the file in one step. For when every part answers."""
    endpoints = {"web": web, "graphql": f"{web.rstrip('/')}/graphql", "nats": nats, "neo4j": neo4j}
    write_private(folder / FILE, json.dumps(endpoints, indent=1) + "\n")


def read_endpoints(folder: Path) -> dict[str, str]:
    """Return the endpoints of the run on this data folder; empty when none runs."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if name in NAMES and isinstance(value, str)}


def remove_endpoints(folder: Path) -> None:
    """Remove the file; it is no error when there is none."""
    (folder / FILE).unlink(missing_ok=True)
