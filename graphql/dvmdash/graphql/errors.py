"""What the API tells a client in its own words; every other error is masked."""

from __future__ import annotations


class ApiError(Exception):
    """A request that can't be answered as it stands; the message says what, where and what to do."""


class ReferenceRefused(ApiError):
    """An id that is no id, or something that must never be sent."""


class GraphRefused(ApiError):
    """The graph of a job where it would be drawn many times over."""


class PageRefused(ApiError):
    """A page size or a cursor that can't be served."""
