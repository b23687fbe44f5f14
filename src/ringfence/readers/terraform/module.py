"""One instance of a module: the names in its scope, each evaluated when somebody asks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Error, Sensitive, plain
from ringfence.readers.hcl.evaluate import evaluate
from ringfence.readers.hcl.syntax import Variable
from ringfence.readers.terraform.body import settled
from ringfence.readers.terraform.call import ModuleCall
from ringfence.readers.terraform.expand import Repetition, Repetitions, both, counted, for_each
from ringfence.readers.terraform.resource import Resource
from ringfence.readers.terraform.variables import argument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.mapping.declaration import Declaration
    from ringfence.mapping.versions import Versions
    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.syntax import AttributeSyntax, Expression
    from ringfence.readers.terraform.configuration import Configuration
    from ringfence.readers.terraform.content import Content
    from ringfence.readers.terraform.root import Root
    from ringfence.readers.terraform.scopes import NamedScope

UNKNOWN = "terragrunt_unknown"
"""The name under which a file that Terragrunt generates refers to what is not known before a run."""

_MODES = ("managed", "data", "ephemeral")


class Module:
    """A module instance; a `NamedScope`. `made_by` is the call it comes from, None for the root module."""

    def __init__(
        self,
        root: Root,
        configuration: Configuration,
        folder: str,
        made_by: ModuleCall | None = None,
        repetition: Repetition | None = None,
    ) -> None:
        self.root = root
        self.evaluation = root.evaluation
        self.configuration = configuration
        self.folder = folder
        self.made_by = made_by
        self._repetition = repetition or Repetition()
        parent = made_by.module if made_by else None
        self.address: str = f"{made_by.address}{self._repetition.index}" if made_by else ""
        self.presence: Value = both(parent.presence, self._repetition.presence) if parent else True
        self.plural: bool = self._repetition.plural or (parent.plural if parent else False)
        self.call_scope: NamedScope | None = made_by.scope(self._repetition) if made_by else None
        self._memo: dict[Any, Value] = {}
        self._resources: dict[tuple[str, str, str], Resource] = {}
        self._calls: dict[str, ModuleCall] = {}
        self._versions: dict[str, Versions] = {}

    # -- the scope

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        head = names[0]
        if head in ("var", "local"):
            if len(names) < 2:
                return Error(f"{head} needs a name after it"), 1
            return (self.variable(names[1]) if head == "var" else self.local(names[1])), 2
        if head == "module":
            return self._module(names)
        if head in ("path", "terraform", "tofu"):
            return self._named(names)
        if head == UNKNOWN and self.root.terragrunt is not None:
            return self.root.terragrunt.unknowns[int(names[1][1:])], 2
        if head in ("each", "count", "self"):
            return Error(f"{head} means nothing here"), len(names)
        return self._resource(names)

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        return self.root.call(name, args)

    def variable(self, name: str) -> Value:
        content = self.configuration.variables.get(name)
        if content is None:
            return Error(f"variable {name} is not declared")
        return self._once(("var", name), lambda: argument(self, name, content), content)

    def local(self, name: str) -> Value:
        syntax = self.configuration.locals.get(name)
        if syntax is None:
            return Error(f"local.{name} is not declared")
        return self.evaluation.once(
            self._memo, ("local", name), self.address, lambda: self.evaluate(syntax.expression), syntax.origin
        )

    def output(self, name: str) -> Value:
        content = self.configuration.outputs.get(name)
        if content is None:
            return Error(f"{self.address or 'root ' + self.root.path} has no output {name}")
        return self._once(("output", name), lambda: self._output(content), content)

    def evaluate(self, expression: Expression) -> Value:
        """The value of an expression in this module."""
        return settled(evaluate(expression, self))

    def sources(self, names: tuple[str, ...]) -> Iterator[str | tuple[Expression, NamedScope]]:
        """Where the value of a traversal comes from; see `upstream`."""
        head, name = names[0], names[1] if len(names) > 1 else ""
        if head == "var" and name in self.configuration.variables:
            yield from self._variable_sources(name)
        elif head == "local" and name in self.configuration.locals:
            yield self.configuration.locals[name].expression, self
        elif head == "module" and name in self.configuration.modules:
            yield from self.child(name).sources(names[2:])
        else:
            yield from self._resource_sources(names)

    def handed_down(self, names: tuple[str, ...]) -> str:
        """The root variable that a traversal is handed down from as it is; "" when it is no such thing."""
        if names[0] != "var" or len(names) != 2 or names[1] not in self.configuration.variables:
            return ""
        if self.made_by is None:
            return names[1]
        syntax = self.made_by.content.attribute(names[1])
        given = syntax.expression if syntax is not None else None
        return self.call_scope.handed_down(given.names) if isinstance(given, Variable) and self.call_scope else ""

    # -- what is declared

    def declarations(self) -> Iterator[Declaration]:
        """All resource and data instances, those of the modules it calls included."""
        for key in self.configuration.resources:
            if key[0] != "ephemeral":
                for instance in self.resource(key).instances():
                    yield instance.declaration()
        for module in self.modules():
            yield from module.declarations()

    def modules(self) -> Iterator[Module]:
        """All instances of the modules it calls."""
        for name in self.configuration.modules:
            yield from self.child(name).instances()

    def resource(self, key: tuple[str, str, str]) -> Resource:
        if key not in self._resources:
            self._resources[key] = Resource(self, *key, self.configuration.resources[key])
        return self._resources[key]

    def child(self, name: str) -> ModuleCall:
        if name not in self._calls:
            self._calls[name] = ModuleCall(self, name, self.configuration.modules[name])
        return self._calls[name]

    def repetitions(self, content: Content, address: str) -> Repetitions:
        """The instances that ``count`` or ``for_each`` of a block make; an error of theirs is a problem."""
        count, each = content.attribute("count"), content.attribute("for_each")
        if count is not None and each is not None:
            self.evaluation.refuse(f"{address} has count and for_each: remove one", count.origin())
        syntax = each if each is not None else count
        if syntax is None:
            return Repetitions()
        value = self._once_of((address, "repeats"), syntax)
        found = for_each(value) if syntax is each else counted(value)
        if found.error:
            self.evaluation.failed(found.error, f"{address} cannot be expanded: ", syntax.origin())
        return found

    def versions(self, type: str, content: Content) -> Versions:
        """The versions of the provider that a block of this type uses."""
        from ringfence.readers.terraform.providers import local_name, source_of

        local = local_name(type, content)
        if local not in self._versions:
            self._versions[local] = self.root.versions(source_of(self.configuration, local))
        return self._versions[local]

    def presence_inputs(self) -> tuple[str, ...]:
        """The root variables that decide whether the module instance exists."""
        return self.made_by.presence_inputs() if self.made_by else ()

    # -- one name

    def _once(self, key: tuple[str, str], compute: Any, content: Content) -> Value:
        return self.evaluation.once(self._memo, key, self.address, compute, lambda: content.origin)

    def _once_of(self, key: tuple[str, str], syntax: AttributeSyntax) -> Value:
        return self.evaluation.once(self._memo, key, "", lambda: self.evaluate(syntax.expression), syntax.origin)

    def _output(self, content: Content) -> Value:
        syntax = content.attribute("value")
        value = self.evaluate(syntax.expression) if syntax else None
        sensitive = content.attribute("sensitive")
        if sensitive and not isinstance(value, Sensitive) and plain(self.evaluate(sensitive.expression)) is True:
            return Sensitive(value)
        return value

    def _module(self, names: tuple[str, ...]) -> tuple[Value, int]:
        if len(names) < 2 or names[1] not in self.configuration.modules:
            return Error(f"{'.'.join(names[:2])} is not declared"), len(names)
        child = self.child(names[1])
        if len(names) > 2 and not child.repeated:
            return child.output(names[2]), 3
        return child.value, 2

    def _resource(self, names: tuple[str, ...]) -> tuple[Value, int]:
        mode = names[0] if names[0] in ("data", "ephemeral") else "managed"
        width = 2 if mode == "managed" else 3
        key = (mode, *names[width - 2 : width])
        if len(key) < 3 or key not in self.configuration.resources:
            return Error(f"{'.'.join(names[:width])} is not declared"), len(names)
        resource = self.resource(key)
        once = resource.type == "terraform_remote_state" and resource.repeats() is None
        if once and names[3:4] == ("outputs",) and len(names) > 4:
            from ringfence.readers.terraform.remote_state import output

            return output(next(resource.instances()), names[4]), 5
        return resource.value, width

    def _named(self, names: tuple[str, ...]) -> tuple[Value, int]:
        match names[:2]:
            case ("path", "module"):
                return os.path.relpath(self.folder, self.root.code).replace(os.sep, "/"), 2
            case ("path", "root"):
                return ".", 2
            case ("path", "cwd"):
                return str(self.root.code), 2
            case ("terraform" | "tofu", "workspace"):
                return self.evaluation.world.environment.get("TF_WORKSPACE") or "default", 2
        return Error(f"{'.'.join(names[:2])} is not known"), len(names)

    # -- where values come from

    def _variable_sources(self, name: str) -> Iterator[str | tuple[Expression, NamedScope]]:
        if self.made_by is None:
            from ringfence.model.symbol import Ref, leaves

            # an input without a value would be part of the value and ask for itself
            if any(isinstance(leaf, Ref) for leaf in leaves(self.variable(name))):
                yield name
            return
        syntax = self.made_by.content.attribute(name)
        if syntax is not None and self.call_scope is not None:
            yield syntax.expression, self.call_scope

    def _resource_sources(self, names: tuple[str, ...]) -> Iterator[str | tuple[Expression, NamedScope]]:
        mode = names[0] if names[0] in _MODES else "managed"
        width = 2 if mode == "managed" else 3
        key = (mode, *names[width - 2 : width])
        if len(key) < 3 or key not in self.configuration.resources:
            return
        resource = self.resource(key)
        if resource.type == "terraform_remote_state" and names[width : width + 1] == ("outputs",):
            from ringfence.readers.terraform.remote_state import sources

            yield from sources(resource, names[width + 1 :])
            return
        syntax = resource.content.attribute(names[width]) if len(names) > width else None
        repeats = resource.repeats()
        if repeats is not None:
            yield repeats.expression, self
        elif syntax is not None:
            yield syntax.expression, next(resource.instances()).scope()
