"""The one link step: declarations of all roots become an Estate.

Data sources become the resource they name, folding resources supply their target, references find
what they refer to. Where a reference cannot be followed the answer says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.mapping import index
from ringfence.mapping.names import canonical, provider_path, segments
from ringfence.mapping.needs import needs
from ringfence.mapping.read import Reading, whole_or_field
from ringfence.model.estate import Estate, Target
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import External, Implied, Resource, Untyped
from ringfence.model.symbol import Apply, Choice, Input, Ref, Text, is_known, is_symbol, leaves, plain, render
from ringfence.model.value import Known, Link, Need, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.mapping.declaration import Body, Declaration
    from ringfence.mapping.table import AnyRow, Fold, Reference, Table
    from ringfence.mapping.versions import Versions
    from ringfence.model.estate import Certainty
    from ringfence.model.symbol import Value
    from ringfence.model.world import Ledger, World

CLOUD = ("azurerm_", "azuread_", "azapi_")
"""Terraform types of these providers become resources; others are listed as skipped."""

ITSELF = {
    "id", "resource_id", "versionless_id", "resource_versionless_id", "resource_manager_id", "name", "object_id",
    "principal_id", "client_id", "application_id", "workspace_id", "vault_uri", "fqdn", "fully_qualified_domain_name",
    "login_server", "primary_blob_endpoint", "primary_blob_host", "default_hostname", "endpoint", "secret_id",
    "versionless_secret_id", "connection_string", "instrumentation_key", "tenant_id", "service_principal_id",
}  # fmt: skip
"""Attributes that stand for the resource they belong to. Any other names a thing that it implies."""


def link(world: World, declarations: Iterable[Declaration], ledger: Ledger) -> Estate:
    """The estate of one world. Resources that are not Azure's are entered in the ledger."""
    linker = _Linker(world.name)
    for declaration in declarations:
        linker.add(declaration, ledger)
    resources = linker.resources()
    ledger.read = len(resources)
    ledger.untyped = sum(isinstance(r, Untyped) for r in resources)
    return linker.estate(world, resources, ledger)


