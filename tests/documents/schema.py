"""As much of JSON Schema as docs/schema uses; a keyword that it does not know is an error."""

from __future__ import annotations

from typing import Any

_TYPES: dict[str, Any] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
_KNOWN = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "type", "required", "properties", "items",
    "additionalProperties", "enum", "anyOf", "minimum",
}  # fmt: skip


def problems(value: Any, schema: dict[str, Any], top: dict[str, Any], path: str = "$") -> list[str]:
    """Where the value departs from the schema. A property that the schema does not name is one such place."""
    assert set(schema) <= _KNOWN, f"{path}: {set(schema) - _KNOWN}"
    if "$ref" in schema:
        return problems(value, top["$defs"][schema["$ref"].rpartition("/")[2]], top, path)
    if "anyOf" in schema:
        options = [problems(value, s, top, path) for s in schema["anyOf"]]
        return [] if [] in options else options[0]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{path}: {value!r} is none of {schema['enum']}"]
    found = _typed(value, schema, path)
    if isinstance(value, dict) and not found:
        found += _object(value, schema, top, path)
    if isinstance(value, list) and "items" in schema:
        found += [p for n, v in enumerate(value) for p in problems(v, schema["items"], top, f"{path}[{n}]")]
    return found


def _typed(value: Any, schema: dict[str, Any], path: str) -> list[str]:
    expected = schema.get("type")
    if expected is None:
        return []
    if expected == "integer":
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= schema.get("minimum", value)
    else:
        fits = isinstance(value, _TYPES[expected])
    return [] if fits else [f"{path}: {value!r} is no {expected}"]


def _object(value: dict[str, Any], schema: dict[str, Any], top: dict[str, Any], path: str) -> list[str]:
    named, rest = schema.get("properties", {}), schema.get("additionalProperties")
    found = [f"{path}: {name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, part in value.items():
        if name in named:
            found += problems(part, named[name], top, f"{path}.{name}")
        elif rest is not None:
            found += problems(part, rest, top, f"{path}.{name}")
        elif named:
            found.append(f"{path}: {name} is not in the schema")
    return found
