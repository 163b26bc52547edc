"""JSON Schemas of TypedDicts."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, Literal, TypedDict

import pytest

from reportgen.json_schema import DIALECT, Exact, Field, json_schema, one_of, rule
from tests.readers.json_forms import validator_of


class Colour(Enum):
    RED = "紅"
    BLUE = "藍"


class Leaf(TypedDict):
    """A leaf."""

    colour: Annotated[str, one_of(Colour), Field("顏色", "Its colour.")]


class Tree(TypedDict):
    """A tree.

    It has leaves.
    """

    schema: Annotated[Literal["reportgen.tree/1"], Field("格式", "The name of this form.")]
    height: Annotated[float | None, rule(minimum=0), Field("高度", "In metres; null if unknown.")]
    leaves: Annotated[list[Leaf], Field("葉", "Its leaves.")]
    names: Annotated[dict[Annotated[str, rule(minLength=2)], int], Field("名稱", "Of what.")]
    share: Annotated[Exact, Field("比例", "Exact.")]
    graft: Annotated[Leaf | None, Field("接枝", "A leaf on it.")]


TREE: dict[str, Any] = {
    "schema": "reportgen.tree/1",
    "height": 1.5,
    "leaves": [{"colour": "紅"}],
    "names": {"ab": 1},
    "share": "17/160",
    "graft": None,
}


def test_a_schema_names_its_dialect_and_itself() -> None:
    schema = json_schema("reportgen.tree/1", Tree)
    validator_of(schema).check_schema(schema)
    assert (schema["$schema"], schema["$id"]) == (DIALECT, "urn:reportgen:tree:1")
    assert (schema["title"], schema["description"]) == (
        "reportgen.tree/1",
        "A tree. It has leaves.",
    )
    assert schema["properties"]["share"] == {
        "type": "string",
        "pattern": "^-?[0-9]+(/[1-9][0-9]*)?$",
        "title": "比例",
        "description": "Exact.",
    }


@pytest.mark.parametrize(
    ("changes", "is_valid"),
    [
        ({}, True),
        ({"height": None}, True),
        ({"height": -1}, False),
        ({"height": "1.5"}, False),
        ({"schema": "reportgen.tree/2"}, False),
        ({"leaves": []}, True),
        ({"leaves": [{"colour": "綠"}]}, False),
        ({"leaves": [{}]}, False),
        ({"names": {"a": 1}}, False),
        ({"names": {"ab": "1"}}, False),
        ({"share": "17÷160"}, False),
        ({"share": "0.5"}, False),
        ({"graft": {"colour": "藍"}}, True),
        ({"graft": {"colour": None}}, False),
        ({"age": 7}, False),
    ],
)
def test_what_it_refuses(changes: dict[str, Any], is_valid: bool) -> None:
    schema = json_schema("reportgen.tree/1", Tree)
    assert validator_of(schema).is_valid({**TREE, **changes}) == is_valid


def test_a_list_and_a_union_have_schemas_too() -> None:
    either = Annotated[Leaf | list[Leaf], Field("葉", "One or many.")]
    validator = validator_of(json_schema("reportgen.leaf/1", either))
    leaf = {"colour": "藍"}
    values: list[Any] = [leaf, [leaf, leaf], [], [[]], None]
    assert list(map(validator.is_valid, values)) == [True, True, True, False, False]


def test_a_type_that_json_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="no type of JSON"):
        json_schema("reportgen.set/1", set[str])
