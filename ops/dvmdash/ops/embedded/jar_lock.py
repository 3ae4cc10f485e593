"""The lock file of the database's jars: Maven coordinates, SHA-256 and size, and no address to fetch from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

from dvmdash.ops.errors import JarsError

LOCK_FILE = "neo4j.lock.json"


@dataclass(frozen=True, slots=True)
class LockedJar:
    """One jar: `coordinate` is `group:artifact:version` or `group:artifact:version:classifier`."""

    coordinate: str
    sha256: str
    size: int

    @property
    def path(self) -> str:
        """Return the jar's place in any repository with the Maven layout, relative to its root."""
        group, artifact, version, *classifier = self.coordinate.split(":")
        name = "-".join([artifact, version, *classifier])
        return f"{group.replace('.', '/')}/{artifact}/{version}/{name}.jar"


@dataclass(frozen=True, slots=True)
class JarLock:
    """Every jar that `root` needs, `root` included, in class path order."""

    root: str
    jars: tuple[LockedJar, ...]

    @property
    def size(self) -> int:
        """Return the size of all jars together, in bytes."""
        return sum(jar.size for jar in self.jars)


def parse_lock(text: str) -> JarLock:
    """Return the lock written in `text`. Raises JarsError when it is not one."""
    try:
        data = json.loads(text)
        jars = tuple(LockedJar(jar["coordinate"], jar["sha256"], int(jar["size"])) for jar in data["jars"])
        return JarLock(str(data["root"]), jars)
    except (ValueError, KeyError, TypeError) as error:
        raise JarsError(f"{LOCK_FILE} is not a lock file of jars: {error!r}") from error


def format_lock(lock: JarLock) -> str:
    """Return the text of the lock file, one jar to a line, so that a change shows as a small difference."""
    rows = [
        json.dumps({"coordinate": jar.coordinate, "sha256": jar.sha256, "size": jar.size})
        for jar in lock.jars
    ]
    listed = ",\n  ".join(rows)
    return f'{{\n "root": {json.dumps(lock.root)},\n "jars": [\n  {listed}\n ]\n}}\n'


def load_lock() -> JarLock:
    """Return the lock that ships with this package."""
    return parse_lock(files(__package__).joinpath(LOCK_FILE).read_text(encoding="utf-8"))
