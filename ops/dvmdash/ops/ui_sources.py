"""Where the web pages' sources lie in a checkout, and whether the built pages are as new as they are."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

SOURCES = ("src", "public", "scripts", "index.html", "package.json", "package-lock.json")
SOURCE_SUFFIXES = (".config.js", ".config.ts")
STAMP = ".built-from"


def checkout() -> Path | None:
    """Return the root of the checkout this runs from, or None for an installed package."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "web" / "ui" / "package.json").is_file() else None


def static_folder() -> Path:
    """Return the folder of the built pages, inside the web package."""
    spec = find_spec("dvmdash.web")
    locations = list(spec.submodule_search_locations or []) if spec else []
    return Path(locations[0]) / "static"


def fingerprint(root: Path) -> str:
    """Return a hash over everything the pages are built from, the API's schema included."""
    ui = root / "web" / "ui"
    digest = hashlib.sha256()
    for file in sorted([*_source_files(ui), root / "graphql" / "schema.graphql"]):
        digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def is_built(root: Path, static: Path) -> bool:
    """Tell whether the pages in `static` were built from the sources as they are now."""
    stamp = static / STAMP
    return (static / "index.html").is_file() and stamp.is_file() and stamp.read_text() == fingerprint(root)


def _source_files(ui: Path) -> list[Path]:
    named = [ui / name for name in SOURCES]
    configs = [file for file in ui.iterdir() if file.name.endswith(SOURCE_SUFFIXES)]
    inside = [file for folder in named if folder.is_dir() for file in folder.rglob("*") if file.is_file()]
    return [file for file in named if file.is_file()] + configs + inside
