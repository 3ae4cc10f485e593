"""Which kinds there are, what role each has and what it is called. Loaded once from `kinds.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

MAX_KIND = 65535
RESULT_OFFSET = 1000
"""A result's kind is its request's kind plus this (NIP-90)."""

FEEDBACK_KIND = 7000


class Role(StrEnum):
    """What the projection makes of a kind."""

    REQUEST = "request"
    RESULT = "result"
    FEEDBACK = "feedback"
    ANNOUNCEMENT = "announcement"
    PROFILE = "profile"
    DELETION = "deletion"
    ZAP_RECEIPT = "zap-receipt"
    NUTZAP = "nutzap"
    NUTZAP_INFO = "nutzap-info"
    NUTZAP_REDEMPTION = "nutzap-redemption"
    HEARTBEAT = "heartbeat"
    PROVIDER_ANNOUNCEMENT = "provider-announcement"
    SUBSCRIPTION = "subscription"
    PING = "ping"
    REVIEW = "review"
    ESCROW = "escrow"


class Origin(StrEnum):
    """How well established a request kind is."""

    OFFICIAL = "official"
    PROPOSED = "proposed"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class ListedKind:
    """One row of the kinds page; `origin` is set on requests only, `denied` says why it is refused."""

    kind: int
    name: str
    role: Role | None
    origin: Origin | None
    denied: str | None


class KindRegistry:
    """What is known of every kind. Never changes; made by `default_registry` or `from_mapping`."""

    def __init__(
        self,
        *,
        roles: Mapping[int, Role],
        asked_in_full: Iterable[int],
        names: Mapping[int, str],
        topics: Mapping[int, str],
        origins: Mapping[int, Origin],
        denied: Mapping[int, str],
    ) -> None:
        self._roles = dict(roles)
        self._names = dict(names)
        self._topics = dict(topics)
        self._origins = dict(origins)
        self._denied = dict(denied)
        self._wanted = frozenset(self._roles) - frozenset(self._denied)
        self._asked_in_full = self._wanted & frozenset(asked_in_full)

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> KindRegistry:
        """Build a registry from the shape of `kinds.yaml`; raises KeyError or ValueError on another shape."""
        requests = {Origin(origin): kinds for origin, kinds in data["requests"].items()}
        return cls(
            roles={kind: Role(row["role"]) for row in data["roles"] for kind in _span(row["kinds"])},
            asked_in_full=[
                kind for row in data["roles"] if row["ask"] == "all" for kind in _span(row["kinds"])
            ],
            names={**data["names"], **{k: name for kinds in requests.values() for k, name in kinds.items()}},
            topics={kind: row["topic"] for row in data["topics"] for kind in _span(row["kinds"])},
            origins={kind: origin for origin, kinds in requests.items() for kind in kinds},
            denied=data["denied"],
        )

    def role(self, kind: int) -> Role | None:
        """Return the role of a kind that is not denied; None for every other kind."""
        return self._roles.get(kind) if kind not in self._denied else None

    def denied(self, kind: int) -> str | None:
        """Return why a kind inside the job ranges is no job kind, or None."""
        return self._denied.get(kind)

    def wanted(self, kind: int) -> bool:
        """Say whether events of this kind go into the log."""
        return kind in self._wanted

    def is_request(self, kind: int) -> bool:
        """Say whether this is a job request's kind (and not denied)."""
        return self.role(kind) is Role.REQUEST

    def name(self, kind: int) -> str:
        """Return what people call this kind; never empty, also for kinds nobody has listed."""
        if kind in self._names:
            return self._names[kind]
        if kind in self._denied:
            return f"Kind {kind} ({self._denied[kind]})"
        return self._derived_name(kind)

    def kinds_for_relays(self) -> list[int]:
        """Return the kinds to ask relays for without narrowing, ascending, denied ones left out."""
        return sorted(self._asked_in_full)

    def kinds_of_interest(self) -> list[int]:
        """Return the kinds to ask for only where they concern known jobs and providers, ascending."""
        return sorted(self._wanted - self._asked_in_full)

    def listed(self) -> list[ListedKind]:
        """Return every kind that has a name or a denial of its own, ascending."""
        return [self._row(kind) for kind in sorted({*self._names, *self._denied})]

    def row(self, kind: int) -> ListedKind:
        """Return what is known of one kind, listed or not."""
        return self._row(kind)

    def _row(self, kind: int) -> ListedKind:
        return ListedKind(
            kind=kind,
            name=self.name(kind),
            role=self.role(kind),
            origin=self._origins.get(kind),
            denied=self.denied(kind),
        )

    def _derived_name(self, kind: int) -> str:
        match self._roles.get(kind):
            case Role.RESULT:
                return f"{self.name(kind - RESULT_OFFSET)} result"
            case Role.REQUEST:
                topic = self._topics.get(kind)
                return f"{topic.capitalize()} job {kind}" if topic else f"Job {kind}"
            case _:
                return f"Kind {kind}"


@cache
def default_registry() -> KindRegistry:
    """Return the registry of the `kinds.yaml` shipped with the package; read once."""
    text = files(__package__ or "dvmdash.nip90").joinpath("kinds.yaml").read_text(encoding="utf-8")
    return KindRegistry.from_mapping(yaml.safe_load(text))


def _span(kinds: int | str) -> range:
    first, _, last = str(kinds).partition("-")
    return range(int(first), int(last or first) + 1)
