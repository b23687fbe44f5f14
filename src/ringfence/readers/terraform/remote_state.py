"""``terraform_remote_state``: the real outputs of the root that writes that state, in the same world.

A local state is found by its path, one in Azure storage by container and key, and by the storage account where
both sides say one. Source: developer.hashicorp.com/terraform/language/backend/azurerm, …/backend/local
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Ref, plain
from ringfence.readers.terraform.scopes import constant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.syntax import Expression
    from ringfence.readers.terraform.resource import Resource, ResourceInstance
    from ringfence.readers.terraform.root import Root
    from ringfence.readers.terraform.scopes import NamedScope

Backend = tuple[str, "dict[str, Value]"]


def outputs(instance: ResourceInstance) -> Value:
    """All outputs as one object; unknown, with a warning, when no root is found."""
    root = _target(instance)
    if root is None or root.unread:
        return Ref(instance.key if root is None else f"{root.path}#outputs", ("outputs",) if root is None else ())
    written = root.outputs(instance.body.origin)
    defaults = plain(instance.body.value("defaults"))
    return {**defaults, **written} if isinstance(defaults, dict) else written


def output(instance: ResourceInstance, name: str) -> Value:
    """One output, without asking for the others."""
    root = _target(instance)
    if root is None:
        return Ref(instance.key, ("outputs", name))
    defaults = plain(instance.body.value("defaults"))
    if not isinstance(defaults, dict) or name not in defaults or root.unread:
        return root.output(name, instance.body.origin)
    return root.outputs(instance.body.origin).get(name, defaults[name])


def _target(instance: ResourceInstance) -> Root | None:
    root = target(instance)
    if root is None:
        why = f"{instance.address}: no root here writes {_described(instance)}; its outputs are unknown"
        instance.resource.module.evaluation.warn(why, instance.body.origin)
    return root


def sources(resource: Resource, names: tuple[str, ...]) -> Iterator[str | tuple[Expression, NamedScope]]:
    """Where an output comes from: the expression in the other root."""
    instance = next(resource.instances(), None)
    root = target(instance) if instance else None
    output = root.module.configuration.outputs.get(names[0]) if root and names and not root.unread else None
    syntax = output.attribute("value") if output else None
    if root and syntax:
        yield syntax.expression, root.module


def target(instance: ResourceInstance) -> Root | None:
    """The root that writes the state; None when there is none, or more than one."""
    module = instance.resource.module
    backend, config = plain(instance.body.value("backend")), plain(instance.body.value("config"))
    if not isinstance(backend, str) or not isinstance(config, dict):
        return None
    evaluation = module.evaluation
    if backend == "local":
        return _local(module.root, config)
    known = [r for path in evaluation.estate if (r := evaluation.root(path)) is not None]
    found = [root for root in known if _matches(backend, config, backend_of(root))]
    return found[0] if len(found) == 1 else None


def backend_of(root: Root) -> Backend | None:
    """The backend of a root: its own block, with what Terragrunt gives."""
    found: Backend | None = None
    for block in root.module.configuration.terraform if not root.unread else ():
        for backend in block.blocks("backend", 1):
            pairs = ((n, backend.attribute(n)) for n in backend.names())
            settings = {n: constant(s.expression) for n, s in pairs if s is not None}
            found = (backend.labels[0] if backend.labels else "", settings)
    given = root.terragrunt.backend() if root.terragrunt else None
    if given and (found is None or found[0] == given[0]):
        return given[0], {**(found[1] if found else {}), **given[1]}
    return found


def _local(root: Root, config: dict[str, Value]) -> Root | None:
    """The root whose state file is at the path; without a word on it, in its own folder."""
    path = plain(config.get("path"))
    if not isinstance(path, str):
        return None
    evaluation = root.evaluation
    full = os.path.normpath(os.path.join(root.code, path))
    for other in _candidates(root, full):
        backend = backend_of(other)
        if backend is not None and backend[0] != "local":
            continue
        own = plain(backend[1].get("path")) if backend else None
        where = own if isinstance(own, str) else "terraform.tfstate"
        if os.path.normpath(os.path.join(other.code, where)) == full:
            return evaluation.root(other.path)
    return None


def _candidates(root: Root, state: str) -> Iterator[Root]:
    """The estate's roots, and the one in whose folder the state lies."""
    evaluation = root.evaluation
    beside = os.path.relpath(os.path.dirname(state), evaluation.files.folder).replace(os.sep, "/")
    for path in dict.fromkeys((beside, *evaluation.estate)):
        found = evaluation.root(path)
        if found is not None:
            yield found


def _matches(backend: str, config: dict[str, Value], other: Backend | None) -> bool:
    """Equal in what names a state, and not different in what may."""
    if other is None or other[0] != backend:
        return False
    names = _NAMES.get(backend)
    if names is None:
        return config != {} and config == other[1]
    settings: dict[str, Any] = other[1]
    if any(name not in config or plain(config[name]) != plain(settings.get(name)) for name in names):
        return False
    shared = [n for n in _ACCOUNTS if config.get(n) is not None and settings.get(n) is not None]
    return all(plain(config[n]) == plain(settings[n]) for n in shared)


_NAMES = {"azurerm": ("container_name", "key"), "s3": ("bucket", "key"), "gcs": ("bucket", "prefix")}
_ACCOUNTS = ("storage_account_name",)


def _described(instance: ResourceInstance) -> str:
    from ringfence.model.symbol import render

    config = plain(instance.body.value("config"))
    backend = render(instance.body.value("backend"))
    if not isinstance(config, dict):
        return f"the state of backend {backend}"
    shown = ", ".join(f"{n} {render(config[n])}" for n in ("path", "container_name", "key") if n in config)
    return f"the {backend} state {shown}"
