"""A kind of event."""

from __future__ import annotations

import strawberry


@strawberry.type(description="A kind of job request, with what has been seen of it.")
class Kind:
    """One kind."""

    kind: int = strawberry.field(description="The request's kind, 5000 to 5999.")
    name: str = strawberry.field(description="What people call it.")
    role: str = strawberry.field(description="Always request.")
    requests: int = strawberry.field(description="Requests of this kind.")
    results: int = strawberry.field(description="Results of this kind plus 1000, matched or not.")
