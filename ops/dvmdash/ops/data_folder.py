"""The folder of everything that is kept, held by one run at a time."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dvmdash.ops.endpoints import read_endpoints
from dvmdash.ops.errors import DataFolderError

OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Names of what lies in the data folder."""

    root: Path

    @property
    def neo4j(self) -> Path:
        """Return the folder of the embedded Neo4j."""
        return self.root / "neo4j"

    @property
    def nats(self) -> Path:
        """Return the folder of the embedded NATS."""
        return self.root / "nats"

    @property
    def web_port(self) -> Path:
        """Return the file that keeps the port of the pages."""
        return self.root / "web.port"

    def log(self, name: str) -> Path:
        """Return the log of one part."""
        return self.root / "logs" / f"{name}.log"

    def make(self) -> None:
        """Make the folder, for its owner only. Raises DataFolderError."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY)
            (self.root / "logs").mkdir(exist_ok=True)
        except OSError as error:
            raise DataFolderError(f"can't use {self.root} as data folder: {error.strerror}") from error

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this process. Raises DataFolderError, with the URL, when another run holds it.

        The kernel lets go of it when the process ends, however it ends.
        """
        self.make()
        with (self.root / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise DataFolderError(self._held_by_another()) from None
            yield

    def _held_by_another(self) -> str:
        where = read_endpoints(self.root).get("web")
        running = f"DVMDash already runs on {self.root}"
        return f"{running}: {where}" if where else f"{running}; it is still starting"
