"""The database's jars: locked by hash, named by no host, refused when they are not what was locked."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dvmdash.ops.embedded.jar_lock import JarLock, LockedJar, format_lock, load_lock, parse_lock
from dvmdash.ops.embedded.jars import ensure_jars, missing_jars
from dvmdash.ops.errors import JarsError

CONTENT = b"not really a jar" * 1000
JAR = LockedJar("org.example:thing:1.0:linux", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
LOCK = JarLock("org.example:thing:1.0", (JAR,))


@contextmanager
def repository(folder: Path) -> Iterator[str]:
    """Serve a folder as a Maven repository on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def publish(folder: Path, content: bytes) -> None:
    """Put the jar into a repository's folder."""
    target = folder / JAR.path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def test_the_lock_names_every_jar_by_coordinate_hash_and_size_and_no_host() -> None:
    text = format_lock(load_lock())
    assert "://" not in text
    assert len(load_lock().jars) > 200
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in load_lock().jars)
    assert any(jar.coordinate.startswith("org.neo4j:neo4j:") for jar in load_lock().jars)
    assert parse_lock(text) == load_lock()


def test_a_coordinate_with_classifier_names_its_place_in_a_repository() -> None:
    assert JAR.path == "org/example/thing/1.0/thing-1.0-linux.jar"


def test_a_damaged_lock_file_is_named() -> None:
    with pytest.raises(JarsError, match=r"neo4j\.lock\.json"):
        parse_lock('{"jars": 3}')


def test_jars_are_fetched_once_and_then_only_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "remote", CONTENT)
    seen: list[tuple[int, int]] = []
    with repository(tmp_path / "remote") as url:
        monkeypatch.setenv("DVMDASH_MAVEN_REPOSITORY", url)
        paths = ensure_jars(LOCK, tmp_path / "jars", lambda done, wanted: seen.append((done, wanted)))
    assert paths[0].read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert ensure_jars(LOCK, tmp_path / "jars") == paths  # The repository is gone.


def test_a_jar_that_is_not_what_was_locked_is_refused_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "remote", b"X" + CONTENT[1:])
    with repository(tmp_path / "remote") as url:
        monkeypatch.setenv("DVMDASH_MAVEN_REPOSITORY", url)
        with pytest.raises(JarsError, match="not what was locked"):
            ensure_jars(LOCK, tmp_path / "jars")
    assert [file for file in (tmp_path / "jars").rglob("*") if file.is_file()] == []


def test_a_jar_larger_than_was_locked_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path / "remote", CONTENT + b"more")
    with repository(tmp_path / "remote") as url:
        monkeypatch.setenv("DVMDASH_MAVEN_REPOSITORY", url)
        with pytest.raises(JarsError, match="larger than"):
            ensure_jars(LOCK, tmp_path / "jars")


def test_a_jar_tampered_with_in_the_cache_is_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "remote", CONTENT)
    publish(tmp_path / "jars", b"X" + CONTENT[1:])
    assert missing_jars(LOCK, tmp_path / "jars") == [JAR]
    with repository(tmp_path / "remote") as url:
        monkeypatch.setenv("DVMDASH_MAVEN_REPOSITORY", url)
        (path,) = ensure_jars(LOCK, tmp_path / "jars")
    assert path.read_bytes() == CONTENT


def test_an_interrupted_fetch_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path / "remote", CONTENT)
    publish(tmp_path / "jars", CONTENT[:100])
    (tmp_path / "jars" / JAR.path).rename((tmp_path / "jars" / JAR.path).with_suffix(".part"))
    with repository(tmp_path / "remote") as url:
        monkeypatch.setenv("DVMDASH_MAVEN_REPOSITORY", url)
        (path,) = ensure_jars(LOCK, tmp_path / "jars")
    assert path.read_bytes() == CONTENT


def test_a_jar_that_the_repository_lacks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "remote").mkdir()
    with repository(tmp_path / "remote") as url:
        monkeypatch.setenv("DVMDASH_MAVEN_REPOSITORY", url)
        with pytest.raises(JarsError, match=r"org\.example:thing"):
            ensure_jars(LOCK, tmp_path / "jars")
