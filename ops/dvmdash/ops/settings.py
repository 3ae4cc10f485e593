"""Every setting of DVMDash: `DVMDASH_…` in the environment or in `.env`, documented in docs/settings.md."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_data_dir
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from dvmdash.ops.cache_folder import cache_folder
from dvmdash.ops.endpoints import read_endpoints
from dvmdash.ops.errors import UsageError

PREFIX = "DVMDASH_"

DEFAULT_RELAYS = (
    "wss://relay.damus.io",
    "wss://nos.lol",
    "wss://relay.primal.net",
    "wss://relay.nostr.net",
    "wss://nostr.oxtr.dev",
)
"""General relays that carry DVM traffic; an operator adds the ones his customers use."""

Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[int, Field(ge=1)]


class Settings(BaseSettings):
    """What a run of DVMDash can be told. Sizes in MiB, durations in seconds."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data: Path = Field(
        default_factory=lambda: Path(user_data_dir("dvmdash")),
        description="Folder of everything that is kept: the event log, the graph, credentials, logs.",
    )
    cache: Path = Field(
        default_factory=cache_folder,
        description="Folder of what can be fetched again: the database's jars, npm's downloads.",
    )
    web_host: str = Field("127.0.0.1", description="Address on which the pages and the API are served.")
    web_port: Port = Field(0, description="Port of the pages and the API; 0: a free one, kept between runs.")
    nats_url: str | None = Field(
        None, description="NATS to use instead of the embedded one, `nats://host:port`."
    )
    nats_user: str | None = Field(None, description="User of the NATS at `DVMDASH_NATS_URL`.")
    nats_password: SecretStr | None = Field(None, description="Password of the NATS at `DVMDASH_NATS_URL`.")
    nats_port: Port = Field(0, description="Port of the embedded NATS; 0: a free one, kept between runs.")
    nats_replicas: int = Field(1, ge=1, le=5, description="Servers of a NATS cluster that keep each message.")
    neo4j_url: str | None = Field(
        None, description="Neo4j to use instead of the embedded one, `bolt://…` or `neo4j://…`."
    )
    neo4j_user: str = Field("neo4j", description="User of the Neo4j at `DVMDASH_NEO4J_URL`.")
    neo4j_password: SecretStr | None = Field(
        None, description="Password of the Neo4j at `DVMDASH_NEO4J_URL`."
    )
    neo4j_port: Port = Field(0, description="Port of the embedded Neo4j; 0: a free one, kept between runs.")
    neo4j_heap: int | None = Field(
        None,
        ge=256,
        description="Heap of the embedded Neo4j in MiB; unset: a quarter of the machine, up to 2,048.",
    )
    neo4j_page_cache: int | None = Field(
        None,
        ge=32,
        description="Page cache of the embedded Neo4j in MiB; unset: an eighth of the machine, up to 2,048.",
    )
    relays: Annotated[tuple[str, ...], NoDecode] = Field(
        DEFAULT_RELAYS, description="Relays to collect from, separated by commas."
    )
    collector_id: str = Field(
        "collector",
        pattern=r"^[A-Za-z0-9_.-]+$",
        description="Name of this collector; each of several collectors needs its own.",
    )
    lookback: Seconds = Field(86_400, description="How far back to read a relay that was never read before.")
    reconcile: Seconds = Field(300, description="How often the recent past is read again.")
    relay_secret_key: SecretStr | None = Field(
        None, description="Nostr secret key (hex or nsec) for relays that ask for authentication (NIP-42)."
    )
    allow_private_relays: bool = Field(
        False, description="Whether relays at private network addresses may be used; loopback always may."
    )
    projector_batch: int = Field(1000, ge=1, le=10_000, description="Most events in one graph transaction.")
    warm_up: bool = Field(
        True,
        description="Whether queries are rehearsed in idle moments after a start, so that the first events are fast.",
    )
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="debug, info, warning or error."
    )

    @field_validator("relays", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(relay for part in value.replace(",", " ").split() if (relay := part.strip()))
        return value

    @field_validator("data", "cache")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()


def load_settings(*, starting: bool = False, **overrides: Any) -> Settings:
    """Return the settings of this environment; an override that is None counts as not given.

    Where no data folder is given, nothing runs on the user's own and a demo runs, the demo's is meant, unless
    something is to be started. Raises UsageError naming the variable that is wrong and what is wrong with it.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)
        demo = demo_folder(settings)
        if (
            not starting
            and demo != settings.data
            and not read_endpoints(settings.data)
            and read_endpoints(demo)
        ):
            return settings.model_copy(update={"data": demo})
        return settings
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"][:1]).upper()
        raise UsageError(f"{PREFIX}{name}: {first['msg']}") from None


def demo_folder(settings: Settings) -> Path:
    """Return the folder that keeps a demo's made-up events apart; the given folder where one is given."""
    if "data" in settings.model_fields_set:
        return settings.data
    return settings.data.with_name(f"{settings.data.name}-demo")


def redacted(settings: Settings) -> dict[str, Any]:
    """Return the settings by variable name, secrets as stars: what `dvmdash config` prints."""
    values = settings.model_dump(mode="json")
    return {f"{PREFIX}{name.upper()}": value for name, value in values.items()}
