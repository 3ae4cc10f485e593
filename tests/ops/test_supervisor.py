"""The supervisor on small children: starting, failing, dying, ending by force."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from dvmdash.ops.bounded_log import keep_newest, truncate_running
from dvmdash.ops.child import Child, ChildSpec, last_words
from dvmdash.ops.errors import ServerError
from dvmdash.ops.up.report import Report
from dvmdash.ops.up.supervisor import Supervisor

SLEEP = "import time; time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEP}"


def spec(folder: Path, code: str, name: str = "part", grace: float = 10.0) -> ChildSpec:
    """Return a child that runs a line of Python."""
    return ChildSpec(name, [sys.executable, "-c", code], folder / f"{name}.log", grace_seconds=grace)


def supervisor() -> tuple[Supervisor, StringIO]:
    """Return a supervisor and what it says."""
    said = StringIO()
    return Supervisor(Report(Console(file=said, width=300))), said


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.05)


async def test_a_child_that_keeps_ending_fails_the_start_with_its_last_words(tmp_path: Path) -> None:
    children, _ = supervisor()
    failing = spec(tmp_path, "raise SystemExit('no luck today')")
    children.start(replace(failing, ready=lambda: False))
    with pytest.raises(ServerError, match="no luck today"):
        await children.ready("part")


async def test_a_dead_child_is_started_again_and_that_is_said(tmp_path: Path) -> None:
    children, said = supervisor()
    children.start(spec(tmp_path, f"print('alive', flush=True); {SLEEP}"))
    watching = asyncio.create_task(children.watch())
    log = tmp_path / "part.log"
    await until(lambda: "alive" in log.read_text())
    (victim,) = [each for each in psutil.Process().children() if "alive" in " ".join(each.cmdline())]
    victim.kill()
    await until(lambda: log.read_text().count("alive") == 2)
    watching.cancel()
    await children.stop("part")
    assert "part ended with code -9; starting it again in 1 s" in said.getvalue()
    assert not victim.is_running()


async def test_a_child_that_ignores_the_request_is_ended_by_force(tmp_path: Path) -> None:
    children, _ = supervisor()
    children.start(spec(tmp_path, STUBBORN, grace=0.5))
    await until(lambda: "deaf" in (tmp_path / "part.log").read_text())
    (victim,) = [each for each in psutil.Process().children() if "deaf" in " ".join(each.cmdline())]
    await children.stop("part")
    assert not victim.is_running()


async def test_a_step_that_fails_tells_its_end(tmp_path: Path) -> None:
    children, _ = supervisor()
    with pytest.raises(ServerError, match="out of paper"):
        await children.finish(spec(tmp_path, "raise SystemExit('out of paper')"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child's life to its parent's")
def test_a_child_goes_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from dvmdash.ops.child import Child, ChildSpec;"
        f"child = Child(ChildSpec('part', [sys.executable, '-c', {SLEEP!r}], Path({str(tmp_path)!r}) / 'part.log'));"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    deadline = time.monotonic() + 30
    while SLEEP not in child.cmdline()[-1]:  # Before that it is still becoming the program.
        assert time.monotonic() < deadline
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    _, alive = psutil.wait_procs([child], timeout=30)
    assert alive == []


def test_ctrl_c_in_the_terminal_does_not_reach_a_child(tmp_path: Path) -> None:
    code = f"import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN, flush=True); {SLEEP}"
    child = Child(spec(tmp_path, code))
    log = tmp_path / "part.log"
    deadline = time.monotonic() + 30
    while not log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGINT)
    assert log.read_text().strip() == "True"
    assert child.exit_code() is None
    child.stop()


def test_logs_are_bounded_before_and_while_they_are_written(tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    log.write_text("x" * 100)
    truncate_running(log, limit=50)
    assert log.read_text() == ""
    assert (tmp_path / "part.log.1").read_text() == "x" * 100
    log.write_text("y" * 100)
    keep_newest(log, limit=50)
    assert not log.exists()
    assert last_words(log) == "it wrote no log"
