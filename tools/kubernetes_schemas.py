"""Cuts the schemas of the Kubernetes API down to the kinds that the platforms use, without their prose.

Run it with the folder ``kubernetes-json-schema/vX.Y.0-local-strict`` of the distribution ``kubernetes-validate`` from
PyPI, unpacked: ``python -m tools.kubernetes_schemas FOLDER``. Its schemas are made from the OpenAPI description of
kubernetes/kubernetes, Apache-2.0.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
TARGET = HERE / "tests/platforms/kubernetes_schema.json"
KINDS = {
    "v1": ("ConfigMap", "Namespace", "Secret", "Service", "ServiceAccount"),
    "apps/v1": ("Deployment",),
    "batch/v1": ("Job",),
    "networking.k8s.io/v1": ("Ingress", "IngressClass", "NetworkPolicy"),
    "policy/v1": ("PodDisruptionBudget",),
    "rbac.authorization.k8s.io/v1": ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
    "storage.k8s.io/v1": ("StorageClass",),
}
KEPT = ("$ref", "type", "enum", "format", "items", "oneOf", "pattern", "properties", "required", "additionalProperties")


def main(folder: Path) -> None:
    """The file of schemas is written anew."""
    every = json.loads((folder / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    kinds = {f"{api} {kind}": _name(every, api, kind) for api, names in KINDS.items() for kind in names}
    found: dict[str, Any] = {}
    for name in kinds.values():
        _take(every, name, found)
    about = {
        "source": f"OpenAPI description of Kubernetes {folder.name.partition('-')[0]}, as in kubernetes-validate",
        "licence": "Apache-2.0, Copyright The Kubernetes Authors",
        "written by": "tools/kubernetes_schemas.py",
    }
    content = {"about": about, "kinds": kinds, "definitions": dict(sorted(found.items()))}
    TARGET.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _name(every: dict[str, Any], api: str, kind: str) -> str:
    group, _, version = api.rpartition("/")
    for name, schema in every.items():
        for one in schema.get("x-kubernetes-group-version-kind", ()):
            if (one["group"], one["version"], one["kind"]) == (group, version, kind) and name.endswith(f".{kind}"):
                return name
    raise SystemExit(f"there is no schema for {api} {kind}")


def _take(every: dict[str, Any], name: str, found: dict[str, Any]) -> None:
    """The definition with all that it refers to."""
    if name not in found:
        found[name] = _cut(every[name])
        for other in _references(every[name]):
            _take(every, other, found)


def _cut(schema: dict[str, Any]) -> dict[str, Any]:
    """What can be judged of a schema; a field whose schema says nothing may be anything."""
    kept = {key: schema[key] for key in KEPT if key in schema}
    if "$ref" in kept:
        kept["$ref"] = kept["$ref"].rpartition("/")[2]
    if "properties" in kept:
        kept["properties"] = {name: _cut(one) for name, one in kept["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(kept.get(key), dict):
            kept[key] = _cut(kept[key])
    if "oneOf" in kept:
        kept["oneOf"] = [_cut(one) for one in kept["oneOf"]]
    return kept


def _references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [str(schema["$ref"]).rpartition("/")[2]] if "$ref" in schema else []
        return own + [name for one in schema.values() for name in _references(one)]
    return [name for one in schema for name in _references(one)] if isinstance(schema, list) else []


if __name__ == "__main__":
    main(Path(sys.argv[1]))
