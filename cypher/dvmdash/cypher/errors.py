"""What can go wrong between us and Neo4j."""

from __future__ import annotations


class CypherError(Exception):
    """A query could not be found, loaded or run."""


class QueryUnknown(CypherError):
    """No shipped query has this name."""


class QueryMalformed(CypherError):
    """A .cypher file does not follow the layout that the loader expects."""


class QueryRefused(CypherError):
    """A query from a user was not run, or Neo4j refused it; the message says why and where."""


class SchemaIncomplete(CypherError):
    """Constraints or indexes that the queries rely on are missing or could not be made."""
