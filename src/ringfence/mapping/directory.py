"""Resources by type and name, as Azure finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.mapping import index
from ringfence.mapping.names import canonical
from ringfence.model.symbol import is_known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.mapping.declaration import Declaration
    from ringfence.model.resource import Resource
    from ringfence.model.symbol import Value

Scope = tuple[tuple[str, "Value"], ...]
"""The arguments that name the parents of a resource, with their values."""


class Directory:
    """An index of declared resources by ARM type and name, made when first asked."""

    def __init__(self, resources: Mapping[str, Resource], declared: Mapping[str, Declaration]) -> None:
        self._resources = resources
        self._declared = declared
        self._index: dict[str, dict[str, list[Resource]]] = {}
        self._implied: dict[str, dict[str, list[Resource]]] | None = None

    def has(self, arm: str) -> bool:
        """True when a resource of the type is declared."""
        return arm.casefold() in self._made()

    def named(self, arm: str, name: str) -> list[Resource]:
        """All of that type and canonical name."""
        return self._made().get(arm.casefold(), {}).get(name, [])

    def implying(self, arm: str, name: str) -> list[Resource]:
        """All that bring a resource of that type and canonical name with them."""
        return self._made_implied().get(arm.casefold(), {}).get(name, [])

    def nearest(self, source: str, arm: str, name: str, scope: Scope) -> list[Resource]:
        """Those whose parents are not provably others; of several the ones nearest to the asking key.

        Nearest is: the same parents, then the same module instance, then the same root.
        """
        found = [r for r in self.named(arm, name) if not self._elsewhere(r, scope)]
        for near in (
            lambda r: self._inside(r, scope),
            lambda r: _module(r.key) == _module(source),
            lambda r: r.key.partition("#")[0] == source.partition("#")[0],
        ):
            if len(found) > 1:
                found = [r for r in found if near(r)] or found
        return found

    def _made(self) -> dict[str, dict[str, list[Resource]]]:
        if not self._index:
            for resource in self._resources.values():
                names = self._index.setdefault(resource.type.casefold(), {})
                names.setdefault(self._name(resource), []).append(resource)
        return self._index

    def _made_implied(self) -> dict[str, dict[str, list[Resource]]]:
        if self._implied is None:
            self._implied = {}
            for resource in self._resources.values():
                table = index.table(resource.terraform_type)
                for arm in table.implies if table else ():
                    names = self._implied.setdefault(arm.casefold(), {})
                    names.setdefault(self._name(resource), []).append(resource)
        return self._implied

    def _name(self, resource: Resource) -> str:
        body = self._declared[resource.key].body
        written = body.attribute("name") or body.attribute("display_name")
        return canonical(written.value) if written else ""

    def _elsewhere(self, resource: Resource, scope: Scope) -> bool:
        """True when a parent has another, known name. A name unique in all of Azure has no elsewhere."""
        table = index.table(resource.terraform_type)
        if table is not None and table.unique == "azure":
            return False
        return any(
            is_known(own) and is_known(asked) and canonical(own) != canonical(asked)
            for own, asked in self._pairs(resource, scope)
        )

    def _inside(self, resource: Resource, scope: Scope) -> bool:
        pairs = self._pairs(resource, scope)
        return bool(pairs) and all(canonical(own) == canonical(asked) for own, asked in pairs)

    def _pairs(self, resource: Resource, scope: Scope) -> list[tuple[Value, Value]]:
        body = self._declared[resource.key].body
        written = ((body.attribute(name), value) for name, value in scope)
        return [(own.value, value) for own, value in written if own is not None and own.value is not None]


def _module(key: str) -> str:
    root, _, address = key.partition("#")
    return f"{root}#{_modules(address)}"


def _modules(address: str) -> str:
    """The module path of an address: all that precedes the resource's own type."""
    path: list[str] = []
    rest = address
    while rest.startswith("module."):
        head, rest = _step(rest)
        path.append(head)
    return ".".join(path)


def _step(address: str) -> tuple[str, str]:
    """``module.a["x.y"].rest`` cut behind the first module step."""
    name, _, rest = address.removeprefix("module.").partition(".")
    bracket = address.find("[")
    if 0 <= bracket < len("module.") + len(name) + 1:
        end = address.index("]", bracket) + 1
        return address[:end], address[end + 1 :]
    return f"module.{name}", rest
