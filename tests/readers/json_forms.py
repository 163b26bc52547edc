"""JSON held to the published schemas, by the package jsonschema."""

from __future__ import annotations

import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from reportgen.cli.published_schemas import FORMS
from reportgen.json_schema import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]


@cache
def validator(name: str) -> Draft202012Validator:
    """The validator of a form's schema."""
    return Draft202012Validator(json_schema(name, FORMS[name]))


def faults(content: Any, name: str) -> list[str]:
    """What a schema has against some content: where, and what."""
    return [
        f"{error.json_path}: {error.message[:300]}"
        for error in validator(name).iter_errors(content)
    ]


def assert_valid(report: Mapping[str, Any], name: str | None = None) -> None:
    """Fail unless a report is as the schema says that it names, or else ``name``."""
    form = name or report["schema"]
    assert form in FORMS, f"{form} has no schema: add it to reportgen/cli/published_schemas.py"
    assert faults(report, form) == []


def mutations(content: Any, fields: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """Yield the content with a key removed, renamed, or of another type, and what was done.

    Each key is taken once, in the first of the objects that are alike. ``fields`` are the keys that
    a form knows; others are names in a map, which may be any.
    """
    seen = set()
    for path in _paths(content):
        kind = tuple("*" if isinstance(step, int) else step for step in path)
        if kind in seen:
            continue
        seen.add(kind)
        key = path[-1]
        changes = ["retyped"] + (["removed", "renamed"] if key in fields else [])
        for change in changes:
            mutated = copy.deepcopy(content)
            parent = mutated
            for step in path[:-1]:
                parent = parent[step]
            value = parent.pop(key) if isinstance(parent, dict) else parent[key]
            if change == "retyped":
                parent[key] = _other_type(value)
            elif change == "renamed":
                parent[f"{key}_"] = value
            yield f"{'.'.join(map(str, path))} {change}", mutated


def _paths(content: Any, before: Path = ()) -> Iterator[Path]:
    """Yield the path of every value within some content."""
    keys = content.keys() if isinstance(content, dict) else range(len(content))
    for key in keys:
        yield (*before, key)
        if isinstance(content[key], dict | list):
            yield from _paths(content[key], (*before, key))


def _other_type(value: Any) -> Any:
    """A value of a type that no field allows beside that of ``value``."""
    if value is None:
        return [0]
    return 7 if isinstance(value, str) else "text"


def known_fields(schema: Mapping[str, Any]) -> frozenset[str]:
    """All names of fields in a schema and its definitions."""
    found = set(schema.get("properties", ()))
    for definition in schema.get("$defs", {}).values():
        found |= definition.get("properties", {}).keys()
    return frozenset(found)
