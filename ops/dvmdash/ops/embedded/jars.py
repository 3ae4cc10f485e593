"""Fetch the locked jars in parallel into the cache folder, each verified before it gets its name.

An interrupted fetch goes on where it was: a partial file keeps the suffix `.part` and is resumed by a range request.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import stamina
from jgo.constants import MAVEN_CENTRAL_URL

from dvmdash.ops.embedded.jar_lock import JarLock, LockedJar
from dvmdash.ops.embedded.tls import trusting_context
from dvmdash.ops.errors import JarsError

CONNECTIONS = 8
CHUNK = 1 << 17

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes wanted, from several threads."""


def jars_folder(cache: Path) -> Path:
    """Return where the jars lie, in the Maven layout."""
    return cache / "jars"


def missing_jars(lock: JarLock, folder: Path) -> list[LockedJar]:
    """Return the jars that are absent or whose content is not the locked one. Reads every jar."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        good = pool.map(lambda jar: is_intact(folder / jar.path, jar), lock.jars)
        return [jar for jar, intact in zip(lock.jars, good, strict=True) if not intact]


def is_intact(path: Path, jar: LockedJar) -> bool:
    """Tell whether the file at `path` has the locked size and SHA-256."""
    return path.is_file() and path.stat().st_size == jar.size and sha256_of(path) == jar.sha256


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def ensure_jars(lock: JarLock, folder: Path, progress: Progress | None = None) -> list[Path]:
    """Return the class path of `lock`, fetching first what `folder` lacks.

    Raises JarsError when the repository can't be reached or serves something else than was locked.
    """
    missing = missing_jars(lock, folder)
    if missing:
        _fetch(missing, folder, progress or (lambda _done, _wanted: None))
    return [folder / jar.path for jar in lock.jars]


def _fetch(jars: list[LockedJar], folder: Path, progress: Progress) -> None:
    wanted = sum(jar.size for jar in jars)
    have = {jar.coordinate: 0 for jar in jars}

    def fetch(client: httpx.Client, jar: LockedJar) -> None:
        for size in fetch_jar(client, jar, folder):
            have[jar.coordinate] = size
            progress(sum(have.values()), wanted)

    limits = httpx.Limits(max_connections=CONNECTIONS)
    with (
        httpx.Client(verify=trusting_context(), timeout=30, limits=limits, follow_redirects=True) as client,
        ThreadPoolExecutor(CONNECTIONS) as pool,
    ):
        # Large ones first, so that no connection ends the run alone with the largest.
        largest_first = sorted(jars, key=lambda jar: -jar.size)
        tasks = [pool.submit(fetch, client, jar) for jar in largest_first]
        try:
            for task in tasks:
                task.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def fetch_jar(client: httpx.Client, jar: LockedJar, folder: Path) -> Iterable[int]:
    """Fetch one jar, yielding the bytes that are there so far. Raises JarsError; leaves no wrong file behind."""
    target = folder / jar.path
    part = target.with_suffix(".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        for attempt in stamina.retry_context(on=(httpx.TransportError, httpx.HTTPStatusError), attempts=4):
            with attempt:
                yield from _download(client, jar, part)
    except httpx.HTTPError as error:
        raise JarsError(f"could not fetch {jar.coordinate}: {error or type(error).__name__}") from error
    if not is_intact(part, jar):
        part.unlink(missing_ok=True)
        raise JarsError(
            f"{jar.coordinate} is not what was locked (wrong SHA-256 or size); it was thrown away"
        )
    part.replace(target)


def _download(client: httpx.Client, jar: LockedJar, part: Path) -> Iterable[int]:
    size = part.stat().st_size if part.exists() else 0
    if size >= jar.size:
        return
    headers = {"Range": f"bytes={size}-"} if size else {}
    with client.stream("GET", f"{repository()}/{jar.path}", headers=headers) as response:
        response.raise_for_status()
        resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
        size = size if resumed else 0
        with part.open("ab" if resumed else "wb") as file:
            for chunk in response.iter_bytes(CHUNK):
                size += len(chunk)
                if size > jar.size:
                    raise JarsError(f"{jar.coordinate} is larger than was locked ({jar.size} bytes)")
                file.write(chunk)
                yield size


def repository() -> str:
    """Return the Maven repository to fetch from: `DVMDASH_MAVEN_REPOSITORY`, else the one jgo knows."""
    address = os.environ.get("DVMDASH_MAVEN_REPOSITORY") or str(MAVEN_CENTRAL_URL)
    return address.rstrip("/")
