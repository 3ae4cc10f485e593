"""The whole graph as plain data, so that two graphs can be compared to the last property."""

from __future__ import annotations

from typing import Any

from neo4j import AsyncDriver

NODES = """
MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties
"""
RELATIONSHIPS = """
MATCH (a)-[r]->(b)
RETURN a.id AS source_id, a.pubkey AS source_key,
       labels(a) AS source_labels, type(r) AS type, properties(r) AS properties,
       b.id AS target_id, b.pubkey AS target_key, labels(b) AS target_labels
"""


async def snapshot(driver: AsyncDriver) -> dict[str, Any]:
    """Return every node, relationship and property of the graph, in an order of their own."""
    nodes = await driver.execute_query(NODES, database_="neo4j")
    relationships = await driver.execute_query(RELATIONSHIPS, database_="neo4j")
    return {
        "nodes": sorted(_node(row["labels"], row["properties"]) for row in nodes.records),
        "relationships": sorted(
            (
                _key(row["source_labels"], row["source_id"], row["source_key"]),
                row["type"],
                _key(row["target_labels"], row["target_id"], row["target_key"]),
                _plain(row["properties"]),
            )
            for row in relationships.records
        ),
    }


def _node(labels: list[str], properties: dict[str, Any]) -> tuple[str, str]:
    return ":".join(sorted(labels)), _plain(properties)


def _key(labels: list[str], node_id: str | None, pubkey: str | None) -> str:
    return f"entity {pubkey}" if "Entity" in labels else f"{'/'.join(sorted(labels))} {node_id}"


def _plain(properties: dict[str, Any]) -> str:
    return repr(sorted(properties.items()))
