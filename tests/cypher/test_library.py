from __future__ import annotations

import re
from pathlib import Path

import pytest

from dvmdash.cypher import library
from dvmdash.cypher.errors import CypherError, QueryMalformed, QueryUnknown
from dvmdash.cypher.library import NamedQuery, all_queries, parse_queries, query

ROOT = Path(__file__).parents[2]
ROOMS = ("cypher", "projector", "graphql", "web", "ops")
CALLED = [
    name
    for name, each in all_queries().items()
    if each.source != "schema.cypher" or not each.text.startswith("CREATE")
]
"""All but what makes the schema, which is run as a whole (test_schema.py)."""
PARAMETERS = {name: sorted(set(re.findall(r"\$(\w+)", each.text))) for name, each in all_queries().items()}

TWO = """
// name: first_one
// Rows: one.
// And a second line.
RETURN 1 AS one

// name: second_one
// Rows: two.
// name of nothing: only a comment.
RETURN
  // why it is so
  2 AS two
"""


def test_a_file_is_split_into_queries_with_name_contract_and_text() -> None:
    assert parse_queries("two.cypher", TWO) == [
        NamedQuery("first_one", "Rows: one.\nAnd a second line.", "RETURN 1 AS one", "two.cypher"),
        NamedQuery(
            "second_one", "Rows: two.\nname of nothing: only a comment.", "RETURN\n  2 AS two", "two.cypher"
        ),
    ]


def test_an_empty_file_holds_no_query() -> None:
    assert parse_queries("empty.cypher", "\n\n") == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("RETURN 1\n// name: late\n// Rows.\nRETURN 1", "text before the first"),
        ("// A heading.\n\n// name: late\n// Rows.\nRETURN 1", "text before the first"),
        ("// name: mute\nRETURN 1", "'mute' needs a comment that states its contract"),
        ("// name: void\n// Rows: none.\n", "'void' needs a comment that states its contract, and a body"),
        ("// name: only_comments\n// Rows.\n  // RETURN 1\n", "'only_comments' needs"),
        ("// name: Upper\n// Rows.\nRETURN 1", "text before the first"),
        ("//name: tight\n// Rows.\nRETURN 1", "text before the first"),
    ],
)
def test_a_malformed_file_is_refused_with_its_name_and_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(QueryMalformed, match=re.escape(says)) as refusal:
        parse_queries("bad.cypher", text)
    assert str(refusal.value).startswith("bad.cypher: ")


def test_a_name_that_two_files_share_is_refused_with_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = tmp_path / "queries"
    queries.mkdir()
    for name in ("a.cypher", "b.cypher"):
        (queries / name).write_text("// name: twin\n// Rows: one.\nRETURN 1 AS one\n")
    (queries / "notes.txt").write_text("RETURN 1")
    monkeypatch.setattr(library.resources, "files", lambda package: tmp_path)
    all_queries.cache_clear()
    try:
        with pytest.raises(QueryMalformed, match=r"b\.cypher: 'twin' is already in a\.cypher"):
            all_queries()
    finally:
        all_queries.cache_clear()


def test_an_unknown_name_is_refused_with_the_name() -> None:
    with pytest.raises(QueryUnknown, match="no query named 'nonsense' in cypher/queries"):
        query("nonsense")


def test_every_error_of_the_room_is_a_cypher_error() -> None:
    assert issubclass(QueryMalformed, CypherError)
    assert issubclass(QueryUnknown, CypherError)


@pytest.mark.parametrize("name", CALLED)
def test_every_query_is_used_in_the_code(name: str) -> None:
    sources = (file for room in ROOMS for file in (ROOT / room / "dvmdash").rglob("*.py"))
    assert any(f'"{name}"' in file.read_text(encoding="utf-8") for file in sources)


@pytest.mark.parametrize("name", sorted(name for name, found in PARAMETERS.items() if found))
def test_every_parameter_is_stated_in_the_contract(name: str) -> None:
    contract = all_queries()[name].contract
    inherited = re.search(r"\bAs (\w+)", contract)
    stated = contract + (all_queries()[inherited.group(1)].contract if inherited else "")
    assert [each for each in PARAMETERS[name] if not re.search(rf"\b{each}\b", stated)] == []
