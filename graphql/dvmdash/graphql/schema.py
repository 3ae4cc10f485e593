"""The schema, and the limits that every operation is held to."""

from __future__ import annotations

from functools import partial

import strawberry
from strawberry.extensions import (
    MaskErrors,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    ParserCache,
    QueryDepthLimiter,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig

from dvmdash.graphql.errors import ApiError
from dvmdash.graphql.queries import Query
from dvmdash.graphql.scalars import SCALARS
from dvmdash.graphql.settings import ApiSettings
from dvmdash.graphql.subscriptions import Subscription
from graphql import GraphQLError


def is_ours_to_hide(error: GraphQLError) -> bool:
    """Say whether an error may hold what a client should not see: all but our own and the query's own faults."""
    return error.original_error is not None and not isinstance(error.original_error, ApiError | GraphQLError)


def make_schema(settings: ApiSettings | None = None) -> strawberry.Schema:
    """Return the executable schema with its limits."""
    limits = settings or ApiSettings()
    return strawberry.Schema(
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
