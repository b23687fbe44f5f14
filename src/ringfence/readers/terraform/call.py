"""One ``module`` block: which folder it calls, its instances, and the outputs that they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Instance, Ref
from ringfence.readers.terraform.expand import PLURAL, Repetition, Repetitions
from ringfence.readers.terraform.locate import locate
from ringfence.readers.terraform.scopes import InstanceScope, NamedScope
from ringfence.readers.terraform.upstream import upstream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.syntax import AttributeSyntax, Expression
    from ringfence.readers.terraform.configuration import Configuration
    from ringfence.readers.terraform.content import Content
    from ringfence.readers.terraform.module import Module

_OWN = {"source", "version", "count", "for_each", "providers", "depends_on", "lifecycle"}
"""The arguments of a call that are not the module's."""


class ModuleCall:
    """A ``module`` block in one module instance."""

    def __init__(self, module: Module, name: str, content: Content) -> None:
        self.module = module
        self.name = name
        self.content = content
        self.address = f"{module.address}.module.{name}" if module.address else f"module.{name}"
        self.path: tuple[str, ...] = (*(module.made_by.path if module.made_by else ()), name)
        self._memo: dict[str, Value] = {}
        self._instances: dict[str, Module | None] = {}
        self._repetitions: Repetitions | None = None
        self._folder: str | None = None
        self._located = False

    @property
    def repeated(self) -> bool:
        """True when it has ``count`` or ``for_each``."""
        return self._repeats() is not None

    @property
    def value(self) -> Value:
        """What the call's name stands for: outputs by name, or a tuple or object of such."""
        evaluation = self.module.evaluation
        return evaluation.once(self._memo, "", self.address, self._value, lambda: self.content.origin)

    def output(self, name: str) -> Value:
        """An output of the only instance."""
        return self._output(Repetition(), name)

    def instances(self) -> Iterator[Module]:
        """The module instances that could be read."""
        for repetition in self.repetitions().items:
            made = self._instance(repetition)
            if made is not None:
                yield made

    def repetitions(self) -> Repetitions:
        if self._repetitions is None:
            self._repetitions = self.module.repetitions(self.content, self.address)
        return self._repetitions

    def scope(self, repetition: Repetition) -> NamedScope:
        """The scope of the call's arguments."""
        repeats = self._repeats()
        return InstanceScope(self.module, repetition, repeats.expression if repeats else None)

    def sources(self, names: tuple[str, ...]) -> Iterator[str | tuple[Expression, NamedScope]]:
        """Where the output that the names begin with comes from; all outputs, when an index stands before it."""
        repeats = self._repeats()
        if repeats is not None:
            yield repeats.expression, self.module
        for made in self.instances():
            for name, output in made.configuration.outputs.items():
                syntax = output.attribute("value")
                if syntax is not None and names[:1] in ((), (name,)):
                    yield syntax.expression, made

    def presence_inputs(self) -> tuple[str, ...]:
        """The root variables that decide whether an instance exists."""
        repeats = self._repeats()
        own = upstream(repeats.expression, self.module) if repeats else ()
        return tuple(dict.fromkeys((*own, *self.module.presence_inputs())))

    def folder(self) -> str | None:
        """The folder of the called module; None, entered in the ledger, when it cannot be read."""
        if not self._located:
            self._located = True
            self._folder = self._locate()
        return self._folder

    def _repeats(self) -> AttributeSyntax | None:
        return self.content.attribute("count") or self.content.attribute("for_each")

    def _value(self) -> Value:
        if not self.repeated:
            made = self._instance(Repetition())
            names = made.configuration.outputs if made else None
            return {name: self.output(name) for name in names} if names is not None else self._object(Repetition())
        repetitions = self.repetitions()
        objects: dict[str, Value] = {r.index: self._object(r) for r in repetitions.items}
        return repetitions.collect(objects, Ref(f"{self._key}{PLURAL}", ()))

    def _object(self, repetition: Repetition) -> Instance:
        return Instance(f"{self._key}{repetition.index}", lambda name: self._output(repetition, name))

    def _output(self, repetition: Repetition, name: str) -> Value:
        made = self._instance(repetition)
        return made.output(name) if made else Ref(f"{self._key}{repetition.index}", (name,))

    @property
    def _key(self) -> str:
        return f"{self.module.root.path}#{self.address}"

    def _instance(self, repetition: Repetition) -> Module | None:
        if repetition.index not in self._instances:
            self._instances[repetition.index] = self._make(repetition)
        return self._instances[repetition.index]

    def _make(self, repetition: Repetition) -> Module | None:
        from ringfence.readers.terraform.module import Module

        folder = self.folder()
        if folder is None:
            return None
        root = self.module.root
        configuration = root.configuration(folder)
        self._compare(configuration)
        return Module(root, configuration, folder, self, repetition)

    def _compare(self, configuration: Configuration) -> None:
        """Enters the arguments that are no variables of the module, and the variables that are not given."""
        evaluation, given = self.module.evaluation, set(self.content.names()) - _OWN
        for name in sorted(given - set(configuration.variables)):
            syntax = self.content.attribute(name)
            origin = syntax.origin() if syntax else self.content.origin
            evaluation.refuse(f"{self.address} has no variable {name}: declare it, or correct the name", origin)
        for name, variable in configuration.variables.items():
            if name not in given and variable.attribute("default") is None:
                why = f"{self.address} is not given the variable {name}, which has no default"
                evaluation.refuse(why, self.content.origin)

    def _locate(self) -> str | None:
        found = locate(self.module.root, self.content, self.module.folder, self.path)
        if not found.folder:
            self._unread(found.why, wrong=found.wrong)
            return None
        above: Module | None = self.module
        while above is not None:
            if above.folder == found.folder:
                self._unread("it calls itself", wrong=True)
                return None
            above = above.made_by.module if above.made_by else None
        return found.folder

    def _unread(self, why: str, *, wrong: bool) -> None:
        """Enters the module as one that may hold anything; a problem too when the configuration is at fault."""
        evaluation = self.module.evaluation
        if wrong:
            syntax = self.content.attribute("source")
            origin = syntax.origin() if syntax else self.content.origin
            evaluation.refuse(f"{self.address} cannot be read: {why}", origin)
        if (self._key, why) not in evaluation.ledger.unread:
            evaluation.ledger.unread.append((self._key, why))
