"""The shipped queries, loaded once by name from `queries/*.cypher`.

A file holds any number of queries. Each starts with a line `// name: some_name`; the comment lines that
follow state its contract (parameters, rows, promises); the rest up to the next name is the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dvmdash.cypher.errors import QueryMalformed, QueryUnknown

_NAME = re.compile(r"^// name: ([a-z][a-z0-9_]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """One query: its name, its stated contract and the Cypher text that is sent, without comments."""

    name: str
    contract: str
    text: str
    source: str


def parse_queries(source: str, text: str) -> list[NamedQuery]:
    """Split the text of one .cypher file into its queries.

    Raises QueryMalformed when text stands before the first name, or a query lacks its contract or its body.
    """
    parts = _NAME.split(text)
    if parts[0].strip():
        raise QueryMalformed(f"{source}: text before the first '// name:' line")
    return [_one(source, name, body) for name, body in zip(parts[1::2], parts[2::2], strict=True)]


def _one(source: str, name: str, body: str) -> NamedQuery:
    lines = body.strip("\n").split("\n")
    comments = [line for line in lines if line.startswith("//")]
    statement = "\n".join(line for line in lines if not line.lstrip().startswith("//")).strip()
    contract = "\n".join(line.removeprefix("//").strip() for line in comments)
    if not contract or not statement:
        raise QueryMalformed(f"{source}: query {name!r} needs a comment that states its contract, and a body")
    return NamedQuery(name, contract, statement, source)


@cache
def all_queries() -> dict[str, NamedQuery]:
    """Return every shipped query by name. Raises QueryMalformed when two share a name."""
    found: dict[str, NamedQuery] = {}
    folder = resources.files("dvmdash.cypher") / "queries"
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".cypher"):
            continue
        for query in parse_queries(file.name, file.read_text(encoding="utf-8")):
            if query.name in found:
                raise QueryMalformed(f"{file.name}: {query.name!r} is already in {found[query.name].source}")
            found[query.name] = query
    return found


def query(name: str) -> str:
    """Return the text of a shipped query. Raises QueryUnknown."""
    try:
        return all_queries()[name].text
    except KeyError:
        raise QueryUnknown(f"there is no query named {name!r} in cypher/queries") from None
