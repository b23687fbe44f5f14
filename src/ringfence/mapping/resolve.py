"""What a reference refers to: a declared resource, one that another implies, or one known by name only.

An id keeps its edge although it is unknown: ``"${vault.id}/keys/k"`` is a path that begins with a
reference. Where a reference cannot be followed the answer says what is missing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ringfence.mapping import index
from ringfence.mapping.directory import Directory
from ringfence.mapping.names import canonical, provider_path, segments
from ringfence.mapping.needs import needs
from ringfence.mapping.read import Reading
from ringfence.model.estate import Target
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import External, Implied, Resource, Untyped
from ringfence.model.symbol import Apply, Choice, Error, Input, Ref, Text, leaves, plain, render, text
from ringfence.model.value import Known, Link, Need, Unknown
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ringfence.mapping.declaration import Body, Declaration
    from ringfence.mapping.table import AnyRow, Reference, Table
    from ringfence.mapping.versions import Versions
    from ringfence.model.estate import Certainty
    from ringfence.model.symbol import Value
    from ringfence.model.value import Attr

Found = tuple[Target, ...] | Unknown

ITSELF = frozenset(
    [
        "id",
        "resource_id",
        "versionless_id",
        "resource_versionless_id",
        "resource_manager_id",
        "role_definition_id",
        "role_definition_resource_id",
        "name",
        "object_id",
        "principal_id",
        "client_id",
        "user_id",
        "application_id",
        "workspace_id",
        "vault_uri",
        "fqdn",
        "fully_qualified_domain_name",
        "login_server",
        "primary_blob_endpoint",
        "primary_blob_host",
        "primary_dfs_endpoint",
        "default_hostname",
        "endpoint",
        "secret_id",
        "versionless_secret_id",
        "connection_string",
        "instrumentation_key",
        "tenant_id",
        "service_principal_id",
    ]
)
"""Attributes that stand for the resource they belong to. Any other names a thing that it implies."""

_GROUP = "microsoft.resources/resourcegroups"
_ONE_PER_WORLD = {"@client_config": "azurerm_client_config", "@azuread_client_config": "azuread_client_config"}
"""What stands for the same in all roots of a world: who applies, and where."""
_NAMING = ("name", "display_name")
_IDENTIFYING = ("resource_id", "object_id", "client_id", "user_principal_name", "role_definition_id")
_SIGNATURES = ("azurerm_storage_account_sas", "azurerm_storage_account_blob_container_sas")


class Resolution:
    """Finds targets in one world; a `model.estate.Resolver`."""

    def __init__(self, world: str, declared: Mapping[str, Declaration], gone: Collection[str] = ()) -> None:
        self.resources: dict[str, Resource] = {}
        """By key; the link step fills it before anything is resolved."""
        self._world = world
        self._declared = declared
        self._gone = gone
        """Keys of what a what-if leaves out: a reference to it refers to nothing."""
        self._directory = Directory(self.resources, declared)
        self._aliases: dict[str, Found] = {}
        self._addresses: Counter[str] | None = None
        """How many roots declare an address; counted when it is first asked for."""

    def targets(self, source: Resource, link: Link) -> Found:
        """What the link of a resource refers to."""
        return self._targets(source.key, link)

    def reference(self, declaration: Declaration, reference: Reference) -> Found:
        """What a reference in a declaration refers to."""
        rows: dict[str, AnyRow] = {reference.field: reference}
        reading = Reading(declaration.body, rows, Untyped, declaration.versions, _Alone(self._world))
        return self._targets(declaration.key, reading.read(reference.field))

    def _targets(self, source: str, link: Link) -> Found:
        value = plain(link.value)
        if value is None or value == "":
            return ()
        if isinstance(value, Choice):
            return self._either(source, link, value)
        if isinstance(value, Error):
            return self._unknown(value)
        if isinstance(value, Ref) and (link.by != "name" or self._names_itself(value)):
            return self._referred(value, "sure")
        if link.by == "name":
            return self._named(source, link.to, value, link.scope)
        if isinstance(value, Apply):
            return self._derived(value)
        if isinstance(value, (str, Text)):
            return self._path(source, link, value)
        return self._unknown(value)

    def _either(self, source: str, link: Link, choice: Choice) -> Found:
        found: list[Target] = []
        for value in (choice.yes, choice.no):
            arm = self._targets(source, replace(link, value=value))
            if isinstance(arm, Unknown):
                return arm
            found.extend(Target(t.resource, "possible", t.slot) for t in arm)
        return tuple(found)

    def _unknown(self, value: Value) -> Unknown:
        return Unknown("reference", needs(value, self._world), NOWHERE)

    # -- references to an attribute

    def _names_itself(self, ref: Ref) -> bool:
        declaration = self._declared.get(ref.key)
        return ref.path == ("name",) and declaration is not None and index.table(declaration.type) is not None

    def _referred(self, ref: Ref, certainty: Certainty) -> Found:
        """The resource whose attribute the reference names; through a data source, the one it stands for."""
        if ref.key in self.resources:
            return (_part(self.resources[ref.key], ref.path, certainty),)
        if ref.key in self._gone:
            return ()
        if ref.key.startswith("@"):
            return (Target(External(str(ref), _ONE_PER_WORLD.get(ref.key, "")), certainty, ref.path),)
        declaration = self._declared.get(ref.key)
        if declaration is None:
            return self._unknown(ref)
        if declaration.mode == "data":
            return self._through(self._alias(declaration), ref, certainty)
        fold = index.fold(declaration.type)
        if fold:
            return self.reference(declaration, fold.target)
        return (Target(External(str(ref), declaration.type), certainty, ref.path),)

    def _through(self, alias: Found, ref: Ref, certainty: Certainty) -> Found:
        if isinstance(alias, Unknown):
            return alias
        return tuple(_attribute_of(target, ref.path, certainty) for target in alias)

    def _derived(self, value: Apply) -> Found:
        """A pure function of one reference still refers to it."""
        found = set(leaves(value))
        only = found.pop() if len(found) == 1 else None
        return self._referred(only, "derived") if isinstance(only, Ref) else self._unknown(value)

    # -- data sources

    def _alias(self, declaration: Declaration) -> Found:
        """The resources that a data source stands for: one that is declared, else one known by name only."""
        if declaration.key not in self._aliases:
            external = (Target(External(declaration.address, declaration.type), "sure"),)
            self._aliases[declaration.key] = external  # it may name itself
            self._aliases[declaration.key] = self._stands_for(declaration) or external
        return self._aliases[declaration.key]

    def _stands_for(self, declaration: Declaration) -> Found:
        table = index.table_of(declaration)
        body = declaration.body
        if table is None:
            return self._signing(declaration)
        for argument in _NAMING:
            written = body.attribute(argument)
            if written is not None and written.value is not None:
                arm = table.arm or table.kind.arm_type
                return self._named(declaration.key, arm, plain(written.value), _scope(table, body))
        for argument in _IDENTIFYING:
            written = body.attribute(argument)
            if written is not None and written.value is not None:
                return self._targets(declaration.key, Link(argument, written.value, written.origin))
        return ()

    def _signing(self, declaration: Declaration) -> Found:
        """What a shared access signature is of: the account whose connection string makes it."""
        written = declaration.body.attribute("connection_string") if declaration.type in _SIGNATURES else None
        if written is None or written.value is None:
            return ()
        return self._targets(declaration.key, Link("connection_string", written.value, written.origin))

    # -- names

    def _named(self, source: str, arm: str, name: Value, scope: tuple[tuple[str, Value], ...]) -> Found:
        """The declared resource of that type and name; one known by name only when there is none."""
        found = self._directory.nearest(source, arm, canonical(name), scope)
        if len(found) == 1:
            return (Target(found[0], "sure", ("name",)),)
        if found:
            why = f"{len(found)} resources are named {render(name)}"
            return Unknown("name", (Need("reference", render(name), why),), NOWHERE)
        if self._directory.has(arm) and any(map(self._is_open, leaves(name))):
            return self._unknown(name)
        return (Target(External(self._apart(name), arm), "sure", ("name",)),)

    def _apart(self, name: Value) -> str:
        """The name as it is shown; with its root where it depends on something that other roots declare as well.

        What two roots call the same is two things: each has a node group named by a cluster of its own.
        """
        roots = {leaf.key.partition("#")[0] for leaf in leaves(name) if isinstance(leaf, Ref) and self._is_shared(leaf)}
        return f"{roots.pop()}#{_bare(name)}" if len(roots) == 1 else _bare(name)

    def _is_shared(self, ref: Ref) -> bool:
        """More than one root declares the address."""
        if self._addresses is None:
            self._addresses = Counter(key.partition("#")[2] for key in self._declared)
        return self._addresses[ref.key.partition("#")[2]] > 1

    def _is_open(self, leaf: Ref | Input | Error) -> bool:
        """A part of a name that may make it that of any declared resource: what somebody gives, or what is read."""
        declaration = self._declared.get(leaf.key) if isinstance(leaf, Ref) else None
        return isinstance(leaf, Input) or (declaration is not None and declaration.mode == "data")

    # -- ids and addresses

    def _path(self, source: str, link: Link, value: str | Text) -> Found:
        first = value.parts[0] if isinstance(value, Text) else value
        path = segments(value)
        if isinstance(first, Ref):
            return self._child(first, path)
        arm, names = provider_path(path)
        if names:
            return self._full_id(arm, names, path)
        if link.by == "uri":
            return self._named(source, link.to, _host(value), ())
        if isinstance(value, str) or path[:1] == ("subscriptions",):
            return (Target(External(_bare(value)), "sure", ("id",)),)
        return self._unknown(value)

    def _child(self, first: Ref, path: tuple[Value, ...]) -> Found:
        """An id that begins with another resource's: a declared child, else one that is implied."""
        found = self._referred(first, "sure")
        if isinstance(found, Unknown):
            return found
        rest = tuple(map(canonical, path[1:]))
        ends: list[Target] = []
        for target in found:
            inside = self._inside(target.resource, first, path)
            if isinstance(inside, Unknown):
                return inside
            ends.extend(inside or (self._below(target, rest),))
        return tuple(ends)

    def _inside(self, above: Resource | External | Implied, first: Ref, path: tuple[Value, ...]) -> Found:
        """What an id names that goes on from a subscription's or a group's that is known by name only; else ()."""
        if not path[1:] or not isinstance(above, External):
            return ()
        start: tuple[Value, ...] = ("subscriptions", first)
        if above.type.casefold() == _GROUP:
            start = ("subscriptions", first, "resourceGroups", above.name)
        elif above.type != "azurerm_subscription":
            return ()
        whole = (*start, *path[1:])
        arm, names = provider_path(whole)
        if names:
            return self._full_id(arm, names, whole)
        return (Target(External("/" + "/".join(map(_bare, whole))), "sure", ("id",)),)

    def _below(self, target: Target, rest: tuple[str, ...]) -> Target:
        parent = target.resource
        if not rest or not isinstance(parent, Resource):
            return target
        for child in self._directory.named(f"{parent.type}/{'/'.join(rest[::2])}", rest[-1]):
            if self._parent(child) is parent:
                return Target(child, "sure", ("id",))
        for maker in self._directory.implying(f"{parent.type}/{'/'.join(rest[::2])}", rest[-1]):
            if self._parent(maker) is parent:
                return Target(Implied(maker, rest[-2:-1]), "sure", ("id",))
        return Target(Implied(parent, rest), "sure", ("id",))

    def parent(self, child: Resource) -> Found:
        """The resource that a child is a part of; () when it is no child."""
        table = index.table(child.terraform_type)
        if table is None or table.parent is None:
            return ()
        return self.reference(self._declared[child.key], table.parent)

    def _parent(self, child: Resource) -> Resource | None:
        found = self.parent(child)
        only = found[0].resource if isinstance(found, tuple) and len(found) == 1 else None
        return only if isinstance(only, Resource) else None

    def _full_id(self, arm: str, names: tuple[Value, ...], path: tuple[Value, ...]) -> Found:
        """A whole ARM id: the declared resource of that type and name, a part of it, or one known by id only."""
        types = arm.split("/")
        for depth in range(len(names), 0, -1):
            same = self._directory.named("/".join(types[: depth + 1]), canonical(names[depth - 1]))
            found = [r for r in same if not self._elsewhere(r, names[: depth - 1], path)]
            if len(found) == 1:
                pairs = zip(types[depth + 1 :], map(canonical, names[depth:]), strict=False)
                return (self._below(Target(found[0], "sure", ("id",)), tuple(x for pair in pairs for x in pair)),)
        identifier = "/" + "/".join(map(_bare, path))
        return (Target(External(identifier, arm), "sure", ("id",)),)

    def _elsewhere(self, resource: Resource, parents: tuple[Value, ...], path: tuple[Value, ...]) -> bool:
        """True when an id names another parent, or another resource group, than the resource's own."""
        parent = self._parent(resource) if parents else None
        if parent is not None:
            return _differ(parent.name, parents[-1]) or self._elsewhere(parent, parents[:-1], path)
        folded = [canonical(s) for s in path]
        group = path[folded.index("resourcegroups") + 1 :][:1] if "resourcegroups" in folded else ()
        written = self._declared[resource.key].body.attribute("resource_group_name") if group else None
        return written is not None and _differ(Known("", written.value, NOWHERE), group[0])


