"""What EUDCC puts into its clusters, as the files that are written: read once for each configuration."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from ringfence.builders.terraform import build
from ringfence.declared import estate
from ringfence.platforms import shipped
from ringfence.platforms.eudcc import WORLDS, blueprint
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.builders.terraform import Built
    from ringfence.model.blueprint import Blueprint
    from ringfence.model.estate import Estate

REGIONS = ("eu", "ie")
SIGNING = ("vault", "mounted")


@record(eq=False)
class Made:
    """A blueprint, its files, and its estate."""

    blueprint: Blueprint
    built: Built
    estate: Estate


@cache
def made(world: str = WORLDS[0], signing: str = "vault") -> Made:
    """The platform in a world, with a way of signing."""
    declared = blueprint({**shipped("eudcc", world), "mine.yaml": f"signing: {signing}\n"})
    built = build(declared)
    return Made(declared, built, estate(declared, built))


def objects(region: str, kind: str = "", signing: str = "vault", world: str = WORLDS[0]) -> Iterator[Any]:
    """The objects of a region, of one kind or of all."""
    for name, text in made(world, signing).built.files.items():
        if name.startswith(f"{region}-workloads/manifests/"):
            body = yaml.safe_load(text)
            if kind in ("", body["kind"]):
                yield body


def one(region: str, kind: str, name: str, space: str = "", signing: str = "vault") -> Any:
    """The object of that name, in the namespace of that name where no other is given."""
    (found,) = (
        o
        for o in objects(region, kind, signing)
        if o["metadata"]["name"] == name and o["metadata"].get("namespace", "") in ("", space or name)
    )
    return found


def pods(region: str, signing: str = "vault") -> Iterator[tuple[str, Any]]:
    """The pods of a region: namespace and name, and their ``spec``."""
    for kind in ("Deployment", "Job"):
        for body in objects(region, kind, signing):
            metadata = body["metadata"]
            yield f"{metadata['namespace']}/{metadata['name']}", body["spec"]["template"]


def mounted(region: str, space: str, signing: str = "vault") -> dict[str, dict[str, str]]:
    """The items that a namespace mounts, each with how it is fetched."""
    found = [o for o in objects(region, "SecretProviderClass", signing) if o["metadata"]["namespace"] == space]
    texts = [yaml.safe_load(one["spec"]["parameters"]["objects"])["array"] for one in found]
    items = [yaml.safe_load(text) for array in texts for text in array]
    return {item.pop("objectName"): item for item in items}


def settings(region: str, app: str, signing: str = "vault") -> dict[str, str]:
    """The properties that a Spring application is configured with."""
    text = one(region, "ConfigMap", app, signing=signing)["data"]["application-k8s.properties"]
    return dict(line.split("=", 1) for line in text.splitlines())
