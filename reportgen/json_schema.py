"""JSON Schemas of what the program writes, made from the TypedDicts that its serializers return.

So a form is stated once: mypy holds the serializers to it, and programs that read the JSON hold it
to the schema. A field is ``Annotated[type, Field("標題", "Description.")]``. Every field of an
object is there and no other is: what is unknown is null or an empty list. A field is NotRequired
only in files that earlier versions wrote without it, or whose bytes must not change without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    NotRequired,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

if TYPE_CHECKING:
    from enum import Enum

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SIMPLE_TYPES: Final = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    NoneType: "null",
}
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """What a field is: its title in Chinese and its description in English."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Keywords of JSON Schema that narrow a type, such as ``pattern``."""

    keywords: tuple[tuple[str, object], ...]


def rule(**keywords: object) -> Rule:
    """Return a rule of keywords; their values must be hashable."""
    return Rule(tuple(keywords.items()))


def one_of(values: type[Enum]) -> Rule:
    """Return the rule that a text is the value of one of an enumeration's members."""
    return rule(enum=tuple(member.value for member in values))


# --- types of fields ------------------------------------------------------------------

Count = Annotated[int, rule(minimum=0)]
RocYear = Annotated[int, rule(minimum=1, maximum=999)]
Edition = Annotated[str, rule(pattern=r"^[0-9]{3}-[0-9]{2}-[0-9]{2}$")]  # 105-12-25
Day = Annotated[str, rule(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]  # 2016-12-25
Cell = Annotated[str, rule(pattern=r"^[A-Z]{1,3}[1-9][0-9]*$")]  # E5
Sha256 = Annotated[str, rule(pattern=r"^[0-9a-f]{64}$")]
Sha512 = Annotated[str, rule(pattern=r"^[0-9a-f]{128}$")]
Exact = Annotated[str, rule(pattern=r"^-?[0-9]+(/[1-9][0-9]*)?$")]  # 17/160
Decimal = Annotated[str, rule(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]  # 0.10625
NonEmpty = Annotated[str, rule(minLength=1)]


class CellPlace(TypedDict):
    """A cell of the workbook."""

    sheet: Annotated[NonEmpty, Field("工作表", "Name of the sheet.")]
    cell: Annotated[Cell, Field("儲存格", "The cell, such as E5.")]


# --- schemas --------------------------------------------------------------------------


def json_schema(identifier: str, form: Any) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a TypedDict, or of a list or union of them.

    TypedDicts are named by their classes, which must differ, and must not contain themselves.
    ``identifier`` is such as ``reportgen.results/1``.
    """
    definitions: dict[str, Schema] = {}
    root = _type_schema(form, definitions)
    if "$ref" in root:
        root = definitions.pop(root["$ref"].rpartition("/")[2])
    schema = {"$schema": DIALECT, "$id": schema_uri(identifier), **root, "title": identifier}
    return schema | ({"$defs": dict(sorted(definitions.items()))} if definitions else {})


def schema_uri(identifier: str) -> str:
    """Return the ``$id``: ``urn:reportgen:results:1`` for ``reportgen.results/1``."""
    return "urn:" + identifier.replace(".", ":", 1).replace("/", ":")


def _type_schema(kind: Any, definitions: dict[str, Schema]) -> Schema:
    """Return the schema of a type; those of TypedDicts are added to ``definitions``.

    Raise TypeError for a type that JSON does not have.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        schema = _type_schema(arguments[0], definitions)
        for note in arguments[1:]:
            schema |= _note_keywords(note)
    elif kind in _SIMPLE_TYPES:
        schema = {"type": _SIMPLE_TYPES[kind]}
    elif origin is Literal:
        schema = {"const": arguments[0]} if len(arguments) == 1 else {"enum": list(arguments)}
    elif origin in (Union, UnionType):
        schema = {"anyOf": [_type_schema(argument, definitions) for argument in arguments]}
    elif origin is list:
        schema = {"type": "array", "items": _type_schema(arguments[0], definitions)}
    elif origin is dict:
        names, values = (_type_schema(argument, definitions) for argument in arguments)
        schema = {"type": "object", "propertyNames": names, "additionalProperties": values}
    elif is_typeddict(kind):
        schema = {"$ref": f"#/$defs/{kind.__name__}"}
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = _object_schema(kind, definitions)
    else:
        raise TypeError(f"{kind} is no type of JSON")
    return schema


def _note_keywords(note: object) -> Schema:
    """Return the keywords of a note of a type: title and description, or a rule."""
    if isinstance(note, Field):
        return {"title": note.title, "description": note.description}
    assert isinstance(note, Rule)
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in note.keywords
    }


def _object_schema(kind: Any, definitions: dict[str, Schema]) -> Schema:
    """Return the schema of a TypedDict: its fields and no others; all but NotRequired ones."""
    hints = get_type_hints(kind, include_extras=True)
    # __required_keys__ knows no NotRequired in modules whose annotations are texts.
    optional = {name for name, hint in hints.items() if get_origin(hint) is NotRequired}
    return {
        "description": " ".join((kind.__doc__ or "").split()),
        "type": "object",
        "properties": {
            name: _type_schema(get_args(hint)[0] if name in optional else hint, definitions)
            for name, hint in hints.items()
        },
        "required": sorted(hints.keys() - optional),
        "additionalProperties": False,
    }
