"""Become another program that ends when its parent does: `python -m dvmdash.ops.tether <parent pid> <program> …`.

On Linux the kernel sends SIGTERM when the parent is gone, however it went; elsewhere this only starts the program.
Ctrl-C in a terminal reaches the whole process group, and only the supervisor may act on it, so SIGINT is ignored.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tether_command(command: list[str]) -> list[str]:
    """Return the command that runs `command` tied to the life of the calling process."""
    return [sys.executable, "-m", "dvmdash.ops.tether", str(os.getpid()), *command]


def main() -> None:
    """Tie this process to its parent, then replace it by the program given."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == parent:
        os.execvp(command[0], command)  # noqa: S606 - the caller's own argument list


if __name__ == "__main__":
    main()
