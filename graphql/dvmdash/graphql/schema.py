"""The schema, and the limits that every operation is held to."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from typing import Any

import strawberry
import structlog
from strawberry.extensions import (
    MaskErrors,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    ParserCache,
    QueryDepthLimiter,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from dvmdash.graphql.errors import ApiError
from dvmdash.graphql.queries import Query
from dvmdash.graphql.scalars import SCALARS
from dvmdash.graphql.settings import ApiSettings
from dvmdash.graphql.subscriptions import Subscription
from graphql import GraphQLError

log = structlog.get_logger()


def is_ours_to_hide(error: GraphQLError) -> bool:
    """Say whether an error may hold what a client should not see: all but our own and the query's own faults."""
    return error.original_error is not None and not isinstance(error.original_error, ApiError | GraphQLError)


class LimitedSchema(strawberry.Schema):
    """A schema that logs our own faults alone: a client's name what it sent, and cost it nothing to make."""

    async def execute(  # type: ignore[override]
        self,
        query: str | None,
        *,
        allowed_operation_types: Iterable[OperationType] = tuple(OperationType),
        **more: Any,
    ) -> ExecutionResult:
        """Execute one operation that has one answer. Raises InvalidOperationTypeError for a subscription."""
        allowed = {*allowed_operation_types} - {OperationType.SUBSCRIPTION}
        return await super().execute(query, allowed_operation_types=allowed, **more)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log what a client will see masked, without the document."""
        for error in errors:
            if is_ours_to_hide(error):
                log.error("a request failed", path=error.path, exc_info=error.original_error)


def make_schema(settings: ApiSettings | None = None) -> strawberry.Schema:
    """Return the executable schema with its limits."""
    limits = settings or ApiSettings()
    return LimitedSchema(
        query=Query,
        subscription=Subscription,
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=[
            partial(QueryDepthLimiter, max_depth=limits.max_depth),
            partial(MaxAliasesLimiter, max_alias_count=limits.max_aliases),
            partial(MaxTokensLimiter, max_token_count=limits.max_tokens),
            partial(ParserCache, maxsize=256),
            partial(ValidationCache, maxsize=256),
            partial(MaskErrors, should_mask_error=is_ours_to_hide),
        ],
    )


def sdl() -> str:
    """Return the schema definition that is committed at graphql/schema.graphql."""
    return make_schema().as_str() + "\n"


if __name__ == "__main__":
    # Renews the committed one: python -m dvmdash.graphql.schema > graphql/schema.graphql
    sys.stdout.write(sdl())
