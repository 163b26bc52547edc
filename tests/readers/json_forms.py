"""JSON held to the published schemas, by the package jsonschema."""

from __future__ import annotations

import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from reportgen.cli.published_schemas import FORMS
from reportgen.json_schema import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import Draft202012Validator

Path = tuple[str | int, ...]


@cache
def validator(name: str) -> Draft202012Validator:
    """The validator of a form's schema."""
    return validator_of(json_schema(name, FORMS[name]))


def validator_of(schema: Mapping[str, Any]) -> Draft202012Validator:
    """The validator of a schema, whose package is imported here: that takes a second."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema)


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


def mutations(
    content: Any, fields: frozenset[str], seen: set[tuple[object, ...]]
) -> Iterator[tuple[str, Any]]:
    """Yield the content with a key removed, renamed, or of another type, and what was done.

    Each key is taken once, in the first of the objects that are alike: ``seen`` are those that were
    taken before. ``fields`` are the keys that a form knows; others are names in a map, which may be
    any.
    """
    for path in _paths(content):
        steps = (step if step in fields else "*" for step in path)
        kind = (*steps, type(_value(content, path)))
        if kind in seen:
            continue
        seen.add(kind)
        key = path[-1]
        changes = ["retyped"] + (["removed", "renamed"] if key in fields else [])
        for change in changes:
            mutated = copy.deepcopy(content)
            parent = _value(mutated, path[:-1])
            value = parent.pop(key) if isinstance(parent, dict) else parent[key]
            if change == "retyped":
                parent[key] = _other_type(value)
            elif change == "renamed":
                parent[f"{key}_"] = value
            yield f"{'.'.join(map(str, path))} {change}", mutated


def _value(content: Any, path: Path) -> Any:
    """The value at a path."""
    for step in path:
        content = content[step]
    return content


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


def optional_fields(schema: Mapping[str, Any]) -> frozenset[str]:
    """Names of fields that an object of a schema may lack: those of NotRequired."""
    forms = (schema, *schema.get("$defs", {}).values())
    return frozenset(
        name
        for form in forms
        for name in form.get("properties", {}).keys() - set(form.get("required", ()))
    )


def unseen_fields(examples: Mapping[str, list[Any]]) -> list[str]:
    """Fields that are null, or without contents, in every example of every form that has them."""
    every: set[str] = set()
    seen: set[str] = set()
    for name, contents in examples.items():
        schema = json_schema(name, FORMS[name])
        for content in contents:
            _note_fields(schema, schema, content, name, seen)
        for title, form in {name: schema, **schema.get("$defs", {})}.items():
            every |= {f"{title}.{field}" for field in form.get("properties", {})}
    return sorted(every - seen)


def _note_fields(
    root: Mapping[str, Any], schema: Mapping[str, Any], value: Any, title: str, seen: set[str]
) -> None:
    """Add the fields of a value that have contents to ``seen``, as title of the object and name."""
    if reference := schema.get("$ref"):
        title = reference.rpartition("/")[2]
        schema = root["$defs"][title]
    if "anyOf" in schema:
        definitions = root.get("$defs", {})
        for part in schema["anyOf"]:
            if validator_of({**part, "$defs": definitions}).is_valid(value):
                _note_fields(root, part, value, title, seen)
    elif isinstance(value, list):
        for item in value:
            _note_fields(root, schema["items"], item, title, seen)
    elif isinstance(value, dict):
        for key, content in value.items():
            inner = schema.get("properties", {}).get(key) or schema["additionalProperties"]
            if content not in (None, [], {}) and key in schema.get("properties", {}):
                seen.add(f"{title}.{key}")
            _note_fields(root, inner, content, title, seen)