class _Linker:
    """Holds the declarations while an estate is in use: fields and targets are found on demand."""

    def __init__(self, world: str) -> None:
        self.world = world
        self._declared: dict[str, Declaration] = {}
        self._resources: dict[str, Resource] = {}
        self._folds: list[tuple[Declaration, Fold]] = []
        self._supplies: dict[type[Resource], _Supplies] = {}
        self._names: dict[tuple[str, str], list[Resource]] = {}
        self._aliases: dict[str, tuple[Target, ...] | Unknown] = {}

    def add(self, declaration: Declaration, ledger: Ledger) -> None:
        """Makes a resource of a managed declaration; keeps the others for look-ups."""
        self._declared[declaration.key] = declaration
        if declaration.mode == "data":
            return
        if not declaration.type.startswith(CLOUD):
            ledger.skipped.append((declaration.address, "not an Azure resource"))
            return
        fold = index.fold(declaration.type)
        if fold:
            self._folds.append((declaration, fold))
        else:
            self._resources[declaration.key] = self._resource(declaration, index.table(declaration.type))

    def resources(self) -> tuple[Resource, ...]:
        return tuple(self._resources.values())

    def estate(self, world: World, resources: tuple[Resource, ...], ledger: Ledger) -> Estate:
        return Estate(world, resources, self, ledger)

    # -- making resources

    def _resource(self, declaration: Declaration, table: Table | None) -> Resource:
        kind = table.kind if table else Untyped
        rows = index.rows(table) if table else index.UNTYPED
        fixed = table.fixed.get(declaration.type) if table else None
        reading = Reading(declaration.body, rows, kind, declaration.versions, self, declaration.key, fixed)
        resource = kind(
            reading,
            declaration.body.origin,
            key=declaration.key,
            terraform_type=declaration.type,
            presence=self._presence(declaration),
            layer=declaration.root,
            plural=declaration.plural,
            arm_type=table.arm if table else "",
        )
        reading.resource = resource
        return resource

    def _presence(self, declaration: Declaration) -> Known[bool] | Unknown:
        origin = declaration.body.origin
        if declaration.presence is True:
            return Known("presence", True, origin)
        why = needs(declaration.presence, self.world, declaration.inputs)
        return Unknown("presence", why, origin, (True, None))

    # -- folds

    def supplied(self, key: str, field: str) -> tuple[list[tuple[Body, AnyRow, Versions]], Unknown | None]:
        """Folded bodies with the row that supplies `field` of resource `key`, and why there may be more."""
        kind = type(self._resources[key])
        if not any(fold.into is kind for _, fold in self._folds):
            return [], None
        if kind not in self._supplies:
            self._supplies[kind] = _Supplies()  # a fold that asks for its own kind's fields must not recur
            self._supplies[kind] = self._fold_into(kind)
        return self._supplies[kind].of(key, field)

    def _fold_into(self, kind: type[Resource]) -> _Supplies:
        supplies = _Supplies()
        for declaration, fold in self._folds:
            if fold.into is kind:
                found = self.targets_of(declaration, fold.target)
                supplies.add(declaration, fold, found, self._presence(declaration))
        return supplies

    def targets_of(self, declaration: Declaration, reference: Reference) -> tuple[Target, ...] | Unknown:
        """What a reference in a declaration finds."""
        rows: dict[str, AnyRow] = {reference.field: reference}
        link = Reading(declaration.body, rows, Untyped, declaration.versions, self).read(reference.field)
        return self._targets(declaration.key, link)

    # -- references

    def targets(self, source: Resource, link: Link) -> tuple[Target, ...] | Unknown:
        """What the link refers to; `model.estate.Resolver`."""
        return self._targets(source.key, link)

    def _targets(self, source: str, link: Link) -> tuple[Target, ...] | Unknown:
        value = plain(link.value)
        if value is None or value == "":
            return ()
        if isinstance(value, Choice):
            return self._either(source, link, value)
        if isinstance(value, Ref):
            return self._referred(value, "sure")
        if link.by == "name":
            return self._named(source, link.to, value, link.scope)
        return self._by_id(source, link, value)

    def _either(self, source: str, link: Link, choice: Choice) -> tuple[Target, ...] | Unknown:
        found: list[Target] = []
        for value in (choice.yes, choice.no):
            arm = self._targets(source, Link(link.field, value, link.origin, link.by, link.to, link.scope))
            if isinstance(arm, Unknown):
                return arm
            found.extend(Target(t.resource, "possible", t.slot) for t in arm)
        return tuple(found)

    def _referred(self, ref: Ref, certainty: Certainty) -> tuple[Target, ...] | Unknown:
        """The resource whose attribute the reference names; through a data source, the one it stands for."""
        found = self._resources.get(ref.key)
        if found is not None:
            return (self._part(found, ref.path, certainty),)
        declaration = self._declared.get(ref.key)
        if declaration is None:
            return self._unknown(ref)
        if declaration.mode != "data":
            return self._folded(declaration, ref, certainty)
        alias = self._alias(declaration)
        if isinstance(alias, Unknown):
            return alias
        return tuple(
            self._part(t.resource, ref.path, certainty)
            if isinstance(t.resource, Resource)
            else Target(t.resource, certainty, ref.path)
            for t in alias
        )

    def _part(self, resource: Resource, path: tuple[str, ...], certainty: Certainty) -> Target:
        if not path or path[-1] in ITSELF:
            return Target(resource, certainty, path)
        return Target(Implied(resource, path), certainty, path)

    def _folded(self, declaration: Declaration, ref: Ref, certainty: Certainty) -> tuple[Target, ...] | Unknown:
        """A reference to a folding resource refers to what it folds into; to another provider's, to a name."""
        fold = index.fold(declaration.type)
        if fold is None:
            return (Target(External(str(ref), declaration.type), certainty, ref.path),)
        return self.targets_of(declaration, fold.target)

    def _alias(self, declaration: Declaration) -> tuple[Target, ...] | Unknown:
        """The resources that a data source stands for: one that is declared, else one known by name only."""
        if declaration.key not in self._aliases:
            self._aliases[declaration.key] = (Target(External(declaration.address, declaration.type), "sure"),)
            self._aliases[declaration.key] = self._stands_for(declaration)
        return self._aliases[declaration.key]

    def _stands_for(self, declaration: Declaration) -> tuple[Target, ...] | Unknown:
        table = index.table(declaration.type)
        if table is None:
            return (Target(External(declaration.address, declaration.type), "sure"),)
        arm = table.arm or table.kind.arm_type
        body = declaration.body
        scope = tuple(w.value for w in map(body.attribute, _scope_names(table)) if w)
        for argument in ("name", "display_name", "resource_id", "object_id", "client_id", "user_principal_name"):
            written = body.attribute(argument)
            if written is None or written.value is None:
                continue
            if argument in ("name", "display_name"):
                return self._named(declaration.key, arm, plain(written.value), scope)
            return self._targets(declaration.key, Link(argument, written.value, written.origin))
        return (Target(External(declaration.address, arm), "sure"),)

    # -- by name

    def _named(self, source: str, arm: str, name: Value, scope: tuple[Value, ...]) -> tuple[Target, ...] | Unknown:
        """The declared resource of that type and name; of several the nearest in scope, module and root."""
        found = self._by_name(arm, canonical(name))
        for near in (
            lambda r: self._in_scope(r, scope),
            lambda r: _module(r.key) == _module(source),
            lambda r: r.key.partition("#")[0] == source.partition("#")[0],
        ):
            if len(found) > 1:
                found = [r for r in found if near(r)] or found
        if len(found) == 1:
            return (Target(found[0], "sure", ("name",)),)
        if len(found) > 1:
            why = f"{len(found)} resources are named {render(name)}"
            return Unknown("name", (Need("reference", render(name), why),), NOWHERE)
        if not is_symbol(name) or not any(isinstance(leaf, Input) for leaf in leaves(name)):
            return (Target(External(render(name).strip('"'), arm), "sure", ("name",)),)
        return Unknown("name", needs(name, self.world), NOWHERE)

    def _by_name(self, arm: str, name: str) -> list[Resource]:
        if not self._names:
            for resource in self._resources.values():
                self._names.setdefault((resource.type.casefold(), self._name_of(resource)), []).append(resource)
        return list(self._names.get((arm.casefold(), name), ()))

    def _name_of(self, resource: Resource) -> str:
        body = self._declared[resource.key].body
        written = body.attribute("name") or body.attribute("display_name")
        return canonical(written.value) if written else ""

    def _in_scope(self, resource: Resource, scope: tuple[Value, ...]) -> bool:
        body = self._declared[resource.key].body
        own = {canonical(w.value) for w in map(body.attribute, _SCOPES) if w}
        return all(canonical(s) in own for s in scope if s is not None)

    # -- by id

    def _by_id(self, source: str, link: Link, value: Value) -> tuple[Target, ...] | Unknown:
        if isinstance(value, Apply):
            return self._derived(value)
        if isinstance(value, (str, Text)):
            return self._path(source, link, value)
        return self._unknown(value)

    def _derived(self, value: Apply) -> tuple[Target, ...] | Unknown:
        """A pure function of one reference still refers to it."""
        refs = {leaf for leaf in leaves(value) if isinstance(leaf, Ref)}
        if len(refs) == 1 and all(isinstance(leaf, Ref) for leaf in leaves(value)):
            return self._referred(refs.pop(), "derived")
        return self._unknown(value)

    def _path(self, source: str, link: Link, value: str | Text) -> tuple[Target, ...] | Unknown:
        first = value.parts[0] if isinstance(value, Text) else value
        path = segments(value)
        if isinstance(first, Ref):
            return self._child(first, path)
        arm, names = provider_path(path)
        if names:
            return self._full_id(arm, names, path)
        if link.by in ("uri", "principal") and is_known(value):
            return self._host(source, link, str(value))
        if isinstance(value, Text) and not str(path[0] if path else "").startswith("subscriptions"):
            return self._unknown(value)
        return (Target(External(str(value)), "sure", ("id",)),)

    def _child(self, first: Ref, path: tuple[Value, ...]) -> tuple[Target, ...] | Unknown:
        """An id that begins with another resource's: a declared child, else one that is implied."""
        found = self._referred(first, "sure")
        if isinstance(found, Unknown) or not found:
            return found
        rest = tuple(map(canonical, path[1:]))
        return tuple(self._below(t, rest) for t in found)

    def _below(self, target: Target, rest: tuple[str, ...]) -> Target:
        parent = target.resource
        if not rest or not isinstance(parent, Resource):
            return target
        for child in self._by_name(f"{parent.type}/{'/'.join(rest[::2])}", rest[-1]):
            if self._parent(child) is parent:
                return Target(child, "sure", ("id",))
        return Target(Implied(parent, rest), "sure", ("id",))

    def _parent(self, child: Resource) -> Resource | None:
        table = index.table(child.terraform_type)
        if table is None or table.parent is None:
            return None
        found = self.targets_of(self._declared[child.key], table.parent)
        only = found[0].resource if isinstance(found, tuple) and len(found) == 1 else None
        return only if isinstance(only, Resource) else None

    def _full_id(self, arm: str, names: tuple[Value, ...], path: tuple[Value, ...]) -> tuple[Target, ...] | Unknown:
        """A whole ARM id: the declared resource of that type and name, a part of it, or one known by id only."""
        types = arm.split("/")
        for depth in range(len(names), 0, -1):
            found = self._by_name("/".join(types[: depth + 1]), canonical(names[depth - 1]))
            if len(found) == 1:
                rest = tuple(
                    map(canonical, (x for pair in zip(types[depth + 1 :], names[depth:], strict=False) for x in pair))
                )
                return (self._below(Target(found[0], "sure", ("id",)), rest),)
        identifier = "/" + "/".join(render(s).strip('"') for s in path)
        return (Target(External(identifier, arm), "sure", ("id",)),)

    def _host(self, source: str, link: Link, uri: str) -> tuple[Target, ...] | Unknown:
        host = uri.partition("://")[2].partition("/")[0] or uri
        return self._named(source, link.to, host.partition(".")[0], ())

    def _unknown(self, value: Value) -> Unknown:
        return Unknown("reference", needs(value, self.world), NOWHERE)


