"""The Starlette application: GraphQL, pages, health and metrics."""
