from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from graphql import GraphQLEnumType, GraphQLInterfaceType, GraphQLObjectType, build_schema

from dvmdash.graphql.schema import make_schema, sdl

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "graphql" / "schema.graphql"


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    renew = "renew it: python -m dvmdash.graphql.schema > graphql/schema.graphql"
    assert COMMITTED.read_text(encoding="utf-8") == sdl(), renew


def test_the_command_that_renews_it_prints_it() -> None:
    command = [sys.executable, "-m", "dvmdash.graphql.schema"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == sdl()


def test_everything_has_a_description() -> None:
    bare = []
    for name, each in build_schema(sdl()).type_map.items():
        if name.startswith("__") or name in {"String", "Int", "Float", "Boolean", "ID"}:
            continue
        if not each.description:
            bare.append(name)
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in each.fields.items():
                if not field.description:
                    bare.append(f"{name}.{field_name}")
                bare += [
                    f"{name}.{field_name}({key})" for key, arg in field.args.items() if not arg.description
                ]
        if isinstance(each, GraphQLEnumType):
            bare += [f"{name}.{key}" for key, value in each.values.items() if not value.description]
    assert bare == []


def test_nothing_can_be_changed_through_it() -> None:
    assert build_schema(sdl()).mutation_type is None
    assert make_schema()._schema.mutation_type is None
