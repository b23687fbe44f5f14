"""Estates made in a test from ARM JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm.link import link
from ringfence.model.world import Ledger, World
from ringfence.readers.arm import items

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate

SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-a"
SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def template(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A template with these resources."""
    return {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": list(resources), **more}


def resource(type_: str, name: str, properties: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A resource of a template."""
    return {"type": type_, "apiVersion": "2023-01-01", "name": name, "properties": properties or {}, **more}


def row(type_: str, name: str, properties: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A row of an export; the name of a child has its parents before it."""
    namespace, *types = type_.split("/")
    steps = [s for pair in zip(types, name.split("/"), strict=True) for s in pair]
    return {
        "id": f"{GROUP}/providers/{namespace}/{'/'.join(steps)}",
        "name": name.rpartition("/")[2],
        "type": type_.lower(),
        "location": "uksouth",
        "kind": "",
        "sku": None,
        "identity": None,
        "properties": properties if properties is not None else {},
        **more,
    }


def of(path: Path, *documents: Any, world: World | None = None, ledger: Ledger | None = None) -> Estate:
    """The estate of some documents, each in a file of its own; a list of rows is an export."""
    files = []
    for at, document in enumerate(documents):
        file = path / f"{at}.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        files.append(file)
    world, ledger = world or World("prod"), ledger or Ledger()
    return link(world, items(files, path, world, ledger), ledger)
