"""What the web role can be told."""

from __future__ import annotations

from dataclasses import dataclass, field

from dvmdash.graphql.settings import ApiSettings

MAX_BODY_BYTES = 64 * 1024
"""The largest request body; a GraphQL document with its variables is far smaller."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How pages and API are served."""

    origins: tuple[str, ...] = ()
    """Foreign origins whose pages may use the API; our own pages always may."""

    warm_up_rounds: int = 20
    """How often the questions of the first pages are asked after the start; 0 asks none."""

    api: ApiSettings = field(default_factory=ApiSettings)
