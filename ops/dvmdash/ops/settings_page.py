"""Write docs/settings.md: `python -m dvmdash.ops.settings_page`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from dvmdash.ops.settings import PREFIX, Settings

HEAD = """\
# Settings

Set these in the environment or in a file `.env` in the folder that `dvmdash` is started from. `dvmdash config` prints
the values in force, secrets as stars. Options of the command line go first.

| variable | default | what it does |
|---|---|---|
"""

TAIL = """
Outside the table: `DVMDASH_MAVEN_REPOSITORY` names a mirror from which the database's jars are fetched; the
usual `SSL_CERT_FILE`, `PIP_CERT`, `HTTPS_PROXY` and `NO_PROXY` are honoured. Tests read `DVMDASH_TEST_NEO4J_URL`,
`DVMDASH_TEST_NEO4J_USER`, `DVMDASH_TEST_NEO4J_PASSWORD`, `DVMDASH_TEST_NATS_URL`, `DVMDASH_TEST_CHROMIUM` and
`DVMDASH_TEST_KEEP`.
"""


def settings_page() -> str:
    """Return the text of docs/settings.md."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return HEAD + "".join(rows) + TAIL


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{PREFIX}{name.upper()}` | {_default(field)} | {field.description} |\n"


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "per user"
    if SecretStr in get_args(field.annotation):
        return "none (secret)"
    if field.default is None:
        return "unset"
    if isinstance(field.default, tuple):
        return ", ".join(f"`{item}`" for item in field.default)
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def main() -> None:
    """Write the page into the folder given, or into docs/."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    (folder / "settings.md").write_text(settings_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
