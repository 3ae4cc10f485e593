"""What the embedded Neo4j is told: server settings, and how its JVM is set up. Pure: no process, no file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30

ADD_OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")


@dataclass(frozen=True, slots=True)
class Neo4jMemory:
    """Memory of the database in bytes: heap at start and at most, page cache, and all transactions together."""

    heap_initial: int
    heap_max: int
    page_cache: int
    transactions: int
    transaction: int


def memory_for(machine: int, heap: int | None = None, page_cache: int | None = None) -> Neo4jMemory:
    """Size the database for a machine of `machine` bytes; `heap` and `page_cache` override what follows from it.

    A quarter of the machine, between 512 MiB and 2 GiB, is heap; an eighth, between 128 MiB and 2 GiB, page cache.
    """
    heap = heap or min(max(machine // 4, 512 * MEBIBYTE), 2 * GIBIBYTE)
    page_cache = page_cache or min(max(machine // 8, 128 * MEBIBYTE), 2 * GIBIBYTE)
    return Neo4jMemory(min(heap, GIBIBYTE), heap, page_cache, heap * 7 // 10, heap // 4)


def server_settings(home: Path, port: int, memory: Neo4jMemory) -> dict[str, str]:
    """Return the settings that hold wherever Neo4j runs for us, and those of this machine's own server."""
    return {
        **GUARDED_SETTINGS,
        "server.directories.data": str(home / "data"),
        "server.directories.logs": str(home / "logs"),
        "server.directories.import": str(home / "import"),
        "server.directories.plugins": str(home / "plugins"),
        "server.directories.licenses": str(home / "licenses"),
        "server.directories.lib": str(home / "lib"),
        "server.directories.run": str(home / "run"),
        "server.directories.transaction.logs.root": str(home / "data" / "transactions"),
        "server.bolt.enabled": "true",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.bolt.thread_pool_min_size": "2",
        "server.bolt.thread_pool_max_size": "64",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.memory.pagecache.size": _mebibytes(memory.page_cache),
        "dbms.memory.transaction.total.max": _mebibytes(memory.transactions),
        "db.memory.transaction.max": _mebibytes(memory.transaction),
        "db.checkpoint.interval.time": "5m",
        # Its default waits ten seconds for clients that we have stopped already.
        "internal.dbms.bolt.netty_server_shutdown_quiet_period_duration": "0s",
        "db.tx_log.rotation.retention_policy": "1 files",
        "db.tx_log.rotation.size": "64m",
    }


GUARDED_SETTINGS = {
    "dbms.security.auth_enabled": "true",
    "dbms.security.allow_csv_import_from_file_urls": "false",
    "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",
    # Our own batches and rebuilds are the longest; the console sets its own, far shorter, timeout.
    "db.transaction.timeout": "10m",
    "db.lock.acquisition.timeout": "60s",
    "dbms.usage_report.enabled": "false",
}
"""What the console's last layer of defence rests on, and no report home. The same in compose.yaml."""


def conf_text(settings: dict[str, str]) -> str:
    """Return settings in the form of neo4j.conf."""
    return "".join(f"{name}={value}\n" for name, value in sorted(settings.items()))


def jvm_options(memory: Neo4jMemory, cores: int) -> list[str]:
    """Return the JVM's options. On two cores the serial collector leaves the most CPU for the work itself."""
    return [
        f"-Xms{_mebibytes(memory.heap_initial)}",
        f"-Xmx{_mebibytes(memory.heap_max)}",
        # Signals are Python's in this process: it shuts the database down in order.
        "-Xrs",
        "-XX:+UseSerialGC" if cores <= 2 else "-XX:+UseParallelGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Dfile.encoding=UTF-8",
        "-Dlog4j2.disable.jmx=true",
        "-Dio.netty.tryReflectionSetAccessible=true",
        "--enable-native-access=ALL-UNNAMED",
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ADD_OPENS),
    ]


def _mebibytes(size: int) -> str:
    return f"{max(size // MEBIBYTE, 1)}m"