class _Alone:
    """No folding resources: for reading a single reference."""

    def __init__(self, world: str) -> None:
        self.world = world

    def supplied(self, key: str, field: str) -> tuple[list[tuple[Body, AnyRow, Versions]], Unknown | None]:  # noqa: ARG002
        return [], None


def _differ(own: Attr[Any], asked: Value) -> bool:
    """True when both names are known and not the same."""
    value = plain(own.value) if isinstance(own, Known) else None
    return isinstance(value, str) and isinstance(asked, str) and canonical(value) != canonical(asked)


def _part(resource: Resource, path: tuple[str, ...], certainty: Certainty) -> Target:
    if not path or path[-1] in ITSELF:
        return Target(resource, certainty, path)
    return Target(Implied(resource, path), certainty, path)


def _attribute_of(target: Target, path: tuple[str, ...], certainty: Certainty) -> Target:
    if isinstance(target.resource, Resource):
        return _part(target.resource, path, certainty)
    return Target(target.resource, certainty, path)


def _scope(table: Table, body: Body) -> tuple[tuple[str, Value], ...]:
    parent = table.parent
    names = ["resource_group_name", *(parent.scope if parent else ())]
    if parent and isinstance(parent.tf, str):
        names.append(parent.tf)
    written = ((name, body.attribute(name)) for name in dict.fromkeys(names))
    return tuple((name, w.value) for name, w in written if w is not None and w.value is not None)


def _host(value: str | Text) -> Value:
    """The first label of the host in a URL: the name of the account or vault that serves it."""
    whole = segments(value)
    host = whole[1] if len(whole) > 1 and str(whole[0]).endswith(":") else whole[0] if whole else ""
    label: list[Value] = []
    for part in host.parts if isinstance(host, Text) else (host,):
        if isinstance(part, str) and "." in part:
            return text(*label, part.partition(".")[0])
        label.append(part)
    return text(*label)


def _bare(value: Value) -> str:
    return str(value) if isinstance(value, (str, Text)) else render(value)
