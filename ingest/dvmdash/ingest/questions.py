"""What relays are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dvmdash.nip90.kinds import KindRegistry, Role

STRICT_KINDS = 20
"""The most kinds in one filter that every relay seen so far accepts (nip90.md section 4)."""

_BY_ADDRESSEE = frozenset({Role.ZAP_RECEIPT, Role.NUTZAP})
_STANDING = frozenset({Role.PROFILE, Role.NUTZAP_INFO})


@dataclass(frozen=True, slots=True)
class Question:
    """A filter without its times: events of any of the kinds, by any of the authors, to any of the people."""

    kinds: tuple[int, ...]
    authors: tuple[str, ...] = ()
    """Empty: by anybody."""

    people: tuple[str, ...] = ()
    """Pubkeys in `p` tags; empty: to anybody."""

    ids: tuple[str, ...] = ()
    """Only these events; empty: any."""

    def filter(
        self, *, since: int | None = None, until: int | None = None, limit: int | None = None
    ) -> dict[str, Any]:
        """Return the NIP-01 filter; times are unix seconds, both included."""
        parts: dict[str, Any] = {
            "kinds": list(self.kinds),
            "authors": list(self.authors),
            "#p": list(self.people),
            "ids": list(self.ids),
            "since": since,
            "until": until,
            "limit": limit,
        }
        return {name: value for name, value in parts.items() if value not in (None, [])}

    def halves(self) -> tuple[Question, Question] | None:
        """Return two questions that together ask the same, or None when it cannot be cut any more."""
        for name in ("kinds", "people", "authors"):
            values = getattr(self, name)
            if len(values) > 1:
                middle = len(values) // 2
                return replace(self, **{name: values[:middle]}), replace(self, **{name: values[middle:]})
        return None


def wide_questions(registry: KindRegistry) -> list[Question]:
    """Return one question for every kind collected in full, known or not; strict relays refuse it."""
    return [Question(tuple(registry.kinds_for_relays()))]


def narrow_questions(registry: KindRegistry) -> list[Question]:
    """Return questions that strict relays answer; they cover the listed kinds, their results, and the rest but jobs.

    Asking for all two thousand job kinds would take a hundred subscriptions, more than relays allow.
    """
    listed = {row.kind for row in registry.listed()}
    results = {kind + 1000 for kind in listed if registry.is_request(kind)}
    jobs = {Role.REQUEST, Role.RESULT}
    wanted = [
        kind
        for kind in registry.kinds_for_relays()
        if kind in listed or kind in results or registry.role(kind) not in jobs
    ]
    return [Question(kinds) for kinds in _chunks(wanted, STRICT_KINDS)]


def interest_questions(registry: KindRegistry, pubkeys: Sequence[str], chunk: int) -> list[Question]:
    """Return questions for zaps and nutzaps to these providers and for what they themselves delete or redeem."""
    kinds = registry.kinds_of_interest()
    addressed = tuple(kind for kind in kinds if registry.role(kind) in _BY_ADDRESSEE)
    written = tuple(kind for kind in kinds if kind not in addressed)
    some = list(_chunks(pubkeys, chunk))
    return [
        *(Question(addressed, people=people) for people in some),
        *(Question(written, authors=authors) for authors in some),
    ]


def standing_questions(registry: KindRegistry, pubkeys: Sequence[str], chunk: int) -> list[Question]:
    """Return questions for what relays keep one version of, however old: these providers' profiles."""
    kinds = tuple(k for k in registry.kinds_of_interest() if registry.role(k) in _STANDING)
    return [Question(kinds, authors=authors) for authors in _chunks(pubkeys, chunk)]


def announcement_question(registry: KindRegistry) -> Question:
    """Return the question for all announcements of services; they stay valid for years."""
    return Question(
        tuple(kind for kind in registry.kinds_for_relays() if registry.role(kind) is Role.ANNOUNCEMENT)
    )


def _chunks(values: Sequence[Any], size: int) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(values), size):
        yield tuple(values[start : start + size])
