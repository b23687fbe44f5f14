"""Which provider versions a module may run with: what it and its callers require, and what is locked.

Source: developer.hashicorp.com/terraform/language/providers/requirements, …/language/files/dependency-lock
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.mapping.versions import Versions, candidates
from ringfence.model.symbol import plain
from ringfence.readers.terraform.locate import locate
from ringfence.readers.terraform.scopes import constant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.symbol import Value
    from ringfence.readers.terraform.configuration import Configuration
    from ringfence.readers.terraform.content import Content
    from ringfence.readers.terraform.root import Root

LOCK = ".terraform.lock.hcl"


def local_name(type: str, content: Content) -> str:
    """The provider's name in the module that holds the block: as written, else the first word of the type."""
    syntax = content.attribute("provider")
    names = getattr(syntax.expression, "names", ()) if syntax else ()
    if syntax and not names:
        names = str(getattr(syntax.expression, "value", "")).split(".")
    return names[0] if names and names[0] else type.partition("_")[0]


def source_of(configuration: Configuration, local: str) -> str:
    """The provider's source address: ``hashicorp/azurerm``."""
    for name, source, _ in requirements(configuration):
        if name == local and source:
            return source
    return f"hashicorp/{local}"


def requirements(configuration: Configuration) -> Iterator[tuple[str, str, str]]:
    """Local name, source and version constraint of each required provider; "" where none is written."""
    for block in configuration.terraform:
        for required in block.blocks("required_providers"):
            for name in required.names():
                yield from _requirement(name, required)
    for provider in configuration.providers:
        version = provider.attribute("version")
        if version is not None and provider.labels:
            yield provider.labels[0], "", _text(constant(version.expression))


def _requirement(name: str, required: Content) -> Iterable[tuple[str, str, str]]:
    syntax = required.attribute(name)
    value = _object(syntax.expression) if syntax else None
    if isinstance(value, str):
        return ((name, f"hashicorp/{name}", value),)
    if not isinstance(value, dict):
        return ()
    source = _address(_text(value.get("source")))
    return ((name, source or f"hashicorp/{name}", _text(value.get("version"))),)


def _object(expression: object) -> Value:
    """The parts of a requirement that are written out; ``configuration_aliases`` names providers and is left."""
    items = getattr(expression, "items", None)
    if items is None:
        return plain(constant(expression))  # type: ignore[arg-type]  # an expression
    pairs = ((constant(key), value) for key, value in items)
    return {
        key: plain(constant(value)) for key, value in pairs if isinstance(key, str) and key in ("source", "version")
    }


def versions(root: Root, source: str) -> Versions:
    """The versions of a provider in a root: one for the root module and all modules below it."""
    constraints: dict[str, None] = {}
    for configuration in tree(root):
        names = {name for name, found, _ in requirements(configuration) if found == source}
        names = names or {source.rpartition("/")[2]}
        for name, found, constraint in requirements(configuration):
            if constraint and (found == source or (not found and name in names)):
                constraints[constraint] = None
    return candidates(source.rpartition("/")[2], ", ".join(constraints), root.locked().get(source, ""))


def tree(root: Root) -> Iterator[Configuration]:
    """The configurations of the root module and of the modules below it, each folder once."""
    waiting: list[tuple[str, tuple[str, ...]]] = [(str(root.code), ())]
    seen: set[str] = set()
    while waiting:
        folder, path = waiting.pop()
        if folder in seen:
            continue
        seen.add(folder)
        configuration = root.configuration(folder)
        yield configuration
        for name, content in configuration.modules.items():
            found = locate(root, content, folder, (*path, name))
            if found.folder:
                waiting.append((found.folder, (*path, name)))


def locks(content: Content) -> dict[str, str]:
    """The locked version by source address."""
    found: dict[str, str] = {}
    for block in content.blocks("provider", 1):
        version = block.attribute("version")
        if version is not None and block.labels:
            source = (
                block.labels[0].casefold().removeprefix("registry.terraform.io/").removeprefix("registry.opentofu.org/")
            )
            found[source] = _text(constant(version.expression))
    return found


def _address(source: str) -> str:
    """A provider's source without the registry that is meant anyway."""
    return source.casefold().removeprefix("registry.terraform.io/").removeprefix("registry.opentofu.org/")


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
