"""One Terragrunt file while it is evaluated for one unit: its locals, and the names its expressions may use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Error, Instance, plain
from ringfence.readers.hcl.evaluate import evaluate
from ringfence.readers.hcl.functions import call as call_terraform
from ringfence.readers.terraform.root import context
from ringfence.readers.terragrunt import functions
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.syntax import AttributeSyntax, Expression
    from ringfence.readers.terraform.content import Content
    from ringfence.readers.terraform.scopes import NamedScope
    from ringfence.readers.terragrunt.unit import Unit


@record()
class Place:
    """Where the functions of a file think they are: the folder of the unit, or of a configuration that is read."""

    folder: str


class TerragruntFile:
    """A file in the role that it has for a unit; a `NamedScope`."""

    def __init__(self, unit: Unit, path: str, place: Place, *, included: bool = False) -> None:
        self.unit: Unit = unit
        self.evaluation = unit.evaluation
        self.path = path
        self.place: Place = place
        self.included = included
        parsed = self.evaluation.library.file(self.evaluation.files, path)
        for problem in parsed.problems:
            self.evaluation.report(problem)
        self.name = parsed.name
        self.content: Content = parsed.content
        self._locals: dict[str, AttributeSyntax] = {}
        for block in self.content.blocks("locals"):
            self._locals.update((n, s) for n in block.names() if (s := block.attribute(n)) is not None)
        self._memo: dict[Any, Value] = {}
        self._context: Any = None

    # -- the scope

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        head = names[0]
        if head == "local" and len(names) > 1:
            return self.local(names[1]), 2
        if head == "dependency" and len(names) > 1:
            return self._dependency(names)
        if head == "include":
            return self._include(names)
        if head == "feature" and len(names) > 1:
            return self._feature(names[1]), 3
        if head in ("values", "unit", "stack"):
            return Error(f"{'.'.join(names[:2])} is not read"), len(names)
        return Error(f"{'.'.join(names[:2])} is not known in {self.name}"), len(names)

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        own = functions.call(self, name, args)
        if own is not None:
            return own
        if self._context is None:
            self._context = context(self.evaluation, Path(os.path.dirname(self.path)))
        return call_terraform(name, args, self._context)

    def handed_down(self, names: tuple[str, ...]) -> str:  # noqa: ARG002
        return ""

    def sources(self, names: tuple[str, ...]) -> Iterator[str | tuple[Expression, NamedScope]]:  # noqa: ARG002
        """Nothing: a root variable ends the way before Terragrunt is met."""
        yield from ()

    def local(self, name: str) -> Value:
        syntax = self._locals.get(name)
        if syntax is None:
            return Error(f"local.{name} is not declared in {self.name}")
        return self.evaluation.once(
            self._memo, ("local", name), self.name, lambda: evaluate(syntax.expression, self), syntax.origin
        )

    # -- its parts

    def value(self, content: Content, name: str) -> Value:
        """An argument of a block, evaluated; None when it is not written."""
        syntax = content.attribute(name)
        return None if syntax is None else self.attribute(syntax)

    def attribute(self, syntax: AttributeSyntax) -> Value:
        """The value of an argument, worked out once; an error is a problem."""
        value = self.evaluation.once(
            self._memo,
            (syntax.name, str(syntax.start)),
            self.name,
            lambda: evaluate(syntax.expression, self),
            syntax.origin,
        )
        failed = plain(value)
        if isinstance(failed, Error):
            self.evaluation.failed(failed, f"{syntax.name} cannot be evaluated: ", syntax.origin())
        return value

    def exposed(self) -> Instance:
        """The file as a value: what `read_terragrunt_config` and an exposed include give."""
        return Instance(f"#{self.name}", self._exposed)

    def _exposed(self, name: str) -> Value:
        if name == "locals":
            return {local: self.local(local) for local in self._locals}
        if name == "inputs":
            found = self.value(self.content, "inputs")
            return {} if found is None else found
        if name == "dependency":
            return Instance(f"#{self.name}.dependency", lambda n: self._dependency(("dependency", n))[0])
        if name == "remote_state" and self.content.blocks(name):
            return self._object(self.content.blocks(name)[0])
        if name == "terraform" and self.content.blocks(name):
            return self._object(self.content.blocks(name)[0])
        if name == "generate":
            return {b.labels[0]: self._object(b) for b in self.content.blocks(name, 1) if b.labels}
        return Error(f"{self.name} has no {name}")

    def _object(self, content: Content) -> Value:
        pairs = ((name, content.attribute(name)) for name in content.names())
        return {name: self.attribute(syntax) for name, syntax in pairs if syntax is not None}

    # -- other units and files

    def _dependency(self, names: tuple[str, ...]) -> tuple[Value, int]:
        name = names[1]
        found = self.dependency_block(name) or self.unit.inherited_dependency(name)
        if found is None:
            return Error(f"dependency.{name} is not declared"), len(names)
        if names[2:3] == ("outputs",) and len(names) > 3:
            return self.unit.output(*found, names[3]), 4
        return self.unit.dependency(*found), 2

    def _feature(self, name: str) -> Value:
        """A feature's default: what is set on the command line is not known here, and not meant."""
        for block in self.content.blocks("feature", 1):
            if block.labels[:1] == (name,):
                return self.value(block, "default")
        return Error(f"feature.{name} is not declared")

    def dependency_block(self, name: str) -> tuple[TerragruntFile, Content] | None:
        """The dependency block of that name."""
        for block in self.content.blocks("dependency", 1):
            if block.labels[:1] == (name,):
                return self, block
        return None

    def _include(self, names: tuple[str, ...]) -> tuple[Value, int]:
        includes = self.unit.includes()
        bare = includes.get("")
        if bare is not None:
            return bare.exposed(), 1
        found = includes.get(names[1]) if len(names) > 1 else None
        if found is None:
            return Error(f"{'.'.join(names[:2])} is not declared"), len(names)
        return found.exposed(), 2

    def origin(self, content: Content, name: str) -> Origin:
        """The place of an argument, or of its block."""
        syntax = content.attribute(name)
        return syntax.origin() if syntax else content.origin
