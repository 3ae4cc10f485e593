"""Write the lock file of jars anew: `python -m dvmdash.ops.embedded.lock_jars [group:artifact:version]`.

Dependencies are resolved by `jgo`, which takes minutes on an empty cache; nobody who only runs DVMDash needs it.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import jgo

from dvmdash.ops.embedded.jar_lock import LOCK_FILE, JarLock, LockedJar, format_lock

ROOT = "org.neo4j:neo4j:2026.08.1"


def lock_jars(root: str) -> JarLock:
    """Resolve `root`, fetch its jars into the local Maven cache, and return what they are."""
    jars = [_locked(artifact) for artifact in jgo.resolve(root) if artifact.packaging == "jar"]
    return JarLock(root, tuple(sorted(set(jars), key=lambda jar: jar.coordinate)))


def _locked(artifact: jgo.maven.Artifact) -> LockedJar:
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