class _Supplies:
    """What folding resources add to the resources of one kind."""

    def __init__(self) -> None:
        self._by_target: dict[str, list[tuple[Declaration, Fold]]] = {}
        self._loose: list[tuple[Fold, Unknown]] = []

    def add(
        self, declaration: Declaration, fold: Fold, found: tuple[Target, ...] | Unknown, presence: Known[bool] | Unknown
    ) -> None:
        if isinstance(found, Unknown):
            self._loose.append((fold, _may_configure(declaration, found)))
            return
        for target in found:
            if isinstance(target.resource, Resource):
                self._add_to(target, declaration, fold, presence)

    def _add_to(self, target: Target, declaration: Declaration, fold: Fold, presence: Known[bool] | Unknown) -> None:
        """One that may not exist, or may refer elsewhere, leaves the fields open; it does not set them."""
        assert isinstance(target.resource, Resource)
        if isinstance(presence, Unknown):
            self._loose.append((fold, _may_configure(declaration, presence)))
        elif target.certainty == "possible":
            need = Need("reference", declaration.address, f"{declaration.address} may configure it")
            self._loose.append((fold, Unknown("", (need,), declaration.body.origin)))
        else:
            self._by_target.setdefault(target.resource.key, []).append((declaration, fold))

    def of(self, key: str, field: str) -> tuple[list[tuple[Body, AnyRow, Versions]], Unknown | None]:
        found = [
            (declaration.body, row, declaration.versions)
            for declaration, fold in self._by_target.get(key, ())
            for row in whole_or_field(fold, field)
        ]
        loose = [u for fold, u in self._loose if any(True for _ in whole_or_field(fold, field))]
        return found, loose[0] if loose else None


def _may_configure(declaration: Declaration, found: Unknown) -> Unknown:
    why = "; ".join(n.why for n in found.needs)
    need = Need("reference", declaration.address, f"{declaration.address} may configure it: {why}")
    return Unknown(found.field, (need, *found.needs), declaration.body.origin)


_SCOPES = (
    "resource_group_name",
    "virtual_network_name",
    "server_name",
    "account_name",
    "storage_account_name",
    "key_vault_id",
    "server_id",
)
"""Arguments that name a parent."""


def _scope_names(table: Table) -> tuple[str, ...]:
    return ("resource_group_name", *(table.parent.scope if table.parent else ()), *_parent_names(table))


def _parent_names(table: Table) -> tuple[str, ...]:
    tf = table.parent.tf if table.parent else ""
    return (tf,) if isinstance(tf, str) and tf else ()


def _module(key: str) -> str:
    root, _, address = key.partition("#")
    return root + "#" + ".".join(address.split(".")[:-2])
