"""Write the lock file of jars anew: `python -m dvmdash.ops.embedded.lock_jars [group:artifact:version]`.

Dependencies are resolved by `jgo`, for which `mvn` must be on PATH: jgo's own resolver takes some test dependencies of
Neo4j's dependencies for needed ones. Nobody who only runs DVMDash needs this.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from jgo.constants import MAVEN_CENTRAL_URL
from jgo.maven import Artifact, MavenContext, MvnResolver
from jgo.parse import Coordinate

from dvmdash.ops.embedded.jar_lock import LOCK_FILE, JarLock, LockedJar, format_lock
from dvmdash.ops.errors import JarsError

ROOT = "org.neo4j:neo4j:2026.08.1"


def lock_jars(root: str) -> JarLock:
    """Resolve `root`, fetch its jars into the local Maven cache, and return what they are."""
    command = shutil.which("mvn")
    if command is None:
        raise JarsError("locking the database's jars needs Maven's `mvn` on PATH")
    context = MavenContext(resolver=MvnResolver(Path(command)), remote_repos={"central": MAVEN_CENTRAL_URL})
    wanted = context.create_dependency(replace(Coordinate.parse(root), scope="compile"))
    inputs, transitive = context.resolver.resolve([wanted])
    jars = {_locked(dependency.artifact) for dependency in [*inputs, *transitive]}
    return JarLock(root, tuple(sorted(jars, key=lambda jar: jar.coordinate)))


def _locked(artifact: Artifact) -> LockedJar:
    content = Path(artifact.resolve()).read_bytes()
    parts = [artifact.groupId, artifact.artifactId, artifact.version, artifact.classifier or ""]
    coordinate = ":".join(part for part in parts if part)
    return LockedJar(coordinate, hashlib.sha256(content).hexdigest(), len(content))


def main() -> None:
    """Resolve the coordinates given (or the ones in use) and overwrite the lock file beside this module."""
    root = sys.argv[1] if len(sys.argv) > 1 else ROOT
    lock = lock_jars(root)
    Path(__file__).with_name(LOCK_FILE).write_text(format_lock(lock), encoding="utf-8")
    sys.stdout.write(f"{len(lock.jars)} jars, {lock.size / 1e6:.0f} MB\n")


if __name__ == "__main__":
    main()
