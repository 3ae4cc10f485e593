"""What the API can be told. Every limit is named so that a refusal can name it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Limits of one API process; times in seconds."""

    max_depth: int = 10
    max_tokens: int = 2000
    max_aliases: int = 15
    max_answers: int = 500
    """Answers of one job in its graph."""

    subscriptions_per_connection: int = 20
    coalesce: float = 0.25
    """Least time between two messages of one subscription."""

    kinds_cache: float = 30.0
    """How long the counts per kind are served before they are counted again."""
