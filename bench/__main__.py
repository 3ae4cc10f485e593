"""Runs the benches one after another: `python bench [NAME…] [--json-dir FOLDER]`; every name if none is given."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

BENCH = Path(__file__).parent
NAMES = ("import_100k", "latency", "burst")


def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"Any of {', '.join(NAMES)}.")] = None,
    json_dir: Annotated[Path | None, typer.Option(help="Folder for <name>.json.")] = None,
) -> None:
    """Run benches in processes of their own; the exit status is 1 when one of them could not measure."""
    chosen = names or list(NAMES)
    unknown = [name for name in chosen if name not in NAMES]
    if unknown:
        raise typer.BadParameter(f"no bench is called {unknown[0]}; there are {', '.join(NAMES)}")
    failed = [name for name in chosen if not _run(name, json_dir)]
    if failed:
        typer.echo(f"failed: {', '.join(failed)}", err=True)
        raise typer.Exit(1)


def _run(name: str, json_dir: Path | None) -> bool:
    command = [sys.executable, str(BENCH / f"{name}.py")]
    if json_dir is not None:
        json_dir.mkdir(parents=True, exist_ok=True)
        command += ["--json", str(json_dir / f"{name}.json")]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    typer.run(main)
