"""Build the web pages from their sources: `python -m dvmdash.ops.ui_build [--check]`.

In a checkout this runs whenever the sources changed since the last build; an installed package carries its pages.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from dvmdash.ops.cache_folder import cache_folder
from dvmdash.ops.errors import InterfaceBuildError
from dvmdash.ops.node import ensure_node
from dvmdash.ops.ui_sources import STAMP, checkout, fingerprint, is_built, static_folder

INSTALLED_STAMP = ".dvmdash-installed"


def needs_build() -> bool:
    """Tell whether pages must be built before they can be served."""
    root = checkout()
    return root is not None and not is_built(root, static_folder())


def build() -> None:
    """Build the pages. Raises InterfaceBuildError with the end of npm's own words."""
    root = _sources()
    wanted = fingerprint(root)
    _npm(root, "run", "build")
    (static_folder() / STAMP).write_text(wanted, encoding="utf-8")


def check() -> None:
    """Run the pages' own checks: types, style, unit tests. Raises InterfaceBuildError."""
    _npm(_sources(), "run", "check", show=True)


def _sources() -> Path:
    root = checkout()
    if root is None:
        raise InterfaceBuildError("the pages' sources are only in a checkout of the repository")
    return root


def _npm(root: Path, *arguments: str, show: bool = False) -> None:
    folder = ensure_node(root)
    _install(root, folder)
    _run(root, folder, *arguments, show=show)


def _install(root: Path, folder: Path) -> None:
    lock = (root / "web" / "ui" / "package-lock.json").read_text(encoding="utf-8")
    modules = root / "web" / "ui" / "node_modules"
    stamp = modules / INSTALLED_STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == lock:
        return
    _run(root, folder, "ci", "--no-audit", "--no-fund")
    stamp.write_text(lock, encoding="utf-8")


def _run(root: Path, folder: Path, *arguments: str, show: bool = False) -> None:
    environment = {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}",
        "npm_config_cache": str(cache_folder() / "npm"),
        "npm_config_update_notifier": "false",
    }
    done = subprocess.run(
        [str(folder / "npm"), *arguments],
        cwd=root / "web" / "ui",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=not show,
        text=True,
        check=False,
    )
    if done.returncode:
        words = "" if show else f": {(done.stdout + done.stderr).strip()[-1500:]}"
        raise InterfaceBuildError(f"npm {' '.join(arguments)} failed{words}")


def main() -> None:
    """Build when needed, or with `--check` run the checks; one line and exit code 1 on failure."""
    try:
        if "--check" in sys.argv[1:]:
            check()
        elif needs_build():
            sys.stdout.write("Building the web pages\n")
            build()
    except InterfaceBuildError as error:
        sys.exit(f"dvmdash: {error}")


if __name__ == "__main__":
    main()
