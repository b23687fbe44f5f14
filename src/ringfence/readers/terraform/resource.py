"""Resources and data sources of a module: their instances, and what a reference to them stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.mapping.declaration import Declaration
from ringfence.mapping.defaults import default, is_block
from ringfence.mapping.table import NO_DEFAULT
from ringfence.model.symbol import Instance, Ref, plain
from ringfence.readers.terraform.body import ContentBody
from ringfence.readers.terraform.expand import PLURAL, Repetition, Repetitions, both
from ringfence.readers.terraform.scopes import InstanceScope, NamedScope
from ringfence.readers.terraform.upstream import upstream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.mapping.declaration import Body
    from ringfence.mapping.versions import Versions
    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.syntax import AttributeSyntax, Expression
    from ringfence.readers.terraform.content import Content
    from ringfence.readers.terraform.module import Module

ONE_PER_WORLD = {"azurerm_client_config": "@client_config", "azuread_client_config": "@azuread_client_config"}
"""Data sources that give the same in every root: the identity that deploys."""


class Resource:
    """One ``resource`` or ``data`` block in one instance of a module."""

    def __init__(self, module: Module, mode: str, type: str, name: str, content: Content) -> None:
        self.module = module
        self.mode = mode
        self.type = type
        self.name = name
        self.content = content
        self._memo: dict[str, Value] = {}
        self._repetitions: Repetitions | None = None
        self._instances: dict[str, ResourceInstance] = {}

    @property
    def address(self) -> str:
        """Terraform's address within the root, without an instance key."""
        local = f"{self.type}.{self.name}" if self.mode == "managed" else f"{self.mode}.{self.type}.{self.name}"
        return f"{self.module.address}.{local}" if self.module.address else local

    @property
    def value(self) -> Value:
        """What the resource's name stands for: an instance, a tuple or an object of them, or a symbol."""
        evaluation = self.module.evaluation
        return evaluation.once(self._memo, "", self.address, self._value, lambda: self.content.origin)

    def instances(self) -> Iterator[ResourceInstance]:
        """All instances."""
        for repetition in self.repetitions().items:
            yield self.instance(repetition)

    def repetitions(self) -> Repetitions:
        if self._repetitions is None:
            self._repetitions = self.module.repetitions(self.content, self.address)
        return self._repetitions

    def instance(self, repetition: Repetition) -> ResourceInstance:
        if repetition.index not in self._instances:
            self._instances[repetition.index] = ResourceInstance(self, repetition)
        return self._instances[repetition.index]

    def repeats(self) -> AttributeSyntax | None:
        """The argument that decides how many instances there are."""
        return self.content.attribute("count") or self.content.attribute("for_each")

    def _value(self) -> Value:
        repetitions = self.repetitions()
        made: dict[str, Value] = {r.index: self.instance(r).value for r in repetitions.items}
        return repetitions.collect(made, Ref(f"{self.module.root.path}#{self.address}{PLURAL}", ()))


class ResourceInstance:
    """One instance: its body, and the object that a reference to it gives."""

    __slots__ = ("_shared", "address", "body", "key", "repetition", "resource", "value")

    def __init__(self, resource: Resource, repetition: Repetition) -> None:
        self.resource = resource
        self.repetition = repetition
        self.address = f"{resource.address}{repetition.index}"
        self.key = f"{resource.module.root.path}#{self.address}"
        self._shared = self._shared_key()
        self.value = Instance(self._shared, self.attribute)
        self.body = ContentBody(resource.content, self.scope(), resource.module.evaluation, self.address)

    def scope(self) -> NamedScope:
        """The scope of the block's arguments."""
        repeats = self.resource.repeats()
        expression = repeats.expression if repeats else None
        return InstanceScope(self.resource.module, self.repetition, expression, lambda: self.value)

    def attribute(self, name: str) -> Value:
        """The attribute as a reference sees it: written, else the provider's default, else known after apply."""
        if self.resource.type == "terraform_remote_state" and name == "outputs":
            from ringfence.readers.terraform.remote_state import outputs

            return outputs(self)
        return self._attribute(self.body, (), name)

    def declaration(self) -> Declaration:
        """The instance as the mapping takes it."""
        resource, repetition = self.resource, self.repetition
        module = resource.module
        return Declaration(
            module.root.path,
            module.address,
            resource.mode,
            resource.type,
            resource.name,
            repetition.index,
            self._surrounded(),
            self.versions(),
            both(module.presence, repetition.presence),
            module.plural or repetition.plural,
            self.presence_inputs,
        )

    def _surrounded(self) -> Body:
        """The body; that of something in a cluster also tells of the cluster and the chart."""
        if not self.resource.type.startswith(("helm_", "kubernetes_", "kubectl_", "databricks_secret")):
            return self.body
        from ringfence.readers.terraform.kubernetes import Surrounded

        return Surrounded(self)

    def versions(self) -> Versions:
        """The provider versions that may be in use."""
        return self.resource.module.versions(self.resource.type, self.resource.content)

    def presence_inputs(self) -> tuple[str, ...]:
        """The root variables that decide whether the instance exists."""
        repeats = self.resource.repeats()
        own = upstream(repeats.expression, self.resource.module) if repeats else ()
        return tuple(dict.fromkeys((*own, *self.resource.module.presence_inputs())))

    def _shared_key(self) -> str:
        resource = self.resource
        shared = ONE_PER_WORLD.get(resource.type)
        return shared if shared and resource.mode == "data" and not resource.content.attribute("provider") else self.key

    def _attribute(self, body: ContentBody, path: tuple[str, ...], name: str) -> Value:
        as_block = not path and is_block(self.resource.type, name)
        value = None if as_block else body.value(name)
        if plain(value) is not None:
            return value
        blocks = body.blocks(name)
        if blocks.open is None and blocks.items:
            return tuple(self._block(b, (*path, name, str(i))) for i, b in enumerate(blocks.items))  # type: ignore[arg-type]  # our own bodies
        if as_block and plain(body.value(name)) is not None:
            return body.value(name)
        return self._default((*path, name)) if blocks.open is None else Ref(self._shared, (*path, name))

    def _block(self, body: ContentBody, path: tuple[str, ...]) -> Instance:
        return Instance(".".join((self._shared, *path)), lambda name: self._attribute(body, path, name))

    def _default(self, path: tuple[str, ...]) -> Value:
        if self.resource.mode == "managed":
            dotted = ".".join(step for step in path if not step.isdigit())
            found = default(self.resource.type, dotted, self.versions())
            if found is not NO_DEFAULT and found is not None:
                return found  # type: ignore[no-any-return]  # tables hold Terraform values
        return Ref(self._shared, path)


def repeats(content: Content) -> Expression | None:
    """The expression of ``count`` or ``for_each``."""
    syntax = content.attribute("count") or content.attribute("for_each")
    return syntax.expression if syntax else None
