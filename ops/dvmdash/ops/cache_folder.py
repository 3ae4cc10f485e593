"""The folder for what can always be fetched or built again: jars, class data, npm's downloads."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_dir


def cache_folder() -> Path:
    """Return the cache folder: `DVMDASH_CACHE`, else the per-user one of this system. It need not exist yet."""
    return Path(os.environ.get("DVMDASH_CACHE") or user_cache_dir("dvmdash"))
