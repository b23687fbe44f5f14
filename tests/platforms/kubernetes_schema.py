"""Holds objects against the schemas of the Kubernetes API: what the server would refuse is said, with its place.

``kubernetes_schema.json`` is made by ``tools/kubernetes_schemas.py`` and says where it comes from. The driver of the
secrets store has a schema of its own, which is written here.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_SYNCED = {"secretName": {"type": "string"}, "type": {"type": "string"}, "labels": _TEXTS, "annotations": _TEXTS}
_STORE = {
    "provider": {"type": "string", "enum": ["azure"]},
    "parameters": _TEXTS,
    "secretObjects": {"type": "array", "items": {"type": "object", "properties": _SYNCED}},
}
OWN = {
    "secrets-store.csi.x-k8s.io/v1 SecretProviderClass": {
        "type": "object",
        "required": ["metadata", "spec"],
        "additionalProperties": False,
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"$ref": "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
            "spec": {
                "type": "object",
                "required": ["provider", "parameters"],
                "additionalProperties": False,
                "properties": _STORE,
            },
        },
    }
}
"""Source: kubernetes-sigs/secrets-store-csi-driver, config/crd/bases; narrower, since the provider is Azure's."""

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


@cache
def _schemas() -> Any:
    return json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def faults(body: Any) -> list[str]:
    """What the API would refuse of an object, each with its place; none when it takes it."""
    kind = f"{body.get('apiVersion')} {body.get('kind')}"
    name = _schemas()["kinds"].get(kind)
    schema = OWN.get(kind) or (_schemas()["definitions"][name] if name else None)
    return [f"{kind} is no kind that is known here"] if schema is None else list(_faults(body, schema, kind))


def _faults(value: Any, schema: Any, at: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = _schemas()["definitions"][schema["$ref"]]
    if "oneOf" in schema:
        if all(list(_faults(value, one, at)) for one in schema["oneOf"]):
            yield f"{at}: {value!r} is none of the types it may have"
        return
    wrong = _wrong_type(value, schema.get("type"))
    if wrong or ("enum" in schema and value not in schema["enum"]):
        yield f"{at}: {value!r} is not {wrong or schema['enum']}"
    elif isinstance(value, dict):
        yield from _object(value, schema, at)
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _faults(one, schema.get("items", {}), f"{at}[{n}]")


def _wrong_type(value: Any, wanted: Any) -> str:
    """The type that a value ought to have and has not. Nothing is null: what is not given is not written."""
    names = [name for name in ([wanted] if isinstance(wanted, str) else wanted or ()) if name != "null"]
    for name in names:
        if isinstance(value, _TYPES[name]) and not (isinstance(value, bool) and name in ("integer", "number")):
            return ""
    return " or ".join(names)


def _object(value: Any, schema: Any, at: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    yield from (f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, one in value.items():
        if name in known:
            yield from _faults(one, known[name], f"{at}.{name}")
        elif others is False:
            yield f"{at}: {name} is not a field of it"
        elif isinstance(others, dict):
            yield from _faults(one, others, f"{at}.{name}")
