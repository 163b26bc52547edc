"""Whether JSON is what the OpenAPI description says of it, for the keywords that it uses."""

from __future__ import annotations

from typing import Any

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def violations(value: Any, schema: dict[str, Any], api: dict[str, Any], at: str = "$") -> list[str]:
    """Return what in a value is not as a schema of an OpenAPI description says."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return violations(value, api["components"]["schemas"][name], api, at)
    if "anyOf" in schema:
        found = [violations(value, option, api, at) for option in schema["anyOf"]]
        return [] if [] in found else [f"{at}: none of {len(found)}", *found[0]]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{at}: {value!r}"]
    kinds = _KINDS[schema["type"]]
    if type(value) not in kinds:
        return [f"{at}: {value!r} is no {schema['type']}"]
    if isinstance(value, list):
        return [
            line
            for number, item in enumerate(value)
            for line in violations(item, schema["items"], api, f"{at}[{number}]")
        ]
    fields = schema.get("properties", {})
    told = [f"{at}: no {name}" for name in schema.get("required", ()) if name not in value]
    for name, item in value.items() if fields else ():
        known = fields.get(name)
        told += [f"{at}: {name}"] if known is None else violations(item, known, api, f"{at}.{name}")
    return told
